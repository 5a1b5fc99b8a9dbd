import Vocabulary

/// What an offering owes and has commanded to be paid: refunds, parts of distributions and the
/// proceeds. Each obligation is paid once; a command of it that was declined may be followed by
/// the next (allocation.md, offering.repay), and each command is remembered by itself, since what
/// was declined of one may be proven of it later, and of no other.
struct PayoutTable: Equatable, Sendable {
    /// One command of an obligation.
    struct Command: Equatable, Sendable {
        enum State: Equatable, Sendable {
            case commanded, paid
            /// With `isProven` nothing moved for sure.
            case declined(isProven: Bool)
        }

        var state = State.commanded
        /// The number of the last result acted on; 0 before the first.
        var lastResult: Int64 = 0
    }

    struct Payout: Equatable, Sendable {
        var account: Identifier
        var amount: MinorUnits
        /// Of a refund the collection whose money it returns.
        var original: Int32?
        var last = Command()
        /// The commands before the last one, each of them declined when the next was made.
        var earlier: [Command] = []
        var isPaid = false

        /// The number of its last command.
        var number: Int32 { Int32(earlier.count) + 1 }

        subscript(number: Int32) -> Command {
            get { number == self.number ? last : earlier[Int(number) - 1] }
            set {
                if number == self.number {
                    last = newValue
                } else {
                    earlier[Int(number) - 1] = newValue
                }
            }
        }

        /// Whether no command of it has moved money, and none will.
        var isProvenUnpaid: Bool {
            !isPaid && last.state == .declined(isProven: true)
                && earlier.allSatisfy { $0.state == .declined(isProven: true) }
        }
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
            payout.isPaid = true
            payout[id.number] = Command(state: .paid, lastResult: result)
        }
    }

    /// One of its commands was declined, or what was declined is proven now.
    mutating func decline(_ id: PaymentID, isProven: Bool, result: Int64) {
        change(id) {
            $0[id.number] = Command(state: .declined(isProven: isProven), lastResult: result)
        }
    }

    /// The next command of an obligation is made; answers its id.
    mutating func repay(_ id: PaymentID) -> PaymentID {
        var next = id.obligation
        change(id) { payout in
            payout.earlier.append(payout.last)
            payout.last = Command()
            next.number = payout.number
        }
        return next
    }

    /// A result moved nothing but its own number.
    mutating func note(_ id: PaymentID, result: Int64) {
        change(id) { $0[id.number].lastResult = result }
    }

    private mutating func change(_ id: PaymentID, _ body: (inout Payout) -> Void) {
        let obligation = id.obligation
        guard var payout = payouts[obligation] else {
            preconditionFailure("nothing is owed as \(obligation)")
        }
        count(id, payout, by: -1)
        body(&payout)
        count(id, payout, by: 1)
        payouts[obligation] = payout
    }

    private mutating func count(_ id: PaymentID, _ payout: Payout, by step: Int) {
        if case .refund = id.kind {
            if !payout.isPaid { openRefunds += step }
        } else {
            if !payout.isPaid { openPayouts += step }
            if !payout.isProvenUnpaid { irrevocable += step }
        }
    }
}
