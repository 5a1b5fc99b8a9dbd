import Payments
import Vocabulary

/// What must hold after any sequence, worked out from journal and answers, not from the book.
struct JournalRules {
    /// One command, as its records show it.
    struct Trace {
        var amount: MinorUnits = 0
        /// A leave to send was written that no proof has taken back.
        var mayHaveMoved = false
        var wasSent = false
        var isRecalled = false
        var isParked = false
        var firstSentAt: Timestamp?
        /// The end of the window of the last leave, and when what it let go is surely over.
        var quietFrom: Timestamp = 0
        var epoch: Epoch = 0
        var isDeclined = false
        var isUnderWay = false
    }

    private var traces = [Trace(), Trace(), Trace()]
    private let ids = SequenceTests.ids
    private var epochAt: Timestamp = 0
    private var epoch: Epoch = 0
    private let profile: ProviderProfile

    private init(_ profile: ProviderProfile) { self.profile = profile }

    /// The name of a rule that `scene` breaks, or nil.
    static func broken(by scene: Scene) -> String? {
        guard scene.isReplayed else { return "the journal gives another book" }
        var rules = JournalRules(scene.book.channels[0].profile)
        for entry in scene.journal {
            if let rule = rules.broken(by: entry) { return rule }
            if rules.sum > 100 { return "more than is due" }
            if rules.underWay > 1 { return "two of an account at a time" }
        }
        let sendings = rules.ids.filter { id in
            if case .sending = scene.state(id) { true } else { false }
        }
        if sendings.count != scene.book.sendingCount { return "miscounted" }
        for id in rules.ids {
            let answers = scene.answers.filter { $0.result.payment == id }
            let numbers = answers.map(\.result.result)
            if numbers != numbers.indices.map({ Int64($0 + 1) }) { return "numbers \(numbers)" }
            let finals = answers.filter { $0.result.kind != .inDoubt }
            if finals.count > 1 { return "two final answers" }
            if let last = answers.last, !finals.isEmpty, last.result.kind == .inDoubt {
                return "doubt after a final answer"
            }
        }
        for case .send(let id, _, let request, _, _) in scene.actions {
            if request.key != key(id).description
                || request.body != Array("{\"reference\":\"\(id)\"}".utf8)
            {
                return "another key or body"
            }
        }
        return nil
    }

    /// What the two commands of one obligation may have moved.
    private var sum: MinorUnits {
        traces[..<2].reduce(0) { $0 + ($1.mayHaveMoved ? $1.amount : 0) }
    }

    private var underWay: Int { traces.filter(\.isUnderWay).count }

    private mutating func broken(by entry: JournalEntry) -> String? {
        switch entry {
        case .epoch(let entry):
            epochAt = entry.at
            epoch = entry.epoch
        case .intent(let entry): traces[index(entry.command.id)].amount = entry.command.amount
        case .sending(let entry): return send(entry)
        case .outcome(let entry): return hear(entry)
        case .lookup(let entry): return look(entry)
        case .parked(let entry):
            let place = index(entry.command)
            if traces[place].mayHaveMoved != entry.reason.mayHaveMoved {
                return "parked untruly"
            }
            traces[place].isParked = true
            // What is proven not to have been executed makes way for the next one.
            if !traces[place].mayHaveMoved { traces[place].isUnderWay = false }
        case .recalled(let entry):
            let place = index(entry.recall.command)
            if traces[place].wasSent { return "recalled what was sent" }
            traces[place].isRecalled = true
        case .admitted, .waiting, .conflict, .channel, .redrafted, .rebuilt, .lost, .proposed,
            .agreed, .resolved, .unresolved, .statement, .proven, .brake, .recallNoted, .invalid:
            break
        }
        return nil
    }

    private func index(_ id: PaymentID) -> Int { ids.firstIndex(of: id) ?? 0 }
}

extension JournalRules {
    private mutating func send(_ entry: PaymentSending) -> String? {
        let place = index(entry.command)
        let trace = traces[place]
        if trace.isRecalled { return "sent after a recall" }
        if trace.isDeclined { return "sent after a decline" }
        if trace.isParked { return "sent although it is left to people" }
        if entry.epoch != epoch { return "sent in another epoch" }
        if trace.mayHaveMoved != entry.isRepeat { return "a repetition that is none" }
        if entry.isRepeat, !profile.isIdempotent { return "repeated without idempotency" }
        if entry.isRepeat, entry.at < quiet(trace) { return "repeated while under way" }
        if let first = trace.firstSentAt, let lifetime = profile.keyLifetimeMilliseconds,
            entry.at - first
                >= Timestamp(lifetime - profile.keyLifetimeMarginMilliseconds)
        {
            return "sent past the key's lifetime"
        }
        traces[place].mayHaveMoved = true
        traces[place].wasSent = true
        traces[place].isUnderWay = true
        traces[place].firstSentAt = trace.firstSentAt ?? entry.at
        traces[place].epoch = entry.epoch
        traces[place].quietFrom = entry.windowEndsAt + 30_000
        return nil
    }

    private func quiet(_ trace: Trace) -> Timestamp {
        trace.epoch == epoch ? trace.quietFrom : epochAt + 35_000
    }

    private mutating func hear(_ entry: PaymentOutcome) -> String? {
        let place = index(entry.command)
        switch entry.class {
        case .notExecuted: traces[place].mayHaveMoved = false
        case .paid: traces[place].isUnderWay = false
        default: break
        }
        return nil
    }

    private mutating func look(_ entry: PaymentLookup) -> String? {
        let place = index(entry.command)
        switch entry.class {
        case .notFound where entry.at < quiet(traces[place]): return "not found while under way"
        case .notExecuted:
            // A minute until a lookup shows it, and the profile's delay.
            if !profile.notFoundIsFinal || entry.at < quiet(traces[place]) + 110_000 {
                return "not executed without proof"
            }
            traces[place].mayHaveMoved = false
        case .declined:
            traces[place].mayHaveMoved = false
            traces[place].isDeclined = true
            traces[place].isUnderWay = false
        case .paid: traces[place].isUnderWay = false
        default: break
        }
        return nil
    }
}
