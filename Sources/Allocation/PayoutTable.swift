import Vocabulary

/// What an offering owes and has commanded to be paid: refunds, parts of distributions and the
/// proceeds. Each obligation is paid once; a command of it that was declined may be followed by
/// the next (allocation.md, offering.repay).
struct PayoutTable: Equatable, Sendable {
    enum State: Equatable, Sendable {
        case commanded, paid
        /// With `isProven` nothing moved for sure.
        case declined(isProven: Bool)
    }

    struct Payout: Equatable, Sendable {
        var account: Identifier
        var amount: MinorUnits
        /// Of a refund the collection whose money it returns.
        var original: Int32?
        /// The number of its last command.
        var number: Int32 = 1
        var state = State.commanded
        /// The number of the last result of that command; 0 before the first.
        var lastResult: Int64 = 0
    }

    private var payouts: [PaymentID: Payout] = [:]
    /// How many refunds each bid was given.
    private var refunds: [UInt32: Int32] = [:]
    /// Refunds that are not paid yet.
    private(set) var openRefunds = 0
    /// Other payouts that are not paid yet.
    private(set) var openPayouts = 0
    /// Payouts, refunds aside, whose money moved or may have moved.
    private(set) var irrevocable = 0

    /// The payout of an obligation, named by it or by any of its commands.
    subscript(id: PaymentID) -> Payout? { payouts[id.obligation] }

    /// The number of the next refund of a bid.
    func nextRefund(of bid: BidIndex) -> Int32 { (refunds[bid.value] ?? 0) + 1 }

    mutating func addRefund(_ id: PaymentID, of bid: BidIndex, _ payout: Payout) {
        refunds[bid.value, default: 0] += 1
        payouts[id.obligation] = payout
        openRefunds += 1
    }

    /// A part of a distribution, or the proceeds.
    mutating func add(_ id: PaymentID, _ payout: Payout) {
        payouts[id.obligation] = payout
        openPayouts += 1
        irrevocable += 1
    }

    /// One of its commands was paid.
    mutating func pay(_ id: PaymentID, result: Int64) {
        change(id) { payout in
            payout.state = .paid
            if payout.number == id.number { payout.lastResult = result }
        }
    }

    mutating func decline(_ id: PaymentID, isProven: Bool, result: Int64) {
        change(id) { payout in
            payout.state = .declined(isProven: isProven)
            payout.lastResult = result
        }
    }

    /// The next command of an obligation is made; answers its id.
    mutating func repay(_ id: PaymentID) -> PaymentID {
        var next = id.obligation
        change(id) { payout in
            payout.number += 1
            payout.state = .commanded
            payout.lastResult = 0
            next.number = payout.number
        }
        return next
    }

    /// A result moved nothing but its own number.
    mutating func note(_ id: PaymentID, result: Int64) {
        change(id) { $0.lastResult = result }
    }

    private mutating func change(_ id: PaymentID, _ body: (inout Payout) -> Void) {
        let obligation = id.obligation
        guard var payout = payouts[obligation] else {
            preconditionFailure("nothing is owed as \(obligation)")
        }
        let before = payout.state
        body(&payout)
        payouts[obligation] = payout
        count(id, before, by: -1)
        count(id, payout.state, by: 1)
    }

    private mutating func count(_ id: PaymentID, _ state: State, by step: Int) {
        if case .refund = id.kind {
            if state != .paid { openRefunds += step }
        } else {
            if state != .paid { openPayouts += step }
            if state != .declined(isProven: true) { irrevocable += step }
        }
    }
}
