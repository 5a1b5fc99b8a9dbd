import Gateway
import Payments
import Testing

/// What a lookup says, and what it doesn't.
@Suite struct LookupTests {
    private static func list(_ records: String..., complete: String = "true") -> String {
        let data = records.joined(separator: ",")
        return #"{"data":[\#(data)],"as_of":"2025-01-01T00:00:00Z","complete":\#(complete)}"#
    }

    private static let other = String(repeating: "0", count: 32)

    @Test(arguments: [
        (.send(http(200, list(record()))), .found(paid)),
        (.send(http(200, list(record(), complete: "false"))), .found(paid)),
        (.send(http(200, list())), .notFound(isComplete: true)),
        (.send(http(200, list(complete: "false"))), .notFound(isComplete: false)),
        (.send(http(200, list(complete: "1"))), .failed(.unreadable, status: 200)),
        (.send(http(200, #"{"data":[]}"#)), .failed(.unreadable, status: 200)),
        (.send(http(200, #"{"complete":true}"#)), .failed(.unreadable, status: 200)),
        (.send(http(200, list(record(), record()))), .failed(.unreadable, status: 200)),
        (.send(http(200, list("{}"))), .failed(.unreadable, status: 200)),
        (.send(http(200, list(record(["idempotency_key": "\"\(other)\""])))),
            .failed(.unreadable, status: 200)),
        (.send(http(200, "<html></html>")), .failed(.unreadable, status: 200)),
        (.end("HTTP/1.1 200 C\r\nContent-Length: 500\r\n\r\n" + list()),
            .failed(.unreadable, status: 200)),
        (.send(http(204)), .failed(.unreadable, status: 204)),
        (.end("HTTP/1.1 200 OK\r\nContent-Len"), .failed(.unreadable, status: 200)),
        (.end("HTTP/1.1 200 C\r\nContent-Length: 9223372036854775807\r\n\r\n{}"),
            .failed(.unreadable, status: 200)),
        (.send(http(302, "", headers: ["Location: /"])), .failed(nil, status: 302)),
        (.send(http(404, list())), .failed(nil, status: 404)),
        (.send(http(500)), .failed(nil, status: 500)),
        (.hang, .failed(.timedOut, status: nil)), (.drip, .failed(.timedOut, status: 201)),
        (.reset(""), .failed(.connectionLost, status: nil)),
    ] as [(ScriptedServer.Step, LookupAnswer)])
    func aLookup(step: ScriptedServer.Step, expected: LookupAnswer) async throws {
        let server = try ScriptedServer(step)
        let runsOut = [.hang, .drip].contains(step)
        let milliseconds = deadline(runsOut: runsOut)
        let gateway = gateway(server.url, deadlineMilliseconds: milliseconds)
        let answer = runsOut
            ? try await expectToRunOut(after: milliseconds) { await gateway.found() }
            : await gateway.found()
        #expect(answer.plain == expected)
        server.stop()
    }

    @Test func aKeyIsEscaped() async throws {
        let server = try ScriptedServer(.send(http(200, Self.list())))
        let gateway = gateway(server.url)
        _ = await gateway.found("a&b=c d\r\n#é")
        let request = try #require(server.requestsUntilNow().first)
        #expect(
            request.head.hasPrefix(
                "GET /v1/payments?idempotency_key=a%26b%3Dc%20d%0D%0A%23%C3%A9 HTTP/1.1"))
        server.stop()
    }
}
