import Foundation
import Payments
import Synchronization
import Vocabulary

/// Asks a provider's sandbox for what its profile claims (Payments.md, Checking a provider).
///
/// Each claim is tried by requests as the payer sends them. They move little, but they do move
/// it: never run this against a provider where money is real.
package final class ProviderCheck {
    /// A body can't be made that says less.
    private static let wrongAmount: Int64 = 0
    private static let copies = 8

    private let gateway: HTTPGateway
    private let stranger: HTTPGateway
    private let profile: ProviderProfile
    private let request: (_ number: Int, _ amount: Int64) -> ProviderRequest
    private let now: @Sendable () -> Timestamp
    private var number = 0
    private var claims: [CheckedClaim] = []

    /// Nil where the address or the token can't be used. `request` makes requests as the payer
    /// does, each number under another key; `now` is the clock of the wall.
    package init?(
        baseURL: URL, token: String, profile: ProviderProfile, connection: ProviderConnection,
        now: @escaping @Sendable () -> Timestamp,
        request: @escaping (_ number: Int, _ amount: Int64) -> ProviderRequest
    ) {
        guard
            let gateway = HTTPGateway(
                baseURL: baseURL, token: token, profile: profile, connection: connection),
            let stranger = HTTPGateway(
                baseURL: baseURL, token: "not-the-token", profile: profile, connection: connection)
        else { return nil }
        (self.gateway, self.stranger) = (gateway, stranger)
        self.profile = profile
        self.now = now
        self.request = request
    }

    deinit {
        gateway.close()
        stranger.close()
    }

    /// What is tried, in this order; each answers its claims.
    package var steps: [(words: String, run: () -> [CheckedClaim])] {
        [
            ("asking for a key that nobody used", { self.collect(self.checkLookup) }),
            ("paying once", { self.collect(self.checkPayment) }),
            ("sending the same again", { self.collect(self.checkRepeat) }),
            ("sending eight copies at once", { self.collect(self.checkCopies) }),
            ("using a key for another payment", { self.collect(self.checkReuse) }),
            ("sending a request without its end", { self.collect(self.checkHalf) }),
            ("sending after the expiry", { self.collect(self.checkExpiry) }),
            ("sending with another token", { self.collect(self.checkStranger) }),
            ("sending what can't be", { self.collect(self.checkValidation) }),
            ("what only time shows", { self.collect(self.listUnchecked) }),
        ]
    }

    private func collect(_ check: () -> Void) -> [CheckedClaim] {
        claims = []
        check()
        return claims
    }

    private func say(_ claim: String, _ verdict: CheckedClaim.Verdict, _ sentence: String) {
        claims.append(CheckedClaim(claim, verdict, sentence))
    }

    // MARK: What is tried

    private func checkLookup() {
        guard profile.looksUpByKey else {
            return say("lookupByKey", .unchecked, "the profile doesn't claim it")
        }
        switch lookUp(next().key) {
        case .notFound(let isComplete):
            say("lookupByKey", .holds, "an unused key is 'not found'")
            if profile.notFoundIsFinal {
                say(
                    "notFoundIsFinal", isComplete ? .holds : .broken,
                    isComplete
                        ? "'not found' calls itself complete"
                        : "'not found' says that it is not complete, and proves nothing")
            }
        case .found: say("lookupByKey", .broken, "an unused key is found")
        case .failed(let failure, let status, let cause):
            say("lookupByKey", .broken, "no answer: " + Self.words(failure, status, cause))
        }
    }

    private func checkPayment() {
        let request = next()
        let answer = send(request)
        let found = Classification.classify(
            answer, to: request, isFirstSend: true, profile: profile)
        guard found == .paid || found == .pending else {
            return say("contract", .broken, "a payment is not executed: \(Self.words(answer))")
        }
        say("contract", .holds, "a payment is executed, and its record echoes the request")
        guard profile.looksUpByKey else { return }
        let delay = profile.lookupVisibilityDelayMilliseconds
        say(
            "lookupVisibilityDelay", finds(request.key, within: delay) == true ? .holds : .broken,
            "a lookup must show it within \(delay) ms")
    }

    private func checkRepeat() {
        let request = next()
        guard case .answered(_, let first?, _, _) = send(request),
            case .answered(_, let second?, _, _) = send(request)
        else {
            return say("idempotent", verdictOnKeys(false), "the same request is not answered twice")
        }
        say(
            "idempotent", verdictOnKeys(first.id == second.id),
            first.id == second.id
                ? "the same request under the same key is answered with the same payment"
                : "the same request under the same key is a second payment")
    }

    private func checkCopies() {
        let request = next()
        let answers = Mutex<[SendingAnswer]>([])
        let isDone = DispatchSemaphore(value: 0)
        for _ in 0..<Self.copies {
            gateway.send(request, mayBegin: { true }) { answer in
                answers.withLock { $0.append(answer) }
                isDone.signal()
            }
        }
        for _ in 0..<Self.copies { isDone.wait() }
        var payments: Set<String> = []
        for case .answered(_, let record?, _, _) in answers.withLock({ $0 }) {
            payments.insert(record.id)
        }
        say(
            "idempotent", verdictOnKeys(payments.count == 1),
            "\(Self.copies) copies at once came to \(payments.count) "
                + (payments.count == 1 ? "payment" : "payments"))
    }

    /// A claim of idempotent keys that isn't made can't be broken.
    private func verdictOnKeys(_ holds: Bool) -> CheckedClaim.Verdict {
        profile.isIdempotent ? holds ? .holds : .broken : .unchecked
    }

    private func checkReuse() {
        let request = next()
        var other = self.request(number, 2)
        other.key = request.key
        guard case .answered(_, let first?, _, _) = send(request) else {
            return say("contract", .unchecked, "no payment whose key could be used again")
        }
        switch send(other) {
        case .answered(409, _, _, _), .answered(422, _, _, _):
            say("contract", .holds, "a key that was used for another payment is refused")
        case .answered(_, let second?, _, _) where second.id == first.id:
            say("contract", .holds, "a key that was used stands for its first payment")
        case let answer:
            say(
                "idempotent", verdictOnKeys(false),
                "a key that was used pays something else: \(Self.words(answer))")
        }
    }

    private func checkHalf() {
        let request = next()
        let asked = Mutex(0)
        let last = profile.acceptsChunkedBodies ? 4 : 3
        let answer = send(request) {
            asked.withLock { $0 += 1; return $0 < last }
        }
        guard profile.looksUpByKey else {
            return say("contract", .unchecked, "whether half a request is executed: no lookups")
        }
        if case .answered = answer {
            return say("contract", .broken, "half a request is answered: \(Self.words(answer))")
        }
        expectNothing(of: request, "contract", "a request without its end is not executed")
    }

    private func checkExpiry() {
        guard profile.honoursExpiry else { return }
        var request = next()
        request.expiresAt = now() + Milliseconds(-60_000)
        let answer = send(request)
        guard case .answered(400...499, _, let problem?, _) = answer,
            Self.lastWord(problem) == "expired"
        else {
            return say("honoursExpiry", .broken, "an expired request: \(Self.words(answer))")
        }
        expectNothing(of: request, "honoursExpiry", "a request after its expiry is refused")
    }

    private func checkStranger() {
        let request = next()
        let answer = wait { stranger.send(request, mayBegin: { true }, answer: $0) }
        guard case .answered(let status, _, _, _) = answer, (400...499).contains(status) else {
            // A sandbox may know no tokens.
            return say(
                "notExecutedStatuses", profile.notExecutedStatuses.isEmpty ? .unchecked : .broken,
                "a request with another token is not refused: \(Self.words(answer))")
        }
        let isListed = profile.notExecutedStatuses.contains(status)
        expectNothing(
            of: request, isListed ? "notExecutedStatuses" : "contract",
            "another token is answered \(status), and nothing is executed")
    }

    private func checkValidation() {
        number += 1
        let request = self.request(number, Self.wrongAmount)
        let answer = send(request)
        guard case .answered(let status, _, let problem, _) = answer, status == 400 || status == 422
        else {
            return say(
                "validationProblems", .broken, "an amount of 0: \(Self.words(answer))")
        }
        let word = problem.flatMap { Self.lastWord($0) }
        guard let word, profile.validationProblems.contains(word) else {
            return say(
                "validationProblems", .unchecked,
                "an amount of 0 is answered \(status) '\(problem ?? "")', which is not listed")
        }
        expectNothing(
            of: request, "validationProblems", "'\(word)' means that nothing was executed")
    }

    private func listUnchecked() {
        if profile.keyLifetimeMilliseconds != nil {
            say("keyTTL", .unchecked, "it would take as long as the keys live")
        } else if profile.isIdempotent {
            say("keyTTL", .unchecked, "that keys are never forgotten can't be seen")
        }
        if profile.limitsBeforeExecution {
            say("limiterBeforeExecution", .unchecked, "the limiter can't be made to refuse")
        }
        if !profile.finalDeclines.isEmpty {
            say("finalDeclines", .unchecked, "no request is sure to be declined")
        }
    }

    // MARK: Asking

    private func next() -> ProviderRequest {
        number += 1
        return request(number, 1)
    }

    private func expectNothing(of request: ProviderRequest, _ claim: String, _ words: String) {
        guard profile.looksUpByKey else {
            return say(claim, .unchecked, words + ": no lookups to see it by")
        }
        switch finds(request.key, within: profile.lookupVisibilityDelayMilliseconds + 1_000) {
        case true?: say(claim, .broken, words + ": but it was executed")
        case false?: say(claim, .holds, words)
        case nil:
            say(claim, .unchecked, words + ": no lookup said for certain that it is not there")
        }
    }

    /// Nil where the last lookup of that time said neither.
    private func finds(_ key: String, within milliseconds: Int64) -> Bool? {
        let end = now() + Milliseconds(milliseconds)
        while true {
            let answer = lookUp(key)
            if case .found = answer { return true }
            guard now() < end else { return answer == .notFound(isComplete: true) ? false : nil }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }

    private func send(
        _ request: ProviderRequest, mayBegin: @escaping @Sendable () -> Bool = { true }
    ) -> SendingAnswer {
        wait { gateway.send(request, mayBegin: mayBegin, answer: $0) }
    }

    private func lookUp(_ key: String) -> LookupAnswer {
        wait { gateway.lookUp(key: key, answer: $0) }
    }

    private func wait<Answer: Sendable>(
        _ ask: (@escaping @Sendable (Answer) -> Void) -> Void
    ) -> Answer {
        let found = Mutex<Answer?>(nil)
        let isDone = DispatchSemaphore(value: 0)
        ask { answer in
            found.withLock { $0 = answer }
            isDone.signal()
        }
        isDone.wait()
        guard let answer = found.withLock({ $0 }) else {
            preconditionFailure("every request is answered")
        }
        return answer
    }

    // MARK: Words

    /// `urn:problem:expired` is `expired`.
    private static func lastWord(_ problem: String) -> String? {
        problem.split(whereSeparator: { $0 == ":" || $0 == "/" }).last.map { String($0) }
    }

    private static func words(_ answer: SendingAnswer) -> String {
        switch answer {
        case .answered(let status, let record, let problem, _):
            "\(status)" + (problem.map { " '\($0)'" } ?? record.map { ", \($0.status)" } ?? "")
        case .failed(let failure, let details): words(failure, details.status, details.cause)
        }
    }

    private static func words(
        _ failure: TransportFailure?, _ status: Int?, _ cause: TransportCause?
    ) -> String {
        [status.map { "\($0)" }, cause?.rawValue ?? failure?.rawValue]
            .compactMap { $0 }.joined(separator: " ")
    }
}
