import Foundation

/// One request and one answer over a connection that serves nothing else.
enum TCP {
    /// How long a step may take.
    private static let seconds = 5

    /// Sends the bytes, and answers the first `most` bytes that come back; none where the host
    /// can't be reached or says nothing.
    static func exchange(_ host: String, _ port: String, _ bytes: [UInt8], most: Int) -> [UInt8] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, port, &hints, &found) == 0, let address = found else { return [] }
        defer { freeaddrinfo(found) }
        let descriptor = socket(
            address.pointee.ai_family, address.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue),
            address.pointee.ai_protocol)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(
                descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        guard connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0,
            sendAll(bytes, to: descriptor)
        else { return [] }
        var answer: [UInt8] = []
        var room = [UInt8](repeating: 0, count: most)
        while answer.count < most {
            let count = recv(descriptor, &room, most - answer.count, 0)
            guard count > 0 else { break }
            answer += room[..<count]
        }
        return answer
    }

    private static func sendAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                guard let start = $0.baseAddress else { return 0 }
                return send(
                    descriptor, start + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
