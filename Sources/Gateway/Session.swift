import Foundation
import FoundationNetworking
import Synchronization

/// A URLSession that remembers nothing: no cache, no cookies, no credentials.
final class Session: Sendable {
    /// More than any payer has in flight; what waits for a connection runs out of its deadline.
    static let mostConnections = 256

    private let session: URLSession
    private let delegate = SessionDelegate()
    private let isEnded = Mutex(false)

    init(connections: Int) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.urlCredentialStorage = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.httpMaximumConnectionsPerHost = connections
        session = URLSession(
            configuration: configuration, delegate: delegate, delegateQueue: nil)
    }

    /// Does nothing where the session has ended: then the exchange has its answer already. To ask
    /// an ended URLSession for a task would end the process.
    func start(_ request: URLRequest, as exchange: Exchange, deadlineMilliseconds: Int) {
        let task = isEnded.withLock { $0 ? nil : session.dataTask(with: request) }
        guard let task else { return }
        delegate.add(exchange, for: task)
        exchange.start(task, deadlineMilliseconds: deadlineMilliseconds)
    }

    /// Ends the session after what is under way, and its connections with it.
    func finish() {
        isEnded.withLock { $0 = true }
        session.finishTasksAndInvalidate()
    }

    /// Ends the session now.
    func cancel() {
        isEnded.withLock { $0 = true }
        session.invalidateAndCancel()
    }
}
