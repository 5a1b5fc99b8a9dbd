import Foundation
import FoundationNetworking
import Payments

extension TransportFailure {
    /// What an error of URLSession proves about a request without a readable answer.
    ///
    /// "Not connected" is believed only where libcurl never asked for the body: then no whole
    /// request existed, and nothing else can matter. TLS failures come as `unknown` on Linux.
    init(_ error: URLError.Code, body: GuardedBody.Progress?, isTLS: Bool, isReused: Bool) {
        let isBegun = body?.isBegun ?? false
        switch error {
        case _ where body?.isWindowClosed == true:
            self = .windowClosed
        case _ where body?.isAskedAgain == true:
            self = .connectionLost
        case .cannotConnectToHost, .cannotFindHost, .dnsLookupFailed:
            self = isReused ? .notConnectedReused : isBegun ? .other : .notConnected
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid,
            .clientCertificateRejected, .clientCertificateRequired:
            self = isReused ? .notConnectedReused : isBegun ? .other : .notConnected
        case .unknown where isTLS && !isBegun:
            self = isReused ? .notConnectedReused : .notConnected
        case .timedOut:
            self = .timedOut
        case .networkConnectionLost:
            self = .connectionLost
        default:
            self = .other
        }
    }
}
