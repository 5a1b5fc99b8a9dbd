import Foundation
import Gateway
import Payments
import Synchronization
import Testing
import Vocabulary

let key = "3f1c0000000000000000000000000042"
let token = "sk_live_nobody_may_see_this"

let payment = ProviderRequest(
    key: key, direction: .payout, amount: MinorUnits(rawValue: 1234),
    currency: CurrencyCode("EUR")!, accountToken: "acc_9", reference: "pay-7",
    body: Array(#"{"direction":"payout","amount":1234,"currency":"EUR"}"#.utf8))

/// The record that the contract shows, with members changed by `changes`.
func record(_ changes: [String: String] = [:]) -> String {
    let members = [
        ("id", #""pay_01""#), ("idempotency_key", "\"\(key)\""), ("reference", #""pay-7""#),
        ("status", #""succeeded""#), ("amount", "1234"), ("currency", #""EUR""#),
        ("direction", #""payout""#), ("failure", "null"),
    ]
    let texts = members.map { "\"\($0.0)\":\(changes[$0.0] ?? $0.1)" }
    return "{" + texts.joined(separator: ",") + "}"
}

/// The record above, as the gateway gives it.
let paid = ProviderRecord(
    id: "pay_01", key: key, status: .succeeded, amount: MinorUnits(rawValue: 1234),
    currency: "EUR", reference: "pay-7", direction: "payout")

func http(_ status: Int, _ body: String = "", headers: [String] = []) -> String {
    let lines = ["HTTP/1.1 \(status) Word", "Content-Length: \(body.utf8.count)"] + headers
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
}

/// How long an exchange may take, in milliseconds. All cases of a suite begin at once, so even a
/// deadline that must run out leaves its request the time to get out.
func deadline(runsOut: Bool) -> Int { runsOut ? 3_000 : 30_000 }

/// How long `body` takes against a deadline that must run out, which is that of the whole exchange,
/// whatever drips in meanwhile: not sooner, and later only as this machine is late.
func expectToRunOut<Answer: Sendable>(
    after milliseconds: Int, _ body: @Sendable () async -> Answer
) async throws -> Answer {
    let start = ContinuousClock.now
    // Under load a wait of the same length tells how late everything is.
    let other = Task {
        try await Task.sleep(for: .milliseconds(milliseconds))
        return ContinuousClock.now - start
    }
    let answer = await body()
    let taken = ContinuousClock.now - start
    let late = max(.zero, try await other.value - .milliseconds(milliseconds))
    #expect(taken >= .milliseconds(milliseconds - 100), "\(taken)")
    #expect(taken < .milliseconds(milliseconds + 2_500) + min(late, .seconds(5)), "\(taken)")
    return answer
}

func gateway(
    _ url: URL, reusing: Bool = false, deadlineMilliseconds: Int = deadline(runsOut: false),
    connection: ProviderConnection = ProviderConnection(),
    _ change: (inout ProviderProfile) -> Void = { _ in }
) -> HTTPGateway {
    var profile = ProviderProfile()
    profile.reusesConnections = reusing
    profile.httpDeadlineMilliseconds = Int64(deadlineMilliseconds)
    change(&profile)
    return HTTPGateway(baseURL: url, token: token, profile: profile, connection: connection)!
}

extension SendingAnswer {
    /// Why there is no answer; nil where there is one.
    var failure: TransportFailure? {
        if case .failed(let failure, _) = self { failure } else { nil }
    }

    var cause: TransportCause? {
        if case .failed(_, let details) = self { details.cause } else { nil }
    }
}

extension LookupAnswer {
    /// Without the cause, which tests of their own look at.
    var plain: LookupAnswer {
        if case .failed(let failure, let status, _) = self {
            .failed(failure, status: status)
        } else {
            self
        }
    }
}

extension HTTPGateway {
    /// A second answer would end the process: a continuation is resumed once.
    func sent(
        _ request: ProviderRequest = payment, mayBegin: @escaping @Sendable () -> Bool = { true }
    ) async -> SendingAnswer {
        await withCheckedContinuation { continuation in
            send(request, mayBegin: mayBegin) { continuation.resume(returning: $0) }
        }
    }

    func found(_ key: String = key) async -> LookupAnswer {
        await withCheckedContinuation { continuation in
            lookUp(key: key) { continuation.resume(returning: $0) }
        }
    }
}

/// Counts, from any thread.
final class Counter: Sendable {
    private let count = Mutex(0)

    /// The new count.
    @discardableResult
    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }

    var value: Int { count.withLock { $0 } }
}
