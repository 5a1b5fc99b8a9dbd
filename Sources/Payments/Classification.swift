import Vocabulary

/// What an answer proves (Payments.md; the rows are those of its table). Evidence is scoped to
/// the request that earned it: what shows that one attempt was not executed says nothing of an
/// attempt before it. Anything that is not listed is unknown.
package enum Classification {
    /// What the answer to a sending proves. `isFirstSend` says that no earlier attempt can have
    /// moved money.
    package static func classify(
        _ answer: SendingAnswer, to request: ProviderRequest, isFirstSend: Bool,
        profile: ProviderProfile
    ) -> PaymentOutcome.Class {
        switch answer {
        case .failed(let failure, _):
            return classify(failure, isFirstSend: isFirstSend, profile: profile)
        case .answered(let status, let record, let problem, _):
            if (200...202).contains(status) {
                return success(status, record, of: request)
            }
            // The answer may be that to a second copy of the request.
            if profile.reusesConnections { return .unknown }
            return refusal(
                status, record, word(of: problem), of: request, isFirstSend: isFirstSend,
                profile: profile)
        }
    }

    private static func classify(
        _ failure: TransportFailure, isFirstSend: Bool, profile: ProviderProfile
    ) -> PaymentOutcome.Class {
        switch failure {
        case .notConnected, .windowClosed:
            // On a reused connection a first copy may have gone out whole before this one.
            isFirstSend && !profile.reusesConnections ? .notExecuted : .unknown
        case .notConnectedReused, .timedOut, .connectionLost, .unreadable, .other: .unknown
        }
    }

    private static func success(
        _ status: Int, _ record: ProviderRecord?, of request: ProviderRequest
    ) -> PaymentOutcome.Class {
        guard let record else { return .unknown }
        guard record.echoes(request) else { return .mismatch }
        if status == 202 { return .pending }
        switch record.status {
        case .succeeded: return .paid
        case .pending: return .pending
        case .failed, .cancelled: return .declined
        case .reversed: return .unknown
        }
    }

    private static func refusal(
        _ status: Int, _ record: ProviderRecord?, _ problem: String?, of request: ProviderRequest,
        isFirstSend: Bool, profile: ProviderProfile
    ) -> PaymentOutcome.Class {
        if let record {
            guard record.echoes(request) else { return .mismatch }
            guard record.status == .failed || record.status == .cancelled else { return .unknown }
        }
        if let problem, (400...499).contains(status), profile.finalDeclines.contains(problem) {
            return .declined
        }
        switch status {
        case _ where problem == "expired" && (400...499).contains(status):
            // The provider came to the request only after its window.
            return isFirstSend && profile.honoursExpiry ? .notExecuted : .unknown
        case 402: return .declined
        case 409, 422:
            if problem == "key-reused" { return .conflict }
            return status == 422
                ? validation(problem, isFirstSend: isFirstSend, profile: profile) : .unknown
        case 400: return validation(problem, isFirstSend: isFirstSend, profile: profile)
        case 401, 403, 404, 405:
            return isFirstSend && profile.notExecutedStatuses.contains(status)
                ? .notExecuted : .unknown
        case 429:
            return isFirstSend && profile.limitsBeforeExecution ? .notExecuted : .unknown
        default: return .unknown
        }
    }

    private static func validation(
        _ problem: String?, isFirstSend: Bool, profile: ProviderProfile
    ) -> PaymentOutcome.Class {
        guard isFirstSend, let problem, profile.validationProblems.contains(problem) else {
            return .unknown
        }
        return .rejected
    }

    /// The last word of a problem type: `urn:problem:key-reused` is `key-reused`.
    private static func word(of problem: String?) -> String? {
        guard let problem else { return nil }
        return problem.split(whereSeparator: { $0 == ":" || $0 == "/" }).last.map { String($0) }
    }
}

extension Classification {
    /// What a lookup proves. `isQuiet`: nothing of the command can be under way any more, and a
    /// lookup would show it. `isFinal`: the profile's delay for "not found" is over besides.
    package static func classify(
        _ answer: LookupAnswer, of request: ProviderRequest, isQuiet: Bool, isFinal: Bool,
        profile: ProviderProfile
    ) -> PaymentLookup.Class {
        switch answer {
        case .failed: return .unknown
        case .found(let record):
            guard record.echoes(request) else { return .mismatch }
            switch record.status {
            case .succeeded: return .paid
            case .failed, .cancelled: return .declined
            case .pending: return .pending
            case .reversed: return .returned
            }
        case .notFound(let isComplete):
            guard isComplete, isQuiet else { return .unknown }
            return isFinal && profile.trustsNotFound ? .notExecuted : .notFound
        }
    }
}

extension ProviderRecord {
    /// Whether it is about the payment that was asked for. Reference, direction and account are
    /// compared where the record names them.
    func echoes(_ request: ProviderRequest) -> Bool {
        key == request.key && amount == request.amount
            && currency == request.currency.description
            && reference ?? request.reference == request.reference
            && direction ?? request.direction.rawValue == request.direction.rawValue
            && accountToken ?? request.accountToken == request.accountToken
    }
}
