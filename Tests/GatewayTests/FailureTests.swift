import Foundation
import Gateway
import Glibc
import Payments
import Testing

/// What came of a payment where things go wrong: the script, and the answer.
@Suite struct FailureTests {
    /// Answers without end are cut off while they come, whatever length they announce.
    @Test(arguments: [
        (.end(""), .connectionLost, .connectionLost),
        (.reset(""), .connectionLost, .connectionLost),
        (.hang, .timedOut, .timedOut),
        (.drip, .timedOut, .timedOut),
        (.end("HTTP/1.1 201 C\r\nContent-Length: 99\r\n\r\n{\"id\":"),
            .unreadable, .connectionLost),
        (.reset("HTTP/1.1 201 C\r\nContent-Length: 99\r\n\r\n{\"id\":"),
            .unreadable, .connectionLost),
        (.end("HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n63\r\n{\"id\":"),
            .unreadable, .connectionLost),
        (.end("HTTP/1.1 503 C\r\nContent-Length: 99\r\n\r\n{\"type\":\"not-executed\""),
            .unreadable, .connectionLost),
        // In the middle of the head.
        (.end("HTTP/1.1 201 Created\r\nContent-Le"), .unreadable, .connectionLost),
        (.end("HTTP/1.1 402 Payment Required\r\n"), .unreadable, .connectionLost),
        (.end("HTTP/1.1 402 Payment"), .connectionLost, .connectionLost),
        (.end("no HTTP at all\r\n\r\n"), .unreadable, .notTheContract),
        (.end(http(200, record() + String(repeating: " ", count: 2 << 20))),
            .unreadable, .answerTooLong),
        (.end("HTTP/1.1 201 C\r\nContent-Length: 9223372036854775807\r\n\r\n{}"),
            .unreadable, .answerTooLong),
        (.end("HTTP/1.1 201 C\r\nX: " + String(repeating: "x", count: 90_000) + "\r\n\r\n"),
            .unreadable, .answerTooLong),
        (.send(http(503, "<html>down</html>")), .unreadable, .notTheContract),
        (.send(http(402, "[]")), .unreadable, .notTheContract),
        (.send(http(402, record() + "{")), .unreadable, .notTheContract),
        (.send(http(201, "")), .unreadable, .notTheContract),
        (.send(http(201, "junk", headers: ["Content-Encoding: gzip"])),
            .unreadable, .notTheContract),
    ] as [(ScriptedServer.Step, TransportFailure, TransportCause)])
    func aBrokenAnswer(
        step: ScriptedServer.Step, expected: TransportFailure, cause: TransportCause
    ) async throws {
        let server = try ScriptedServer(step)
        let runsOut = expected == .timedOut
        let milliseconds = deadline(runsOut: runsOut)
        let gateway = gateway(server.url, deadlineMilliseconds: milliseconds)
        let answer = runsOut
            ? try await expectToRunOut(after: milliseconds) { await gateway.sent() }
            : await gateway.sent()
        #expect(answer.failure == expected, "\(answer)")
        #expect(answer.cause == cause, "\(answer)")
        #expect(try await server.requests().filter(\.isWhole).count == 1)
        server.stop()
    }

    /// A trailer behind a chunked answer changes nothing.
    @Test func aTrailerIsNoPartOfTheAnswer() async throws {
        let body = record()
        let server = try ScriptedServer(
            .send(
                "HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\nTrailer: Retry-After\r\n\r\n"
                    + String(body.utf8.count, radix: 16) + "\r\n\(body)\r\n0\r\n"
                    + "Retry-After: 7\r\nX-Late: yes\r\n\r\n"))
        #expect(
            await gateway(server.url).sent() == .answered(
                status: 201, record: paid, problem: nil, retryAfterSeconds: nil))
        server.stop()
    }

    /// What can't be read may still say when to come back.
    @Test func aStatusIsKeptOfAnAnswerThatIsNoJSON() async throws {
        let server = try ScriptedServer(
            .send(http(503, "<html></html>", headers: ["Retry-After: 9"])))
        #expect(
            await gateway(server.url).sent() == .failed(
                .unreadable,
                FailureDetails(status: 503, retryAfterSeconds: 9, cause: .notTheContract)))
        server.stop()
    }

    @Test(arguments: [
        (false, TransportFailure.notConnected), (true, .notConnectedReused),
    ])
    func nobodyListens(reusing: Bool, expected: TransportFailure) async throws {
        let (socket, port) = try listen()
        close(socket)
        for scheme in ["http", "https"] {
            let gateway = gateway(
                URL(string: "\(scheme)://127.0.0.1:\(port)")!, reusing: reusing)
            let answer = await gateway.sent()
            #expect(answer.failure == expected && answer.cause == .connectionRefused, "\(answer)")
            #expect(
                await gateway.found() == .failed(
                    .notConnectedReused, status: nil, cause: .connectionRefused))
        }
    }

    @Test(arguments: [
        (false, TransportFailure.notConnected), (true, .notConnectedReused),
    ])
    func noSuchHost(reusing: Bool, expected: TransportFailure) async throws {
        let gateway = gateway(URL(string: "http://nobody.invalid")!, reusing: reusing)
        let answer = await gateway.sent()
        #expect(answer.failure == expected && answer.cause == .nameNotResolved, "\(answer)")
    }

    /// A server that knows no TLS: it answers the hello with words, or goes.
    @Test(arguments: [
        (false, TransportFailure.notConnected), (true, .notConnectedReused),
    ])
    func noTLS(reusing: Bool, expected: TransportFailure) async throws {
        let (socket, port) = try listen()
        Thread.detachNewThread {
            while case let client = accept(socket, nil, nil), client >= 0 {
                send(client, "no TLS here", 11, Int32(MSG_NOSIGNAL))
                close(client)
            }
            close(socket)
        }
        let gateway = gateway(URL(string: "https://127.0.0.1:\(port)")!, reusing: reusing)
        let asked = Counter()
        let answer = await gateway.sent { asked.next() > 0 }
        #expect(answer.failure == expected && answer.cause == .tls, "\(answer)")
        #expect(asked.value == 0)
        shutdown(socket, Int32(SHUT_RDWR))
    }

    @Test(arguments: [
        "ftp://bank.example", "http://", "bank.example", "https://user@bank.example",
        "https://bank.example/?a=b", "https://bank.example/#a",
    ])
    func noAddressOfAProvider(_ text: String) throws {
        let url = try #require(URL(string: text))
        #expect(HTTPGateway(baseURL: url, token: token, profile: ProviderProfile()) == nil)
    }

    @Test(arguments: ["", "two words", "line\r\nX-Evil: 1", "tök"])
    func noTokenForAHeader(_ token: String) throws {
        let url = try #require(URL(string: "https://bank.example"))
        #expect(HTTPGateway(baseURL: url, token: token, profile: ProviderProfile()) == nil)
    }
}
