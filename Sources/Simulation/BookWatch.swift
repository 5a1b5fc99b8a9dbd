import Allocation
import Audit
import EventLog
import Messages
import Vocabulary

/// Follows the book of one partition: audits it, rebuilds it, and holds it against the bank.
final class BookWatch {
    let partition: Partition
    private unowned let world: World
    private let reader: TopicReader
    private var audit: PartitionAudit
    private var decoder = RecordDecoder()
    /// The book as the decisions alone rebuild it.
    private(set) var rebuilt: PartitionBook
    private(set) var decisions: [Decision] = []
    private(set) var head = ""
    private(set) var declinedPayouts: [PaymentID] = []
    private var stream: DecisionStream
    /// Input records that are decided, by topic.
    private var decided: [[Int64]] = [[], [], []]
    /// Bids that were appended after the opening of their offering was acknowledged, by offset.
    var mustBeKnown: Set<Int64> = []
    /// The deadlines at which the clock closed offerings.
    private var ends: [Identifier: Timestamp] = [:]
    /// Whether payments were commanded again.
    private(set) var hasRecommanded = false

    init(_ partition: Partition, _ world: World) throws {
        self.partition = partition
        self.world = world
        reader = try TopicReader(.decisions, partition, world)
        audit = PartitionAudit(partition: partition)
        stream = DecisionStream(partition: partition)
        rebuilt = PartitionBook(
            partition: partition,
            archiveAfter: Milliseconds(rawValue: world.environment.archiveAfterMilliseconds))
    }

    func look() throws {
        try reader.readNew { batch, index in
            audit.examine(
                offset: Offset(rawValue: batch.offset(index).rawValue), value: batch.value(index))
            let record = try decoder.decodeDecision(batch.value(index))
            let step: DecisionStream.Step
            do throws(DecisionStreamDamage) {
                step = try stream.follow(record)
            } catch {
                throw world.failure(
                    "partition \(partition), offset \(batch.offset(index)): \(error.sentence)")
            }
            switch step {
            case .epochStarted: world.note("epoch \(record.epoch) of partition \(partition)")
            case .stale: world.note("a stale decision, of epoch \(record.epoch)")
            case .decision(let decision):
                head = "\(record.hash)"
                try follow(decision)
            }
        }
        if let finding = audit.findings.first {
            throw world.failure(
                "partition \(partition), offset \(finding.offset): \(finding.sentence)")
        }
    }

    /// All is added up again between groups: the cost grows with the bids, and so in a large world
    /// it is not done each time.
    private func checkInvariants(before decision: Decision) throws {
        guard decision.n == 0, decisions.count < 2_000 || decisions.count % 64 == 0 else { return }
        try rebuilt.checkInvariants()
    }

    private func follow(_ decision: Decision) throws {
        world.note("\(partition) \(decision.sequence) \(decision.source) \(decision.event)")
        try checkInvariants(before: decision)
        decisions.append(decision)
        if decision.n == 0, decision.source.topic != .clock {
            decided[Int(decision.source.topic.rawValue)].append(decision.source.offset.rawValue)
        }
        try rebuilt.restore(decision)
        try checkMoney(behind: decision)
        try checkEnd(behind: decision)
        guard decision.source.topic == .bids, case .rejected(let rejection) = decision.event,
            rejection.reason == .unknownOffering
        else { return }
        guard !mustBeKnown.contains(decision.source.offset.rawValue) else {
            throw world.failure(
                "bids/\(decision.source.offset) was refused for want of an offering that was "
                    + "opened before it was sent")
        }
    }

    /// No bid that the log stamped before the end is refused for coming after it: the worker's
    /// clock does not count.
    private func checkEnd(behind decision: Decision) throws {
        switch decision.event {
        case .partition(.paymentsRecommanded): hasRecommanded = true
        case .offering(.closing(command: nil)): ends[decision.offering!] = decision.source.at
        case .rejected(let rejection) where rejection.reason == .closed:
            guard decision.source.topic == .bids, let end = ends[decision.offering!],
                decision.source.at < end
            else { return }
            throw world.failure(
                "bids/\(decision.source.offset), of \(decision.source.at), was refused as closed, "
                    + "and the offering closed at \(end)")
        default: return
        }
    }

    // MARK: Money

