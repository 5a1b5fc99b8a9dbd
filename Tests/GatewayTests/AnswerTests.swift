import Foundation
import Gateway
import Payments
import Testing
import Vocabulary

/// What is read out of answers that came whole.
@Suite struct AnswerTests {
    private func answer(to step: ScriptedServer.Step) async throws -> SendingAnswer {
        let server = try ScriptedServer(step)
        defer { server.stop() }
        let answer = await gateway(server.url).sent()
        #expect(try await server.requests().count == 1)
        return answer
    }

    @Test(arguments: [
        (402, #"{"type":"declined"}"#, "declined"),
        (409, #"{"type":"urn:bank:request-in-progress"}"#, "urn:bank:request-in-progress"),
        (409, #"{"type":"key-cancelled","status":409}"#, "key-cancelled"),
        (422, #"{"type":"key-reused","resource_id":"pay_7"}"#, "key-reused"),
        (429, "", nil), (500, "", nil), (502, #"{"type":7}"#, nil),
        (503, #"{"type":"not-executed"}"#, "not-executed"),
        (400, #"{"type":"validation"}"#, "validation"), (404, "{}", nil),
    ] as [(Int, String, String?)])
    func aRefusal(status: Int, body: String, problem: String?) async throws {
        #expect(
            try await answer(to: .send(http(status, body)))
                == .answered(
                    status: status, record: nil, problem: problem, retryAfterSeconds: nil))
    }

    /// Neither a redirect nor a challenge makes the gateway send a second request.
    @Test(arguments: [
        (301, "Location: /elsewhere"), (302, "Location: http://127.0.0.1:1/"),
        (307, "Location: /v1/payments"), (308, "Location: /v1/payments"), (302, "X: no place"),
        (401, "WWW-Authenticate: Basic realm=\"bank\""),
        (401, "WWW-Authenticate: Digest realm=\"bank\", nonce=\"1\""),
        (401, "WWW-Authenticate: Bearer"), (407, "Proxy-Authenticate: Basic realm=\"x\""),
    ])
    func anInvitationIsNotFollowed(status: Int, header: String) async throws {
        #expect(
            try await answer(to: .send(http(status, "{}", headers: [header])))
                == .answered(status: status, record: nil, problem: nil, retryAfterSeconds: nil))
    }

    /// Success that can't be read proves nothing, nor does a record of something else.
    @Test(arguments: [
        "", "<html></html>", "{}", "[]", "null", record().replacing("}", with: ""),
        record() + "x", record(["amount": "1234.0"]), record(["amount": "1234.5"]),
        record(["amount": "1e3"]), record(["amount": "01234"]), record(["amount": #""1234""#]),
        record(["amount": "9223372036854775808"]), record(["amount": "1234,\"amount\":1"]),
        record(["status": #""done""#]), record(["id": "7"]), record(["id": #""""#]),
        record(["idempotency_key": "null"]), record(["currency": "978"]),
        record(["failure": #"{"code":"later","final":false}"#]),
        record(["failure": #"{"code":"later"}"#]), record(["failure": "true"]),
        record(["reference": "8"]), record(["direction": "[]"]),
        String(repeating: "[", count: 100_000),
    ])
    func unreadableSuccess(_ body: String) async throws {
        #expect(try await answer(to: .send(http(201, body))).failure == .unreadable)
    }

    /// Echoes that differ are for the classification to judge.
    @Test func whatTheProviderSaysIsPassedOn() async throws {
        let other = String(repeating: "0", count: 32)
        let changes: [[String: String]] = [
            ["amount": "1235"], ["amount": "-1"], ["currency": #""USD""#],
            ["idempotency_key": "\"\(other)\""], ["status": #""pending""#],
            ["status": #""failed""#, "failure": #"{"code":"no_\u0066unds","final":true}"#],
        ]
        var expected = [ProviderRecord](repeating: paid, count: 6)
        expected[0].amount = MinorUnits(rawValue: 1235)
        expected[1].amount = MinorUnits(rawValue: -1)
        expected[2].currency = "USD"
        expected[3].key = other
        expected[4].status = .pending
        expected[5].status = .failed
        expected[5].failureCode = "no_funds"
        for (change, record) in zip(changes, expected) {
            #expect(
                try await answer(to: .send(http(200, GatewayTests.record(change))))
                    == .answered(
                        status: 200, record: record, problem: nil, retryAfterSeconds: nil))
        }
    }

    @Test(arguments: [
        ("0", 0), ("7", 7), ("86400", 86_400), ("86401", 86_400), ("-5", 0), ("soon", nil),
        (String(repeating: "9", count: 40), 86_400), ("1.5", nil), ("", nil), ("-", nil),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0), ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("Sun, 06 Nov 1994 25:49:37 GMT", nil), ("Sunday, 06-Nov-94 08:49:37 GMT", nil),
    ] as [(String, Int64?)])
    func retryAfter(text: String, seconds: Int64?) async throws {
        let answered = try await answer(
            to: .send(http(429, "{}", headers: ["Retry-After: \(text)"])))
        #expect(
            answered
                == .answered(status: 429, record: nil, problem: nil, retryAfterSeconds: seconds))
    }

    /// A date within the day is counted in seconds from now, whatever month it is.
    @Test func aDateIsCountedFromNow() async throws {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let text = format.string(from: Date(timeIntervalSinceNow: 3_600))
        let answered = try await answer(
            to: .send(http(429, "{}", headers: ["Retry-After: \(text)"])))
        guard case .answered(429, nil, nil, let seconds?) = answered else {
            Issue.record("\(answered)")
            return
        }
        #expect((3_500...3_600).contains(seconds), "\(seconds)")
    }

    @Test func aHeadBeforeTheHeadIsNotTheAnswer() async throws {
        let step = "HTTP/1.1 100 Continue\r\n\r\n" + http(201, record())
        #expect(
            try await answer(to: .send(step))
                == .answered(status: 201, record: paid, problem: nil, retryAfterSeconds: nil))
    }
}
