import HTTPServer
import JSON

// What became of a payment, by its key or its id; and a key that is cancelled.
extension BankDesk {
    func lookUp(_ request: HTTPRequest, _ reply: @escaping Reply) {
        guard let key = request.query["idempotency_key"], !key.isEmpty else {
            let words = "the query's idempotency_key is missing"
            return reply(.answer(Answers.problem(400, "validation", words)))
        }
        // What is told must be on disk: a bank that is killed has not lied.
        let now = clock.now
        let payment = locked { $0.books.payment(key) }
        whenWritten(reply) { [self] in
            let target = FaultList.Target(key: key, payment?.request)
            let age = payment.map { now - $0.at }
            let fault = strike(.lookup, target) { $0.applies(toAge: age) }
            answer(found(payment, key: key, fault, at: now), fault, reply)
        }
    }

    private func found(
        _ payment: Payment?, key: String, _ fault: Fault?, at now: Int64
    ) -> HTTPAnswer {
        var shown = payment
        // While the bank hides a payment, its view is not complete.
        var isComplete = true
        switch fault?.action {
        case .lookupFails: return Answers.internalError("as it was told to")
        case .lookupMissing: return Answers.problem(404, "not-found", "no such payment")
        case .lookupNotFound: (shown, isComplete) = (nil, false)
        case .lookupIncomplete: isComplete = false
        case .lookupStale:
            shown?.status = .pending
            shown?.completedAt = nil
            shown?.failure = nil
        case .lookupLies:
            shown?.status = .failed
            shown?.failure = "insufficient_funds"
        case .lookupForeign:
            let strange = PaymentRequest(
                direction: "collect", amount: 4_200, currency: "EUR", account: "stranger",
                reference: "of-another-merchant", obligation: "")
            shown = Payment(
                number: 999_999, key: "of-another-merchant", copy: 1, request: strange,
                status: .succeeded, at: now, completedAt: now)
        case .lookupFlaps:
            let count = locked { state -> Int in
                state.flaps[key, default: 0] += 1
                return state.flaps[key] ?? 0
            }
            if count % 2 == 1 { shown = nil }
        default: shown = payment.map { Answers.wrong($0, fault?.action) }
        }
        return Answers.json(
            200,
            [
                "as_of": Answers.time(now), "complete": .bool(isComplete),
                "data": .array(shown.map { [Answers.record($0)] } ?? []),
            ])
    }

    func find(id: String, _ reply: @escaping Reply) {
        let payment = locked { $0.books.payment(id: id) }
        whenWritten(reply) { [self] in
            let target = FaultList.Target(key: payment?.key ?? "", payment?.request)
            let fault = strike(.lookup, target) { $0.subject == .lookup && !$0.isOfKeys }
            let record = payment.map {
                Answers.json(200, Answers.record(Answers.wrong($0, fault?.action)))
            }
            answer(record ?? Answers.problem(404, "not-found", "no payment \(id)"), fault, reply)
        }
    }

    /// From its answer on nothing will ever be executed under the key, or it says what was.
    func cancel(_ request: HTTPRequest, _ reply: @escaping Reply) {
        let key: String
        do throws(WrongMember) {
            guard let members = Members(parsing: request.body) else {
                throw WrongMember("the body is no JSON object")
            }
            guard let text = try members.text("idempotency_key"),
                (1...255).contains(text.utf8.count)
            else { throw WrongMember("idempotency_key is missing, or no text of 1 to 255 bytes") }
            key = text
        } catch {
            return reply(.answer(Answers.problem(400, "validation", error.words)))
        }
        let now = clock.now
        let (payment, wasChanged) = locked { state -> (Payment?, Bool) in
            guard let payment = state.books.payment(key) else {
                if !state.books.isCancelled(key) { state.books.bury(key, at: now) }
                return (nil, false)
            }
            let isChanged = state.books.change(payment.number, to: .cancelled, at: now)
            if isChanged { state.books.bury(key, at: now) }
            return (state.books.payment(key), isChanged)
        }
        if let payment, wasChanged { tell(payment) }
        let fault = strike(.cancel, FaultList.Target(key: key, payment?.request))
        let isCancelled = payment == nil || payment?.status == .cancelled
        let answered = Answers.json(
            200,
            [
                "cancelled": .bool(isCancelled),
                "data": .array(payment.map { [Answers.record($0)] } ?? []),
                "idempotency_key": .string(key),
            ])
        whenWritten(reply) { [self] in answer(answered, fault, reply) }
    }
}

extension Fault {
    /// Whether it is about what a key finds, and not about any answer.
    fileprivate var isOfKeys: Bool {
        switch action {
        case .lookupNotFound, .lookupFails, .lookupMissing, .lookupStale, .lookupLies,
            .lookupForeign, .lookupFlaps, .lookupIncomplete:
            true
        default: false
        }
    }

    /// Whether it has anything to do to a lookup of a payment of this age; nil where there is
    /// none: what was never paid can't be hidden, it is not found, truly.
    fileprivate func applies(toAge age: Int64?) -> Bool {
        switch action {
        case .lookupNotFound: age.map { $0 < milliseconds } ?? false
        case .lookupStale, .lookupLies:
            age.map { !hasMilliseconds || $0 < milliseconds } ?? false
        case .lookupFlaps: age != nil
        default: true
        }
    }
}
