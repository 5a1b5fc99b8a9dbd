import Vocabulary

/// What an offering owes and has commanded to be paid: refunds, parts of distributions and the
/// proceeds. Each obligation is paid once; a command of it that was declined may be followed by
/// the next (Rules.md, Paying again), and each command is remembered by itself, since what
/// was declined of one may be proven of it later, and of no other.
struct PayoutTable: Equatable, Sendable {
    /// One command of an obligation.
    struct Command: BitwiseCopyable, Equatable, Sendable {
        enum State: BitwiseCopyable, Equatable, Sendable {
            case commanded, paid
            /// It was paid, and the money came back.
            case returned
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
        /// The commands before the last one, none of them under way when the next was made.
        var earlier: [Command] = []
        var isPaid = false
        /// Of a refund: the bank took back what it was to give back.
        var isCalledOff = false

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

        /// Whether it was called off, and no command of it is under way that may pay it.
        var isForgone: Bool { isCalledOff && !isPaid && last.state != .commanded }

        /// Whether it was called off while its last command was under way, and that has no final
        /// result.
        var isRecalled: Bool { isCalledOff && !isPaid && last.state == .commanded }

        /// Whether it is still to be paid.
        var isOwed: Bool { !isPaid && !isForgone }

        /// Whether its last command came to nothing, so that it may be commanded again.
        var mayBeRepaid: Bool {
            guard !isPaid, !isCalledOff else { return false }
            return switch last.state {
            case .declined, .returned: true
            case .commanded, .paid: false
            }
        }

        /// Whether no command of it has moved money, and none will.
        var isProvenUnpaid: Bool {
            !isPaid && last.state == .declined(isProven: true)
                && earlier.allSatisfy { $0.state == .declined(isProven: true) }
        }
    }

    /// Bids that are refunded and accounts that are paid, each once; nil where there are none, as
    /// in most offerings.
    private var identifiers: IdentifierList?
    /// The ids of distributions, few of them, by number.
    private var distributionNumbers: [Identifier: UInt32] = [:]
    private var entryIndices: [Obligation: UInt32] = [:]
    /// In the order in which they came to be owed.
    private var entries = ChunkedArray<Entry>()
    /// Of the few that were commanded again, by their indices.
    private var earlierCommands: [UInt32: [Command]] = [:]
    /// How many refunds each bid was given.
    private var refunds: [UInt32: Int32] = [:]
    /// Refunds that are still to be paid.
    private(set) var openRefunds = 0
    /// Other payouts that are still to be paid.
    private(set) var openPayouts = 0
    /// Payouts, refunds aside, whose money moved or may have moved.
    private(set) var irrevocable = 0

    /// The bytes that it holds on to.
    var storageBytes: Int {
        (identifiers?.storageBytes ?? 0) + entries.storageBytes + entryIndices.count * 40
            + (earlierCommands.count + distributionNumbers.count) * 128 + refunds.count * 16
    }

    /// The payout of an obligation, named by it or by any of its commands. Of the offering that
    /// the id names nothing is known here: `OfferingBook.payout` looks at it.
    subscript(id: PaymentID) -> Payout? {
        guard let obligation = find(id), let index = entryIndices[obligation] else { return nil }
        return payout(at: index)
    }

    /// The number of the next refund of a bid.
    func nextRefund(of bid: BidIndex) -> Int32 { (refunds[bid.value] ?? 0) + 1 }

    mutating func addRefund(_ id: PaymentID, of bid: BidIndex, _ payout: Payout) {
        refunds[bid.value, default: 0] += 1
        append(id, payout)
        openRefunds += 1
    }

