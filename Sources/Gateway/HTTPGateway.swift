import Foundation
import FoundationNetworking
import Payments
import Synchronization

/// A provider behind the HTTP contract (Payments.md, The provider), over Foundation's URLSession,
/// which is libcurl on Linux.
///
/// libcurl sends a POST again by itself when a reused connection dies. So where a repeat could
/// pay twice, each POST has its own session and connection, which lookups never share; and
/// everywhere the body is let out once (`GuardedBody`).
///
/// Two answers end the whole process, inside Foundation, and nobody can catch that (seen with
/// Swift 6.3): a connection that closes in the middle of the head, after its first line, and
/// trailers after a chunked body. No money moves twice by it, since SENDING is in the journal
/// before, but who runs a payer has to start it again.
///
/// Answers come on threads of URLSession, exactly once each; the answering code shouldn't block
/// them. No answer carries text of an error, so none can carry the token.
package final class HTTPGateway: PaymentGateway {
    private struct UnderWay {
        var isClosed = false
        var last: UInt64 = 0
        var exchanges: [UInt64: Exchange] = [:]
    }

    private let address: ProviderAddress
    private let httpDeadlineMilliseconds: Int
    private let lookups: Session
    /// Nil where each POST has its own session.
    private let payments: Session?
    private let underWay = Mutex(UnderWay())

    /// Nil where the address isn't `http(s)://host...` without a user, a query or a fragment, or
    /// where the token can't stand in a header.
    ///
    /// `reusesConnections` is for providers alone whose profile says that keys make a repeat
    /// harmless. `httpDeadlineMilliseconds` runs from `send` or `lookUp` to the whole answer.
    package init?(
        baseURL: URL, token: String, reusesConnections: Bool, httpDeadlineMilliseconds: Int
    ) {
        guard httpDeadlineMilliseconds > 0,
            let address = ProviderAddress(
                baseURL: baseURL, token: token, deadlineMilliseconds: httpDeadlineMilliseconds)
        else { return nil }
        self.address = address
        self.httpDeadlineMilliseconds = httpDeadlineMilliseconds
        lookups = Session(connections: Session.mostConnections)
        payments = reusesConnections ? Session(connections: Session.mostConnections) : nil
    }

    /// Sends a payment once, as the protocol says. The window is asked again until the last byte
    /// is out. Where it closes only then, before the request's end is sent, the answer is
    /// `.other`: no whole request existed, but the provider has seen the whole body.
    package func send(
        _ request: ProviderRequest, mayBegin: @escaping @Sendable () -> Bool,
        answer: @escaping @Sendable (SendingAnswer) -> Void
    ) {
        let body = GuardedBody(request.body, mayBegin: mayBegin)
        let session = payments ?? Session(connections: 1)
        let ending = payments == nil ? session : nil
        run(address.payment(request, body: body), body: body, on: session) { outcome in
            ending?.finish()
            switch outcome {
            case .answered(let http): answer(SendingAnswer(http, to: request))
            case .failed(let failure): answer(.failed(failure))
            }
        }
    }

    /// Asks for the payment under this key, on connections that no POST ever uses.
    package func lookUp(key: String, answer: @escaping @Sendable (LookupAnswer) -> Void) {
        run(address.lookup(key: key), body: nil, on: lookups) { outcome in
            switch outcome {
            case .answered(let http): answer(LookupAnswer(http, key: key))
            case .failed(let failure): answer(.failed(failure, status: nil))
            }
        }
    }

    /// Cancels what is under way: it is answered `.other`, which proves nothing. So is
    /// every request to a closed gateway.
    package func close() {
        let left = underWay.withLock { state in
            state.isClosed = true
            return Array(state.exchanges.values)
        }
        for exchange in left { exchange.cancel(.other) }
        lookups.cancel()
        payments?.cancel()
    }

    deinit { close() }

    private func run(
        _ request: URLRequest, body: GuardedBody?, on session: Session,
        answer: @escaping @Sendable (Exchange.Outcome) -> Void
    ) {
        let number = underWay.withLock { state in
            state.last += 1
            return state.last
        }
        let exchange = Exchange(
            body: body, isTLS: address.isTLS, isReused: body == nil || payments != nil
        ) { [weak self] outcome in
            self?.underWay.withLock { $0.exchanges[number] = nil }
            answer(outcome)
        }
        let isOpen = underWay.withLock { state in
            if !state.isClosed { state.exchanges[number] = exchange }
            return !state.isClosed
        }
        guard isOpen else { return exchange.cancel(.other) }
        session.start(
            request, as: exchange, deadlineMilliseconds: httpDeadlineMilliseconds)
    }
}
