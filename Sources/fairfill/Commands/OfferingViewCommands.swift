import Analysis
import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

extension Command {
    static let offeringList = Command(
        words: ["offering", "list"],
        summary: "list the offerings and how far each is",
        description: """
            Shows what the topic progress said last, and on standard error what waits for a worker.
            \(ProgressText.legend)
            """,
        examples: ["fairfill offering list", "fairfill offering list --json | jq .free"]
    ) { arguments throws(Failure) in
        let connection = try arguments.connect()
        let output = Output()
        let offerings = try latestProgress(connection, arguments)
        if offerings.isEmpty {
            arguments.remarkEmpty(
                "no offering has been opened in '\(connection.name)' of \(connection.log.url)")
        }
        for progress in offerings {
            if arguments.isJSON {
                try output.line(progress.json)
            } else {
                try output.line(ProgressText.line(progress, output))
            }
        }
        try output.flush()
        try Backlog.ifPermitted(connection, arguments)?.say(arguments)
        return .done
    }

    static let offeringShow = Command(
        words: ["offering", "show"],
        summary: "show one offering: progress, waitlist, who holds what",
        description: """
            Replays the decisions of the offering's partition.
            \(ProgressText.legend)
            """,
        options: [
            Option("offering", "ID", "the offering (required)"),
            Option("all", nil, "show everyone who waits or holds, not only the first 20"),
        ],
        examples: ["fairfill offering show --offering loan-7"]
    ) { arguments throws(Failure) in
        let offering = try arguments.requiredIdentifier("offering")
        let connection = try arguments.connect()
        let book = try PartitionReplay.book(connection, connection.home(of: offering), arguments)
        guard let overview = book.overview(of: offering), let terms = book.terms(of: offering)
        else {
            throw Failure(
                .no, "no offering '\(offering)' has been opened in '\(connection.name)'")
        }
        try OfferingView(
            overview: overview, terms: terms, holders: book.holders(of: offering) ?? [],
            waiting: book.waitlist(of: offering) ?? [], most: arguments.has("all") ? .max : 20
        ).show(json: arguments.isJSON)
        return .done
    }

    /// The last progress record of each offering, in order of first appearance.
    private static func latestProgress(
        _ connection: LogConnection, _ arguments: Arguments
    ) throws(Failure) -> [Progress] {
        let partitions = connection.partitions(.progress)
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: partitions, .committed)
        }
        var follow = try Follow(
            connection.log, zip(partitions, bounds).map { ReadStart($0, from: $1.start) })
        var decoder = RecordDecoder()
        var found: [Progress] = []
        var indices: [Identifier: Int] = [:]
        let line = ProgressLine("reading progress", quiet: arguments.isQuiet)
        defer { line.end() }
        let count = zip(bounds, partitions).reduce(Int64(0)) {
            $0 + $1.0.end.rawValue - $1.0.start.rawValue
        }
        var read: Int64 = 0
        let isWhole = try follow.read(upTo: bounds.map(\.end)) {
            (_, batch, index) throws(Failure) in
            read += 1
            line.update(read, of: count)
            guard let progress = try? decoder.decodeProgress(batch.value(index)) else { return }
            if let at = indices[progress.offering] {
                found[at] = progress
            } else {
                indices[progress.offering] = found.count
                found.append(progress)
            }
        }
        guard isWhole else {
            throw Failure(.incomplete, "interrupted before the end of the progress topic")
        }
        return found
    }
}

extension Progress {
    fileprivate var json: String {
        String(
            unsafeUninitializedCapacity: RecordEncoder.largestSmallRecord
        ) { RecordEncoder.encode(self, into: UnsafeMutableRawBufferPointer($0)) }
    }
}

/// How far an offering is: a bar, and below it the numbers.
package enum ProgressText {
    static func line(_ progress: Progress, _ output: Output) -> String {
        let (counters, shares) = (progress.counters, progress.shares)
        let name = Layout.cut("\(progress.offering)", to: 32)
        return "\(Layout.padded(name, 32)) \(bar(counters, of: shares, output)) "
            + "\(progress.state.rawValue)\n"
            + Layout.wrapped(
                "free \(counters.free.rawValue.grouped), reserved "
                    + "\(counters.reserved.rawValue.grouped), settled "
                    + "\(counters.settled.rawValue.grouped) of \(shares.rawValue.grouped); waiting "
                    + "\(progress.waiting.rawValue.grouped); "
                    + "\(Words.count(progress.bids, "bid")), "
                    + Words.count(progress.accounts, "account"), first: "  ", indent: 4)
    }

    /// What the bar says, for the help.
    static let legend = "In the bar, # is settled, = reserved and . free."

    static func bar(
        _ counters: Counters, of shares: Shares, _ output: Output
    ) -> String {
        let cells = cells(counters, of: shares)
        return "[" + output.coloured(cells.settled, .green)
            + output.coloured(cells.reserved, .yellow) + cells.free + "]"
    }

    /// The bar in its three parts. It is full only where nothing is free.
    package static func cells(
        _ counters: Counters, of shares: Shares, width: Int = 24
    ) -> (settled: String, reserved: String, free: String) {
        let total = Int128(max(1, shares.rawValue))
        func share(_ part: Shares) -> Int {
            Int(Int128(max(0, min(part.rawValue, shares.rawValue))) * Int128(width) / total)
        }
        let settled = share(counters.settled)
        let taken = share(counters.settled + counters.reserved)
        return (
            String(repeating: "#", count: settled),
            String(repeating: "=", count: taken - settled),
            String(repeating: ".", count: width - taken)
        )
    }
}