    /// A part of a distribution, or the proceeds.
    mutating func add(_ id: PaymentID, _ payout: Payout) {
        append(id, payout)
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

    /// What one of its commands paid came back: it is owed again.
    mutating func takeBack(_ id: PaymentID, result: Int64) {
        change(id) { payout in
            payout.isPaid = false
            payout[id.number] = Command(state: .returned, lastResult: result)
        }
    }

    /// A refund is owed no more; answers its command that is under way, unless that was answered
    /// before.
    mutating func callOff(_ id: PaymentID) -> PaymentID? {
        var underWay: PaymentID?
        change(id) { payout in
            if payout.isPaid || payout.isCalledOff { return }
            payout.isCalledOff = true
            guard payout.last.state == .commanded else { return }
            underWay = id.obligation
            underWay!.number = payout.number
        }
        return underWay
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
        guard let obligation = find(id), let index = entryIndices[obligation] else {
            preconditionFailure("nothing is owed as \(id.obligation)")
        }
        var payout = payout(at: index)
        count(id, payout, by: -1)
        body(&payout)
        count(id, payout, by: 1)
        entries[Int(index)].command = payout.last
        entries[Int(index)].isPaid = payout.isPaid
        entries[Int(index)].isCalledOff = payout.isCalledOff
        if !payout.earlier.isEmpty { earlierCommands[index] = payout.earlier }
    }

    private mutating func count(_ id: PaymentID, _ payout: Payout, by step: Int) {
        if case .refund = id.kind {
            if payout.isOwed { openRefunds += step }
        } else {
            if payout.isOwed { openPayouts += step }
            if !payout.isProvenUnpaid { irrevocable += step }
        }
    }
}

// How they are kept: an offering owes each holder something every month for years, so each is a
// few numbers, with the ids that many of them share beside them.
extension PayoutTable {
    /// What is owed, named by the numbers of its ids.
    private struct Obligation: Hashable {
        enum Kind: UInt8 { case refund, interest, principal, disbursement }

        var kind: Kind
        /// The bid that is refunded, or else the account that is paid.
        var subject: UInt32
        /// The refund's number within its bid, or the distribution's; else 0.
        var number: UInt32
    }

    private struct Entry: BitwiseCopyable, Equatable, Sendable {
        var amount: Int64
        var account: UInt32
        /// 0: none.
        var original: Int32
        var command: Command
        var isPaid: Bool
        var isCalledOff: Bool
    }

    /// How many are commanded and not paid, and the command has no final result.
    var commanded: Int {
        (0..<entries.count).count {
            !entries[$0].isPaid && entries[$0].command.state == .commanded
        }
    }

    /// How many of these were called off, so that the command was recalled.
    var recalled: Int {
        (0..<entries.count).count {
            entries[$0].isCalledOff && !entries[$0].isPaid
                && entries[$0].command.state == .commanded
        }
    }

    private func payout(at index: UInt32) -> Payout {
        let entry = entries[Int(index)]
        return Payout(
            account: identifiers![entry.account], amount: MinorUnits(rawValue: entry.amount),
            original: entry.original == 0 ? nil : entry.original, last: entry.command,
            earlier: earlierCommands[index] ?? [], isPaid: entry.isPaid,
            isCalledOff: entry.isCalledOff)
    }

    private mutating func append(_ id: PaymentID, _ payout: Payout) {
        var identifiers = self.identifiers.take() ?? IdentifierList()
        let subject = identifiers.number(of: id.subject)
        let account = identifiers.number(of: payout.account)
        self.identifiers = identifiers
        if case .distribution(_, let distribution) = id.kind,
            distributionNumbers[distribution] == nil
        {
            distributionNumbers[distribution] = UInt32(distributionNumbers.count)
        }
        guard let obligation = obligation(id, of: subject) else {
            preconditionFailure("\(id) is no payout")
        }
        entryIndices[obligation] = UInt32(entries.count)
        entries.append(
            Entry(
                amount: payout.amount.rawValue, account: account,
                original: payout.original ?? 0, command: payout.last, isPaid: payout.isPaid,
                isCalledOff: payout.isCalledOff))
    }

    private func find(_ id: PaymentID) -> Obligation? {
        identifiers?.find(id.subject).flatMap { obligation(id, of: $0) }
    }

    /// nil: no payout, or of a distribution that is not known.
    private func obligation(_ id: PaymentID, of subject: UInt32) -> Obligation? {
        switch id.kind {
        case .collection: nil
        case .refund(let number):
            Obligation(kind: .refund, subject: subject, number: UInt32(bitPattern: number))
        case .distribution(let kind, let distribution):
            distributionNumbers[distribution].map {
                Obligation(
                    kind: kind == .interest ? .interest : .principal, subject: subject, number: $0)
            }
        case .disbursement: Obligation(kind: .disbursement, subject: subject, number: 0)
        }
    }
}
