import Allocation
import Vocabulary

/// How it stood when money came for shares of a bid that had been given back, or that its offering
/// no longer gives: what decided how much of them the bid may have (Rules.md, Late money).
package struct LateMoney: Hashable, Sendable {
    /// What the payment was for.
    package let asked: Shares
    /// Whether these shares had been given back before the money came.
    package let wasReleased: Bool
    package let allOrNone: Bool
    /// The offering before the money came.
    package let before: OfferingOverview
    package let terms: OfferingTerms
    /// What the account had or waited for then.
    package let committed: Shares
    /// Whether the account would be one more than may have shares.
    package let isOneAccountTooMany: Bool
    /// Under `hold`: an earlier bid waits.
    package let isHeldUp: Bool
    /// What of it the bid was given.
    package let taken: Shares
}

extension LateMoney {
    private var remainder: RemainderRule { terms.remainder ?? .split }
    private var free: Shares { before.counters.free }
    private var eligible: Shares {
        guard let most = terms.maxSharesPerAccount else { return asked }
        return max(0, min(asked, most - committed))
    }

    private var cap: String {
        "an account may hold \(terms.maxSharesPerAccount ?? 0), and this one had or waited for "
            + "\(committed)"
    }

    /// How a bid is served that is never given a part.
    private var whole: (sentence: String, rule: AppliedRule) {
        allOrNone
            ? ("it takes all or none", .allOrNone)
            : ("a bid is served whole", remainder == .hold ? .hold : .skip)
    }

    private var maySplit: Bool { remainder == .split && !allOrNone }

    /// What kept the bid from getting all of it, and the rules of that, in the order of the checks;
    /// the rules were applied by the allocator and are only named here. Nothing where it got all.
    var limits: (sentence: String, rules: [AppliedRule])? {
        if taken == asked { return nil }
        guard before.state.sells else {
            return ("the offering is \(before.state.rawValue)", [.offeringOver])
        }
        if isOneAccountTooMany {
            let most = count(terms.maxAccounts ?? 0, "account", "accounts")
            return ("at most \(most) may have shares or wait", [.accounts])
        }
        if eligible == 0 { return (cap, [.cap]) }
        if !maySplit {
            if eligible < asked, taken == 0 {
                return ("\(whole.sentence), and \(cap)", [whole.rule, .cap])
            }
            if isHeldUp {
                return ("nobody passes a bid that waits ahead", [.hold])
            }
            if eligible > free {
                return (
                    "\(whole.sentence), and \(free.words("free share was", "free shares were")) "
                        + "too few", [whole.rule]
                )
            }
            return (cap, [.cap])
        }
        // Of one that may be split it gets as much as the cap and what is free allow.
        var (sentence, rules): (String, [AppliedRule]) =
            eligible <= free
            ? (cap, [.cap]) : (free.words("share was", "shares were") + " free", [.split])
        if taken < min(eligible, free) {
            sentence += ", and it gets whole lots of \(terms.lot ?? 1)"
            rules.append(.lot)
        }
        return (sentence, rules)
    }
}
