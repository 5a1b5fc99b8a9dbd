import EventLog
import Foundation
import Messages
import Vocabulary

extension Command {
    static let bid = Command(
        words: ["bid"],
        summary: "bid for shares, or append bids from a file; prints a receipt a line",
        description: """
            A receipt says where the bid stands: id, topic, partition, offset, append time. The
            same id again changes nothing, so a bid may be sent until its receipt came. With
            --from each line is {"bid":...,"offering":...,"account":...,"shares":...}; a bad line
            is reported by its number, and the rest go on.
            """,
        options: [
            Option("offering", "ID", "the offering"),
            Option("account", "ID", "who bids"),
            Option("shares", "N", "how many shares"),
            Option("id", "ID", "the bid's id, unique in its offering (default: a new one)"),
            Option("all-or-none", nil, "all of them or nothing"),
            Option("from", "FILE", "many bids: NDJSON, - for standard input"),
            Option("wait", nil, "follow each to its decision"),
        ],
        examples: [
            "fairfill bid --offering loan-7 --account anna --shares 300 --id a-1 --wait",
            "fairfill bid --from bids.ndjson --json > receipts.ndjson",
        ]
    ) { arguments throws(Failure) in
        try Bidding(arguments, arguments.openPlace()).run()
    }
}

/// `fairfill bid`.
private final class Bidding {
    private static let batchSize = 1_000

    let arguments: Arguments
    let place: Place
    let output = Output()
    private var records = OutgoingRecords()
    private var ids: [Identifier] = []
    private let appender: any LogAppender
    private let headers: [UInt8]
    private let isJSON: Bool
    private var waiters: [Partition: (waiter: DecisionWaiter, offsets: Set<Int64>)] = [:]
    private var waitingPartitions: [Partition] = []
    private var lastReceipts: [Partition: Receipt] = [:]
    private var appended = 0
    private var badLines = 0
    private var refused = 0
    private var isPipeClosed = false

    init(_ arguments: Arguments, _ place: Place) throws(Failure) {
        self.arguments = arguments
        self.place = place
        headers = place.headers
        isJSON = arguments.isJSON
        appender = try logged { () throws(LogError) in try place.log.openAppender() }
    }

    func run() throws(Failure) -> ExitCode {
        defer { appender.close() }
        if let path = arguments.text("from") {
            try appendLines(of: path)
        } else {
            add(try single())
        }
        try append()
        try output.flush()
        if isPipeClosed || Interruption.signal != 0 {
            let why = isPipeClosed ? "nobody reads the receipts" : "interrupted"
            throw Failure(
                isPipeClosed ? .inputOutput : .tryAgain,
                "\(why): \(appended) bids are in the log, the others are not; run it again: "
                    + "bids that are there change nothing")
        }
        try follow()
        if badLines > 0 { return .data }
        return refused > 0 ? .no : .done
    }

    private func single() throws(Failure) -> Bid {
        let offering = try arguments.requiredIdentifier("offering")
        let account = try arguments.requiredIdentifier("account")
        let shares = try arguments.integer("shares", of: "how many shares the bid asks for")
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        return Bid(
            bid: try arguments.identifier("id") ?? Identifier(parsing: "b-\(random)")!,
            offering: offering, account: account, shares: Shares(shares),
            allOrNone: arguments.has("all-or-none"))
    }

    private func appendLines(of path: String) throws(Failure) {
        var decoder = RecordDecoder()
        // Receipts on a terminal are progress enough.
        let size = output.isTerminal ? nil : Lines.size(of: path)
        let progress = ProgressLine(
            "appending \(path), bytes", quiet: arguments.isQuiet || size == nil)
        defer { progress.end() }
        var read: Int64 = 0
        try Lines.read(path, idle: { () throws(Failure) in try self.append() }) {
            (number, bytes) throws(Failure) in
            guard !self.isPipeClosed else { return }
            read += Int64(bytes.count) + 1
            do throws(Malformation) {
                let record = try decoder.decodeBids(bytes, typeMayBeAbsent: true)
                guard case .bid(let bid) = record else {
                    throw Malformation(.unknownType, member: .type, at: 0)
                }
                self.add(bid)
            } catch {
                self.badLines += 1
                Remark.say("line \(number): \(error.sentence)")
            }
            guard self.ids.count >= Self.batchSize else { return }
            try self.append()
            if let size { progress.update(read, of: size) }
        }
    }

    private func add(_ bid: Bid) {
        let destination = records.destination(
            place.partition(.bids, place.home(of: bid.offering)))
        records.append(of: bid.offering, to: destination, headers: headers) {
            RecordEncoder.encode(bid, into: $0)
        }
        ids.append(bid.bid)
    }

    /// Appends what was gathered, and prints the receipts.
    private func append() throws(Failure) {
        guard !ids.isEmpty, !isPipeClosed else { return }
        if arguments.has("wait") { try makeWaiters() }
        do throws(LogError) {
            // Some may be taken and others refused: those that were taken get their receipts.
            let outcomes = try appender.append(records)
            var refusal: LogError?
            for (id, outcome) in zip(ids, outcomes) {
                switch outcome {
                case .appended(let receipt): take(receipt, of: id)
                case .refused(let error): refusal = refusal ?? error
                }
            }
            if let refusal { throw refusal }
        } catch {
            throw Failure(
                Failure(error).code,
                "\(error.message) (\(appended) bids are in the log, those without a receipt may "
                    + "not be; run it again: bids that are there change nothing)")
        }
        records.removeAll()
        ids.removeAll(keepingCapacity: true)
        do throws(Failure) {
            try output.flush()
        } catch where error.isClosedPipe {
            isPipeClosed = true
        }
    }

    /// Prints the receipt of a bid that is in the log.
    private func take(_ receipt: Receipt, of id: Identifier) {
        appended += 1
        do throws(Failure) {
            if !isPipeClosed {
                try output.line(Receipts.text("\(id)", receipt, json: isJSON))
            }
        } catch {
            isPipeClosed = true
        }
        let partition = Partition(receipt.partition.partition)
        lastReceipts[partition] = receipt
        waiters[partition]?.offsets.insert(receipt.offset.rawValue)
    }

    private func makeWaiters() throws(Failure) {
        for place in records.destinations {
            let partition = Partition(place.partition)
            guard waiters[partition] == nil else { continue }
            waiters[partition] = (try DecisionWaiter(self.place, partition), [])
            waitingPartitions.append(partition)
        }
    }

    /// Prints the decision about each bid.
    private func follow() throws(Failure) {
        let seconds = try arguments.timeoutSeconds()
        for partition in waitingPartitions {
            guard let (waiter, offsets) = waiters[partition] else { continue }
            try waiter.wait(for: offsets, .bids, seconds: seconds, lastReceipts[partition]!) {
                (decision, text) throws(Failure) in
                if case .rejected = decision.event { self.refused += 1 }
                try self.output.line(
                    self.isJSON ? text : DecisionText.line(decision, self.output))
            }
        }
        try output.flush()
    }
}
