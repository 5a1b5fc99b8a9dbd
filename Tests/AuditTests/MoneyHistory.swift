import Audit
import Messages
import Vocabulary

/// What stands in the topics of one partition, as payer and allocator write it: tests change it,
/// and ask the audit of money.
struct MoneyHistory {
    var journal: [JournalRecord] = []
    var commands: [PaymentCommand] = []
    var results: [PaymentResult] = []
    var decisions: [Decision] = []
    var movements: [BankMovement] = []
    /// Where decisions say that the answers stand which they are about.
    var sources: [Offset] = []
    var mark: Int64 = 0
    /// Of the topics that are there, from which offset on.
    var starts: [Topic: Offset] = [
        .paymentJournal: 0, .paymentCommands: 0, .paymentResults: 0, .decisions: 0,
    ]

    static let price: MinorUnits = 100
    static let cny = CurrencyCode("CNY")!

    // MARK: The payer

    mutating func note(_ entry: JournalEntry) {
        mark = (journal.last?.number ?? 0) + 1
        journal.append(JournalRecord(number: mark, entry: entry))
    }

    mutating func begin(epoch: Epoch) { note(.epoch(PayerEpoch(epoch: epoch, at: 1))) }

    /// A command, ordered and taken up.
    mutating func command(
        _ id: PaymentID, _ amount: MinorUnits, due: MinorUnits? = nil, key: Identifier? = nil,
        parked: PaymentDoubt? = nil
    ) {
        let command = PaymentCommand(
            id: id, partition: 0, account: "anna", amount: amount, currency: Self.cny,
            due: due ?? amount, original: id.kind == .refund(1) ? 1 : nil)
        commands.append(command)
        note(
            .intent(
                PaymentIntent(
                    command: command, key: key ?? Self.key(id), channel: "bank",
                    accountToken: "acc", body: "{}",
                    source: CommandSource(
                        partition: 0, offset: Offset(commands.count - 1), at: 1),
                    parked: parked, result: parked == nil ? nil : 1, at: 1)))
    }

    static func key(_ id: PaymentID) -> Identifier {
        Identifier(parsing: "\(id)".replacing("/", with: "-"))!
    }

    mutating func send(
        _ id: PaymentID, _ attempt: Int64 = 1, epoch: Epoch = 1, isRepeat: Bool = false,
        key: Identifier? = nil
    ) {
        note(
            .sending(
                PaymentSending(
                    command: id, attempt: attempt, isRepeat: isRepeat, epoch: epoch,
                    channel: "bank", key: key ?? Self.key(id), windowEndsAt: 9, at: 1)))
    }

    mutating func end(
        _ id: PaymentID, _ class: PaymentOutcome.Class, _ attempt: Int64 = 1, result: Int64? = nil
    ) {
        note(
            .outcome(
                PaymentOutcome(
                    command: id, attempt: attempt, class: `class`,
                    retryAt: `class` == .notExecuted ? 1 : nil, result: result, at: 1)))
    }

    mutating func answer(
        _ kind: PaymentResult.Kind, _ id: PaymentID, _ number: Int64, isProven: Bool = false
    ) {
        let amount = commands.first { $0.id == id }?.amount
        results.append(
            PaymentResult(
                kind: kind, payment: id, result: number, offering: id.offering, account: "anna",
                amount: kind == .paid || kind == .conflict ? amount : nil, isProven: isProven))
    }

    /// Sent, paid, answered, and seen at the bank.
    mutating func pay(_ id: PaymentID, _ amount: MinorUnits, due: MinorUnits? = nil) {
        command(id, amount, due: due)
        send(id)
        end(id, .paid, result: 1)
        answer(.paid, id, 1)
        move(id, amount)
    }

    mutating func resolve(
        _ id: PaymentID, _ verdict: PaymentVerdict, result: Int64?,
        revision: PaymentResolved.Revision? = nil
    ) {
        note(
            .resolved(
                PaymentResolved(
                    command: id, resolution: "r1", verdict: verdict, proposedBy: "ben",
                    approvedBy: "carl", reference: verdict == .paid ? "pay" : nil,
                    revision: revision, source: 0, result: result, at: 1)))
    }

