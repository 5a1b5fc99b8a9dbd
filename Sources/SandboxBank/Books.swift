/// The bank's books: payments by key, and each movement of money as two entries that cancel out.
/// In memory, and the only place where the bank's rules stand; a file keeps what changes.
struct Books: Sendable {
    struct Account: Hashable, Sendable {
        var name: String
        var currency: String
    }

    /// What a file has to keep.
    enum Change: Sendable {
        case payment(Payment)
        case movement(Movement)
        case tombstone(key: String, at: Int64)
        case storedError(key: String, status: Int64)
        case offset(Int64)
    }

    private(set) var payments: [Payment] = []
    private(set) var movements: [Movement] = []
    private(set) var balances: [Account: Int64] = [:]
    /// The first payment under each key, and how many there are.
    private var firsts: [String: (index: Int, count: Int64)] = [:]
    /// Keys under which nothing will ever be executed.
    private var tombstones: [String: Int64] = [:]
    /// Errors that a bank keeps under a key without having executed anything.
    private var storedErrors: [String: Int64] = [:]
    /// What was given back of a payment, by its number.
    private var refunded: [Int64: Int64] = [:]
    /// Of all accounts: 0, or the books are wrong.
    private var sum: Int64 = 0
    /// Days before this moment have statements, whose lines never change.
    private var closedUntil: Int64 = 0
    private var changes: [Change] = []

    /// What changed since it was asked last.
    mutating func takeChanges() -> [Change] {
        defer { changes = [] }
        return changes
    }

    // MARK: Looking

    func payment(_ key: String) -> Payment? { firsts[key].map { payments[$0.index] } }

    /// By `pay_1`.
    func payment(id: String) -> Payment? {
        guard id.hasPrefix("pay_"), let number = Int(id.dropFirst(4)),
            String(number) == id.dropFirst(4), payments.indices.contains(number - 1)
        else { return nil }
        return payments[number - 1]
    }

    func isCancelled(_ key: String) -> Bool { tombstones[key] != nil }

    func storedError(_ key: String) -> Int64? { storedErrors[key] ?? payment(key)?.storedError }

    /// What may still be refunded of a payment.
    func refundable(_ payment: Payment) -> Int64 {
        guard payment.request.direction == "collect", payment.status == .succeeded else { return 0 }
        return payment.request.amount - (refunded[payment.number] ?? 0)
    }

    // MARK: Moving money

    /// Whether balances would stay numbers.
    func hasRoom(for request: PaymentRequest) -> Bool {
        [request.account, PaymentRequest.platform].allSatisfy {
            let balance = balances[Account(name: $0, currency: request.currency)] ?? 0
            return balance.magnitude < UInt64(Int64.max - PaymentRequest.largestAmount)
        }
    }

    /// Writes a payment under a key, again where it was used before. Money moves where it succeeds
    /// at once.
    @discardableResult
    mutating func execute(
        _ request: PaymentRequest, key: String, _ status: Payment.Status, failure: String? = nil,
        next: (status: Payment.Status, at: Int64)? = nil, at time: Int64
    ) -> Payment {
        let known = firsts[key]
        let payment = Payment(
            number: Int64(payments.count) + 1, key: key, copy: (known?.count ?? 0) + 1,
            request: request, status: status, at: time,
            completedAt: status == .pending ? nil : time, failure: failure, storedError: nil,
            next: next)
        payments.append(payment)
        firsts[key] = (known?.index ?? payments.count - 1, payment.copy)
        changes.append(.payment(payment))
        noteRefund(of: payment)
        if status == .succeeded { move(payment, .payment, at: time) }
        return payment
    }

