import Allocation
import Vocabulary

/// Which rule gave an accepted bid what it got (Rules.md, Bids and Serving), in sentences. The
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
        var rules: [AppliedRule] = []
        let committed = arrival.committed ?? 0
        if let most = terms?.maxSharesPerAccount, committed + asked > most {
            causes.append(
                "an account may hold \(most), and this one had or waited for \(committed)")
            rules.append(.cap)
        }
        if cut.reason == .waitlistFull, let terms {
            let room = (terms.waitlistShares ?? terms.shares) - (arrival.before?.waiting ?? 0)
            let lots = (terms.lot ?? 1) > 1 ? ", in whole lots of \(terms.lot ?? 1)" : ""
            causes.append("only \(room) more shares could wait\(lots)")
            rules.append(.waitlist)
            if !lots.isEmpty { rules.append(.lot) }
        }
        return "\(cut.shares) of its shares were cut off (\(cut.reason.rawValue)): "
            + causes.joined(separator: "; ") + "\(rules.words)."
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
                + "\(waiting) wait\([AppliedRule.split].words)."
        }
        if free == 0 { return "Nothing was free, so its \(waiting) shares wait." }
        if rule == .hold, free >= waiting {
            return "Under hold nobody passes a bid that waits before it, so its \(waiting) "
                + "shares wait\([AppliedRule.hold].words)."
        }
        let (whole, applied): (String, AppliedRule) =
            placement.allOrNone
            ? ("It takes all or none", .allOrNone)
            : ("Under \(rule.name) a bid is served whole", rule == .hold ? .hold : .skip)
        return "\(whole), and \(free) free shares were too few, so its \(waiting) shares wait"
            + "\([applied].words)."
    }
}
