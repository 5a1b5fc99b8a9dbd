import Foundation
import SandboxBank
import Testing

/// What becomes of a payment behind its first answer: by itself, by command, by the clock.
@Suite struct StateTests {
    @Test(arguments: ["succeeded", "failed"])
    func whatIsPendingEndsByTheClock(_ end: String) throws {
        let scene = try Scene(#"[{"action":"pending","ms":7200000,"then":"\#(end)"}]"#)
        let answer = try scene.pay("k1")
        #expect(answer.hasPrefix("HTTP/1.1 202") && answer.contains(#""status":"pending""#))
        #expect(answer.contains(#""completed_at":null"#))
        #expect(try scene.status("k1") == "pending")
        #expect(try scene.movements().isEmpty)
        try scene.advance("1h")
        #expect(try scene.status("k1") == "pending")
        try scene.advance("61m")
        #expect(try scene.status("k1") == end)
        #expect(try scene.movements().count == (end == "succeeded" ? 1 : 0))
        let again = try scene.pay("k1")
        #expect(again.hasPrefix(end == "succeeded" ? "HTTP/1.1 200" : "HTTP/1.1 402"), "\(again)")
    }

    /// Nobody need move the clock.
    @Test func whatIsDueHappensByItself() throws {
        let scene = try Scene(#"[{"action":"pending","ms":50}]"#)
        _ = try scene.pay("k1")
        #expect(try holds { try scene.status("k1") == "succeeded" })
        #expect(try scene.movements().count == 1)
    }

    @Test func aCommandMovesAPayment() throws {
        let scene = try Scene(#"[{"action":"pending"}]"#)
        _ = try scene.pay("k1")
        func move(_ status: String) throws -> String {
            String(
                try scene.send("POST /_sandbox/payments/k1", [], #"{"to":"\#(status)"}"#)
                    .dropFirst(9).prefix(3))
        }
        #expect(try move("reversed") == "409")
        #expect(try move("succeeded") == "200")
        #expect(try scene.movements().count == 1)
        #expect(try move("failed") == "409")
        #expect(try move("reversed") == "200")
        #expect(try move("reversed") == "409")
        let ledger = try Scene.object(try scene.ledger())
        #expect((ledger["movements"] as? [Any])?.count == 1)
        #expect((ledger["reversals"] as? [Any])?.count == 1)
        #expect(ledger["sum"] as? Int == 0)
        #expect(try scene.ledger().contains(#"{"account":"anna","balance":0,"currency":"CNY"}"#))
        #expect(try scene.status("k1") == "reversed")
        let books = try BankBooks(ledger: scene.ledgerPath)
        #expect(books.movements == 1 && books.collected == ["anna": 0] && books.sum == 0)
    }

    @Test func whatSucceededComesBack() throws {
        let scene = try Scene(#"[{"action":"reverse","ms":3600000}]"#)
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201"))
        #expect(try scene.status("k1") == "succeeded")
        try scene.advance("2h")
        #expect(try scene.status("k1") == "reversed")
    }

    /// Said to have failed, and paid in the end.
    @Test func whatFailedIsRolledForward() throws {
        let scene = try Scene(#"[{"action":"rollForward","ms":3600000}]"#)
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 402"))
        #expect(try scene.status("k1") == "failed")
        #expect(try scene.movements().isEmpty)
        try scene.advance("2h")
        #expect(try scene.status("k1") == "succeeded")
        #expect(try scene.movements().count == 1)
    }

    /// After a reset the bank executes late; a repeat in between is the payment, and the late one
    /// finds its key.
    @Test(arguments: [true, false])
    func aResetIsExecutedLate(isRepeated: Bool) throws {
        let scene = try Scene(#"[{"action":"executeLate","ms":300000,"times":1}]"#)
        let body = #"{"direction":"collect","amount":300,"currency":"CNY","#
            + #""account_token":"anna","reference":"r-k1"}"#
        let seen = try scene.exchange(
            "POST /v1/payments", ["Idempotency-Key: k1", "Content-Length: \(body.utf8.count)"],
            body)
        #expect(seen.error == ECONNRESET)
        #expect(try scene.status("k1") == "none")
        if isRepeated {
            let answer = try scene.send("POST /v1/payments", ["Idempotency-Key: k1"], body)
            #expect(answer.hasPrefix("HTTP/1.1 201"), "\(answer)")
        }
        try scene.advance("6m")
        #expect(try scene.status("k1") == "succeeded")
        #expect(try scene.movements().count == 1)
    }

    /// While it is executed the key is under way; the money moves at the end.
    @Test func anExecutionOutlivesItsConnection() throws {
        let scene = try Scene(#"[{"phase":"during","action":"drop","ms":60000,"times":1}]"#)
        #expect(try scene.pay("k1").isEmpty)
        #expect(try scene.pay("k1").contains("request-in-progress"))
        try scene.advance("61s")
        #expect(try scene.movements().count == 1)
        #expect(try holds { try scene.pay("k1").contains("Idempotent-Replayed") })
    }

    @Test func aCancelledKeyIsNeverExecuted() throws {
        let scene = try Scene()
        func cancel(_ key: String) throws -> String {
            try scene.send(
                "POST /v1/payments/cancel-by-key", [], #"{"idempotency_key":"\#(key)"}"#)
        }
        #expect(try cancel("k1").contains(#""cancelled":true"#))
        let late = try scene.pay("k1")
        #expect(late.hasPrefix("HTTP/1.1 409") && late.contains("key-cancelled"), "\(late)")
        #expect(try scene.movements().isEmpty)
        // What was executed stays so.
        _ = try scene.pay("k2")
        let answer = try cancel("k2")
        #expect(answer.contains(#""cancelled":false"#) && answer.contains(#""id":"pay_1""#))
        #expect(try scene.movements().count == 1)
        // It outlives the bank.
        let second = try scene.reopened()
        #expect(try second.pay("k1").contains("key-cancelled"))
    }

    @Test func whatIsPendingCanBeCancelled() throws {
        let scene = try Scene(#"[{"action":"pending","ms":60000}]"#)
        _ = try scene.pay("k1")
        let answer = try scene.send(
            "POST /v1/payments/cancel-by-key", [], #"{"idempotency_key":"k1"}"#)
        #expect(answer.contains(#""cancelled":true"#))
        try scene.advance("2m")
        #expect(try scene.status("k1") == "cancelled" && scene.movements().isEmpty)
        #expect(try scene.pay("k1").contains("key-cancelled"))
    }

    /// The clock and what is due are on disk.
    @Test func whatIsDueOutlivesTheBank() throws {
        let scene = try Scene(#"[{"action":"pending","ms":86400000}]"#)
        _ = try scene.pay("k1")
        try scene.advance("12h")
        let second = try scene.reopened()
        #expect(try second.status("k1") == "pending")
        try second.advance("13h")
        #expect(try second.status("k1") == "succeeded")
        #expect(try second.movements().count == 1)
    }

    @Test func aKeyIsForgottenAfterItsLifetime() throws {
        let scene = try Scene()
        _ = try scene.pay("k1")
        try scene.advance("34d")
        #expect(try scene.pay("k1").contains("Idempotent-Replayed"))
        try scene.advance("2d")
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201"))
        #expect(try scene.ledger().contains(#""repeatedKeys":[{"count":2,"key":"k1"}]"#))
    }

    @Test(arguments: [
        #"{"advance":"yesterday"}"#, #"{"advance":"99999d"}"#, #"{"advance":5}"#, "[]",
        #"{"advance":"999999999999d"}"#, #"{"hours":1}"#,
    ])
    func aClockThatCanNotGoThereStays(_ body: String) throws {
        let scene = try Scene()
        let day = try scene.today()
        #expect(try scene.send("POST /_sandbox/clock", [], body).hasPrefix("HTTP/1.1 400"))
        #expect(try scene.today() == day)
    }

    /// What comes late is not executed, nor what is executed late; by the client's clock, wherever
    /// the bank's is.
    @Test func nothingIsExecutedAfterItsExpiry() throws {
        let scene = try Scene()
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        func pay(_ key: String, in seconds: Double) throws -> String {
            let body = #"{"direction":"collect","amount":300,"currency":"CNY","#
                + #""account_token":"anna","reference":"r-\#(key)"}"#
            let expiry = format.format(Date(timeIntervalSinceNow: seconds))
            return try scene.send(
                "POST /v1/payments", ["Idempotency-Key: \(key)", "Payment-Expires: \(expiry)"],
                body)
        }
        try scene.advance("2d")
        #expect(try pay("k1", in: 3_600).hasPrefix("HTTP/1.1 201"))
        let late = try pay("k2", in: -1)
        #expect(late.hasPrefix("HTTP/1.1 422") && late.contains(#""type":"expired""#), "\(late)")
        try scene.setFaults(#"[{"action":"executeLate","ms":7200000,"times":1}]"#)
        #expect(try pay("k3", in: 3_600).isEmpty)
        try scene.advance("3h")
        #expect(try scene.movements().count == 1)
        try scene.setFaults(#"[{"action":"ignoreExpiry"}]"#)
        #expect(try pay("k4", in: -1).hasPrefix("HTTP/1.1 201"))
    }

    @Test func refundsAreOfAPaymentAndNoMore() throws {
        let scene = try Scene()
        _ = try scene.pay("k1")
        func refund(_ key: String, _ amount: Int) throws -> String {
            try scene.send(
                "POST /v1/payments/pay_1/refunds", ["Idempotency-Key: \(key)"],
                #"{"amount":\#(amount),"reference":"r-\#(key)"}"#)
        }
        let first = try refund("f1", 200)
        #expect(first.hasPrefix("HTTP/1.1 201") && first.contains(#""original":"pay_1""#))
        #expect(try refund("f1", 200).contains("Idempotent-Replayed"))
        let second = try refund("f2", 101)
        #expect(second.hasPrefix("HTTP/1.1 422") && second.contains("100 may be refunded"))
        #expect(try refund("f3", 100).hasPrefix("HTTP/1.1 201"))
        #expect(try scene.send("GET /v1/refunds/pay_2").contains(#""amount":200"#))
        #expect(try BankBooks(ledger: scene.ledgerPath).collected == ["anna": 0])
        let unknown = try scene.send(
            "POST /v1/payments/pay_9/refunds", ["Idempotency-Key: f4"],
            #"{"amount":1,"reference":"r"}"#)
        #expect(unknown.hasPrefix("HTTP/1.1 404"))
    }

    @Test func itsProfileSaysWhatItGuarantees() throws {
        let scene = try Scene(nil) { settings, _ in settings.name = "north" }
        let profile = try Scene.object(try scene.send("GET /v1/capabilities"))
        #expect(profile["merchant"] as? String == "north")
        #expect(profile["idempotent"] as? Bool == true && profile["keyTTL"] as? String == "35d")
    }
}