    /// Brings a payment to another status, and moves its money there; false where no payment goes
    /// that way: pending may become anything, succeeded is reversed, failed is rolled forward.
    mutating func change(
        _ number: Int64, to status: Payment.Status, failure: String? = nil,
        next: (status: Payment.Status, at: Int64)? = nil, at time: Int64
    ) -> Bool {
        guard payments.indices.contains(Int(number) - 1) else { return false }
        var payment = payments[Int(number) - 1]
        let isMoving: Movement.Kind?
        switch (payment.status, status) {
        case (.pending, .succeeded), (.failed, .succeeded): isMoving = .payment
        case (.pending, .failed), (.pending, .cancelled): isMoving = nil
        case (.succeeded, .reversed): isMoving = .reversal
        default: return false
        }
        noteRefund(of: payment, -1)
        payment.status = status
        payment.completedAt = time
        payment.failure = status == .failed ? failure ?? "insufficient_funds" : nil
        payment.next = next
        payments[Int(number) - 1] = payment
        changes.append(.payment(payment))
        noteRefund(of: payment)
        if let isMoving { move(payment, isMoving, at: time) }
        return true
    }

    /// Every further request under the payment's key is answered with this error.
    mutating func storeError(_ status: Int64, key: String) {
        if let known = firsts[key] {
            payments[known.index].storedError = status
            changes.append(.payment(payments[known.index]))
        } else {
            storedErrors[key] = status
            changes.append(.storedError(key: key, status: status))
        }
    }

    mutating func bury(_ key: String, at time: Int64) {
        tombstones[key] = time
        changes.append(.tombstone(key: key, at: time))
    }

    mutating func noteOffset(_ offset: Int64) { changes.append(.offset(offset)) }

    /// Nothing is booked before this moment from now on.
    mutating func close(until time: Int64) { closedUntil = max(closedUntil, time) }

    /// A refund that may still move counts, as one that did.
    private mutating func noteRefund(of payment: Payment, _ sign: Int64 = 1) {
        guard !payment.request.original.isEmpty,
            payment.status != .failed, payment.status != .cancelled,
            let original = self.payment(id: payment.request.original)
                ?? self.payment(payment.request.original)
        else { return }
        refunded[original.number, default: 0] += sign * payment.request.amount
    }

    private mutating func move(_ payment: Payment, _ kind: Movement.Kind, at time: Int64) {
        let sign: Int64 = kind == .reversal ? -1 : 1
        let movement = Movement(
            payment: payment.number, kind: kind, account: payment.request.account,
            currency: payment.request.currency, amount: sign * payment.request.signedAmount,
            at: max(time, closedUntil))
        enter(movement)
        changes.append(.movement(movement))
    }

    /// Both entries; the books must balance behind each step.
    private mutating func enter(_ movement: Movement) {
        movements.append(movement)
        add(movement.amount, to: movement.account, movement.currency)
        add(-movement.amount, to: PaymentRequest.platform, movement.currency)
        precondition(sum == 0, "the bank's entries come to \(sum) and not to 0")
    }

    private mutating func add(_ amount: Int64, to name: String, _ currency: String) {
        let account = Account(name: name, currency: currency)
        let before = balances[account] ?? 0
        balances[account] = before + amount
        sum += (balances[account] ?? 0) - before
    }
}

// How books are read from a file again.
extension Books {
    /// The next payment of a file; nothing is moved, since the file has the movements.
    mutating func restore(_ payment: Payment) -> Bool {
        guard payment.number == Int64(payments.count) + 1 else { return false }
        payments.append(payment)
        let known = firsts[payment.key]
        firsts[payment.key] = (known?.index ?? payments.count - 1, payment.copy)
        noteRefund(of: payment)
        return true
    }

    /// False where it belongs to no payment, or where balances would not stay numbers.
    mutating func restore(_ movement: Movement) -> Bool {
        guard payments.indices.contains(Int(movement.payment) - 1),
            movement.amount.magnitude <= UInt64(PaymentRequest.largestAmount),
            hasRoom(for: payments[Int(movement.payment) - 1].request)
        else { return false }
        enter(movement)
        return true
    }

    mutating func restore(tombstone key: String, at time: Int64) { tombstones[key] = time }

    mutating func restore(storedError status: Int64, key: String) { storedErrors[key] = status }
}
