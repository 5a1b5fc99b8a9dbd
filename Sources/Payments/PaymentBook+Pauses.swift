import Vocabulary

// How long to wait. Moments only say when to ask or to try again, never what happened.
extension PaymentBook {
    /// Waits before the next lookup: the longer the older the doubt.
    func wait(_ index: Int, _ now: Timestamp, _ step: inout PayerStep) {
        guard profile(index).looksUpByKey else { return }
        let age = now.rawValue - (payments[index].doubtSince ?? now).rawValue
        var until = now + Milliseconds(Self.pauseBetweenLookups(age: age))
        // A "not found" that comes too early proves nothing: it is asked again once it can.
        if payments[index].state == .unknown {
            let quiet = quietFrom(index)
            let final = quiet + Milliseconds(profile(index).finalityDelayMilliseconds)
            if now < quiet {
                until = min(until, quiet)
            } else if now < final, profile(index).trustsNotFound {
                until = min(until, final)
            }
        }
        // What people agreed on must not wait for the next lookup.
        if !sayings.isEmpty, sayings[index]?.agreed != nil {
            until = min(until, max(overFrom(index), now))
        }
        step.actions.append(.wait(payments[index].id, until: until))
    }

    /// 5 s, 15 s, 1, 5, 15 min, then hourly.
    static func pauseBetweenLookups(age: Int64) -> Int64 {
        switch age {
        case ..<5_000: 5_000
        case ..<20_000: 15_000
        case ..<80_000: 60_000
        case ..<380_000: 300_000
        case ..<1_280_000: 900_000
        default: 3_600_000
        }
    }

    /// How long what an operator holds waits before it is looked at again, if nobody lets it go.
    static let pauseWhileHeld: Milliseconds = 60_000

    /// When a command that may not be sent now is looked at again.
    var pauseWhileStopped: Milliseconds { hasHeardPeople ? Self.pauseWhileHeld : 100 }

    /// The pause before an attempt that is proven not executed is made again: 1 s doubled up to
    /// 5 min, or what the provider asks for, up to an hour.
    static func pause(_ answer: SendingAnswer, after attempt: Int64) -> Int64 {
        let own = min(Int64(1_000) << min(attempt - 1, 20), 300_000)
        guard let seconds = answer.retryAfterSeconds else { return own }
        return max(own, min(max(seconds, 0), 3_600) * 1_000)
    }
}

extension ProviderRecord {
    /// The id, if it has a form that records hold.
    var recordedID: String? { (1...255).contains(id.utf8.count) ? id : nil }
}

extension SendingAnswer {
    var retryAfterSeconds: Int64? {
        switch self {
        case .answered(_, _, _, let seconds): seconds
        case .failed(_, let details): details.retryAfterSeconds
        }
    }

    /// What was said, for people: at most 255 bytes of the problem, and a word of our own for what
    /// went wrong on the way.
    var words: ProviderWords {
        switch self {
        case .answered(let status, let record, let problem, _):
            ProviderWords(
                status: Self.recorded(status), problem: Self.recorded(problem),
                cause: Self.recorded(record?.failureCode))
        case .failed(let failure, let details):
            ProviderWords(
                status: Self.recorded(details.status),
                cause: details.cause?.rawValue ?? failure.rawValue)
        }
    }

    /// A status that records hold.
    private static func recorded(_ status: Int?) -> Int64? {
        status.flatMap { (0...999).contains($0) ? Int64($0) : nil }
    }

    private static func recorded(_ text: String?) -> String? {
        guard let text else { return nil }
        return (1...255).contains(text.utf8.count) ? text : nil
    }

    var reference: String? {
        if case .answered(_, let record, _, _) = self { record?.recordedID } else { nil }
    }
}

extension LookupAnswer {
    var reference: String? {
        if case .found(let record) = self { record.recordedID } else { nil }
    }
}
