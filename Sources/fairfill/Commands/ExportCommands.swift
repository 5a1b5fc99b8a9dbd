import Allocation
import Analysis
import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

extension Command {
    static let exportDecisions = Command(
        words: ["export", "decisions"],
        summary: "print every decision",
        description: "NDJSON has the records unchanged, CSV the columns that most people want.\n"
            + csvHelp,
        options: [
            Option("offering", "ID", "only this offering (default: all)"),
            Option(
                "format", "WORD", "ndjson or csv (default ndjson)", words: ["ndjson", "csv"]),
            Option("bom", nil, "with csv: begin with a byte order mark"),
        ],
        examples: ["fairfill export decisions --offering loan-7 | jq -r .type | sort | uniq -c"]
    ) { arguments throws(Failure) in
        let isCSV = try arguments.wantsCSV()
        let offering = try arguments.identifier("offering")
        let connection = try arguments.connect()
        let output = Output()
        if isCSV { try output.beginCSV(DecisionCSV.header, arguments) }
        let partitions = offering.map { [connection.home(of: $0)] }
            ?? (0..<connection.environment.partitions).map { Partition(rawValue: $0) }
        var decoder = RecordDecoder()
        var damage = Damage()
        var count = 0
        for partition in partitions {
            try PartitionReplay.read(connection, partition, arguments) {
                (bytes, offset) throws(Failure) in
                let record: DecisionRecord
                do throws(Malformation) {
                    record = try decoder.decodeDecision(bytes)
                } catch {
                    return damage.note(
                        "\(connection.partition(.decisions, partition))/\(offset)", error)
                }
                guard case .decision(let decision) = record.content else {
                    if offering == nil, !isCSV { try output.line(bytes!) }
                    return
                }
                guard offering == nil || decision.offering == offering else { return }
                count += 1
                if isCSV {
                    try output.line(DecisionCSV.line(decision))
                } else {
                    try output.line(bytes!)
                }
            }
        }
        try output.flush()
        try damage.complain()
        if let offering, count == 0 { throw unknown(offering, connection) }
        if count == 0 {
            arguments.remarkEmpty(
                "there are no decisions in '\(connection.name)' of \(connection.log.url)")
        }
        return .done
    }

    static let exportHoldings = Command(
        words: ["export", "holdings"],
        summary: "print who holds what: reserved, settled and waiting shares by account",
        description: "Rebuilt from the decisions.\n\(csvHelp)",
        options: [
            Option("offering", "ID", "only this offering (default: all)"),
            Option(
                "format", "WORD", "ndjson or csv (default ndjson)", words: ["ndjson", "csv"]),
            Option("bom", nil, "with csv: begin with a byte order mark"),
        ],
        examples: ["fairfill export holdings --offering loan-7 --format csv > holdings.csv"]
    ) { arguments throws(Failure) in
        let isCSV = try arguments.wantsCSV()
        let offering = try arguments.identifier("offering")
        let connection = try arguments.connect()
        let output = Output()
        if isCSV {
            try output.beginCSV("offering,account,reserved,settled,waiting", arguments)
        }
        let partitions = offering.map { [connection.home(of: $0)] }
            ?? (0..<connection.environment.partitions).map { Partition(rawValue: $0) }
        var isKnown = false
        var isEmpty = true
        for partition in partitions {
            let book = try PartitionReplay.book(connection, partition, arguments)
            for overview in book.overviews where offering == nil || overview.offering == offering {
                isKnown = true
                for holder in book.holders(of: overview.offering) ?? [] {
                    isEmpty = false
                    try output.line(text(holder, of: overview.offering, csv: isCSV))
                }
            }
        }
        try output.flush()
        if let offering, !isKnown { throw unknown(offering, connection) }
        if isEmpty {
            arguments.remarkEmpty(
                "nobody holds or waits for anything in '\(connection.name)' of "
                    + "\(connection.log.url)")
        }
        return .done
    }

