import Foundation
import SandboxBank
import Testing

/// Answers that go wrong on the wire, byte for byte, and those that say what isn't so.
@Suite struct BrokenAnswerTests {
    /// What comes back for a payment that was executed, whatever is wrong with the answer.
    private func answer(_ fault: String) throws -> String {
        let scene = try Scene("[{\(fault)}]")
        let answer = try scene.pay("k1")
        #expect(try scene.movements().count == 1, "\(fault)")
        try scene.setFaults("[]")
        #expect(try scene.status("k1") == "succeeded")
        return answer
    }

    @Test func anAnswerEndsInItsHead() throws {
        let seen = try answer(#""action":"halfHead""#)
        #expect(seen.hasPrefix("HTTP/1.1 201 ") && !seen.contains("\r\n\r\n"), "\(seen)")
    }

    @Test func trailersComeBehindChunks() throws {
        let seen = try answer(#""action":"trailers""#)
        #expect(seen.contains("Transfer-Encoding: chunked"), "\(seen)")
        #expect(seen.hasSuffix("\r\n0\r\nX-Checked: yes\r\n\r\n"), "\(seen)")
    }

    @Test func aLengthIsHuge() throws {
        let seen = try answer(#""action":"hugeLength""#)
        #expect(seen.contains("Content-Length: 9223372036854775807\r\n"), "\(seen)")
        #expect(seen.hasSuffix(#""status":"succeeded"}"#), "\(seen)")
    }

    @Test func aBodyIsBig() throws {
        let seen = try answer(#""action":"bigBody","bytes":3000000"#)
        let body = Scene.body(seen)
        #expect(seen.contains("Content-Length: 3000000\r\n") && body.utf8.count == 3_000_000)
        #expect(try Scene.object(seen)["id"] as? String == "pay_1")
    }

    @Test func aWholeBodyIsNoJSON() throws {
        let body = Scene.body(try answer(#""action":"badJSON""#))
        #expect(body.hasPrefix("{") && !body.hasSuffix("}"))
        let length = try #require(body.utf8.count > 0 ? body.utf8.count : nil)
        #expect(try answer(#""action":"badJSON""#).contains("Content-Length: \(length)\r\n"))
    }

    @Test(arguments: [
        ("wrongAmount", #""amount":301"#), ("wrongDirection", #""direction":"payout""#),
        ("wrongReference", #""reference":"another""#),
        ("wrongAccount", #""account_token":"another""#),
    ])
    func theEchoIsWrong(action: String, echo: String) throws {
        #expect(try answer(#""action":"\#(action)""#).contains(echo))
        // Lookups may say it, too.
        let scene = try Scene(#"[{"action":"\#(action)","on":"lookup"}]"#)
        #expect(try !scene.pay("k1").contains(echo))
        #expect(try scene.lookUp("k1").contains(echo))
    }

    @Test(arguments: [
        408, 429, 409, 302, 307, 401, 403, 404, 405, 411, 500, 502, 503, 504, 424, 425,
    ])
    func everyStatusIsAnswered(_ status: Int) throws {
        let scene = try Scene(#"[{"phase":"before","action":"status","status":\#(status)}]"#)
        let seen = try scene.pay("k1")
        #expect(seen.hasPrefix("HTTP/1.1 \(status) "), "\(seen)")
        #expect(seen.contains("\r\nLocation: http://") == (300..<400).contains(status))
        #expect(try scene.movements().isEmpty)
    }

    @Test(arguments: [
        ("7", "7"), (#""soon""#, "soon"), ("-3", "-3"),
        ("99999999999999999999", "99999999999999999999"),
    ])
    func retryAfterIsWhatItIsTold(value: String, header: String) throws {
        let scene = try Scene(#"[{"action":"status","status":429,"retryAfter":\#(value)}]"#)
        #expect(try scene.pay("k1").contains("\r\nRetry-After: \(header)\r\n"))
    }

    @Test func retryAfterMayBeADate() throws {
        let scene = try Scene(
            #"[{"action":"status","status":503,"retryAfter":{"date":3600}}]"#)
        let seen = try scene.pay("k1")
        let line = try #require(seen.components(separatedBy: "\r\n").first {
            $0.hasPrefix("Retry-After: ")
        })
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        format.timeZone = TimeZone(identifier: "UTC")
        let date = try #require(format.date(from: String(line.dropFirst(13))))
        #expect((3_000...3_700).contains(date.timeIntervalSinceNow), "\(line)")
    }

    @Test func typesAndPlacesAreGiven() throws {
        let scene = try Scene(
            #"[{"action":"status","status":302,"type":"moved","location":"http://h/x"}]"#)
        let seen = try scene.pay("k1")
        #expect(seen.contains("Location: http://h/x") && seen.contains(#""type":"moved""#))
    }

    /// 401 for an hour, and no longer.
    @Test func aSpellEnds() throws {
        let scene = try Scene(
            #"[{"phase":"before","action":"status","status":401,"forMs":3600000}]"#)
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 401"))
        try scene.advance("59m")
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 401"))
        try scene.advance("2m")
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201"))
    }

    @Test func onlyChunkedBodiesAreRefused() throws {
        let scene = try Scene(
            #"[{"match":{"chunked":true},"phase":"before","action":"status","status":411}]"#)
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201"))
        let body = #"{"direction":"collect","amount":1,"currency":"CNY","#
            + #""account_token":"anna","reference":"r"}"#
        let seen = try scene.exchange(
            "POST /v1/payments", ["Idempotency-Key: k2", "Transfer-Encoding: chunked"],
            "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
        #expect(seen.answer.hasPrefix("HTTP/1.1 411"), "\(seen)")
    }

    /// A stored error answers every repeat, an error that isn't stored none.
    @Test(arguments: [("before", 0), ("after", 1)])
    func anErrorIsStored(phase: String, moved: Int) throws {
        let scene = try Scene(#"[{"action":"storeError","phase":"\#(phase)","times":1}]"#)
        for _ in 0..<3 { #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 500")) }
        #expect(try scene.movements().count == moved)
        #expect(try scene.status("k1") == (moved == 1 ? "succeeded" : "none"))
        let second = try scene.reopened()
        #expect(try second.pay("k1").hasPrefix("HTTP/1.1 500"))
        let other = try Scene(#"[{"action":"status","phase":"\#(phase)","times":1}]"#)
        #expect(try other.pay("k1").hasPrefix("HTTP/1.1 500"))
        #expect(try other.pay("k1").hasPrefix(moved == 1 ? "HTTP/1.1 200" : "HTTP/1.1 201"))
        #expect(try other.movements().count == 1)
    }

    /// Banks that pay twice: whoever judges by the ledger sees it.
    @Test(arguments: [("executeTwice", 1), ("ignoreKey", 2)])
    func aBankPaysTwice(action: String, requests: Int) throws {
        let scene = try Scene(#"[{"action":"\#(action)"}]"#)
        for _ in 0..<requests { #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201")) }
        #expect(try scene.movements().count == 2)
        #expect(try scene.ledger().contains(#""repeatedKeys":[{"count":2,"key":"k1"}]"#))
        let books = try BankBooks(ledger: scene.ledgerPath)
        #expect(books.mostOfAReference == 2 && books.sum == 0)
        let second = try scene.reopened()
        #expect(try second.movements().count == 2)
    }

    @Test func aKeyIsForgottenEarly() throws {
        let scene = try Scene(#"[{"action":"forget","ms":1800000}]"#)
        _ = try scene.pay("k1")
        #expect(try scene.pay("k1").contains("Idempotent-Replayed"))
        try scene.advance("31m")
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201"))
        #expect(try scene.movements().count == 2)
    }

    /// Faults by kind and by a list of accounts.
    @Test func faultsChooseByKindAndAccounts() throws {
        let scene = try Scene(
            #"[{"match":{"kind":"interest"},"phase":"before","action":"status","status":503},"#
                + #"{"match":{"account":["ben","cleo"]},"action":"decline"}]"#)
        func pay(_ key: String, _ account: String, _ purpose: String) throws -> String {
            let body = #"{"direction":"payout","amount":3,"currency":"CNY","account_token":"#
                + #""\#(account)","reference":"\#(key)","purpose":"\#(purpose)"}"#
            let answer = try scene.send("POST /v1/payments", ["Idempotency-Key: \(key)"], body)
            return String(answer.dropFirst(9).prefix(3))
        }
        #expect(try pay("k1", "anna", "interest") == "503")
        #expect(try pay("k2", "anna", "principal") == "201")
        #expect(try pay("k3", "ben", "principal") == "402")
        #expect(try pay("k4", "cleo", "principal") == "402")
    }
}
