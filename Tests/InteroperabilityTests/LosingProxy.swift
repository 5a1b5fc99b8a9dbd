import Foundation
import Glibc
import Testing

/// Stands between clients and a broker, and loses answers to produce requests while it is told to:
/// then a record is in the log, and its sender can't know.
final class LosingProxy: @unchecked Sendable {
    private let listener: Int32
    private let target: Int
    private let lock = NSLock()
    private var loses = false
    private var lost = 0

    /// Listens on one port of this machine and passes everything to another.
    init(port: Int, target: Int) throws {
        self.target = target
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let isBound = Self.withAddress(of: port) { bind(listener, $0, $1) == 0 }
        try #require(isBound && listen(listener, 64) == 0)
        Thread.detachNewThread { [self] in
            while case let client = accept(listener, nil, nil), client >= 0 { serve(client) }
        }
    }

    /// Takes no more connections.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    func loseAnswers(_ loses: Bool) { lock.withLock { self.loses = loses } }

    /// Of how many produce requests the answer was lost.
    var lostAnswers: Int { lock.withLock { lost } }

    private func serve(_ client: Int32) {
        let broker = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard Self.withAddress(of: target, { connect(broker, $0, $1) == 0 }) else {
            close(client)
            close(broker)
            return
        }
        let connection = Connection()
        Thread.detachNewThread { [self] in
            // Each request begins with its length in four bytes, and then its kind: 0 is produce.
            while let head = Self.read(4, from: client),
                let body = Self.read(head.reduce(0) { $0 << 8 | Int($1) }, from: client)
            {
                if body.starts(with: [0, 0]) {
                    lock.withLock {
                        guard loses else { return }
                        lost += 1
                        connection.isDeaf = true
                    }
                }
                guard Self.write(head + body, to: broker) else { break }
            }
            shutdown(broker, Int32(SHUT_RDWR))
        }
        Thread.detachNewThread { [self] in
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            while case let count = recv(broker, &bytes, bytes.count, 0), count > 0 {
                if lock.withLock({ connection.isDeaf }) { continue }
                guard Self.write(Array(bytes[..<count]), to: client) else { break }
            }
            shutdown(client, Int32(SHUT_RDWR))
        }
    }

    /// Whether what the broker says no longer arrives; guarded by the proxy's lock.
    private final class Connection: @unchecked Sendable { var isDeaf = false }

    private static func read(_ count: Int, from descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let more = bytes.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress! + done, count - done, 0)
            }
            guard more > 0 else { return nil }
            done += more
        }
        return bytes
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let more = bytes.withUnsafeBytes {
                // Nobody there any more is an answer, not a signal.
                send(
                    descriptor, $0.baseAddress! + done, bytes.count - done,
                    Int32(MSG_NOSIGNAL))
            }
            guard more > 0 else { return false }
            done += more
        }
        return true
    }

    private static func withAddress<Result>(
        of port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
