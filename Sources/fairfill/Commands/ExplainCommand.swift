import Analysis
import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

extension Command {
    static let explain = Command(
        words: ["explain"],
        summary: "tell what happened to a bid, and why",
        description: """
            Reads the decisions and says where the bid stood in the log, what was free, which rule
            applied, what became of each payment, and how the bid stands now. An id is unique only
            within its offering: if several offerings have the bid, they are listed and the exit
            code is 64. If no decision is about the bid, the exit code is 1. If an unreadable record
            names the bid, its offset and the member at fault are shown.
            """,
        options: [
            Option("bid", "ID", "the bid; OFFERING/backstop for the backstop's (required)"),
            Option("offering", "ID", "the offering of the bid (default: the only one that has it)"),
        ],
        examples: [
            "fairfill explain --bid b-1 --offering loan-7",
            "fairfill explain --bid b-1 --json | jq '.decisions[].type'",
        ]
    ) { arguments throws(Failure) in try ExplainRun(arguments).run() }
}

/// `fairfill explain`.
private struct ExplainRun {
    let arguments: Arguments
    let bid: Identifier
    let offering: Identifier?
    let connection: LogConnection

    init(_ arguments: Arguments) throws(Failure) {
        self.arguments = arguments
        let (bid, home) = try Self.named(arguments)
        self.bid = bid
        let asked = try arguments.identifier("offering")
        offering = home ?? asked
        connection = try arguments.connect()
    }

    /// The bid, and the offering where its name says it.
    private static func named(
        _ arguments: Arguments
    ) throws(Failure) -> (Identifier, Identifier?) {
        let text = try arguments.required("bid")
        let suffix = "\(Identifier.backstop)"
        if text.hasSuffix(suffix),
            let offering = Identifier(parsing: text.dropLast(suffix.count))
        {
            try arguments.refuse(
                ["offering"], with: "bid", because: "\(text) names its offering itself")
            return (.backstop, offering)
        }
        return (try arguments.requiredIdentifier("bid"), nil)
    }

    func run() throws(Failure) -> ExitCode {
        let all = (0..<connection.environment.partitions).map { Partition(rawValue: $0) }
        let home = offering.map { connection.home(of: $0) }
        var heard: [BidStory] = []
        var decided: [Partition: Decided] = [:]
        // A bid that was sent to the wrong partition is decided there.
        for partitions in home.map({ home in [[home], all.filter { $0 != home }] }) ?? [all] {
            for partition in partitions {
                let (stories, end) = try hear(partition)
                heard += stories
                decided[partition] = end
            }
            if heard.contains(where: { $0.arrival != nil }) { break }
        }
        let stories = onePerOffering(heard.filter { $0.arrival != nil })
        guard stories.count <= 1 else {
            let names = stories.map { "\($0.offering)" }.sorted()
            throw Failure(
                .usage,
                "several offerings have a bid '\(bid)': \(names.joined(separator: ", ")); say "
                    + "which with --offering")
        }
        guard let story = stories.first else {
            throw Failure(.no, try unknown(heard, decided))
        }
        let output = Output()
        if arguments.isJSON {
            try output.line(ExplainJSON.line(story))
        } else {
            try ExplainText.print(story, to: output)
        }
        try output.flush()
        return .done
    }

    /// Up to where the bids of a partition are decided, and what of them could not be read.
    private struct Decided {
        let end: Int64
        let unreadable: [BidInquiry.Unreadable]
        let unreadableCount: Int64
    }

    /// What the decisions of a partition say.
    private func hear(_ partition: Partition) throws(Failure) -> ([BidStory], Decided) {
        var inquiry = BidInquiry(bid, of: offering, partition: partition)
        try PartitionReplay.read(connection, partition, arguments) { (bytes, _) throws(Failure) in
            do throws(ReplayFailure) {
                try inquiry.follow(bytes)
            } catch {
                throw Failure(
                    .invariant,
                    "the book of partition \(partition) contradicts itself: \(error.sentence); "
                        + "fairfill verify says more")
            }
        }
        let decided = Decided(
            end: inquiry.decidedBids, unreadable: inquiry.unreadable,
            unreadableCount: inquiry.unreadableCount)
        return (inquiry.finish(), decided)
    }

    /// The offering's own partition tells it, if it can.
    private func onePerOffering(_ stories: [BidStory]) -> [BidStory] {
        var found: [BidStory] = []
        for story in stories {
            guard let index = found.firstIndex(where: { $0.offering == story.offering }) else {
                found.append(story)
                continue
            }
            if story.partition == connection.home(of: story.offering) { found[index] = story }
        }
        return found
    }

    // MARK: A bid that no decision is about

