import CommandLine
import EventLog
import FairfillClient
import Foundation
import Messages
import Vocabulary

extension Command {
    static let exportBids = exportInputs(
        .bids, "bids", "print every bid and cancellation as it came, readable or not")
    static let exportCommands = exportInputs(
        .offeringCommands, "commands", "print every operator's command as it came, readable or not")
    static let exportResults = exportInputs(
        .paymentResults, "results", "print every payment result as it came, readable or not")

    private static func exportInputs(
        _ topic: Topic, _ word: String, _ summary: String
    ) -> Command {
        let whatIfOption = "--\(topic == .bids ? "bids" : "offerings")"
        return Command(
            words: ["export", word],
            summary: summary,
            description: """
                Prints the records of each partition in order of offset: where each one stands, when
                it was appended, its key, its headers and its value, and what is wrong with it if it
                can't be read. A value that is not UTF-8 is in base64. A batch that can't be
                unpacked has one line, with its last offset. If retention removed the beginning,
                standard error says so.

                --format what-if prints the readable records, each with its time, as what-if reads
                them: the files to try other terms with.

                \(csvHelp)
                """,
            options: [
                Option(
                    "offering", "ID", "only this offering, on any partition (default: all)"),
                Option("partitions", "LIST", "such as 0,2-3 (default: all)"),
                Option(
                    "format", "WORD", "ndjson, csv or what-if (default ndjson)",
                    words: ["ndjson", "csv", "what-if"]),
                Option("bom", nil, "with csv: begin with a byte order mark"),
            ],
            examples: [
                "fairfill export \(word) | jq -c 'select(.readable == false)'",
                topic == .paymentResults
                    ? "fairfill export results --format what-if > results.ndjson"
                    : "fairfill export \(word) --format what-if > \(word).ndjson"
                        + "  # for what-if \(whatIfOption)",
            ]
        ) { arguments throws(Failure) in
            try InputExport(arguments, topic).run()
        }
    }

    /// What every export says of its tables.
    static let csvHelp = """
        CSV is UTF-8 with commas and opens in a spreadsheet unchanged; Excel, which expects \
        another encoding, needs --bom. Text that a spreadsheet would take for a formula has an \
        apostrophe before it. Times are milliseconds since 1970 UTC.
        """
}

/// One run of `fairfill export bids|commands|results`.
private struct InputExport {
    private enum Format { case ndjson, csv, whatIf }

    private let arguments: Arguments
    private let topic: Topic
    private let format: Format
    private let offering: Identifier?
    private let connection: LogConnection
    private let output = Output()

    init(_ arguments: Arguments, _ topic: Topic) throws(Failure) {
        self.arguments = arguments
        self.topic = topic
        if arguments.text("format") == "what-if" {
            format = .whatIf
        } else {
            format = try arguments.wantsCSV() ? .csv : .ndjson
        }
        offering = try arguments.identifier("offering")
        connection = try arguments.connect()
    }

    func run() throws(Failure) -> ExitCode {
        if format == .csv {
            try output.beginCSV(
                "topic,partition,offset,at,key,headers,readable,type,offering,id,account,shares,"
                    + "fault,value", arguments)
        }
        var decoder = RecordDecoder()
        var count = 0
        for partition in try Command.partitions(arguments, connection) {
            try PartitionReplay.read(connection, topic, partition, arguments) {
                (batch, index) throws(Failure) in
                let row = InputRow(connection, topic, partition, batch, index, &decoder)
                guard offering == nil || row.offering == offering.map({ "\($0)" }) else { return }
                // What is about a whole partition is nothing that other terms would change.
                if format == .whatIf, row.record?.offering == nil { return }
                count += 1
                switch format {
                case .ndjson: try output.line(row.json)
                case .csv: try output.line(row.csv)
                case .whatIf: try output.line(row.timed)
                }
            }
        }
        try output.flush()
        if count == 0 {
            let about = offering.map { " about '\($0)'" } ?? ""
            arguments.remarkEmpty(
                "\(topic.fullName(environment: connection.name)) of \(connection.log.url) has no "
                    + "records" + (format == .whatIf ? " that can be read" : "") + about)
        }
        return .done
    }
}

/// A record of an input as it is exported.
private struct InputRow {
    private let topic: String
    private let partition: Partition
    private let offset: LogOffset
    private let at: Int64
    private let key: [UInt8]?
    private let headers: [(name: [UInt8], value: [UInt8]?)]
    private let value: [UInt8]?
    let record: InputRecord?
    private let fault: String?
    /// The last offset of a batch that can't be unpacked.
    private let last: LogOffset?

