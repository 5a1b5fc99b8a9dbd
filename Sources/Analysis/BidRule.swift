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
            causes.append("only \(room.words("more share", "more shares")) could wait\(lots)")
            rules.append(.waitlist)
            if !lots.isEmpty { rules.append(.lot) }
        }
        return "\(cut.shares) of its shares \(cut.shares == 1 ? "was" : "were") cut off "
            + "(\(cut.reason.rawValue)): "
            + causes.joined(separator: "; ") + "\(rules.words)."
    }

    private var served: String {
        let (shares, waiting) = (placement.shares, placement.waiting)
        if waiting == 0 {
            return placement.cut?.reason == .waitlistFull
                ? "The \(shares.words("free share was", "free shares were")) reserved for it."
                : "Enough was free: its \(shares.words("share was", "shares were")) reserved "
                    + "at once."
        }
        if shares > 0 {
            return "Under split it got the \(shares.words("free share", "free shares")), and its "
                + "other \(waiting) \(waiting == 1 ? "waits" : "wait")\([AppliedRule.split].words)."
        }
        let wait = "its \(waiting.words("share waits", "shares wait"))"
        if free == 0 { return "Nothing was free, so \(wait)." }
        if rule == .hold, free >= waiting {
            return "Under hold nobody passes a bid that waits ahead, so "
                + "\(wait)\([AppliedRule.hold].words)."
        }
        let (whole, applied): (String, AppliedRule) =
            placement.allOrNone
            ? ("It takes all or none", .allOrNone)
            : ("Under \(rule.name) a bid is served whole", rule == .hold ? .hold : .skip)
        return "\(whole), and \(free.words("free share was", "free shares were")) too few, so "
            + "\(wait)\([applied].words)."
    }
}
