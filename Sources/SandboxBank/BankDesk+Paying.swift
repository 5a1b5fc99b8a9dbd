import Foundation
import HTTPServer
import JSON

// How a payment is taken: what a fault does before, while and after its money moves.
extension BankDesk {
    /// A payment that is asked for, and what was decided about it on its way.
    private struct Job: Sendable {
        var wanted: PaymentRequest
        var key: String
        var target: FaultList.Target
        /// Whether the bank knows no keys.
        var ignoresKey: Bool
        /// Nothing is executed from this moment of the bank's clock on.
        var expiresAt: Int64?
        var declines = false
        /// The age from which the key is forgotten.
        var forgetsAfter: Int64?
        var during: Fault?
    }

    /// What became of a job.
    private enum Outcome: Sendable {
        case taken(Payment, isRepeat: Bool)
        case storedError(Int64)
        case refused(HTTPAnswer)
    }

    func pay(_ request: HTTPRequest, _ reply: @escaping Reply) {
        let wanted: PaymentRequest
        do throws(WrongMember) {
            wanted = try PaymentRequest(request.body)
        } catch {
            guard key(of: request, reply) != nil else { return }
            return reply(.answer(Answers.problem(400, "validation", error.words)))
        }
        pay(wanted, request, reply)
    }

    /// A refund is a payment the other way, to the account that was charged.
    func refund(_ request: HTTPRequest, of id: String, _ reply: @escaping Reply) {
        guard let original = locked({ $0.books.payment(id: id) }) else {
            return refuse(404, request, reply)
        }
        let wanted: PaymentRequest
        do throws(WrongMember) {
            wanted = try PaymentRequest(refund: request.body, of: original)
        } catch {
            return reply(.answer(Answers.problem(400, "validation", error.words)))
        }
        pay(wanted, request, reply)
    }

    /// The key, bare or quoted; nil where the request was refused for want of one.
    private func key(of request: HTTPRequest, _ reply: Reply) -> String? {
        var key = request.headers["idempotency-key"] ?? ""
        if key.count >= 2, key.hasPrefix("\""), key.hasSuffix("\"") {
            key = String(key.dropFirst().dropLast())
        }
        if key.isEmpty {
            let words = "the header Idempotency-Key is needed"
            reply(.answer(Answers.problem(400, "idempotency-key-missing", words)))
            return nil
        }
        if key.utf8.count > 255 {
            reply(.answer(Answers.problem(400, "validation", "the key has more than 255 bytes")))
            return nil
        }
        return key
    }

    private func pay(
        _ wanted: PaymentRequest, _ request: HTTPRequest, _ reply: @escaping Reply
    ) {
        guard let key = key(of: request, reply) else { return }
        let target = FaultList.Target(
            key: key, wanted, isChunked: request.headers["transfer-encoding"] != nil)
        let now = clock.now
        let (isFree, ignoresKey, before) = locked { state -> (Bool, Bool, Fault?) in
            let ignores = state.faults.ignoresKey(target, at: now)
            guard ignores || state.underWay.insert(key).inserted else { return (false, false, nil) }
            return (true, ignores, state.faults.strike(.payment, target, .before, at: now))
        }
        guard isFree else {
            return reply(
                .answer(
                    Answers.problem(
                        409, "request-in-progress", "the same key is under way", retryAfter: "1")))
        }
        let done: Reply = { [self] in
            if !ignoresKey { _ = locked { $0.underWay.remove(key) } }
            reply($0)
        }
        var job = Job(
            wanted: wanted, key: key, target: target, ignoresKey: ignoresKey,
            expiresAt: request.headers["payment-expires"].map { expiry($0, at: now) })
        switch before?.action {
        case .delay:
            let delayed = job
            clock.after(before?.milliseconds ?? 0) { [self] _ in begin(delayed, reply, done) }
            return
        case .decline: job.declines = true
        case .forget: job.forgetsAfter = before?.milliseconds ?? 0
        case .storeError:
            locked { $0.books.storeError(before?.status ?? 500, key: key) }
        default: break
        }
        if let reply = before?.silence(at: now) {
            return whenWritten(done) { done(reply) }
        }
        begin(job, reply, done)
    }

    /// A moment as `2026-11-23T20:00:49.394Z` on the bank's clock, which may be far ahead of the
    /// machine's; one that can't be read is over.
    private func expiry(_ moment: String, at now: Int64) -> Int64 {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = try? format.parse(moment) else { return now }
        let left = date.timeIntervalSinceNow * 1_000
        return now + Int64(max(-1e12, min(1e12, left)))
    }

    /// `done` frees the key; `reply` alone leaves it under way.
    private func begin(_ job: Job, _ reply: @escaping Reply, _ done: @escaping Reply) {
        var job = job
        job.during = strike(.payment, job.target, .during)
        guard let during = job.during else { return execute(job, done) }
        if let early = during.silence(at: clock.now) {
            reply(early)
            let silent = job
            return clock.after(during.milliseconds) { [self] time in
                _ = execute(silent, at: time)
                whenWritten({ _ in }) { done(.drop) }
            }
        }
        if during.action == .executeLate {
            done(.reset)
            let late = job
            return clock.after(during.milliseconds) { [self] time in
                // The bank knows the key by now if it came again.
                _ = execute(late, at: time)
            }
        }
        execute(job, done)
    }

