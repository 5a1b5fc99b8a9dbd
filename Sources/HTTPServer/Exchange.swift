import CHTTPServer
import Foundation

/// What the library's callbacks find by their context: the handler, and who waits.
final class Exchanges: @unchecked Sendable {
    let handler: HTTPServer.Handler
    private let lock = NSLock()
    private var isStopping = false
    private var exchanges: [ObjectIdentifier: Exchange] = [:]

    init(_ handler: @escaping HTTPServer.Handler) { self.handler = handler }

    /// Every request that waits goes on, so that its connection can be closed, and none waits
    /// from now on: the library ends the process if it is stopped while one does.
    func stop() {
        let left = lock.withLock {
            isStopping = true
            return Array(exchanges.values)
        }
        for exchange in left { exchange.give(.drop, isLast: true) }
    }

    /// Suspends a connection; false where the server stops.
    func suspend(_ exchange: Exchange, _ connection: OpaquePointer) -> Bool {
        lock.withLock {
            guard !isStopping else { return false }
            exchanges[ObjectIdentifier(exchange)] = exchange
            MHD_suspend_connection(connection)
            return true
        }
    }

    func resume(_ exchange: Exchange, _ connection: OpaquePointer) {
        lock.withLock {
            guard exchanges.removeValue(forKey: ObjectIdentifier(exchange)) != nil else { return }
            MHD_resume_connection(connection)
        }
    }
}

/// A request that comes in, and its reply, which may come while it is being asked for, later, or
/// after the connection is gone.
final class Exchange: @unchecked Sendable {
    /// What the library's thread does next.
    enum Step {
        case take(HTTPReply)
        case wait
        case stop
    }

    // Of the library's thread alone.
    var body: [UInt8] = []
    var isAsked = false

    private let connection: OpaquePointer
    private unowned let exchanges: Exchanges
    /// Guards everything below.
    private let lock = NSLock()
    private var reply: HTTPReply?
    private var isSuspended = false
    private var isOver = false

    init(_ connection: OpaquePointer, in exchanges: Exchanges) {
        self.connection = connection
        self.exchanges = exchanges
    }

    /// The first reply counts; `isLast` is the server's, which stops, and goes before one that
    /// hangs.
    func give(_ reply: HTTPReply, isLast: Bool = false) {
        lock.lock()
        defer { lock.unlock() }
        guard !isOver, self.reply == nil || isLast else { return }
        self.reply = reply
        if case .hang = reply { return }
        guard isSuspended else { return }
        isSuspended = false
        exchanges.resume(self, connection)
    }

    func takeOrSuspend() -> Step {
        lock.lock()
        defer { lock.unlock() }
        if let reply {
            if case .hang = reply {} else { return .take(reply) }
        }
        isSuspended = exchanges.suspend(self, connection)
        return isSuspended ? .wait : .stop
    }

    func end() {
        lock.lock()
        defer { lock.unlock() }
        isOver = true
    }
}
