import CHTTPServer
import Foundation

/// How a reply goes out: by the library, or past it where it would be too well-behaved.
enum ReplySender {
    private static var no: MHD_Result { fairfill_http_no() }

    /// What the library is told to do with the connection.
    static func send(_ reply: HTTPReply, on connection: OpaquePointer) -> MHD_Result {
        switch reply {
        case .answer(let answer):
            return queue(answer, whole(answer.body), on: connection)
        case .half(let answer):
            let half = Array(answer.body.prefix(answer.body.count / 2))
            let response = Stream(half, then: .broken).response(UInt64(answer.body.count))
            return queue(answer, response, on: connection)
        case .announcing(let answer, let bytes):
            let response = Stream(answer.body, then: .broken).response(bytes)
            return queue(answer, response, on: connection)
        case .long(let answer, let bytes):
            let count = max(bytes, answer.body.count)
            let response = Stream(answer.body, then: .blanks).response(UInt64(count))
            return queue(answer, response, on: connection)
        case .trailing(let answer, let trailers):
            let response = Stream(answer.body, then: .end).response(fairfill_http_unknown_size())
            for (name, value) in trailers { MHD_add_response_footer(response, name, value) }
            return queue(answer, response, on: connection)
        case .halfHead(let answer):
            sendHalfHead(answer, on: connection)
            return no
        case .drop, .hang:
            return no
        case .reset:
            // The library shuts a connection down before it closes it, and that sends FIN
            // even where SO_LINGER is set. Dissolving the association sends RST at once.
            var nowhere = sockaddr()
            nowhere.sa_family = sa_family_t(AF_UNSPEC)
            _ = connect(
                fairfill_http_socket(connection), &nowhere,
                socklen_t(MemoryLayout<sockaddr>.size))
            return no
        }
    }

    private static func whole(_ body: [UInt8]) -> OpaquePointer? {
        body.withUnsafeBytes {
            MHD_create_response_from_buffer(
                $0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), fairfill_http_copy())
        }
    }

    private static func queue(
        _ answer: HTTPAnswer, _ response: OpaquePointer?, on connection: OpaquePointer
    ) -> MHD_Result {
        guard let response else { return no }
        defer { MHD_destroy_response(response) }
        for (name, value) in answer.headers { MHD_add_response_header(response, name, value) }
        return MHD_queue_response(connection, UInt32(answer.status), response)
    }

    /// The library sends a head whole, so this one goes to the socket past it: the room of a new
    /// socket takes a few bytes at once.
    private static func sendHalfHead(_ answer: HTTPAnswer, on connection: OpaquePointer) {
        let head = "HTTP/1.1 \(answer.status) Sandbox\r\nContent-Type: applica"
        let bytes = Array(head.utf8)
        guard fairfill_http_send_tls(connection, bytes, bytes.count) == 0 else { return }
        _ = Foundation.send(
            fairfill_http_socket(connection), bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// A body that the library asks for piece by piece.
    private final class Stream {
        /// What comes behind the bytes.
        enum Tail { case end, broken, blanks }

        private let bytes: [UInt8]
        private let tail: Tail

        init(_ bytes: [UInt8], then tail: Tail) {
            self.bytes = bytes
            self.tail = tail
        }

        func response(_ announced: UInt64) -> OpaquePointer? {
            MHD_create_response_from_callback(
                announced, 16_384,
                { context, position, room, most in
                    guard let context, let room else { return fairfill_http_broken() }
                    let stream = Unmanaged<Stream>.fromOpaque(context).takeUnretainedValue()
                    return stream.fill(position, room, most)
                }, Unmanaged.passRetained(self).toOpaque(),
                { context in
                    if let context { Unmanaged<Stream>.fromOpaque(context).release() }
                })
        }

        private func fill(
            _ position: UInt64, _ room: UnsafeMutablePointer<CChar>, _ most: Int
        ) -> Int {
            if position < bytes.count {
                let rest = bytes[Int(position)...].prefix(most)
                rest.withUnsafeBytes { rest in
                    guard let start = rest.baseAddress else { return }
                    UnsafeMutableRawPointer(room).copyMemory(from: start, byteCount: rest.count)
                }
                return rest.count
            }
            switch tail {
            case .end: return fairfill_http_end()
            case .broken: return fairfill_http_broken()
            case .blanks:
                memset(room, 32, most)
                return most
            }
        }
    }
}
