import Foundation
import SandboxBank
import Testing

/// Lookups that hide, lie, or speak of somebody else.
@Suite struct LookupTests {
    private func paid(_ fault: String) throws -> Scene {
        let scene = try Scene("[{\(fault)}]")
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201"))
        return scene
    }

    @Test func aPaymentHidesForAWhile() throws {
        let scene = try paid(#""action":"lookupNotFound","ms":60000"#)
        #expect(try scene.lookUp("k1").contains(#""complete":false,"data":[]"#))
        try scene.advance("61s")
        #expect(try scene.status("k1") == "succeeded")
    }

    @Test func aPaymentIsMissingWithoutEnd() throws {
        let scene = try paid(#""action":"lookupMissing""#)
        try scene.advance("30d")
        #expect(try scene.lookUp("k1").hasPrefix("HTTP/1.1 404"))
    }

    @Test func whatIsStaleIsPending() throws {
        let scene = try paid(#""action":"lookupStale","ms":60000"#)
        #expect(try scene.status("k1") == "pending")
        #expect(try scene.status("never-paid") == "none")
        try scene.advance("61s")
        #expect(try scene.status("k1") == "succeeded")
    }

    @Test func aLookupLies() throws {
        let scene = try paid(#""action":"lookupLies""#)
        #expect(try scene.status("k1") == "failed" && scene.movements().count == 1)
    }

    @Test func aLookupShowsAnothersPayment() throws {
        let scene = try paid(#""action":"lookupForeign""#)
        let answer = try scene.lookUp("k1")
        #expect(answer.contains("of-another-merchant") && !answer.contains(#""key":"k1""#))
    }

    @Test func aLookupFlaps() throws {
        let scene = try paid(#""action":"lookupFlaps""#)
        let seen = try (0..<4).map { _ in try scene.status("k1") }
        #expect(seen == ["none", "succeeded", "none", "succeeded"])
    }

    @Test func aViewIsIncomplete() throws {
        let scene = try paid(#""action":"lookupIncomplete""#)
        #expect(try scene.lookUp("k2").contains(#""complete":false,"data":[]"#))
        #expect(try scene.status("k1") == "succeeded")
    }

    /// What goes wrong on the way goes wrong with lookups, too.
    @Test(arguments: ["drop", "half", "halfHead", "html", "badJSON", "hugeLength"])
    func theWayGoesWrong(_ action: String) throws {
        let scene = try Scene(#"[{"action":"\#(action)","on":"lookup","times":1}]"#)
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201"))
        let seen = try scene.lookUp("k1")
        switch action {
        case "drop": #expect(seen.isEmpty)
        case "halfHead": #expect(!seen.contains("\r\n\r\n") && !seen.isEmpty)
        case "html": #expect(seen.contains("<html>"))
        case "hugeLength": #expect(seen.contains("9223372036854775807"))
        default: #expect(seen.hasPrefix("HTTP/1.1 200") && !seen.hasSuffix("}"))
        }
        #expect(try scene.status("k1") == "succeeded")
    }

    @Test func aPaymentIsFoundByItsID() throws {
        let scene = try Scene()
        _ = try scene.pay("k1")
        #expect(try scene.send("GET /v1/payments/pay_1").contains(#""idempotency_key":"k1""#))
        for id in ["pay_2", "pay_0", "pay_01", "pay_-1", "k1", "pay_99999999999999999999"] {
            #expect(try scene.send("GET /v1/payments/\(id)").hasPrefix("HTTP/1.1 404"), "\(id)")
        }
    }

    /// Hundreds wait, and the others are served.
    @Test func thoseWhoHangHoldUpNobody() throws {
        let scene = try Scene(#"[{"match":{"account":"stuck"},"action":"hang"}]"#)
        nonisolated(unsafe) let shared = scene
        let ended = DispatchSemaphore(value: 0)
        for number in 0..<100 {
            Thread.detachNewThread {
                _ = try? shared.pay("h\(number)", account: "stuck")
                ended.signal()
            }
        }
        #expect(try holds { try scene.movements().count == 100 })
        #expect(try scene.pay("k1").hasPrefix("HTTP/1.1 201"))
        scene.bank.stop()
        for _ in 0..<100 { #expect(ended.wait(timeout: .now() + 20) == .success) }
    }
}