    init(
        _ connection: LogConnection, _ topic: Topic, _ partition: Partition,
        _ batch: borrowing RecordBatch,
        _ index: Int, _ decoder: inout RecordDecoder
    ) {
        self.topic = topic.name
        self.partition = partition
        offset = batch.offset(index)
        at = batch.appendTime(index)
        key = batch.key(index).map { Array($0) }
        value = batch.value(index).map { Array($0) }
        var found: [(name: [UInt8], value: [UInt8]?)] = []
        batch.headers(index).forEach { name, value in
            found.append((Array(name), value.map { Array($0) }))
            return true
        }
        headers = found
        let input: InputTopic = switch topic {
        case .bids: .bids
        case .offeringCommands: .offeringCommands
        default: .paymentResults
        }
        last = batch.unreadable(index)
        if let last {
            record = nil
            fault = "offsets \(offset) to \(last) can't be unpacked (unreadable)"
            return
        }
        do throws(Malformation) {
            record = try decoder.decode(batch.value(index), from: input)
            fault = nil
        } catch {
            record = nil
            fault = error.sentence
        }
    }

    /// What it is about; of a record that can't be read, its key, if that is an id.
    var offering: String? {
        if let record { return record.offering.map { "\($0)" } }
        return key.flatMap { String(validating: $0, as: UTF8.self) }
    }

    // MARK: NDJSON

    var json: String {
        var line = JSONLine()
        line.add("topic", topic)
        line.add("partition", partition.rawValue)
        line.add("offset", offset.rawValue)
        line.add("at", at)
        add("key", key, to: &line)
        let list = headers.map { name, value in
            var header = JSONLine()
            add("name", name, to: &header)
            add("value", value, to: &header)
            return header.line
        }
        line.add("headers", json: "[" + list.joined(separator: ",") + "]")
        line.add("readable", record != nil)
        if let last { line.add("lastOffset", last.rawValue) }
        if let fault { line.add("fault", fault) }
        // What was read is JSON, and so goes on as it is.
        if record != nil {
            line.add("value", json: oneLine)
        } else {
            add("value", value, to: &line)
        }
        return line.line
    }

    /// Bytes as a text, or in base64 where they are none; null where there is nothing.
    private func add(_ name: String, _ bytes: [UInt8]?, to line: inout JSONLine) {
        guard let bytes else { return line.add(name, json: "null") }
        if let text = String(validating: bytes, as: UTF8.self) {
            line.add(name, text)
        } else {
            line.add("\(name)Base64", Data(bytes).base64EncodedString())
        }
    }

    /// Its value without line ends, which JSON has between its tokens only.
    private var oneLine: String {
        let bytes = (value ?? []).map { $0 == 10 || $0 == 13 ? 32 : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: For what-if

    /// The record with its time as one more member.
    var timed: String {
        let text = oneLine
        guard let brace = text.firstIndex(of: "{") else { return text }
        let rest = text[text.index(after: brace)...]
        return "{\"at\":\(at)," + rest
    }

    // MARK: CSV

    var csv: String {
        let names = headers.map { name, value in
            CSV.text(name) + (value.map { "=" + CSV.text($0) } ?? "")
        }
        var (id, account, shares) = ("", "", "")
        switch record {
        case .bid(let bid):
            (id, account, shares) = ("\(bid.bid)", "\(bid.account)", "\(bid.shares)")
        case .cancellation(let cancellation):
            (id, account) = ("\(cancellation.bid)", "\(cancellation.account)")
        case .command(let command): id = "\(command.command)"
        case .partitionCommand(let command): id = "\(command.command)"
        case .paymentResult(let result): id = result.payment.map { "\($0)" } ?? ""
        case nil: break
        }
        return [
            topic, "\(partition)", "\(offset)", "\(at)", key.map(CSV.text) ?? "",
            names.joined(separator: ";"), record == nil ? "no" : "yes", record?.type ?? "",
            offering ?? "", id,
            account, shares, fault ?? "", value.map(CSV.text) ?? "",
        ].map(CSV.field).joined(separator: ",")
    }
}

/// Fields of a table that a spreadsheet opens as they are.
enum CSV {
    /// Quoted where it must be. What a spreadsheet would take for a formula begins with an
    /// apostrophe, so that nobody's bid runs anything on an analyst's machine.
    static func field(_ text: String) -> String {
        let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) || isFormula else {
            return safe
        }
        return "\"" + safe.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }

    /// Bytes as a text, or in base64 where they are none.
    static func text(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self) ?? Data(bytes).base64EncodedString()
    }
}

extension Output {
    /// The first line of a table.
    func beginCSV(_ header: String, _ arguments: Arguments) throws(Failure) {
        try line((arguments.has("bom") ? "\u{FEFF}" : "") + header)
    }
}

extension Arguments {
    /// Whether `--format` asks for a table.
    func wantsCSV() throws(Failure) -> Bool {
        let word = text("format") ?? "ndjson"
        guard word != "csv" || !isJSON else {
            throw Failure(.usage, "--json and --format csv contradict each other: choose one")
        }
        if word != "csv" { try refuse(["bom"], without: "format csv") }
        return word == "csv"
    }

    /// Says of a list that there is nothing in it: no lines could as well mean another file.
    func remarkEmpty(_ sentence: String) {
        if !isQuiet { Remark.say(sentence) }
    }
}
