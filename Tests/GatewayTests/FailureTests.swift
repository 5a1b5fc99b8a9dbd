import Foundation
import Gateway
import Glibc
import Payments
import Testing

/// What came of a payment where things go wrong: the script, and the answer.
@Suite struct FailureTests {
    @Test(arguments: [
        (.end(""), .failed(.other)),
        (.reset(""), .failed(.connectionLost)),
        (.hang, .failed(.timedOut)),
        (.drip, .failed(.timedOut)),
        (.end("HTTP/1.1 201 C\r\nContent-Length: 99\r\n\r\n{\"id\":"), .failed(.unreadable)),
        (.reset("HTTP/1.1 201 C\r\nContent-Length: 99\r\n\r\n{\"id\":"),
            .failed(.connectionLost)),
        (.end("HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n63\r\n{\"id\":"),
            .failed(.unreadable)),
        (.end("HTTP/1.1 503 C\r\nContent-Length: 99\r\n\r\n{\"type\":\"not-executed\""),
            .answered(status: 503, record: nil, problem: nil, retryAfterSeconds: nil)),
        (.end("no HTTP at all\r\n\r\n"), .failed(.other)),
        (.end(http(200, record() + String(repeating: " ", count: 2 << 20))), .failed(.unreadable)),
    ] as [(ScriptedServer.Step, SendingAnswer)])
    func aBrokenConnection(step: ScriptedServer.Step, expected: SendingAnswer) async throws {
        let server = try ScriptedServer(step)
        let runsOut = expected == .failed(.timedOut)
        let milliseconds = deadline(runsOut: runsOut)
        let gateway = gateway(server.url, deadlineMilliseconds: milliseconds)
        let answer = runsOut
            ? try await expectToRunOut(after: milliseconds) { await gateway.sent() }
            : await gateway.sent()
        #expect(answer == expected)
        #expect(try await server.requests().filter(\.isWhole).count == 1)
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
            #expect(await gateway.sent() == .failed(expected))
            #expect(await gateway.found() == .failed(.notConnectedReused, status: nil))
        }
    }

    @Test(arguments: [
        (false, TransportFailure.notConnected), (true, .notConnectedReused),
    ])
    func noSuchHost(reusing: Bool, expected: TransportFailure) async throws {
        let gateway = gateway(URL(string: "http://nobody.invalid")!, reusing: reusing)
        #expect(await gateway.sent() == .failed(expected))
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
        #expect(answer == .failed(expected))
        #expect(asked.value == 0)
        shutdown(socket, Int32(SHUT_RDWR))
    }

    @Test(arguments: [
        "ftp://bank.example", "http://", "bank.example", "https://user@bank.example",
        "https://bank.example/?a=b", "https://bank.example/#a",
    ])
    func noAddressOfAProvider(_ text: String) throws {
        let url = try #require(URL(string: text))
        #expect(
            HTTPGateway(
                baseURL: url, token: token, reusesConnections: false,
                httpDeadlineMilliseconds: 1000) == nil)
    }

    @Test(arguments: ["", "two words", "line\r\nX-Evil: 1", "tök"])
    func noTokenForAHeader(_ token: String) throws {
        let url = try #require(URL(string: "https://bank.example"))
        #expect(
            HTTPGateway(
                baseURL: url, token: token, reusesConnections: false,
                httpDeadlineMilliseconds: 1000) == nil)
    }
}