    private static func unknown(_ offering: Identifier, _ connection: LogConnection) -> Failure {
        Failure(
            .no,
            "there is no offering '\(offering)' in environment '\(connection.name)' of "
                + "\(connection.log.url); fairfill offering list shows those that there are")
    }

    private static func text(
        _ holder: Holder, of offering: Identifier, csv: Bool
    ) -> String {
        let standing = holder.standing
        if csv {
            return [
                "\(offering)", "\(holder.account)", "\(standing.reserved)", "\(standing.settled)",
                "\(standing.waiting)",
            ].map(CSV.field).joined(separator: ",")
        }
        var line = JSONLine()
        line.add("offering", "\(offering)")
        line.add("account", "\(holder.account)")
        line.add("reserved", standing.reserved.rawValue)
        line.add("settled", standing.settled.rawValue)
        line.add("waiting", standing.waiting.rawValue)
        return line.line
    }
}

/// Records that can't be read, and so are left out.
private struct Damage {
    private var first: String?
    private var count = 0

    mutating func note(_ connection: String, _ error: Malformation) {
        first = first ?? "\(connection): \(error.sentence)"
        count += 1
    }

    func complain() throws(Failure) {
        guard let first else { return }
        throw Failure(
            .incomplete,
            (count == 1
                ? "1 record can't be read and is left out: "
                : "\(count) records can't be read and are left out, the first: ")
                + "\(first); fairfill verify says more")
    }
}

/// Reading a partition from the first record on.
enum PartitionReplay {
    /// What others may write.
    private static let inputs: [Topic] = [.bids, .offeringCommands, .paymentResults]

    /// Calls `body` with each value up to the end of now.
    static func read(
        _ connection: LogConnection, _ partition: Partition, _ arguments: Arguments,
        _ body: (UnsafeRawBufferPointer?, _ offset: LogOffset) throws(Failure) -> Void
    ) throws(Failure) {
        try read(connection, .decisions, partition, arguments) { (batch, index) throws(Failure) in
            try body(batch.value(index), batch.offset(index))
        }
    }

    /// Calls `body` with each record of a topic's partition up to the end of now.
    static func read(
        _ connection: LogConnection, _ topic: Topic, _ partition: Partition, _ arguments: Arguments,
        _ body: (_ batch: borrowing RecordBatch, _ index: Int) throws(Failure) -> Void
    ) throws(Failure) {
        let source = connection.partition(topic, partition)
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: [source], .committed)[0]
        }
        let isInput = inputs.contains(topic)
        if isInput, bounds.start.rawValue > 0, !arguments.isQuiet {
            Remark.say(
                "\(source) begins at offset \(bounds.start): what came before is no longer kept")
        }
        // Who may write an input may write what nobody can unpack; elsewhere it is damage.
        var follow = try Follow(
            connection.log, [ReadStart(source, from: bounds.start)], takesUnreadable: isInput)
        let progress = ProgressLine("\(source)", quiet: arguments.isQuiet)
        defer { progress.end() }
        let isWhole = try follow.read(upTo: [bounds.end]) { (_, batch, index) throws(Failure) in
            try body(batch, index)
            progress.update(batch.offset(index).rawValue + 1, of: bounds.end.rawValue)
        }
        guard isWhole else {
            throw Failure(.incomplete, "interrupted before the end of \(source)")
        }
        progress.end()
        try OpenTransactions.remark(connection.log, [source], readUpTo: [bounds.end])
    }

    /// The book of a partition as its decisions make it.
    static func book(
        _ connection: LogConnection, _ partition: Partition, _ arguments: Arguments
    ) throws(Failure) -> PartitionBook {
        var replay = BookReplay(partition: partition)
        try read(connection, partition, arguments) { (bytes, _) throws(Failure) in
            do throws(ReplayFailure) {
                try replay.follow(bytes)
            } catch {
                throw Failure(
                    .invariant,
                    "the book of partition \(partition) contradicts itself: \(error.sentence); "
                        + "fairfill verify says more")
            }
        }
        return replay.book
    }
}
