import Vocabulary

// How long to wait. Moments only say when to ask or to try again, never what happened.
extension PaymentBook {
    /// Waits before the next lookup: the longer the older the doubt.
    func wait(_ index: Int, _ now: Timestamp, _ step: inout PayerStep) {
        guard profile(index).looksUpByKey else { return }
        let age = now.rawValue - (payments[index].doubtSince ?? now).rawValue
        let until = now + Milliseconds(Self.pauseBetweenLookups(age: age))
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

    var reference: String? {
        if case .answered(_, let record, _, _) = self { record?.recordedID } else { nil }
    }
}

extension LookupAnswer {
    var reference: String? {
        if case .found(let record) = self { record.recordedID } else { nil }
    }
}