    private func unknown(
        _ heard: [BidStory], _ decided: [Partition: Decided]
    ) throws(Failure) -> String {
        let name = offering.map { "a bid '\(bid)' of offering '\($0)'" } ?? "a bid '\(bid)'"
        var sentence = "no decision is about \(name)"
        if !heard.isEmpty { sentence += ", only about other records that name it" }
        for partition in decided.keys.sorted() {
            let unreadable = try unreadable(in: partition, decided[partition]!)
            if !unreadable.isEmpty {
                return "\(sentence); it is named in what could not be read:"
                    + unreadable.map { "\n  \($0)" }.joined()
            }
        }
        for partition in decided.keys.sorted() {
            let (position, undecided) = try undecided(in: partition, from: decided[partition]!.end)
            if let position {
                return "\(sentence); it stands in the log at \(position) and is not decided yet: "
                    + "is an allocator running? (fairfill allocate --log \(connection.log.url) "
                    + "--env \(connection.name))"
            }
            if undecided > 0 {
                let bids = connection.partition(.bids, partition)
                sentence += undecided == 1
                    ? "; 1 record of \(bids) is not decided yet, and is another"
                    : "; \(undecided) records of \(bids) are not decided yet, and it is none of "
                        + "them"
            }
        }
        let lost = decided.keys.sorted().flatMap { lostBatches(of: decided[$0]!, in: $0) }
        if !lost.isEmpty {
            let offsets = lost.prefix(10).map(\.offsets).joined(separator: "; ")
                + (lost.count > 10 ? "; and \(lost.count - 10) more" : "")
            return "\(sentence). It may have come in a batch that could not be unpacked and "
                + "was refused as malformed (\(offsets)); otherwise it is not in the log. "
                + "fairfill bid appends it"
        }
        let unknown = decided.values.reduce(0) {
            $0 + $1.unreadableCount - Int64($1.unreadable.count)
        }
        if unknown > 0 {
            let more = Words.count(unknown, "more record")
            return "\(sentence); \(more) of bids could not be read, and it may be among them"
        }
        return "\(sentence); it is not in the log. fairfill bid appends it"
    }

    /// The batches of a partition that nobody could unpack.
    private func lostBatches(
        of decided: Decided, in partition: Partition
    ) -> [UnreadableRange] {
        let bids = connection.partition(.bids, partition)
        return decided.unreadable.compactMap { found in
            found.last.map {
                UnreadableRange(bids, LogOffset(found.offset.rawValue), LogOffset($0.rawValue))
            }
        }
    }

    /// The records of a partition that could not be read and hold the bid's id, each with what is
    /// wrong with it: the first of them, and those that are gone from the log.
    private func unreadable(
        in partition: Partition, _ decided: Decided
    ) throws(Failure) -> [String] {
        let records = decided.unreadable.filter { $0.last == nil }
        guard let first = records.first, let last = records.last else { return [] }
        let bids = connection.partition(.bids, partition)
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: [bids], .committed)[0]
        }
        let start = max(bounds.start, LogOffset(rawValue: first.offset.rawValue))
        let end = min(bounds.end, LogOffset(rawValue: last.offset.rawValue + 1))
        var found: [String] = []
        guard start < end else { return [] }
        var faults = records[...]
        let quoted = Array("\"\(bid)\"".utf8)
        var follow = try Follow(
            connection.log, [ReadStart(bids, from: start)], takesUnreadable: true)
        _ = try follow.read(upTo: [end]) { (_, batch, index) throws(Failure) in
            let offset = batch.offset(index).rawValue
            while let next = faults.first, next.offset.rawValue < offset { faults.removeFirst() }
            guard let next = faults.first, next.offset.rawValue == offset, found.count < 10,
                let value = batch.value(index), Self.holds(value, quoted)
            else { return }
            found.append(
                "\(bids), offset \(offset), appended \(MomentText.local(next.at)): malformed, "
                    + "\(next.fault.sentence); sent again as it should be it is taken, for its id "
                    + "is not used up")
        }
        return found
    }

    private static func holds(_ bytes: UnsafeRawBufferPointer, _ word: [UInt8]) -> Bool {
        guard bytes.count >= word.count else { return false }
        return (0...(bytes.count - word.count)).contains { start in
            bytes[start...].starts(with: word)
        }
    }

    /// Where the bid stands among the records that are not decided, and how many there are.
    private func undecided(
        in partition: Partition, from decided: Int64
    ) throws(Failure) -> (position: String?, count: Int) {
        let bids = connection.partition(.bids, partition)
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: [bids], .committed)[0]
        }
        try OpenTransactions.remark(connection.log, [bids], readUpTo: [bounds.end])
        let start = max(bounds.start, LogOffset(rawValue: decided))
        guard start < bounds.end else { return (nil, 0) }
        var follow = try Follow(
            connection.log, [ReadStart(bids, from: start)], takesUnreadable: true)
        var decoder = RecordDecoder()
        var (position, count) = (String?.none, 0)
        _ = try follow.read(upTo: [bounds.end]) { (_, batch, index) throws(Failure) in
            count += 1
            guard position == nil,
                case .bid(let found)? = try? decoder.decodeBids(batch.value(index)),
                found.bid == bid, offering == nil || found.offering == offering
            else { return }
            position = "\(bids), offset \(batch.offset(index))"
        }
        return (position, count)
    }
}
