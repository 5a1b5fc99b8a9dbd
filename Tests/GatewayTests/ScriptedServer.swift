import Foundation
import Glibc
import Synchronization

/// A provider of raw sockets: it reads a request, then does what the script says next, and
/// remembers what was on the wire.
final class ScriptedServer: Sendable {
    /// What to do about one request.
    enum Step: Equatable, Sendable {
        /// Send these bytes and read on, on the same connection.
        case send(String)
        /// The same, and the bytes once more when the client has them.
        case sendTwice(String)
        /// Send these bytes, and end the connection.
        case end(String)
        /// Send these bytes, then reset the connection.
        case reset(String)
        /// Say nothing while the client stays.
        case hang
        /// A byte of a long body now and then, while the client stays.
        case drip
        /// End this connection and stop listening, as a process that dies does.
        case die
    }

    /// What came on one connection until it was whole, or until the client went.
    struct Request: Sendable {
        var connection: Int
        var text: String
        var isWhole: Bool

        var head: String { text.components(separatedBy: "\r\n\r\n")[0] }

        func header(_ name: String) -> String? {
            head.components(separatedBy: "\r\n").first {
                $0.lowercased().hasPrefix(name.lowercased() + ": ")
            }.map { String($0.dropFirst(name.count + 2)) }
        }

        /// The body put together from its chunks, of which the last may be cut.
        var body: String {
            if header("Content-Length") != nil {
                return text.components(separatedBy: "\r\n\r\n").dropFirst().joined()
            }
            let lines = text.dropFirst(head.count).unicodeScalars.split(
                separator: "\n", omittingEmptySubsequences: false
            ).map { String($0).replacing("\r", with: "") }
            // The head's own end and the empty line; then lengths and chunks in turn. No chunk
            // has a line's end in it here.
            return stride(from: 3, to: lines.count, by: 2).map { lines[$0] }.joined()
        }
    }

    private struct State {
        var steps: [Step]
        var requests: [Request] = []
        var connections = 0
        var reading = 0
    }

    let port: UInt16
    private let listener: Int32
    private let state: Mutex<State>

    /// The last step is repeated for as long as requests come.
    init(_ steps: Step...) throws {
        state = Mutex(State(steps: steps))
        (listener, port) = try listen()
        Thread.detachNewThread { [self] in accept() }
    }

    var url: URL { URL(string: "http://127.0.0.1:\(port)")! }
    var connections: Int { state.withLock { $0.connections } }

    /// All that was read, once nobody is reading any more: no connection is open then. One that
    /// stays open is an error, and not waited for without end.
    func requests() async throws -> [Request] {
        for _ in 0..<5000 {
            let (requests, reading) = state.withLock { ($0.requests, $0.reading) }
            if reading == 0 { return requests }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw StillOpen()
    }

    /// Waits until so many have come.
    func waitForRequests(_ count: Int) async throws {
        while requestsUntilNow().count < count { try await Task.sleep(for: .milliseconds(1)) }
    }

    /// What has come until now, while connections may still be open.
    func requestsUntilNow() -> [Request] { state.withLock { $0.requests } }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func accept() {
        while true {
            let socket = Glibc.accept(listener, nil, nil)
            guard socket >= 0 else { break }
            let number = state.withLock {
                $0.connections += 1
                $0.reading += 1
                return $0.connections
            }
            Thread.detachNewThread { [self] in
                serve(socket, number)
                close(socket)
                state.withLock { $0.reading -= 1 }
            }
        }
        close(listener)
    }

    private func serve(_ socket: Int32, _ connection: Int) {
        while let request = read(socket, connection) {
            let step = state.withLock { state in
                state.requests.append(request)
                return state.steps.count > 1 ? state.steps.removeFirst() : state.steps[0]
            }
            guard request.isWhole else { return }
            switch step {
            case .send(let text): write(socket, text)
            case .sendTwice(let text):
                write(socket, text)
                usleep(50_000)
                write(socket, text)
            case .end(let text):
                write(socket, text)
                return
            case .reset(let text):
                write(socket, text)
                // The text is read before the reset overtakes it.
                usleep(text.isEmpty ? 0 : 50_000)
                var linger = linger(l_onoff: 1, l_linger: 0)
                let size = socklen_t(MemoryLayout<linger>.size)
                setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, size)
                return
            case .hang: break
            case .drip:
                write(socket, "HTTP/1.1 201 Created\r\nContent-Length: 9999\r\n\r\n")
                while write(socket, " ") { usleep(20_000) }
                return
            case .die:
                stop()
                return
            }
        }
    }

    /// Nil where the client went without a byte.
    private func read(_ socket: Int32, _ connection: Int) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            let isWhole =
                text.hasPrefix("GET")
                ? text.hasSuffix("\r\n\r\n")
                : text.hasSuffix("\r\n0\r\n\r\n") || hasItsLength(text)
            if isWhole { return Request(connection: connection, text: text, isWhole: true) }
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else {
                guard !bytes.isEmpty else { return nil }
                return Request(connection: connection, text: text, isWhole: false)
            }
            bytes += buffer[..<count]
        }
    }

    /// Whether a body of an announced length is here whole.
    private func hasItsLength(_ text: String) -> Bool {
        guard let end = text.range(of: "\r\n\r\n"),
            let name = text.range(of: "content-length: ", options: .caseInsensitive),
            let length = Int(text[name.upperBound...].prefix { $0.isNumber })
        else { return false }
        return text[end.upperBound...].utf8.count == length
    }

    @discardableResult
    private func write(_ socket: Int32, _ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }
}

struct NoSocket: Error {}
struct StillOpen: Error {}

/// A socket that listens on a free port of this machine.
func listen() throws -> (socket: Int32, port: UInt16) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(listener, $0, size) == 0 && Glibc.listen(listener, 128) == 0
                && getsockname(listener, $0, &size) == 0
        }
    }
    guard isBound else { throw NoSocket() }
    return (listener, UInt16(bigEndian: address.sin_port))
}
