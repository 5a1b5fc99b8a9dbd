import Foundation
import SandboxBank
import Testing

/// What tests with money in them rely on: a bank that forgets keys pays twice, its books say so,
/// and it tells what it saw.
@Suite struct ForgettingTests {
    @Test func aBankThatForgetsAKeyPaysAgain() throws {
        let scene = try Scene(#"[{"action":"forget"}]"#)
        let first = try scene.pay("k1")
        #expect(first.hasPrefix("HTTP/1.1 201"))
        let again = try scene.pay("k1")
        #expect(again.hasPrefix("HTTP/1.1 201") && !again.contains("Idempotent-Replayed"))
        #expect(again.contains(#""idempotency_key":"k1""#))
        let books = try BankBooks(ledger: scene.ledgerPath)
        #expect(books.movements == 2 && books.mostOfAReference == 2 && books.sum == 0)
        #expect(books.collected == ["anna": 600])
        // A lookup finds the first.
        #expect(try scene.lookUp("k1").contains(#""id":"pay_1""#))
    }

    /// Payouts go the other way, and a fault may be about them alone, or about the nth request.
    @Test func payoutsAreTheOtherWay() throws {
        let scene = try Scene(
            #"[{"match":{"direction":"payout","nth":2},"action":"status","status":503}]"#)
        for key in ["k1", "k2", "k3"] {
            #expect(try scene.pay(key).hasPrefix("HTTP/1.1 201"), "\(key)")
        }
        let answers = try ["p1", "p2", "p3"].map {
            try scene.pay($0, amount: 100, direction: "payout").prefix(12)
        }
        #expect(answers == ["HTTP/1.1 201", "HTTP/1.1 503", "HTTP/1.1 201"])
        let books = try BankBooks(ledger: scene.ledgerPath)
        #expect(books.collected == ["anna": 600] && books.sum == 0)
    }

    @Test func whatItAnsweredCanBeSeen() throws {
        let scene = try Scene(
            #"[{"phase":"before","action":"status","status":429,"times":1},"#
                + #"{"action":"drop","times":1}]"#)
        _ = try scene.pay("k1")
        _ = try scene.pay("k1")
        _ = try scene.lookUp("k1")
        _ = try scene.pay("k1")
        let text = try scene.send("GET /_sandbox/requests")
        let body = try #require(text.components(separatedBy: "\r\n\r\n").last)
        let requests = try #require(
            try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [[String: Any]])
        #expect(requests.map { $0["method"] as? String } == ["POST", "POST", "GET", "POST"])
        #expect(requests.map { $0["status"] as? Int } == [429, nil, 200, 200])
        #expect(requests.allSatisfy { $0["key"] as? String == "k1" })
    }

    /// What a seed decides is the same again, and another with another seed.
    @Test func theSeedDecides() throws {
        func struck(_ seed: UInt64) throws -> [Bool] {
            let folder = FileManager.default.temporaryDirectory
                .appending(path: "fairfill-bank-\(UUID().uuidString)")
            let scene = try Scene(
                #"[{"match":{"p":0.5},"phase":"before","action":"decline"}]"#, folder: folder,
                seed: seed)
            defer { try? FileManager.default.removeItem(at: folder) }
            return try (0..<40).map { try scene.pay("k\($0)").hasPrefix("HTTP/1.1 402") }
        }
        let first = try struck(1)
        #expect(try struck(1) == first)
        #expect(try struck(2) != first)
    }

    /// A lookup finds nothing for as long as it is told to, and no longer.
    @Test func whatIsHiddenComesToLight() throws {
        let scene = try Scene(#"[{"action":"lookupNotFound","ms":300}]"#)
        _ = try scene.pay("k1")
        var isFound = false
        let end = Date(timeIntervalSinceNow: 30)
        while !isFound, Date() < end {
            isFound = try scene.lookUp("k1").contains(#""id":"pay_1""#)
            usleep(20_000)
        }
        #expect(isFound)
    }
}
