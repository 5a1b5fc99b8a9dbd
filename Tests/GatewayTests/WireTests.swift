import Foundation
import Gateway
import Glibc
import Payments
import Synchronization
import Testing

/// What is on the wire, and how often.
@Suite struct WireTests {
    @Test func aPaymentIsOneRequestOfTheContract() async throws {
        let server = try ScriptedServer(.send(http(201, record())))
        let gateway = gateway(server.url)
        #expect(await gateway.sent() == .answered(
            status: 201, record: paid, problem: nil, retryAfterSeconds: nil))
        #expect(await gateway.sent() == .answered(
            status: 201, record: paid, problem: nil, retryAfterSeconds: nil))

        let requests = try await server.requests()
        try #require(requests.count == 2)
        for request in requests {
            #expect(request.isWhole)
            #expect(request.head.hasPrefix("POST /v1/payments HTTP/1.1\r\n"))
            #expect(request.header("Authorization") == "Bearer \(token)")
            #expect(request.header("Idempotency-Key") == key)
            #expect(request.header("Content-Type") == "application/json")
            #expect(request.body == String(decoding: payment.body, as: UTF8.self))
        }
        #expect(requests.map(\.connection) == [1, 2])
        let attempts = requests.compactMap { $0.header("X-Request-Id") }
        #expect(Set(attempts).count == 2)
        server.stop()
    }

    @Test func aLookupNeverLeavesItsConnectionToAPayment() async throws {
        let nothing = http(200, #"{"data":[],"as_of":"2025-01-01T00:00:00Z","complete":true}"#)
        let server = try ScriptedServer(
            .send(nothing), .send(http(201, record())), .send(nothing))
        let gateway = gateway(server.url)
        #expect(await gateway.found() == .notFound(isComplete: true))
        _ = await gateway.sent()
        #expect(await gateway.found() == .notFound(isComplete: true))
        let requests = server.requestsUntilNow()
        #expect(requests.map(\.connection) == [1, 2, 3])
        #expect(requests[0].head.hasPrefix("GET /v1/payments?idempotency_key=\(key) HTTP"))
        server.stop()
    }

    /// A provider that answers twice: the second copy comes when the connection is idle, and is no
    /// answer to the next question.
    @Test func aLateCopyOfAnAnswerIsNobodysAnswer() async throws {
        let nothing = http(200, #"{"data":[],"as_of":"2025-01-01T00:00:00Z","complete":true}"#)
        let found = http(
            200, #"{"data":[\#(record())],"as_of":"2025-01-01T00:00:00Z","complete":true}"#)
        let server = try ScriptedServer(.sendTwice(nothing), .send(found))
        let gateway = gateway(server.url)
        #expect(await gateway.found() == .notFound(isComplete: true))
        try await server.waitForRequests(1)
        try await Task.sleep(for: .milliseconds(200))
        #expect(await gateway.found() == .found(paid))
        server.stop()
    }

    /// Cases 56 and 58: the bank may have executed the second when its connection died. libcurl
    /// opens another to send it again; nothing whole may come there.
    @Test func aKeptConnectionThatDiesTakesNoSecondCopyAlong() async throws {
        let server = try ScriptedServer(
            .send(http(201, record())), .end(""), .send(http(201, record())))
        let gateway = gateway(server.url, reusing: true)
        _ = await gateway.sent()
        #expect(await gateway.sent().failure == .connectionLost)
        gateway.close()
        let requests = try await server.requests()
        #expect(requests.filter(\.isWhole).map(\.connection) == [1, 1])
        let copies = requests.filter { !$0.isWhole }
        #expect(copies.allSatisfy { $0.connection == 2 && $0.body.isEmpty })
        server.stop()
    }

    /// The same, and nobody listens any more: "could not connect", of what was executed.
    @Test func aBankThatDiesAfterExecutingIsNotUnconnected() async throws {
        let server = try ScriptedServer(.send(http(201, record())), .die)
        let gateway = gateway(server.url, reusing: true)
        _ = await gateway.sent()
        let answer = await gateway.sent()
        let proofs: [TransportFailure] = [.notConnected, .windowClosed]
        #expect(answer.failure.map { !proofs.contains($0) } == true, "\(answer)")
        gateway.close()
        #expect(try await server.requests().filter(\.isWhole).count == 2)
    }

    @Test func aClosedWindowSendsNothing() async throws {
        let server = try ScriptedServer(.send(http(201, record())))
        let asked = Counter()
        let gateway = gateway(server.url)
        let answer = await gateway.sent {
            asked.next()
            return false
        }
        #expect(answer.failure == .windowClosed)
        #expect(asked.value == 1)
        #expect(try await server.requests().isEmpty, "not even a head left")
        server.stop()
    }

    /// The window is asked before the head, before the first byte of the body, before its last,
    /// and before the end of a chunked body. Once the head is out nothing is proven any more.
    @Test(arguments: [true, false], 1...4)
    func aWindowThatClosesOnTheWaySendsNothingWhole(isChunked: Bool, closing: Int) async throws {
        guard isChunked || closing < 4 else { return }
        let server = try ScriptedServer(.send(http(201, record())))
        let asked = Counter()
        let gateway = gateway(server.url) { $0.acceptsChunkedBodies = isChunked }
        let answer = await gateway.sent { asked.next() < closing }
        #expect(answer.failure == (closing == 1 ? .windowClosed : .other), "\(answer)")
        #expect(answer.cause == .windowClosed)
        #expect(asked.value == closing)
        #expect(try await server.requests().allSatisfy { !$0.isWhole })
        server.stop()
    }

    /// A provider that takes no body without a length gets one with it, and closes first.
    @Test func aBodyMayHaveALength() async throws {
        let server = try ScriptedServer(.send(http(201, record())))
        let gateway = gateway(server.url) { $0.acceptsChunkedBodies = false }
        #expect(
            await gateway.sent() == .answered(
                status: 201, record: paid, problem: nil, retryAfterSeconds: nil))
        let request = try #require(server.requestsUntilNow().first)
        #expect(request.header("Content-Length") == "\(payment.body.count)")
        #expect(request.header("Transfer-Encoding") == nil)
        #expect(request.body == String(decoding: payment.body, as: UTF8.self))
        server.stop()
    }

    @Test func whatEachRequestSays() async throws {
        let server = try ScriptedServer(.send(http(201, record())))
        var request = payment
        request.expiresAt = 1_795_464_049_394
        _ = await gateway(server.url) { $0.honoursExpiry = true }.sent(request)
        _ = await gateway(server.url).sent(request)
        _ = await gateway(server.url, reusing: true).sent()
        let seen = server.requestsUntilNow()
        try #require(seen.count == 3)
        #expect(seen.map { $0.header("Connection") } == ["close", "close", nil])
        #expect(seen.map { $0.header("Payment-Expires") } == ["2026-11-23T20:00:49.394Z", nil, nil])
        #expect(seen.allSatisfy { $0.header("Accept-Encoding") == "identity" })
        #expect(seen.allSatisfy { $0.header("Expect") == nil })
        server.stop()
    }

    /// A redirect is an answer, and nobody follows it with the token.
    @Test(arguments: [301, 302, 303, 307, 308])
    func aRedirectIsNotFollowed(status: Int) async throws {
        let elsewhere = try ScriptedServer(.send(http(201, record())))
        let server = try ScriptedServer(
            .send(http(status, "", headers: ["Location: \(elsewhere.url)/v1/payments"])))
        #expect(
            await gateway(server.url).sent() == .answered(
                status: status, record: nil, problem: nil, retryAfterSeconds: nil))
        #expect(elsewhere.connections == 0)
        #expect(server.requestsUntilNow().count == 1)
        server.stop()
        elsewhere.stop()
    }

    /// A proxy takes payments and the token along: a payer has one only by --proxy.
    @Test func noProxyButByOption() async throws {
        let proxy = try ScriptedServer(.send(http(201, record())))
        let server = try ScriptedServer(.send(http(201, record())))
        setenv("http_proxy", "http://127.0.0.1:\(proxy.url.port!)", 1)
        setenv("ALL_PROXY", "http://127.0.0.1:\(proxy.url.port!)", 1)
        defer {
            unsetenv("http_proxy")
            unsetenv("ALL_PROXY")
        }
        _ = await gateway(server.url).sent()
        #expect(proxy.connections == 0 && server.connections == 1)
        let connection = ProviderConnection(proxy: "http://127.0.0.1:\(proxy.url.port!)")
        _ = await gateway(server.url, connection: connection).sent()
        #expect(proxy.connections == 1 && server.connections == 1)
        server.stop()
        proxy.stop()
    }

    @Test func manyAtOnceAreAnsweredOnceEach() async throws {
        let server = try ScriptedServer(.send(http(201, record())))
        let gateway = gateway(server.url)
        let count = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    await gateway.sent() == .answered(
                        status: 201, record: paid, problem: nil, retryAfterSeconds: nil)
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(count == 50)
        #expect(try await server.requests().count == 50)
        #expect(server.connections == 50)
        server.stop()
    }

    @Test(arguments: [false, true])
    func closingAnswersWhatIsUnderWay(reusing: Bool) async throws {
        let server = try ScriptedServer(.hang)
        let gateway = gateway(server.url, reusing: reusing)
        async let payment = gateway.sent()
        async let lookup = gateway.found()
        try await server.waitForRequests(2)
        gateway.close()
        #expect(await payment.failure == .other)
        #expect(await lookup == .failed(.other, status: nil))
        #expect(await gateway.sent().failure == .other)
        #expect(await gateway.found() == .failed(.other, status: nil))
        #expect(try await server.requests().count == 2)
        server.stop()
    }

    @Test func theTokenIsNowhereToBeSeen() async throws {
        let gateway = gateway(URL(string: "http://127.0.0.1:1")!)
        var seen = "\(await gateway.sent()) \(await gateway.found())"
        dump(gateway, to: &seen)
        #expect(!seen.contains(token))
    }
}
