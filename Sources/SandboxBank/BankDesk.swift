import Foundation
import HTTPServer
import JSON

/// Where requests are answered: many at once, while money moves one payment at a time. Nothing
/// here waits; what takes time is due at the bank's clock, and what must be on disk first is
/// answered by the ledger's writer.
final class BankDesk: @unchecked Sendable {
    typealias Reply = @Sendable (HTTPReply) -> Void

    /// What the lock guards.
    struct State {
        var books: Books
        var faults: FaultList
        var requests = RequestLog()
        /// Keys of payments that are being executed.
        var underWay: Set<String> = []
        /// Lookups of each key that a fault made flap.
        var flaps: [String: Int] = [:]
    }

    let clock: BankClock
    let settings: BankSettings
    private let lock = NSLock()
    private var state: State
    private let writer: LedgerWriter
    private let webhooks: WebhookSender?

    init(
        _ books: Books, _ faults: [Fault], settings: BankSettings, clock: BankClock,
        writer: LedgerWriter, webhooks: WebhookSender?
    ) {
        state = State(
            books: books, faults: FaultList(faults, seed: settings.seed, at: clock.now))
        (self.clock, self.settings) = (clock, settings)
        (self.writer, self.webhooks) = (writer, webhooks)
        for payment in books.payments where payment.next != nil { schedule(payment) }
    }

    /// Work on the books and the rest, by one thread at a time. What changed goes to the ledger.
    func locked<Result>(_ work: (inout State) -> Result) -> Result {
        lock.lock()
        defer { lock.unlock() }
        let movementCount = state.books.movements.count
        let result = work(&state)
        let changes = state.books.takeChanges()
        if !changes.isEmpty {
            let moved = state.books.movements[movementCount...].map {
                ($0, state.books.payments[Int($0.payment) - 1])
            }
            writer.add(changes, moved)
        }
        return result
    }

    /// Answers once everything that was decided so far is on disk.
    func whenWritten(_ reply: @escaping Reply, _ answer: @escaping @Sendable () -> Void) {
        writer.whenWritten { fault in
            if let fault { reply(.answer(Answers.internalError(fault))) } else { answer() }
        }
    }

    func strike(
        _ subject: FaultAction.Subject, _ target: FaultList.Target,
        _ phase: Fault.Phase = .after, where isFitting: (Fault) -> Bool = { _ in true }
    ) -> Fault? {
        let now = clock.now
        return locked { $0.faults.strike(subject, target, phase, at: now, where: isFitting) }
    }

    /// Answers by a fault of the way, where there is one.
    func answer(_ answer: HTTPAnswer, _ fault: Fault?, _ reply: @escaping Reply) {
        guard let fault else { return reply(.answer(answer)) }
        if fault.action == .delay {
            clock.after(fault.milliseconds) { _ in reply(.answer(answer)) }
        } else {
            reply(fault.silence(at: clock.now) ?? fault.reply(answer))
        }
    }

    // MARK: Routes

    func answer(_ request: HTTPRequest, _ reply: @escaping Reply) {
        let now = clock.now
        let number = locked { $0.requests.note(request, at: now) }
        guard let number else { return route(request, reply) }
        route(request) { [self] answer in
            if case .answer(let answer) = answer {
                locked { $0.requests.note(answer.status, of: number) }
            }
            reply(answer)
        }
    }

    private func route(_ request: HTTPRequest, _ reply: @escaping Reply) {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false)
            .dropFirst().map(String.init)
        if parts.first == "_sandbox" { return control(request, Array(parts.dropFirst()), reply) }
        guard parts.first == "v1", parts.count >= 2 else { return refuse(404, request, reply) }
        switch (parts[1], parts.count) {
        case ("health", 2): return reply(.answer(Answers.json(200, ["status": "up"])))
        case ("capabilities", 2):
            return reply(.answer(Answers.json(200, settings.capabilities)))
        default: break
        }
        guard request.headers["authorization"]?.hasPrefix("Bearer ") == true else {
            let problem = Answers.problem(401, "unauthorized", "a bearer token is needed")
            return reply(.answer(problem))
        }
        switch (parts[1], parts.count, request.method) {
        case ("payments", 2, "POST"): pay(request, reply)
        case ("payments", 2, "GET"), ("refunds", 2, "GET"): lookUp(request, reply)
        case ("payments", 3, "POST") where parts[2] == "cancel-by-key": cancel(request, reply)
        case ("payments", 3, "GET"), ("refunds", 3, "GET"): find(id: parts[2], reply)
        case ("payments", 4, "POST") where parts[3] == "refunds":
            refund(request, of: parts[2], reply)
        case ("statements", 3, "GET"): state(request, parts[2], reply)
        case ("payments", 2...3, _), ("refunds", 2...3, _), ("statements", 3, _):
            refuse(405, request, reply)
        default: refuse(404, request, reply)
        }
    }

    func refuse(_ status: Int, _ request: HTTPRequest, _ reply: @escaping Reply) {
        let problem = status == 405
            ? Answers.problem(405, "method-not-allowed", request.method)
            : Answers.problem(404, "not-found", request.path)
        reply(.answer(problem))
    }

    // MARK: What comes by itself

    /// What becomes of a payment later, by the bank's clock.
    func schedule(_ payment: Payment) {
        guard let next = payment.next else { return }
        clock.at(next.at) { [weak self] time in
            self?.change(payment.number, to: next.status, at: time, isDue: true)
        }
    }

    /// Brings a payment to another status; false where it can't go there.
    @discardableResult
    func change(
        _ number: Int64, to status: Payment.Status, at time: Int64, isDue: Bool = false
    ) -> Bool {
        let changed = locked { state -> Payment? in
            // Another request was first where nothing is due any more.
            guard !isDue || state.books.payments[Int(number) - 1].next != nil,
                state.books.change(number, to: status, at: time)
            else { return nil }
            return state.books.payments[Int(number) - 1]
        }
        guard let changed else { return false }
        tell(changed)
        return true
    }

    /// Sends an event, once it is true on disk.
    func tell(_ payment: Payment) {
        guard let webhooks else { return }
        writer.whenWritten { [self] fault in
            guard fault == nil else { return }
            let target = FaultList.Target(key: payment.key, payment.request)
            webhooks.send(payment, strike(.webhook, target)?.action, at: clock.now)
        }
    }
}