    private func execute(_ job: Job, _ done: @escaping Reply) {
        let outcome = execute(job, at: clock.now)
        whenWritten(done) { [self] in finish(job, outcome, done) }
    }

    /// Moves the money, unless the key has been used.
    private func execute(_ job: Job, at time: Int64) -> Outcome {
        let lifetime = settings.keyLifetimeMilliseconds
        let (outcome, made) = locked { state -> (Outcome, [Payment]) in
            // Asked with the lock held: nothing can come between the question and the movement.
            if let expiry = job.expiresAt, job.during?.action != .ignoreExpiry,
                max(time, clock.now) >= expiry
            {
                return (.refused(Self.expired), [])
            }
            if !job.ignoresKey {
                if state.books.isCancelled(job.key) { return (.refused(Self.cancelled), []) }
                if let status = state.books.storedError(job.key) {
                    return (.storedError(status), [])
                }
            }
            if !job.ignoresKey, let known = state.books.payment(job.key),
                time - known.at < min(lifetime, job.forgetsAfter ?? lifetime)
            {
                guard known.request.fingerprint == job.wanted.fingerprint else {
                    return (.refused(Self.reused(known)), [])
                }
                return (.taken(known, isRepeat: true), [])
            }
            if let problem = Self.refusal(of: job.wanted, state.books) {
                return (.refused(problem), [])
            }
            let made = Self.make(job, &state.books, at: time)
            return (.taken(made[0], isRepeat: false), made)
        }
        for payment in made {
            schedule(payment)
            tell(payment)
        }
        return outcome
    }

    private static func make(_ job: Job, _ books: inout Books, at time: Int64) -> [Payment] {
        func make(
            _ status: Payment.Status, failure: String? = nil, next: Payment.Status? = nil
        ) -> Payment {
            let due = time + (job.during?.milliseconds ?? 0)
            return books.execute(
                job.wanted, key: job.key, status, failure: failure, next: next.map { ($0, due) },
                at: time)
        }
        let refusal = "insufficient_funds"
        if job.declines { return [make(.failed, failure: refusal)] }
        switch job.during?.action {
        case .pending:
            let isTimed = job.during?.hasMilliseconds == true
            return [make(.pending, next: isTimed ? job.during?.then : nil)]
        case .reverse: return [make(.succeeded, next: .reversed)]
        case .rollForward: return [make(.failed, failure: refusal, next: .succeeded)]
        case .executeTwice: return [make(.succeeded), make(.succeeded)]
        default: return [make(.succeeded)]
        }
    }

    /// Why the books can't take a payment; nil where they can.
    private static func refusal(of wanted: PaymentRequest, _ books: Books) -> HTTPAnswer? {
        guard books.hasRoom(for: wanted) else {
            return Answers.problem(400, "validation", "the balance would be no number any more")
        }
        guard !wanted.original.isEmpty else { return nil }
        guard
            let original = books.payment(id: wanted.original) ?? books.payment(wanted.original),
            original.request.direction == "collect", original.request.currency == wanted.currency,
            original.request.account == wanted.account
        else {
            let words = "original is no collection of this account and currency"
            return Answers.problem(400, "validation", words)
        }
        let left = books.refundable(original)
        guard wanted.amount <= left else {
            let words = "of \(original.id), \(left) may be refunded"
            return Answers.problem(422, "refund-exceeds-payment", words, resource: original.id)
        }
        return nil
    }

    static var cancelled: HTTPAnswer {
        Answers.problem(409, "key-cancelled", "this key was cancelled, and nothing was executed")
    }

    private static var expired: HTTPAnswer {
        Answers.problem(422, "expired", "it came after its expiry, and nothing was executed")
    }

    private static func reused(_ payment: Payment) -> HTTPAnswer {
        Answers.problem(
            422, "key-reused", "this key was used for another payment", resource: payment.id)
    }

    /// Answers as the faults want it.
    private func finish(_ job: Job, _ outcome: Outcome, _ done: @escaping Reply) {
        let (payment, isRepeat): (Payment, Bool)
        switch outcome {
        case .refused(let answer): return done(.answer(answer))
        case .storedError(let status):
            let problem = Answers.problem(Int(status), "sandbox", "as it was told to")
            return done(.answer(problem))
        case .taken(let taken, let isRepeating): (payment, isRepeat) = (taken, isRepeating)
        }
        let after = strike(.payment, job.target, .after)
        if let after, after.action == .storeError {
            locked { $0.books.storeError(after.status, key: job.key) }
            return whenWritten(done) { [self] in done(.answer(after.refusal(at: clock.now))) }
        }
        answer(Self.answer(payment, isRepeat: isRepeat, after?.action), after, done)
    }

    private static func answer(
        _ payment: Payment, isRepeat: Bool, _ action: FaultAction?
    ) -> HTTPAnswer {
        if action == .lie || payment.failure != nil {
            return Answers.problem(402, "declined", payment.failure ?? "insufficient_funds")
        }
        let first = payment.status == .pending ? 202 : 201
        return Answers.json(
            isRepeat ? 200 : first, Answers.record(Answers.wrong(payment, action)),
            isRepeat ? [("Idempotent-Replayed", "true")] : [])
    }
}
