import Curl
import Payments

extension TransportFailure {
    /// What a failed transfer proves.
    ///
    /// *Not executed* is believed only where nothing at all was sent: no byte of a head, and the
    /// body was never asked for. `body` is nil for a lookup.
    init(
        _ failure: TransferFailure, status: Int?, body: GuardedBody.Progress?, isUnsent: Bool,
        isShared: Bool
    ) {
        if body?.isAskedAgain == true {
            self = .connectionLost
            return
        }
        switch failure {
        case .refused: self = isUnsent && body?.isWindowClosed == true ? .windowClosed : .other
        case .cancelled: self = .other
        case _ where isUnsent: self = isShared ? .notConnectedReused : .notConnected
        case .timedOut: self = .timedOut
        case .connectionLost: self = (status ?? 0) >= 200 ? .unreadable : .connectionLost
        case .answerTooLong, .malformedAnswer: self = .unreadable
        case .nameNotResolved, .connectionRefused, .notConnected, .noPortLeft, .proxy, .tls,
            .certificateNotTrusted, .certificateUnusable, .other:
            self = .other
        }
    }
}

extension TransportCause {
    init?(_ failure: TransferFailure, body: GuardedBody.Progress?) {
        switch failure {
        case .nameNotResolved: self = .nameNotResolved
        case .connectionRefused: self = .connectionRefused
        case .notConnected: self = .notConnected
        case .noPortLeft: self = .noPortLeft
        case .proxy: self = .proxy
        case .tls: self = .tls
        case .certificateNotTrusted: self = .certificateNotTrusted
        case .certificateUnusable: self = .certificateUnusable
        case .timedOut: self = .timedOut
        case .connectionLost: self = .connectionLost
        case .answerTooLong: self = .answerTooLong
        case .malformedAnswer: self = .notTheContract
        case .refused:
            guard body?.isWindowClosed == true else { return nil }
            self = .windowClosed
        case .cancelled, .other: return nil
        }
    }
}
