import Analysis
import EventLog
import Messages
import Vocabulary

extension Command {
    static let explain = Command(
        words: ["explain"],
        summary: "tell what happened to a bid, and why",
        description: """
            Reads the decisions and says where the bid stood in the log, what was free, which rule
            applied, what became of each payment, and how the bid stands now. An id is unique in
            its offering only: where several offerings have the bid they are listed, exit code 64.
            A bid that no decision is about: exit code 1.
            """,
        options: [
            Option("bid", "ID", "the bid; OFFERING/backstop is what the backstop took (required)"),
            Option("offering", "ID", "the bid of this offering (default: of the one that has it)"),
        ],
        examples: [
            "fairfill explain --bid b-1 --offering loan-7",
            "fairfill explain --bid b-1 --json | jq '.decisions[].type'",
        ]
    ) { arguments throws(Failure) in try Explaining(arguments).run() }
}

/// `fairfill explain`.
private struct Explaining {
    let arguments: Arguments
    let bid: Identifier
    let offering: Identifier?
    let place: Place

    init(_ arguments: Arguments) throws(Failure) {
        self.arguments = arguments
        let (bid, home) = try Self.named(arguments)
        self.bid = bid
        let asked = try arguments.identifier("offering")
        offering = home ?? asked
        place = try arguments.openPlace()
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
        let all = (0..<place.environment.partitions).map { Partition(rawValue: $0) }
        let home = offering.map { place.home(of: $0) }
        var heard: [BidStory] = []
        var decided: [Partition: Int64] = [:]
        var lost: [UnreadableRange] = []
        // A bid that was sent to the wrong partition is decided there.
        for partitions in home.map({ home in [[home], all.filter { $0 != home }] }) ?? [all] {
            for partition in partitions {
                let (stories, end, unreadable) = try hear(partition)
                heard += stories
                decided[partition] = end
                lost += unreadable
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
            throw Failure(.no, try unknown(heard, decided, lost))
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

    /// What the decisions of a partition say, up to where its bids are decided, and where they
    /// could not be unpacked.
    private func hear(
        _ partition: Partition
    ) throws(Failure) -> ([BidStory], Int64, [UnreadableRange]) {
        var inquiry = BidInquiry(bid, of: offering, partition: partition)
        try Replaying.read(place, partition, arguments) { (bytes, _) throws(Failure) in
            do throws(ReplayFailure) {
                try inquiry.follow(bytes)
            } catch {
                throw Failure(
                    .invariant,
                    "the book of partition \(partition) contradicts itself: \(error.sentence); "
                        + "fairfill verify says more")
            }
        }
        let end = inquiry.decidedBids
        let bids = place.partition(.bids, partition)
        let lost = inquiry.unreadable.map {
            UnreadableRange(bids, LogOffset($0.first), LogOffset($0.last))
        }
        return (inquiry.finish(), end, lost)
    }

    /// The offering's own partition tells it, if it can.
    private func onePerOffering(_ stories: [BidStory]) -> [BidStory] {
        var found: [BidStory] = []
        for story in stories {
            guard let index = found.firstIndex(where: { $0.offering == story.offering }) else {
                found.append(story)
                continue
            }
            if story.partition == place.home(of: story.offering) { found[index] = story }
        }
        return found
    }

    // MARK: A bid that no decision is about

    private func unknown(
        _ heard: [BidStory], _ decided: [Partition: Int64], _ lost: [UnreadableRange]
    ) throws(Failure) -> String {
        let name = offering.map { "a bid '\(bid)' of offering '\($0)'" } ?? "a bid '\(bid)'"
        var sentence = "no decision is about \(name)"
        if !heard.isEmpty { sentence += ", only about other records that name it" }
        for partition in decided.keys.sorted() {
            let (position, undecided) = try undecided(in: partition, from: decided[partition]!)
            if let position {
                return "\(sentence); it stands in the log at \(position) and is not decided yet: "
                    + "is an allocator running? (fairfill allocate --log \(place.log.url) --env "
                    + "\(place.name))"
            }
            if undecided > 0 {
                let bids = place.partition(.bids, partition)
                sentence += undecided == 1
                    ? "; 1 record of \(bids) is not decided yet, and is another"
                    : "; \(undecided) records of \(bids) are not decided yet, and it is none of "
                        + "them"
            }
        }
        if !lost.isEmpty {
            let places = lost.map(\.offsets).joined(separator: "; ")
            return "\(sentence). It may have come in a batch that nobody could unpack, and that was "
                + "refused as malformed (\(places)); otherwise it is not in the log. fairfill bid "
                + "appends it"
        }
        return "\(sentence); it is not in the log. fairfill bid appends it"
    }

    /// Where the bid stands among the records that are not decided, and how many there are.
    private func undecided(
        in partition: Partition, from decided: Int64
    ) throws(Failure) -> (position: String?, count: Int) {
        let bids = place.partition(.bids, partition)
        let bounds = try logged { () throws(LogError) in
            try place.log.bounds(of: [bids], .committed)[0]
        }
        try OpenTransactions.remark(place.log, [bids], readUpTo: [bounds.end])
        let start = max(bounds.start, LogOffset(rawValue: decided))
        guard start < bounds.end else { return (nil, 0) }
        var follow = try Follow(
            place.log, [ReadStart(bids, from: start)], takesUnreadable: true)
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
