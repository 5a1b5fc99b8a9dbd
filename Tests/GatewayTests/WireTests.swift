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
        #expect(requests.map(\.connection) == [1, 2, 1])
        #expect(requests[0].head.hasPrefix("GET /v1/payments?idempotency_key=\(key) HTTP"))
        server.stop()
    }

    /// Cases 56 and 58: the bank may have executed the second when its connection died. libcurl
    /// opens another to send it again; nothing whole may come there.
    @Test func aKeptConnectionThatDiesTakesNoSecondCopyAlong() async throws {
        let server = try ScriptedServer(
            .send(http(201, record())), .end(""), .send(http(201, record())))
        let gateway = gateway(server.url, reusing: true)
        _ = await gateway.sent()
        #expect(await gateway.sent() == .failed(.connectionLost))
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
        let proofs: [SendingAnswer] = [.failed(.notConnected), .failed(.windowClosed)]
        #expect(!proofs.contains(answer), "\(answer)")
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
        #expect(answer == .failed(.windowClosed))
        #expect(asked.value == 1)
        let requests = try await server.requests()
        #expect(requests.allSatisfy { !$0.isWhole && $0.body.isEmpty })
        server.stop()
    }

    /// The window is asked three times: before the first byte, before the last, before the end.
    @Test(arguments: [(1, TransportFailure.windowClosed), (2, .windowClosed), (3, .other)])
    func aWindowThatClosesOnTheWaySendsNothingWhole(
        at closing: Int, expected: TransportFailure
    ) async throws {
        let server = try ScriptedServer(.send(http(201, record())))
        let asked = Counter()
        let gateway = gateway(server.url)
        #expect(await gateway.sent { asked.next() < closing } == .failed(expected))
        #expect(asked.value == closing)
        #expect(try await server.requests().allSatisfy { !$0.isWhole })
        server.stop()
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
        #expect(await payment == .failed(.other))
        #expect(await lookup == .failed(.other, status: nil))
        #expect(await gateway.sent() == .failed(.other))
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