    mutating func show(_ id: PaymentID, _ class: PaymentStatement.Class, result: Int64?) {
        note(
            .statement(
                PaymentStatement(
                    command: id, class: `class`, line: `class` == .returned ? .returned : .booked,
                    statement: "monday", source: 0, result: result, at: 1)))
    }

    // MARK: The bank

    mutating func move(
        _ id: PaymentID, _ amount: MinorUnits, key: Identifier? = nil, isReturn: Bool = false
    ) {
        movements.append(
            BankMovement(
                place: "bank.json, movement \(movements.count + 1)",
                key: "\(key ?? Self.key(id))", reference: "\(id)", amount: amount,
                currency: Self.cny, direction: id.isCollection ? .collect : .payout,
                isReturn: isReturn))
    }

    // MARK: The allocator

    mutating func open() {
        let terms = OfferingTerms(shares: 100, price: Self.price, currency: Self.cny)
        decide(.offering(.opened(command: "open", terms)))
    }

    /// A decision about the answer that stands last in payment-results.
    mutating func decide(_ event: DecisionEvent) {
        let topic: InputTopic = results.isEmpty ? .offeringCommands : .paymentResults
        decisions.append(
            Decision(
                sequence: DecisionNumber(decisions.count + 1), offering: "o", event: event,
                counters: Counters(free: 100, reserved: 0, settled: 0),
                source: Source(
                    topic: topic, partition: 0, offset: Offset(max(0, results.count - 1)), at: 1),
                n: 0))
    }

    mutating func settle(_ shares: Shares, _ result: Int64, number: Int32 = 1) {
        decide(.bid(.settled(part(shares, result, number))))
    }

    mutating func release(_ shares: Shares, _ result: Int64, _ reason: ReleaseReason) {
        decide(.bid(.released(part(shares, result, 1), reason)))
    }

    func part(_ shares: Shares, _ result: Int64, _ number: Int32 = 1) -> PaidPart {
        PaidPart(bid: "b", account: "anna", shares: shares, number: number, result: result)
    }

    // MARK: The audit

    /// What the audit says; `bank`: of the movements, too.
    func audited(bank: Bool = true, mostPayments: Int = 100) -> MoneyReport {
        let audit = MoneyAudit(
            environment: "dev", partitionCount: 1, mostPayments: mostPayments)
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1_024, alignment: 8)
        defer { room.deallocate() }
        func read(_ topic: Topic, _ count: Int, _ encode: (Int) -> Int) {
            guard let start = starts[topic] else { return audit.miss(topic) }
            audit.begin(topic, 0, from: start)
            for index in Int(start.rawValue)..<max(count, Int(start.rawValue)) {
                let length = encode(index)
                audit.examine(
                    topic, 0, Offset(index),
                    value: UnsafeRawBufferPointer(rebasing: room[..<length]))
            }
            audit.end(topic, 0, isWhole: true, mark: topic == .paymentJournal ? mark : 0)
        }
        read(.paymentJournal, journal.count) {
            RecordEncoder.encode(journal[$0].entry, number: journal[$0].number, into: room)
        }
        read(.paymentCommands, commands.count) { RecordEncoder.encode(commands[$0], into: room) }
        read(.paymentResults, results.count) { RecordEncoder.encode(results[$0], into: room) }
        read(.decisions, decisions.count) { index in
            let body = RecordEncoder.encode(decisions[index], into: room)
            let seal = Array(
                #","epoch":1,"hash":"\#(String(repeating: "0", count: 64))"}"#.utf8)
            UnsafeMutableRawBufferPointer(rebasing: room[body..<body + seal.count])
                .copyBytes(from: seal)
            return body + seal.count
        }
        if bank {
            for movement in movements { audit.examine(movement) }
            audit.endMovements(channel: nil, isComplete: true)
        }
        return audit.finish()
    }
}
