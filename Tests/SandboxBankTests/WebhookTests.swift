import Digest
import Foundation
import SandboxBank
import Testing

/// Events that a bank sends, and how they go wrong.
@Suite struct WebhookTests {
    private static let secret = Array("sesame".utf8)

    private func scene(_ faults: String, to receiver: Receiver) throws -> Scene {
        try Scene(faults) { settings, _ in
            settings.webhooks = "http://127.0.0.1:\(receiver.port)/hooks?a=b"
            settings.webhookSecret = Self.secret
        }
    }

    /// Whether the signature is the bank's, over the time and the body.
    private func isSigned(_ request: String) -> Bool {
        guard let match = request.firstMatch(of: #/Webhook-Signature: t=(\d+),v1=([0-9a-f]{64})/#)
        else { return false }
        let signed = Array("\(match.output.1).\(Scene.body(request))".utf8)
        return SHA256.authenticationText(of: signed, under: Self.secret) == match.output.2
    }

    private func status(_ request: String) throws -> String {
        let data = try Scene.object(request)["data"] as? [String: Any]
        return data?["status"] as? String ?? "none"
    }

    @Test func everyChangeIsToldAndSigned() throws {
        let receiver = try Receiver()
        let scene = try scene(#"[{"action":"pending","ms":60000}]"#, to: receiver)
        _ = try scene.pay("k1")
        #expect(holds { receiver.requests.count == 1 })
        try scene.advance("61s")
        #expect(holds { receiver.requests.count == 2 })
        let requests = receiver.requests
        #expect(requests.allSatisfy { $0.hasPrefix("POST /hooks?a=b HTTP/1.1\r\n") })
        #expect(requests.allSatisfy(isSigned))
        #expect(try requests.map(status) == ["pending", "succeeded"])
        #expect(requests[1].contains(#""type":"payment.succeeded""#))
    }

    @Test func anEventIsSentAgainUntilItIsTaken() throws {
        let receiver = try Receiver(refusing: 2)
        let scene = try scene("[]", to: receiver)
        _ = try scene.pay("k1")
        for count in 2...3 {
            #expect(holds { receiver.requests.count >= count - 1 })
            #expect(
                try holds {
                    try scene.advance("2s")
                    return receiver.requests.count >= count
                })
        }
        #expect(Set(try receiver.requests.map { try Scene.object($0)["id"] as? String }).count == 1)
    }

    @Test func eventsAreLostAndDoubled() throws {
        let receiver = try Receiver()
        let scene = try scene(
            #"[{"match":{"key":"k1"},"action":"webhookLost"},"#
                + #"{"match":{"key":"k2"},"action":"webhookTwice"}]"#, to: receiver)
        for key in ["k1", "k2", "k3"] { _ = try scene.pay(key) }
        #expect(holds { receiver.requests.count == 3 })
        let keys = receiver.requests.map { $0.contains(#""idempotency_key":"k2""#) }
        #expect(keys == [true, true, false])
    }

    @Test func eventsOvertakeEachOther() throws {
        let receiver = try Receiver()
        let scene = try scene(
            #"[{"match":{"key":"k1"},"action":"webhookReordered"}]"#, to: receiver)
        _ = try scene.pay("k1")
        _ = try scene.pay("k2")
        #expect(holds { receiver.requests.count == 2 })
        #expect(receiver.requests.last?.contains(#""idempotency_key":"k1""#) == true)
    }

    @Test func aForgedEventIsSignedByAnother() throws {
        let receiver = try Receiver()
        let scene = try scene(#"[{"action":"webhookForged"}]"#, to: receiver)
        _ = try scene.pay("k1")
        #expect(holds { receiver.requests.count == 2 })
        #expect(receiver.requests.map(isSigned) == [false, true])
        #expect(try receiver.requests.map(status) == ["failed", "succeeded"])
    }

    @Test(arguments: ["ftp://h/", "http://", "http://user@h/", "nowhere", "http://h/ x"])
    func anAddressThatIsNoneIsRefused(_ address: String) {
        #expect(throws: BankFailure.self) {
            try Scene { settings, _ in
                settings.webhooks = address
                settings.webhookSecret = Self.secret
            }
        }
    }
}

/// Takes requests one after the other and keeps them.
private final class Receiver: @unchecked Sendable {
    let port: Int
    private let descriptor: Int32
    private let lock = NSLock()
    private var kept: [String] = []

    var requests: [String] { lock.withLock { kept } }

    /// `refusing`: how many are answered 503 first.
    init(refusing: Int = 0) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var count = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listening = descriptor
        port = try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(bind(listening, pointer, count) == 0 && listen(listening, 64) == 0)
                try #require(getsockname(listening, pointer, &count) == 0)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        Thread.detachNewThread { [weak self] in
            var left = refusing
            while true {
                let connection = accept(listening, nil, nil)
                guard connection >= 0 else { return }
                let text = Self.request(connection)
                self?.add(text)
                let answer = left > 0 ? "HTTP/1.1 503 No" : "HTTP/1.1 204 OK"
                left -= 1
                _ = (answer + "\r\n\r\n").withCString { write(connection, $0, strlen($0)) }
                close(connection)
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    private func add(_ text: String) { lock.withLock { kept.append(text) } }

    /// Up to the end that its length announces.
    private static func request(_ connection: Int32) -> String {
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 4_096)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let length = text.firstMatch(of: #/Content-Length: (\d+)/#).flatMap({
                Int($0.output.1)
            }), text.contains("\r\n\r\n"), Scene.body(text).utf8.count >= length {
                return text
            }
            let count = read(connection, &room, room.count)
            guard count > 0 else { return text }
            bytes += room[..<count]
        }
    }
}
