import Curl
import Foundation
import Payments
import Vocabulary

/// How to reach a provider, beside its address.
package struct ProviderConnection: Hashable, Sendable {
    /// A file of certificates (PEM) of the authorities to trust; nil: the machine's own.
    package var authoritiesFile: String?
    /// Our own certificate and its key (PEM), where the provider asks for one.
    package var certificateFile: String?
    package var keyFile: String?
    /// `http://HOST:PORT`; nil: none, even if the environment names one.
    package var proxy: String?

    package init(
        authoritiesFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
        proxy: String? = nil
    ) {
        self.authoritiesFile = authoritiesFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.proxy = proxy
    }
}

/// A provider behind the HTTP contract (Payments.md, The provider).
///
/// libcurl sends a POST again by itself when a shared connection dies. So where a repeat could
/// pay twice, each POST has its own connection, which no other request uses; and everywhere
/// the body is let out once (`GuardedBody`).
///
/// Answers come on the gateway's thread, exactly once each; the answering code shouldn't hold it
/// up. No answer carries text of an error, so none can carry the token.
package final class HTTPGateway: PaymentGateway {
    private let address: ProviderAddress
    private let profile: ProviderProfile
    private let transfers: Transfers

    /// Nil where the address isn't `http(s)://host...` without a user, a query or a fragment,
    /// where the token can't stand in a header, or where the system has no descriptor left.
    ///
    /// The profile says whether connections are shared, bodies are chunked and an expiry is sent;
    /// its HTTP deadline runs from `send` or `lookUp` to the whole answer.
    package init?(
        baseURL: URL, token: String, profile: ProviderProfile,
        connection: ProviderConnection = ProviderConnection()
    ) {
        guard profile.httpDeadlineMilliseconds > 0,
            let address = ProviderAddress(baseURL: baseURL, token: token),
            let transfers = Transfers(
                TransferOptions(
                    authoritiesFile: connection.authoritiesFile,
                    certificateFile: connection.certificateFile, keyFile: connection.keyFile,
                    proxy: connection.proxy))
        else { return nil }
        self.address = address
        self.profile = profile
        self.transfers = transfers
    }

    /// Sends a payment once, as the protocol says. The window is asked until the last byte is
    /// out; where it closes on the way, the answer is `.other`: no whole request existed, but the
    /// provider has seen a part of it.
    package func send(
        _ request: ProviderRequest, mayBegin: @escaping @Sendable () -> Bool,
        answer: @escaping @Sendable (SendingAnswer) -> Void
    ) {
        let isChunked = profile.acceptsChunkedBodies
        let body = GuardedBody(request.body, isChunked: isChunked, mayBegin: mayBegin)
        let isShared = profile.reusesConnections
        let transfer = TransferRequest(
            url: address.payments,
            headers: address.headers(
                of: request, expiresAt: profile.honoursExpiry ? request.expiresAt : nil),
            body: body, bodyLength: isChunked ? nil : request.body.count,
            sharesConnections: isShared, deadlineMilliseconds: deadline)
        transfers.start(transfer) { result in
            answer(
                SendingAnswer(result, to: request, body: body.progress, isShared: isShared))
        }
    }

    /// Asks for the payment under this key, on a connection that nothing else uses, unless the
    /// profile lets all of them share. On a shared one libcurl may take for the answer what a
    /// provider sent late to the question before, and a "not found" names no key.
    package func lookUp(key: String, answer: @escaping @Sendable (LookupAnswer) -> Void) {
        let transfer = TransferRequest(
            url: address.lookup(key: key), headers: address.headers(),
            sharesConnections: profile.reusesConnections, deadlineMilliseconds: deadline)
        transfers.start(transfer) { answer(LookupAnswer($0, key: key)) }
    }

    /// Cancels what is under way: it is answered `.other`, which proves nothing. So is
    /// every request to a closed gateway.
    package func close() { transfers.close() }

    private var deadline: Int { Int(profile.httpDeadlineMilliseconds) }
}
