import Foundation
import SandboxBank
import Testing

/// The bank over real sockets, byte for byte.
@Suite struct SandboxBankTests {
    /// A bank with a ledger in a folder of its own.
    private final class Scene {
        let bank: SandboxBank
        private let folder: URL

        init(_ faults: String? = nil) throws {
            folder = FileManager.default.temporaryDirectory
                .appending(path: "fairfill-bank-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            bank = try SandboxBank(
                host: "127.0.0.1", port: 0, ledger: folder.appending(path: "bank.db").path,
                faults: faults.map { Data($0.utf8) }, seed: 7)
        }

        deinit {
            bank.stop()
            try? FileManager.default.removeItem(at: folder)
        }

        func pay(_ key: String, amount: Int = 300, account: String = "anna") throws -> String {
            let body = """
                {"direction":"collect","amount":\(amount),"currency":"CNY",\
                "account_token":"\(account)","reference":"r-\(key)","metadata":{"obligation":"o"}}
                """
            return try send("POST /v1/payments", ["Idempotency-Key: \(key)"], body)
        }

        func lookUp(_ key: String) throws -> String {
            try send("GET /v1/payments?idempotency_key=\(key)")
        }

        func ledger() throws -> String { try send("GET /_sandbox/ledger") }

        /// One request on a connection of its own: all that comes back until it is closed.
        func send(_ line: String, _ headers: [String] = [], _ body: String = "") throws -> String {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(UInt16(bank.port)).bigEndian
            inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
            let connected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(connected == 0)
            let head = [
                "\(line) HTTP/1.1", "Host: bank", "Authorization: Bearer t", "Connection: close",
                "Content-Length: \(body.utf8.count)",
            ]
            let text = (head + headers).joined(separator: "\r\n") + "\r\n\r\n" + body
            _ = text.withCString { write(descriptor, $0, text.utf8.count) }
            var found: [UInt8] = []
            var room = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = read(descriptor, &room, room.count)
                if count <= 0 { break }
                found.append(contentsOf: room[..<count])
            }
            return String(decoding: found, as: UTF8.self)
        }
    }

    @Test func aKeyMovesMoneyOnceAndGivesTheFirstAnswerAgain() throws {
        let scene = try Scene()
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201"))
        let again = try scene.pay("k1")
        #expect(again.hasPrefix("HTTP/1.1 200") && again.contains("Idempotent-Replayed: true"))
        let other = try scene.pay("k1", amount: 301)
        #expect(other.hasPrefix("HTTP/1.1 422") && other.contains("key-reused"))
        let ledger = try scene.ledger()
        #expect(ledger.contains(#""count":1"#) && ledger.contains(#""sum":0"#))
        #expect(ledger.contains(#"{"account":"anna","balance":-300,"currency":"CNY"}"#))
    }

    @Test func fiftyAtOnceUnderOneKeyMoveMoneyOnce() throws {
        let scene = try Scene()
        nonisolated(unsafe) let shared = scene
        DispatchQueue.concurrentPerform(iterations: 50) { _ in _ = try? shared.pay("k1") }
        #expect(try scene.ledger().contains(#""count":1"#))
    }

    @Test func wrongRequestsAreNamedAndMoveNothing() throws {
        let scene = try Scene()
        #expect(try scene.pay("k1", amount: 0).contains("amount"))
        #expect(try scene.send("POST /v1/payments", [], "{}").contains("idempotency-key-missing"))
        #expect(try scene.send("DELETE /v1/payments").hasPrefix("HTTP/1.1 405"))
        #expect(try scene.send("GET /v1/nothing").hasPrefix("HTTP/1.1 404"))
        #expect(try scene.ledger().contains(#""movements":[]"#))
    }

    /// What a client sees, whether money moved, and what a lookup says.
    @Test(arguments: [
        (#""phase":"before","action":"decline""#, "HTTP/1.1 402", false),
        (#""action":"lie""#, "HTTP/1.1 402", true),
        (#""action":"drop""#, "", true),
        (#""phase":"before","action":"drop""#, "", false),
        (#""action":"reset""#, "", true),
        (#""action":"html""#, "HTTP/1.1 200", true),
        (#""action":"status","status":503,"retryAfter":2"#, "HTTP/1.1 503", true),
        (#""action":"wrongAmount""#, "HTTP/1.1 201", true),
        (#""action":"half""#, "HTTP/1.1 201", true),
    ] as [(String, String, Bool)])
    func failsAsItIsTold(fault: String, begins: String, moves: Bool) throws {
        let scene = try Scene("[{\(fault)}]")
        let answer = try scene.pay("k1")
        #expect(begins.isEmpty ? answer.isEmpty : answer.hasPrefix(begins), "\(answer)")
        if fault.contains("wrongAmount") { #expect(answer.contains(#""amount":301"#)) }
        if fault.contains("half") { #expect(!answer.hasSuffix("}")) }
        #expect(try scene.ledger().contains(#""movements":[]"#) != moves)
        #expect(try scene.lookUp("k1").contains(#""status":"succeeded""#) == moves)
    }

    @Test func aFaultThatMakesNoSenseIsNamed() {
        #expect(throws: BankFailure.self) { try Scene(#"[{"action":"explode"}]"#) }
        #expect(throws: BankFailure.self) { try Scene(#"[{"action":"drop","when":"now"}]"#) }
    }
}
