import Allocation
import Vocabulary

/// A bid's story in sentences for the bidder.
package struct BidWords {
    package let story: BidStory
    /// How a moment is written.
    let time: (Timestamp) -> String

    package init(_ story: BidStory, time: @escaping (Timestamp) -> String) {
        self.story = story
        self.time = time
    }

    /// What happened on arrival and why, a sentence an element; empty where no bid came.
    package var arrival: [String] {
        guard let arrival = story.arrival else { return [] }
        let decision = arrival.decision
        let source = decision.source
        if story.bid.isDerived { return backstop(arrival) }
        var sentences = [
            "It asked for \(arrival.asked.words())\(arrival.allOrNone ? ", all or none" : "").",
            "It stands in \(source.topic.name), partition \(source.partition), offset "
                + "\(source.offset), appended \(time(source.at)), and was decided as number "
                + "\(decision.sequence).",
        ]
        if let before = arrival.before {
            sentences.append(
                (before.bids == 0 ? "No bid was" : count(before.bids, "bid was", "bids were"))
                    + " accepted before it, and "
                    + (before.waiting == 0
                        ? "nobody waited." : "\(before.waiting.words()) waited ahead of it."))
            let after = decision.counters?.free ?? before.counters.free
            sentences.append("Free before it: \(before.counters.free.words()); after it: \(after).")
        }
        if let placement = arrival.placement {
            sentences += BidRule(arrival, placement).sentences
        } else if let rejection = arrival.rejection {
            sentences += refusal(rejection, arrival)
        }
        return sentences
    }

    /// Nobody sent it, so it has no place in the log.
    private func backstop(_ arrival: BidStory.Arrival) -> [String] {
        [
            "It is the backstop's, made when the offering closed, and was decided as number "
                + "\(arrival.decision.sequence).",
            (arrival.before?.counters.free ?? 0).words("share was", "shares were")
                + " left, and it took \(arrival.asked).",
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

    /// The numbers that the bid ran into, and the rules that say so.
    private func fact(_ rejection: Rejection, _ arrival: BidStory.Arrival) -> String? {
        if let partition = rejection.expectedPartition {
            return "The offering's bids belong to partition \(partition)."
        }
        guard let terms = arrival.terms else { return nil }
        return BidRefusal(rejection.reason, arrival, terms, time: time).sentence
    }

    /// An amount of the offering's currency.
    func money(_ amount: MinorUnits) -> String {
        story.arrival?.terms.map { amount.words(in: $0.currency) } ?? "\(amount)"
    }

    /// How it stands now.
    package var now: [String] {
        guard story.arrival?.placement != nil else { return [] }
        let standing = story.standing
        var parts: [String] = []
        if standing.settled > 0 { parts.append("\(standing.settled.words()) paid") }
        if standing.reserved > 0 { parts.append("\(standing.reserved) reserved but not paid yet") }
        if standing.waiting > 0 { parts.append("\(standing.waiting) waiting") }
        var sentences = [
            parts.isEmpty
                ? "Now nothing of it is left." : "Now it has \(parts.joined(separator: ", "))."
        ]
        if story.owed > 0 {
            sentences.append("\(money(story.owed)) is still owed to its account.")
        }
        if let ahead = story.ahead {
            sentences.append(
                ahead.bids == 0
                    ? "It is the first of the waitlist."
                    : "\(ahead.shares.words()) of \(count(Int64(ahead.bids), "bid", "bids")) "
                        + "\(ahead.shares == 1 ? "waits" : "wait") ahead of it.")
        }
        if let overview = story.overview { sentences += stand(overview) }
        return sentences
    }

    /// How the offering stands, and from how many shares on it does at all.
    private func stand(_ overview: OfferingOverview) -> [String] {
        let state = "The offering is \(overview.state.rawValue)"
            + "\(overview.isPaused ? ", paused" : "")."
        let rule = [AppliedRule.minimum].words
        guard let terms = story.terms else { return [state] }
        let minimum = terms.minimumShares ?? terms.shares
        if let shortfall = story.shortfall {
            return [
                state,
                "It ended with \(shortfall.words()) paid, and its minimum was \(minimum), so all "
                    + "is given back\(rule).",
            ]
        }
        guard overview.state.sells, minimum > 0 else { return [state] }
        return [
            state,
            "It stands once \(minimum.words("share is", "shares are")) paid; "
                + "\(overview.counters.settled) \(overview.counters.settled == 1 ? "is" : "are") "
                + "so far\(rule).",
        ]
    }
}

extension Shares {
    /// `1 share`, `2 shares`; or with other words behind the number.
    func words(_ one: String = "share", _ many: String = "shares") -> String {
        count(rawValue, one, many)
    }
}

/// `1 bid was`, `2 bids were`.
func count(_ number: Int64, _ one: String, _ many: String) -> String {
    number == 1 ? "1 \(one)" : "\(number) \(many)"
}
