import Allocation
import Vocabulary

/// A bid's story in sentences for whoever made the bid.
public struct BidWords {
    public let story: BidStory
    /// How a moment is written.
    let time: (Milliseconds) -> String

    public init(_ story: BidStory, time: @escaping (Milliseconds) -> String) {
        self.story = story
        self.time = time
    }

    /// What happened on arrival and why, a sentence an element; empty where no bid came.
    public var arrival: [String] {
        guard let arrival = story.arrival else { return [] }
        let decision = arrival.decision
        let source = decision.source
        if story.bid.isDerived { return backstop(arrival) }
        var sentences = [
            "It asked for \(arrival.asked) shares\(arrival.allOrNone ? ", all or none" : "").",
            "It stands in \(source.topic.name), partition \(source.partition), offset "
                + "\(source.offset), appended \(time(source.at)), and was decided as number "
                + "\(decision.sequence).",
        ]
        if let before = arrival.before {
            sentences.append(
                (before.bids == 0 ? "No bid was" : count(before.bids, "bid was", "bids were"))
                    + " accepted before it, and "
                    + (before.waiting == 0
                        ? "nobody waited." : "\(before.waiting) shares waited ahead of it."))
            let after = decision.counters?.free ?? before.counters.free
            sentences.append("Free before it: \(before.counters.free) shares; after it: \(after).")
        }
        if let placement = arrival.placement {
            sentences += BidRule(arrival, placement).sentences
        } else if let rejection = arrival.rejection {
            sentences += refusal(rejection, arrival)
        }
        return sentences
    }

    /// Nobody sent it, so there is no place in the log that it has of its own.
    private func backstop(_ arrival: BidStory.Arrival) -> [String] {
        [
            "It is the backstop's, made when the offering closed, and was decided as number "
                + "\(arrival.decision.sequence).",
            "\(arrival.before?.counters.free ?? 0) shares were left, and it took "
                + "\(arrival.asked) of them.",
        ]
    }

    private func refusal(
        _ rejection: Rejection, _ arrival: BidStory.Arrival
    ) -> [String] {
        var sentences = [
            "It was refused (\(rejection.reason.rawValue)). \(rejection.reason.sentence)"
        ]
        if let fact = fact(rejection, arrival) { sentences.append(fact) }
        let isSpent = rejection.reason.spendsID
        switch rejection.reason.advice {
        case .never: sentences.append("A new try would get the same answer.")
        case .changed:
            sentences.append(
                "A new try makes sense with the bid corrected"
                    + (isSpent ? ", under a new id." : "; the id is not used up."))
        case .later:
            sentences.append("A new try makes sense after a while, under a new id.")
        }
        return sentences
    }

    /// The number that the bid ran into.
    private func fact(_ rejection: Rejection, _ arrival: BidStory.Arrival) -> String? {
        if let partition = rejection.expectedPartition {
            return "The offering's bids belong to partition \(partition)."
        }
        guard let terms = arrival.terms else { return nil }
        switch rejection.reason {
        case .belowMinimum: return "The smallest bid is \(terms.minShares ?? 1) shares."
        case .notALot: return "The lot is \(terms.lot ?? 1) shares."
        case .tooLarge: return "The offering has \(terms.shares) shares."
        case .tooManyBids:
            return terms.maxBidsPerAccount.map {
                "An account may make \(count($0, "bid", "bids"))."
            }
        case .rateLimited:
            return terms.bidsPerMinutePerAccount.map {
                "An account may make \(count($0, "bid", "bids")) a minute."
            }
        case .overAccountCap:
            return terms.maxSharesPerAccount.map {
                "An account may hold \($0) shares; this one had or waited for "
                    + "\(arrival.committed ?? 0)."
            }
        case .waitlistFull:
            guard let before = arrival.before else { return nil }
            return "\(before.counters.free) shares were free, and \(before.waiting) of the "
                + "\(terms.waitlistShares ?? terms.shares) shares that may wait did."
        case .notOpenYet: return terms.opensAt.map { "It opens at \(time($0))." }
        default: return nil
        }
    }

