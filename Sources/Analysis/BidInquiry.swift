import Allocation
import Messages
import Vocabulary

/// Follows a partition's decisions and gathers what they say about the bids of one id: one story
/// for each offering that has such a bid, since an id is unique in its offering only.
package struct BidInquiry: ~Copyable {
    private let bid: Identifier
    private let offering: Identifier?
    private let partition: Partition
    private var replay: BookReplay
    private var stories: [BidStory] = []
    /// The first decision of the group at hand that is about its offering, and the last one by
    /// which another bid stopped standing in the way.
    private var first: Decision?
    private var expired: Decision?
    /// The money for lost shares that the group at hand is about.
    private var late: LateMoney?
    /// What was settled of the offerings that were cancelled for too little.
    private var shortfalls: [Identifier: Shares] = [:]
    /// The offset after the last record of `bids` that was decided.
    package private(set) var decidedBids: Int64 = 0
    /// What of `bids` could not be read: the bid that is asked for may be there. The first of it,
    /// for there may be any amount.
    package private(set) var unreadable: [Unreadable] = []
    /// How many of these there are.
    package private(set) var unreadableCount: Int64 = 0
    private let mostUnreadable: Int

    /// A record that can't be read, or a batch of them that nobody can unpack.
    package struct Unreadable: Hashable, Sendable {
        package let offset: Offset
        /// Of a batch: the offset of its last record.
        package let last: Offset?
        package let at: Timestamp
        package let fault: Malformation
    }

    /// - Parameters:
    ///   - offering: only there; nil: wherever there is a bid of this id.
    ///   - mostUnreadable: more than these are only counted.
    package init(
        _ bid: Identifier, of offering: Identifier?, partition: Partition,
        keeps mostUnreadable: Int = 100_000
    ) {
        self.mostUnreadable = mostUnreadable
        self.bid = bid
        self.offering = offering
        self.partition = partition
        replay = BookReplay(partition: partition)
    }

    /// Follows the record of `decisions` with this value.
    package mutating func follow(_ value: UnsafeRawBufferPointer?) throws(ReplayFailure) {
        let record = try replay.decode(value)
        guard case .decision(let decision) = record.content else {
            return _ = try replay.follow(record)
        }
        let isAsked = isAskedFor(decision)
        let before = isAsked ? decision.offering.flatMap { replay.book.overview(of: $0) } : nil
        let committed = isAsked ? committed(before: decision) : nil
        let late = isAsked ? lateMoney(in: decision, before) : nil
        guard try replay.follow(record) else { return }
        if decision.source.topic == .bids {
            let last = decision.event.lastOfBatch ?? decision.source.offset
            decidedBids = max(decidedBids, last.rawValue + 1)
            noteUnreadable(decision)
        }
        noteGroup(decision)
        if let late { self.late = late }
        noteShortfall(decision)
        guard isAsked, let offering = decision.offering, let value else { return }
        let index = story(of: offering)
        stories[index].records.append(Array(value))
        let terms = replay.book.terms(of: offering)
        if let arrival = BidStory.Arrival(
            decision, bid: bid, before: before, terms: terms, committed: committed),
            stories[index].arrival.map({ !$0.spendsID && arrival.spendsID }) ?? true
        {
            stories[index].arrive(arrival)
        } else {
            stories[index].tell(
                BidStory.Chapter(
                    decision: decision, cause: cause(of: decision), before: before, late: late))
        }
        stories[index].move(decision, price: terms?.price ?? 0)
        if let standing = replay.book.standing(of: bid, in: offering) {
            stories[index].standing = standing
        }
    }

    /// The stories, one an offering, in order of appearance.
    package consuming func finish() -> [BidStory] {
        var stories = stories
        for index in stories.indices {
            let offering = stories[index].offering
            stories[index].overview = replay.book.overview(of: offering)
            stories[index].terms = replay.book.terms(of: offering)
            stories[index].shortfall = shortfalls[offering]
            if stories[index].standing.waiting > 0 {
                stories[index].ahead = ahead(in: replay.book.waitlist(of: offering) ?? [])
            }
        }
        return stories
    }

    private func ahead(in waitlist: [WaitingPart]) -> BidStory.Queue? {
        var queue = BidStory.Queue(shares: 0, bids: 0)
        for part in waitlist {
            if part.bid == bid { return queue }
            queue.shares += part.shares
            queue.bids += 1
        }
        return nil
    }

    private func isAskedFor(_ decision: Decision) -> Bool {
        guard let offering = decision.offering else { return false }
        if let asked = self.offering, asked != offering { return false }
        if decision.event.bid == bid { return true }
        guard let payment = decision.event.answeredPayment else { return false }
        return payment.bid == bid && payment.offering == offering
    }

    /// What the bid's account had or waited for, where the decision has to do with its limit:
    /// that is seldom, and looking it up means going through all accounts.
    private func committed(before decision: Decision) -> Shares? {
        let account: Identifier
        switch decision.event {
        case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)):
            guard placement.cut != nil else { return nil }
            account = placement.account
        case .rejected(let rejection):
            guard rejection.reason == .overAccountCap,
                case .bid(_, let refused, _, _) = rejection.subject
            else { return nil }
            account = refused
        default: return nil
        }
        guard let offering = decision.offering else { return nil }
        return committed(by: account, in: offering)
    }

    private func committed(by account: Identifier, in offering: Identifier) -> Shares {
        let holder = replay.book.holders(of: offering)?.first { $0.account == account }
        guard let standing = holder?.standing else { return 0 }
        return standing.reserved + standing.settled + standing.waiting
    }

    /// How it stands before money that came for shares which the bid no longer has is decided on:
    /// that may take two decisions, of which the first sees it.
    private func lateMoney(
        in decision: Decision, _ before: OfferingOverview?
    ) -> LateMoney? {
        let (number, account, taken): (Int32, Identifier, Shares)
        switch decision.event {
        case .bid(.settledLate(let part)):
            (number, account, taken) = (part.number, part.account, part.shares)
        case .money(.refunding(let refund)):
            guard refund.result != nil else { return nil }
            if let late, first?.source == decision.source, first?.offering == decision.offering {
                return late
            }
            (number, account, taken) = (refund.number, refund.account, 0)
        default: return nil
        }
        guard let before, let terms = replay.book.terms(of: before.offering),
            let story = stories.first(where: { $0.offering == before.offering }),
            story.payments.indices.contains(Int(number) - 1)
        else { return nil }
        let payment = story.payments[Int(number) - 1]
        return LateMoney(
            asked: payment.shares, wasReleased: payment.isReleased,
            allOrNone: story.arrival?.allOrNone ?? false, before: before, terms: terms,
            committed: committed(by: account, in: before.offering),
            isOneAccountTooMany: !bid.isDerived
                && (replay.book.isOneAccountTooMany(account, in: before.offering) ?? false),
            isHeldUp: terms.remainder == .hold && isAnyoneWaiting(before: before.offering),
            taken: taken)
    }

    /// Whether one who waits in `offering` came before the bid.
    private func isAnyoneWaiting(before offering: Identifier) -> Bool {
        guard let front = replay.book.waitlist(of: offering)?.first?.bid else { return false }
        var isBefore: Bool?
        replay.book.forEachAcceptedBid(of: offering) { (other, _, _) in
            if isBefore == nil, other == front || other == bid { isBefore = other == front }
        }
        return isBefore ?? false
    }

    private mutating func noteShortfall(_ decision: Decision) {
        guard case .offering(.cancelling(.shortfall)) = decision.event,
            let offering = decision.offering
        else { return }
        shortfalls[offering] = decision.counters?.settled
    }

    private mutating func noteUnreadable(_ decision: Decision) {
        guard case .rejected(let rejection) = decision.event else { return }
        let isBatch = decision.event.lastOfBatch != nil
        guard let fault = isBatch ? Malformation(.unreadable, at: 0) : rejection.malformation
        else { return }
        unreadableCount += 1
        guard unreadable.count < mostUnreadable else { return }
        unreadable.append(
            Unreadable(
                offset: decision.source.offset, last: decision.event.lastOfBatch,
                at: decision.source.at, fault: fault))
    }

    private mutating func noteGroup(_ decision: Decision) {
        if first?.source != decision.source || first?.offering != decision.offering {
            first = decision
            (expired, late) = (nil, nil)
        }
        if case .bid(.expired) = decision.event { expired = decision }
    }

    private func cause(of decision: Decision) -> Decision? {
        // Under `hold` a bid that could never be served stood in the way.
        if case .bid(.promoted) = decision.event, let expired { return expired }
        return first?.sequence == decision.sequence ? nil : first
    }

    private mutating func story(of offering: Identifier) -> Int {
        if let index = stories.firstIndex(where: { $0.offering == offering }) { return index }
        stories.append(BidStory(offering: offering, bid: bid, partition: partition))
        return stories.count - 1
    }
}

extension BidStory.Arrival {
    /// nil where the decision is not about a bid of this id that came for the first time.
    fileprivate init?(
        _ decision: Decision, bid: Identifier, before: OfferingOverview?, terms: OfferingTerms?,
        committed: Shares?
    ) {
        switch decision.event {
        case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)):
            account = placement.account
            asked = placement.asked
            allOrNone = placement.allOrNone
        case .rejected(let rejection):
            guard rejection.reason != .conflictingDuplicate,
                case .bid(_, let refused, let shares, let whole) = rejection.subject
            else { return nil }
            account = refused
            asked = shares
            allOrNone = whole
        default: return nil
        }
        self.decision = decision
        self.before = before
        self.terms = terms
        self.committed = committed
    }
}