    /// Nothing is settled, released, given back or called paid that the bank does not say, too.
    private func checkMoney(behind decision: Decision) throws {
        guard let offering = decision.offering else { return }
        switch decision.event {
        case .bid(.settled(let part)), .bid(.settledLate(let part)):
            try expect(part, of: offering, wasPaid: true)
        case .bid(.released(let part, _)): try expect(part, of: offering, wasPaid: false)
        case .money(.refunding(let refund)) where refund.result != nil:
            let id = PaymentID(offering: offering, bid: refund.bid, number: refund.number)
            try expect(id, wasPaid: true)
        case .money(.refunded(let result)), .money(.paidOut(let result)):
            try expect(result.payment, wasPaid: true)
        case .money(.payoutDeclined(let result, _, _)):
            try expect(result.payment, wasPaid: false)
            declinedPayouts.append(result.payment)
        default: break
        }
    }

    private func expect(_ part: PaidPart, of offering: Identifier, wasPaid: Bool) throws {
        try expect(
            PaymentID(offering: offering, bid: part.bid, number: part.number), wasPaid: wasPaid)
    }

    private func expect(_ id: PaymentID, wasPaid: Bool) throws {
        let hasMoved = world.bank.moved["\(id)"] != nil
        guard hasMoved != wasPaid else { return }
        throw world.failure(
            wasPaid
                ? "\(id) is called paid, and the bank has moved nothing"
                : "\(id) is called unpaid, and the bank has moved its money")
    }

    // MARK: The end

    var decidedCount: Int { decided.reduce(0) { $0 + $1.count } }

    private static let inputs: [(InputTopic, Topic)] = [
        (.offeringCommands, .offeringCommands), (.paymentResults, .paymentResults), (.bids, .bids),
    ]

    /// Whether every input that is there has its decision.
    func isAllDecided() throws -> Bool {
        for (input, topic) in Self.inputs {
            let source = world.partition(topic, partition)
            guard let last = try lastVisible(source) else { continue }
            if decided[Int(input.rawValue)].last != last { return false }
        }
        return true
    }

    /// The offset of the last record that readers see.
    private func lastVisible(_ partition: TopicPartition) throws -> Int64? {
        let bounds = try world.log.bounds(of: [partition], .committed)[0]
        var offset = bounds.end.rawValue
        var batch = RecordBatch()
        while offset > bounds.start.rawValue {
            offset -= 1
            let reader = try world.log.openReader([ReadStart(partition, from: LogOffset(offset))])
            if try reader.read(0, into: &batch, limit: 1) > 0 {
                return batch.offset(0).rawValue
            }
        }
        return nil
    }

    /// Each input record is decided exactly once, every offering has ended or waits for money in
    /// doubt, and who holds what has paid for it.
    func checkEnd() throws {
        for (input, topic) in Self.inputs {
            var there: [Int64] = []
            let all = try TopicReader(topic, partition, world)
            try all.readNew { batch, index in there.append(batch.offset(index).rawValue) }
            guard decided[Int(input.rawValue)] == there else {
                throw world.failure(
                    "\(topic.name)/\(partition): the records are not decided once each, in order")
            }
        }
        try rebuilt.checkInvariants()
        for overview in rebuilt.overviews { try checkEnd(of: overview) }
        let report = audit.finish()
        guard report.totalFindings == 0 else {
            throw world.failure("\(partition): \(report.findings.map(\.sentence))")
        }
    }

    private func checkEnd(of overview: OfferingOverview) throws {
        let offering = overview.offering
        let price = rebuilt.terms(of: offering)!.price
        var balances: [Identifier: Int64] = [:]
        for (name, moved) in world.bank.moved {
            var name = name
            let id = name.withUTF8 { PaymentID(UnsafeRawBufferPointer($0)) }!
            guard id.offering == offering, id.bid != nil else { continue }
            let account = world.watcher.order(id)!.account
            let isCollected = id.kind == .collection
            balances[account, default: 0] +=
                isCollected ? moved.amount.rawValue : -moved.amount.rawValue
        }
        let inDoubt = overview.counters.reserved > 0 || !overview.state.isFinal
        if inDoubt {
            guard overview.state == .closing || overview.state == .cancelling,
                world.watcher.hasDoubt(offering)
            else {
                throw world.failure("\(offering) is \(overview.state) at the end")
            }
        }
        let holders = rebuilt.holders(of: offering)!
        let worth = Dictionary(
            uniqueKeysWithValues: holders.map {
                ($0.account, $0.standing.settled.rawValue * price.rawValue)
            })
        for account in Set(worth.keys).union(balances.keys).sorted() {
            let (paid, settled) = (balances[account] ?? 0, worth[account] ?? 0)
            guard paid == settled || world.watcher.hasDoubt(offering, account) else {
                throw world.failure(
                    "\(account) has paid \(paid) for \(settled) worth of \(offering)")
            }
        }
    }
}
