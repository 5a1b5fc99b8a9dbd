import CommandLine
import EventLog
import FairfillClient
import Foundation
import Messages
import Vocabulary

extension Command {
    static let bid = Command(
        words: ["bid"],
        summary: "bid for shares, or append bids from a file; prints a receipt for each",
        description: """
            A receipt says where the bid stands: id, topic, partition, offset, append time. The
            same id again changes nothing, so you can send a bid again until its receipt comes.
            With --from each line is {"bid":...,"offering":...,"account":...,"shares":...}; a bad
            line is reported by its number, and the rest go on.
            """,
        options: [
            Option("offering", "ID", "the offering (required without --from)"),
            Option("account", "ID", "who bids (required without --from)"),
            Option("shares", "N", "how many shares (required without --from)"),
            Option(
                "bid", "ID", "the bid's id, unique in its offering (default: a new one)",
                otherNames: ["id"]),
            Option("all-or-none", nil, "take all of the shares, or none"),
            Option("from", "FILE", "many bids: NDJSON, - for standard input (default: one bid)"),
            Option("wait", nil, "wait for the decision about each bid"),
        ],
        examples: [
            "fairfill bid --offering loan-7 --account anna --shares 300 --bid a-1 --wait",
            "fairfill bid --from bids.ndjson --json > receipts.ndjson",
        ]
    ) { arguments throws(Failure) in
        try BidRun(arguments, arguments.connect()).run()
    }
}

/// `fairfill bid`.
private struct BidRun {
    let arguments: Arguments
    let connection: LogConnection
    let output = Output()

    init(_ arguments: Arguments, _ connection: LogConnection) {
        self.arguments = arguments
        self.connection = connection
    }

    func run() throws(Failure) -> ExitCode {
        if let path = arguments.text("from") { return try appendLines(of: path) }
        let bid = try single()
        let submission = try submission(
            advice: "run it again with --bid \(bid.bid): if it is there, that changes nothing")
        add(bid, to: submission)
        return try submission.finish() ? .done : .no
    }

    private func submission(advice: String) throws(Failure) -> Submission {
        let kind = Submission.Kind(
            topic: .bids, input: .bids, one: "bid", many: "bids", advice: advice)
        return try Submission(
            arguments, connection, kind, output, printsReceipts: true, waits: arguments.has("wait"))
    }

    private func single() throws(Failure) -> Bid {
        let offering = try arguments.requiredIdentifier("offering")
        let account = try arguments.requiredIdentifier("account")
        let shares = try arguments.integer("shares", of: "how many shares the bid asks for")
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        return Bid(
            bid: try arguments.identifier("bid") ?? Identifier(parsing: "b-\(random)")!,
            offering: offering, account: account, shares: Shares(shares),
            allOrNone: arguments.has("all-or-none"))
    }

    private func appendLines(of path: String) throws(Failure) -> ExitCode {
        try arguments.refuse(
            ["offering", "account", "shares", "bid", "all-or-none"], with: "from",
            because: "each line says it for itself")
        let submission = try submission(
            advice: "those without a receipt may not be; run it again: bids that are there change "
                + "nothing")
        var decoder = RecordDecoder()
        var badLines = 0
        // Receipts on a terminal are progress enough.
        let size = output.isTerminal ? nil : Lines.size(of: path)
        let progress = ProgressLine(
            "appending \(path), bytes", quiet: arguments.isQuiet || size == nil)
        defer { progress.end() }
        var read: Int64 = 0
        try Lines.read(path, idle: { () throws(Failure) in try submission.append() }) {
            (number, bytes) throws(Failure) in
            guard !submission.isOver else { return }
            read += Int64(bytes.count) + 1
            do throws(Malformation) {
                switch try decoder.decodeBids(bytes, typeMayBeAbsent: true) {
                case .bid(let bid): self.add(bid, to: submission)
                case .cancellation:
                    badLines += 1
                    Remark.say(
                        "line \(number): a cancellation; fairfill cancel-bid takes bids back")
                case .command, .paymentResult, .partitionCommand:
                    throw Malformation(.unknownType, member: .type, at: 0)
                }
            } catch {
                badLines += 1
                Remark.say("line \(number): \(error.sentence)")
            }
            guard submission.pending >= Submission.batchSize else { return }
            try submission.append()
            if let size { progress.update(read, of: size) }
        }
        let isAccepted = try submission.finish()
        if badLines > 0 { return .data }
        return isAccepted ? .done : .no
    }

    private func add(_ bid: Bid, to submission: Submission) {
        submission.add(bid.bid, of: bid.offering) { RecordEncoder.encode(bid, into: $0) }
    }
}