    /// An amount of the offering's currency.
    func money(_ amount: MinorUnits) -> String {
        story.arrival?.terms.map { amount.words(in: $0.currency) } ?? "\(amount)"
    }

    /// How it stands now.
    public var now: [String] {
        guard story.arrival?.placement != nil else { return [] }
        let standing = story.standing
        var parts: [String] = []
        if standing.settled > 0 { parts.append("\(standing.settled) shares paid") }
        if standing.reserved > 0 { parts.append("\(standing.reserved) reserved, not paid yet") }
        if standing.waiting > 0 { parts.append("\(standing.waiting) waiting") }
        var sentences = [
            parts.isEmpty
                ? "Now nothing of it is left." : "Now it has \(parts.joined(separator: ", "))."
        ]
        if story.owed > 0 {
            sentences.append("\(money(story.owed)) are still owed to its account.")
        }
        if let ahead = story.ahead {
            sentences.append(
                ahead.bids == 0
                    ? "It is the first of the waitlist."
                    : "\(ahead.shares) shares of \(count(Int64(ahead.bids), "bid", "bids")) wait "
                        + "ahead of it.")
        }
        if let overview = story.overview {
            sentences.append(
                "The offering is \(overview.state.rawValue)\(overview.isPaused ? ", paused" : "").")
        }
        return sentences
    }
}

/// `1 bid was`, `2 bids were`.
func count(_ number: Int64, _ one: String, _ many: String) -> String {
    number == 1 ? "1 \(one)" : "\(number) \(many)"
}

/// Which rule gave an accepted bid what it got (allocation.md, Bids and Serving), in sentences. The
/// rule was applied by the allocator; here it is only named.
struct BidRule {
    private let asked: Shares
    private let placement: Placement
    private let free: Shares
    private let terms: OfferingTerms?
    private let arrival: BidStory.Arrival

    init(_ arrival: BidStory.Arrival, _ placement: Placement) {
        self.arrival = arrival
        self.placement = placement
        asked = placement.asked
        free = arrival.before?.counters.free ?? 0
        terms = arrival.terms
    }

    private var rule: RemainderRule { terms?.remainder ?? .split }

    var sentences: [String] { [cut, served].compactMap { $0 } }

    private var cut: String? {
        guard let cut = placement.cut else { return nil }
        var causes: [String] = []
        let committed = arrival.committed ?? 0
        if let most = terms?.maxSharesPerAccount, committed + asked > most {
            causes.append(
                "an account may hold \(most), and this one had or waited for \(committed)")
        }
        if cut.reason == .waitlistFull, let terms {
            let room = (terms.waitlistShares ?? terms.shares) - (arrival.before?.waiting ?? 0)
            let lots = (terms.lot ?? 1) > 1 ? ", in whole lots of \(terms.lot ?? 1)" : ""
            causes.append("only \(room) more shares could wait\(lots)")
        }
        return "\(cut.shares) of its shares were cut off (\(cut.reason.rawValue)): "
            + causes.joined(separator: "; ") + "."
    }

    private var served: String {
        let (shares, waiting) = (placement.shares, placement.waiting)
        if waiting == 0 {
            return placement.cut?.reason == .waitlistFull
                ? "The \(shares) shares that were free were reserved for it."
                : "There were enough for its \(shares) shares, and all were reserved at once."
        }
        if shares > 0 {
            return "Under split it got the \(shares) shares that were free, and its other "
                + "\(waiting) wait."
        }
        if free == 0 { return "Nothing was free, so its \(waiting) shares wait." }
        if rule == .hold, free >= waiting {
            return "Under hold nobody passes a bid that waits before it, so its \(waiting) "
                + "shares wait."
        }
        let whole =
            placement.allOrNone
            ? "It takes all or none" : "Under \(rule.name) a bid is served whole"
        return "\(whole), and \(free) free shares were too few, so its \(waiting) shares wait."
    }
}
