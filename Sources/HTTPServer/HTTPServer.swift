import CHTTPServer
import Foundation
import Synchronization

/// An HTTP server on GNU libmicrohttpd, with a thread for each connection: a handler may wait.
package final class HTTPServer: @unchecked Sendable {
    /// Larger bodies are answered 413.
    package static let largestBody = 1 << 20

    /// The port that it listens on.
    package let port: Int
    private let daemon: OpaquePointer
    private let handlers: Handlers
    private let isStopped = Atomic<Bool>(false)

    /// Starts to listen on `host`, an IPv4 address; port 0 is any that is free.
    package init(
        host: String, port: Int, _ handler: @escaping @Sendable (HTTPRequest) -> HTTPReply
    ) throws(HTTPServerError) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1, (0...65_535).contains(port) else {
            throw HTTPServerError(
                description: "\(host):\(port) is no address to listen on; an IPv4 address and a "
                    + "port from 0 to 65535", isInUse: false)
        }
        handlers = Handlers(handler)
        // The daemon is stopped before `handlers` goes.
        let context = Unmanaged.passUnretained(handlers).toOpaque()
        let started = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                fairfill_http_start($0, handleRequest, forgetRequest, context)
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

    /// Stops to listen, ends what hangs, and waits for the handlers. Twice is harmless.
    package func stop() {
        guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        handlers.stop()
        MHD_stop_daemon(daemon)
    }
}

/// What the library's callbacks find by their context.
private final class Handlers: @unchecked Sendable {
    let handler: @Sendable (HTTPRequest) -> HTTPReply
    private let condition = NSCondition()
    private var isStopping = false

    init(_ handler: @escaping @Sendable (HTTPRequest) -> HTTPReply) { self.handler = handler }

    func stop() {
        condition.lock()
        isStopping = true
        condition.broadcast()
        condition.unlock()
    }

    func hang() {
        condition.lock()
        while !isStopping { condition.wait() }
        condition.unlock()
    }
}

private var yes: MHD_Result { fairfill_http_yes() }
private var no: MHD_Result { fairfill_http_no() }

/// A request that comes in.
private final class Incoming {
    var body = Data()
}

/// Called for a request's head, for each piece of its body, and at its end.
private func handleRequest(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ url: UnsafePointer<CChar>?, _ method: UnsafePointer<CChar>?,
    _ version: UnsafePointer<CChar>?, _ piece: UnsafePointer<CChar>?,
    _ count: UnsafeMutablePointer<Int>?, _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let connection, let url, let method, let count, let state else {
        return no
    }
    guard let known = state.pointee else {
        state.pointee = Unmanaged.passRetained(Incoming()).toOpaque()
        return yes
    }
    let incoming = Unmanaged<Incoming>.fromOpaque(known).takeUnretainedValue()
    if count.pointee > 0, let piece {
        if incoming.body.count <= HTTPServer.largestBody {
            incoming.body.append(
                UnsafeRawPointer(piece).assumingMemoryBound(to: UInt8.self), count: count.pointee)
        }
        count.pointee = 0
        return yes
    }
    let handlers = Unmanaged<Handlers>.fromOpaque(context).takeUnretainedValue()
    guard incoming.body.count <= HTTPServer.largestBody else {
        return send(HTTPAnswer(413, body: Data()), on: connection, isHalf: false)
    }
    let request = HTTPRequest(
        method: String(cString: method), path: String(cString: url),
        query: values(connection, fairfill_http_query()),
        headers: values(connection, fairfill_http_headers()), body: incoming.body)
    switch handlers.handler(request) {
    case .answer(let answer): return send(answer, on: connection, isHalf: false)
    case .half(let answer): return send(answer, on: connection, isHalf: true)
    case .drop: return no
    case .reset:
        // The library shuts a connection down before it closes it, and that sends FIN even where
        // SO_LINGER is set. Dissolving the association sends RST at once.
        var nowhere = sockaddr()
        nowhere.sa_family = sa_family_t(AF_UNSPEC)
        _ = connect(
            fairfill_http_socket(connection), &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
        return no
    case .hang:
        handlers.hang()
        return no
    }
}

private func forgetRequest(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
) {
    guard let known = state?.pointee else { return }
    Unmanaged<Incoming>.fromOpaque(known).release()
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

private func send(
    _ answer: HTTPAnswer, on connection: OpaquePointer, isHalf: Bool
) -> MHD_Result {
    let body = Array(answer.body)
    let response: OpaquePointer?
    if isHalf {
        let half = Unmanaged.passRetained(Half(body)).toOpaque()
        response = MHD_create_response_from_callback(
            UInt64(body.count), 1_024,
            { context, position, room, most in
                let half = Unmanaged<Half>.fromOpaque(context!).takeUnretainedValue()
                return half.fill(Int(position), room!, most)
            }, half, { Unmanaged<Half>.fromOpaque($0!).release() })
    } else {
        response = body.withUnsafeBytes {
            MHD_create_response_from_buffer(
                $0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), fairfill_http_copy())
        }
    }
    guard let response else { return no }
    defer { MHD_destroy_response(response) }
    for (name, value) in answer.headers { MHD_add_response_header(response, name, value) }
    return MHD_queue_response(connection, UInt32(answer.status), response)
}

/// The first half of a body, and then the end of the connection.
private final class Half {
    private let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = Array(bytes.prefix(bytes.count / 2)) }

    func fill(_ position: Int, _ room: UnsafeMutablePointer<CChar>, _ most: Int) -> Int {
        let rest = bytes.dropFirst(position).prefix(most)
        guard !rest.isEmpty else { return fairfill_http_broken() }
        rest.withUnsafeBytes {
            UnsafeMutableRawPointer(room).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
        }
        return rest.count
    }
}
