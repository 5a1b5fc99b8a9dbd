import Analysis
import CommandLine
import FairfillClient
import Vocabulary

/// A bid's story for programs: the same facts as members, the sentences, and the decisions.
enum ExplainJSON {
    static func line(_ story: BidStory) -> String {
        var line = JSONLine()
        line.add("offering", "\(story.offering)")
        line.add("bid", story.name)
        if let arrival = story.arrival { add(arrival, to: &line) }
        line.add("payments", json: list(story.payments.map(text)))
        line.add("refunds", json: list(story.refunds.map(text)))
        line.add("now", json: now(story))
        if let overview = story.overview {
            line.add("state", overview.state.rawValue)
            line.add("paused", overview.isPaused)
            if let terms = story.terms {
                line.add("minimumShares", (terms.minimumShares ?? terms.shares).rawValue)
            }
        }
        let words = BidWords(story, time: MomentText.local)
        let sentences = words.arrival + words.chapters.map(\.sentence) + words.now
        line.add("words", json: list(sentences.map(JSONLine.quoted)))
        line.add(
            "decisions", json: list(story.records.map { String(decoding: $0, as: UTF8.self) }))
        return line.line
    }

    private static func add(_ arrival: BidStory.Arrival, to line: inout JSONLine) {
        line.add("account", "\(arrival.account)")
        line.add("asked", arrival.asked.rawValue)
        line.add("allOrNone", arrival.allOrNone)
        let source = arrival.decision.source
        line.add("topic", "\(source.topic.name)")
        line.add("partition", source.partition.rawValue)
        line.add("offset", source.offset.rawValue)
        line.add("at", source.at.rawValue)
        line.add("seq", arrival.decision.sequence.rawValue)
        line.add("decision", arrival.decision.event.type.rawValue)
        if let before = arrival.before {
            line.add("bidsBefore", before.bids)
            line.add("waitingBefore", before.waiting.rawValue)
            line.add("freeBefore", before.counters.free.rawValue)
        }
        if let counters = arrival.decision.counters {
            line.add("freeAfter", counters.free.rawValue)
        }
        if let terms = arrival.terms, let rule = terms.remainder {
            line.add("remainder", "\(rule.name)")
        }
        if let placement = arrival.placement {
            line.add("shares", placement.shares.rawValue)
            line.add("waiting", placement.waiting.rawValue)
            if let cut = placement.cut {
                var object = JSONLine()
                object.add("shares", cut.shares.rawValue)
                object.add("reason", cut.reason.rawValue)
                line.add("cut", json: object.line)
            }
        }
        if let rejection = arrival.rejection {
            line.add("reason", rejection.reason.rawValue)
            line.add("sentence", rejection.reason.sentence)
            line.add("tryAgain", rejection.reason.advice.rawValue)
            line.add("idIsSpent", rejection.reason.spendsID)
        }
        if let committed = arrival.committed { line.add("accountHad", committed.rawValue) }
    }

    private static func text(_ payment: BidStory.Payment) -> String {
        var line = JSONLine()
        line.add("command", "\(payment.id)")
        line.add("shares", payment.shares.rawValue)
        line.add("amount", payment.amount.rawValue)
        switch payment.outcome {
        case .awaited: line.add("outcome", "awaited")
        case .recallAsked: line.add("outcome", "recallAsked")
        case .inDoubt: line.add("outcome", "inDoubt")
        case .settled: line.add("outcome", "settled")
        case .released(let reason):
            line.add("outcome", "released")
            line.add("reason", reason.rawValue)
        case .settledLate(let shares):
            line.add("outcome", "settledLate")
            line.add("settled", shares.rawValue)
        case .givenBack: line.add("outcome", "givenBack")
        case .returned: line.add("outcome", "returned")
        }
        return line.line
    }

    private static func text(_ refund: BidStory.Refund) -> String {
        var line = JSONLine()
        line.add("command", "\(refund.id)")
        line.add("amount", refund.amount.rawValue)
        switch refund.outcome {
        case .awaited: line.add("outcome", "awaited")
        case .inDoubt: line.add("outcome", "inDoubt")
        case .paid: line.add("outcome", "paid")
        case .returned: line.add("outcome", "returned")
        case .declined(let reason, let isProven):
            line.add("outcome", "declined")
            line.add("reason", reason.rawValue)
            line.add("proven", isProven)
        }
        return line.line
    }

    private static func now(_ story: BidStory) -> String {
        var line = JSONLine()
        line.add("reserved", story.standing.reserved.rawValue)
        line.add("settled", story.standing.settled.rawValue)
        line.add("waiting", story.standing.waiting.rawValue)
        line.add("owed", story.owed.rawValue)
        if let ahead = story.ahead {
            line.add("sharesAhead", ahead.shares.rawValue)
            line.add("bidsAhead", ahead.bids)
        }
        return line.line
    }

    private static func list(_ values: [String]) -> String {
        "[\(values.joined(separator: ","))]"
    }
}
