import CHTTPServer
import Foundation
import Synchronization

/// An HTTP server on GNU libmicrohttpd: a few threads serve all connections. A handler answers by
/// calling `reply` once, at once or later and on any thread; a request that waits holds no thread,
/// so a handler may leave thousands waiting, but must not block.
package final class HTTPServer: @unchecked Sendable {
    /// Answers one request.
    package typealias Handler =
        @Sendable (HTTPRequest, _ reply: @escaping @Sendable (HTTPReply) -> Void) -> Void

    /// Larger bodies are answered 413.
    package static let largestBody = 1 << 20

    /// The port that it listens on.
    package let port: Int
    private let daemon: OpaquePointer
    private let exchanges: Exchanges
    private let isStopped = Atomic<Bool>(false)

    /// Starts to listen on `host`, an IPv4 address; port 0 is any that is free. With an `identity`
    /// it speaks TLS, and nothing else.
    package init(
        host: String, port: Int, identity: HTTPIdentity? = nil, _ handler: @escaping Handler
    ) throws(HTTPServerError) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1, (0...65_535).contains(port) else {
            throw HTTPServerError(
                description: "\(host):\(port) is no address to listen on; an IPv4 address and a "
                    + "port from 0 to 65535", isInUse: false)
        }
        guard identity == nil || fairfill_http_has_tls() != 0 else {
            throw HTTPServerError(
                description: "this machine's libmicrohttpd was built without TLS", isInUse: false)
        }
        exchanges = Exchanges(handler)
        // The daemon is stopped before `exchanges` goes.
        let context = Unmanaged.passUnretained(exchanges).toOpaque()
        let threads = UInt32(max(2, min(ProcessInfo.processInfo.activeProcessorCount, 8)))
        let started = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                fairfill_http_start(
                    $0, identity?.key, identity?.certificates, threads, handleRequest,
                    forgetRequest, context)
            }
        }
        guard let started else {
            let isInUse = errno == EADDRINUSE
            throw HTTPServerError(
                description: "can't listen on \(host):\(port): "
                    + String(cString: strerror(errno)), isInUse: isInUse)
        }
        daemon = started
        self.port = Int(fairfill_http_port(started))
    }

    deinit { stop() }

    /// Stops to listen, and ends the connections of requests that wait. Twice is harmless.
    package func stop() {
        guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        exchanges.stop()
        MHD_stop_daemon(daemon)
    }
}

private var yes: MHD_Result { fairfill_http_yes() }
private var no: MHD_Result { fairfill_http_no() }

/// Called for a request's head, for each piece of its body, at its end, and once more when a
/// request that was suspended goes on.
private func handleRequest(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ url: UnsafePointer<CChar>?, _ method: UnsafePointer<CChar>?,
    _ version: UnsafePointer<CChar>?, _ piece: UnsafePointer<CChar>?,
    _ count: UnsafeMutablePointer<Int>?, _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let connection, let url, let method, let count, let state else {
        return no
    }
    let exchanges = Unmanaged<Exchanges>.fromOpaque(context).takeUnretainedValue()
    guard let known = state.pointee else {
        state.pointee = Unmanaged.passRetained(Exchange(connection, in: exchanges)).toOpaque()
        return yes
    }
    let exchange = Unmanaged<Exchange>.fromOpaque(known).takeUnretainedValue()
    if count.pointee > 0, let piece {
        if exchange.body.count <= HTTPServer.largestBody {
            exchange.body.append(
                contentsOf: UnsafeRawBufferPointer(start: piece, count: count.pointee))
        }
        count.pointee = 0
        return yes
    }
    if !exchange.isAsked {
        exchange.isAsked = true
        guard exchange.body.count <= HTTPServer.largestBody else {
            return ReplySender.send(.answer(HTTPAnswer(413, body: [])), on: connection)
        }
        let request = HTTPRequest(
            method: String(cString: method), path: String(cString: url),
            query: values(connection, fairfill_http_query()),
            headers: values(connection, fairfill_http_headers()), body: exchange.body)
        exchanges.handler(request) { exchange.give($0) }
    }
    switch exchange.takeOrSuspend() {
    case .take(let reply): return ReplySender.send(reply, on: connection)
    case .wait: return yes
    case .stop: return no
    }
}

private func forgetRequest(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
) {
    guard let known = state?.pointee else { return }
    let exchange = Unmanaged<Exchange>.fromOpaque(known).takeRetainedValue()
    exchange.end()
    state?.pointee = nil
}

private func values(_ connection: OpaquePointer, _ kind: MHD_ValueKind) -> [String: String] {
    final class Found { var values: [String: String] = [:] }
    let found = Found()
    MHD_get_connection_values(
        connection, kind,
        { context, kind, name, value in
            guard let context, let name else { return yes }
            let found = Unmanaged<Found>.fromOpaque(context).takeUnretainedValue()
            let key = String(cString: name)
            found.values[kind == fairfill_http_headers() ? key.lowercased() : key] =
                value.map { String(cString: $0) } ?? ""
            return yes
        }, Unmanaged.passUnretained(found).toOpaque())
    return found.values
}
