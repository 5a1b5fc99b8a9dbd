import Allocation
import Vocabulary

/// Which numbers of its offering a bid ran into that was refused, and the rules that say so
/// (Rules.md, Bids). The rules were applied by the allocator; here they are only named.
struct BidRefusal {
    private let reason: Reason
    private let arrival: BidStory.Arrival
    private let terms: OfferingTerms
    private let time: (Timestamp) -> String

    init(
        _ reason: Reason, _ arrival: BidStory.Arrival, _ terms: OfferingTerms,
        time: @escaping (Timestamp) -> String
    ) {
        self.reason = reason
        self.arrival = arrival
        self.terms = terms
        self.time = time
    }

    private var rule: RemainderRule { terms.remainder ?? .split }
    private var lot: Shares { terms.lot ?? 1 }

    /// nil where no number is behind the refusal.
    var sentence: String? { fact.map { "\($0.text)\($0.rules.words)." } }

    private var fact: (text: String, rules: [AppliedRule])? {
        switch reason {
        case .belowMinimum:
            return ("The smallest bid is \((terms.minShares ?? lot).words())", [.minimumBid])
        case .notALot: return ("The lot is \(lot.words())", [.lot])
        case .tooLarge:
            return (
                "The offering has \(terms.shares.words()), and \(whole.text)", [.size, whole.rule]
            )
        case .tooManyBids:
            return terms.maxBidsPerAccount.map {
                ("An account may make \(count($0, "bid", "bids"))", [.bids])
            }
        case .rateLimited:
            return terms.bidsPerMinutePerAccount.map {
                ("An account may make \(count($0, "bid", "bids")) a minute", [.rate])
            }
        case .overAccountCap: return cap
        case .tooManyAccounts:
            return terms.maxAccounts.map {
                ("At most \(count($0, "account", "accounts")) may have shares or wait", [.accounts])
            }
        case .waitlistFull: return waitlist
        case .notOpenYet: return terms.opensAt.map { ("It opens at \(time($0))", []) }
        default: return nil
        }
    }

    /// How a bid is served that is never given a part.
    private var whole: (text: String, rule: AppliedRule) {
        arrival.allOrNone
            ? ("it takes all or none", .allOrNone)
            : ("under \(rule.name) a bid is served whole", rule == .hold ? .hold : .skip)
    }

    private var cap: (text: String, rules: [AppliedRule])? {
        guard let most = terms.maxSharesPerAccount else { return nil }
        let committed = arrival.committed ?? 0
        let text = "An account may hold \(most.words()); this one had or waited for \(committed)"
        // With room for a part, only a bid that takes all or none is refused.
        guard committed < most else { return (text, [.cap]) }
        return ("\(text), and \(whole.text)", [.cap, whole.rule])
    }

    private var waitlist: (text: String, rules: [AppliedRule])? {
        guard let before = arrival.before else { return nil }
        let most = terms.waitlistShares ?? terms.shares
        var text = before.counters.free.words("share was", "shares were") + " free, and "
            + "\(before.waiting) of the \(most.words()) that may wait did"
        var rules = [AppliedRule.waitlist]
        if rule != .split || arrival.allOrNone {
            text += "; \(whole.text)"
            rules.append(whole.rule)
        } else if lot > 1, most > before.waiting {
            text += "; what waits is in whole lots of \(lot)"
            rules.append(.lot)
        }
        return (text, rules)
    }
}
