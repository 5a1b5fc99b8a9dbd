import EventLog
import Messages
import SeededNumbers
import Vocabulary

/// Front ends and operators: what they send, and when. Some of it comes twice, late, on a wrong
/// partition, or can't be read.
final class Crowd {
    private unowned let world: World
    private let schedule: Schedule
    private let options: SimulationOptions
    var random: SeededGenerator
    private var waiting = 0
    /// Partitions on which an offering's opening was acknowledged.
    private var opened: Set<Identifier> = []
    private var terms: [Identifier: OfferingTerms] = [:]

    init(_ world: World) {
        self.world = world
        schedule = world.schedule
        options = world.options
        random = SeededGenerator(seed: options.seed, stream: 1)
    }

    /// Whether everything was sent.
    var isDone: Bool { waiting == 0 }

    private static let accounts: Int64 = 8
    /// The sale, and then the time in which everything ends.
    private static let saleMilliseconds: Int64 = 25_000

    /// Plans everything that is sent.
    func plan() {
        let start = world.clock.now
        var offerings: [Identifier] = []
        for number in 0..<options.offerings {
            let offering = Identifier(parsing: "o\(number)")!
            offerings.append(offering)
            let opens = start + random.number(0...2_000)
            planOpening(offering, at: opens)
            planCommands(offering, from: opens)
        }
        for number in 0..<options.bids {
            planBid(number, of: offerings.randomElement(using: &random)!)
        }
        for partition in 0..<options.partitions where random.once(in: 2) {
            planRecommand(Partition(rawValue: Int64(partition)))
        }
        guard options.faults.contains(.garbage) else { return }
        for _ in 0..<5 { planGarbage() }
    }

    /// Sends at `moment`, by the clock of the world.
    private func plan(at moment: Int64, _ body: @escaping () throws -> Void) {
        waiting += 1
        schedule.add(moment) { [self] in
            waiting -= 1
            try body()
        }
    }

    private func moment() -> Int64 {
        world.clock.now + random.number(500...Self.saleMilliseconds)
    }

    // MARK: Operators

    private func planOpening(_ offering: Identifier, at moment: Int64) {
        let terms = anyTerms(opensAt: moment)
        self.terms[offering] = terms
        let command = OfferingCommand(
            command: Identifier(parsing: "open-\(offering)")!, offering: offering,
            action: .open(terms))
        plan(at: moment) { [self] in
            try append(command)
            opened.insert(offering)
        }
        if options.faults.contains(.duplicate), random.once(in: 2) {
            plan(at: moment + random.number(1...20_000)) { [self] in try append(command) }
        }
    }

    /// Each offering is closed before the faults end; some are paused, put off or cancelled first,
    /// and what was declined is paid again later.
    private func planCommands(_ offering: Identifier, from opens: Int64) {
        let end = world.clock.now + Self.saleMilliseconds
        let closes = end + random.number(0...4_000)
        planCommand(offering, "close", .close, at: closes)
        if random.once(in: 3) {
            let pauses = random.number(opens...end)
            planCommand(offering, "pause", .pause, at: pauses)
            planCommand(offering, "resume", .resume, at: pauses + random.number(0...3_000))
        }
        if random.once(in: 5) {
            planCommand(
                offering, "cancel", .cancel(reason: "withdrawn"),
                at: random.number(opens...(end + 30_000)))
        }
        if random.once(in: 3), let closesAt = terms[offering]!.closesAt {
            planCommand(
                offering, "amend",
                .amend(closesAt: closesAt + Milliseconds(random.number(1...2_000))),
                at: random.number(opens...closesAt.rawValue))
        }
        for (word, kind) in [("i1", DistributionKind.interest), ("p1", .principal)] {
            planCommand(
                offering, "pay-\(word)",
                .distribute(
                    distribution: Identifier(parsing: word)!, kind: kind,
                    amount: MinorUnits(random.number(1...90))),
                at: end + random.number(10_000...50_000))
        }
        // An operator looks at what was declined, and has it paid again.
        for number in 0..<6 {
            plan(at: end + Int64(number) * 12_000 + 10_000) { [self] in
                let declined = world.watcher.declinedPayouts
                    .filter { $0.offering == offering }
                guard let payment = declined.randomElement(using: &random) else { return }
                try append(
                    OfferingCommand(
                        command: Identifier(parsing: "repay-\(number)")!, offering: offering,
                        action: .repay(payment: payment.obligation)))
            }
        }
    }

    private func planCommand(
        _ offering: Identifier, _ word: String, _ action: OfferingCommand.Action, at moment: Int64
    ) {
        let command = OfferingCommand(
            command: Identifier(parsing: word)!, offering: offering, action: action)
        plan(at: moment) { [self] in try append(command) }
        if options.faults.contains(.duplicate), random.once(in: 4) {
            let again = moment + random.number(1...15_000)
            plan(at: again) { [self] in try append(command) }
        }
    }

    /// An operator fears that commands were lost.
    private func planRecommand(_ partition: Partition) {
        let command = PartitionCommand(command: "again", action: .recommandPayments)
        plan(at: moment()) { [self] in
            var value = [UInt8](repeating: 0, count: RecordEncoder.largestRecord)
            let count = value.withUnsafeMutableBytes { RecordEncoder.encode(command, into: $0) }
            try append(Array(value[..<count]), to: world.partition(.offeringCommands, partition))
        }
    }

    private func append(_ command: OfferingCommand) throws {
        try append(to: .offeringCommands, key: command.offering) {
            RecordEncoder.encode(command, into: $0)
        }
    }

    // MARK: Front ends

    private func planBid(_ number: Int, of offering: Identifier) {
        let lot = terms[offering]!.lot!.rawValue
        let odd = random.once(in: 12) ? Int64(1) : 0
        let bid = Bid(
            bid: Identifier(parsing: "b\(number)")!, offering: offering,
            account: Identifier(parsing: "a\(random.number(0...Self.accounts - 1))")!,
            shares: Shares(lot * random.number(1...9) + odd), allOrNone: random.once(in: 4))
        // A sale begins with a rush.
        let sent = random.once(in: 2)
            ? world.clock.now + random.number(1_000...4_000) : moment()
        let comesLate = options.faults.contains(.delay) && random.once(in: 8)
        plan(at: comesLate ? sent + random.number(1...15_000) : sent) { [self] in
            try send(bid)
        }
        if options.faults.contains(.duplicate), random.once(in: 4) {
            plan(at: sent + random.number(0...10_000)) { [self] in try send(bid) }
        }
        if options.faults.contains(.duplicate), random.once(in: 10) {
            var other = bid
            other.shares += 1
            let conflicting = other
            plan(at: sent + random.number(0...10_000)) { [self] in try send(conflicting) }
        }
        if random.once(in: 6) {
            let cancellation = BidCancellation(
                bid: bid.bid, offering: offering,
                account: random.once(in: 6) ? "a0" : bid.account)
            plan(at: sent + random.number(0...8_000)) { [self] in
                try append(to: .bids, key: offering) {
                    RecordEncoder.encode(cancellation, into: $0)
                }
            }
        }
        if options.faults.contains(.duplicate), random.once(in: 3) { planResultAgain() }
        if options.sabotage == .forgedResult, number == 0 { planForgery() }
    }

    private func send(_ bid: Bid) throws {
        let isKnown = opened.contains(bid.offering)
        let receipt = try append(to: .bids, key: bid.offering) {
            RecordEncoder.encode(bid, into: $0)
        }
        if isKnown {
            world.watcher.books[Int(receipt.partition.partition)]
                .mustBeKnown.insert(receipt.offset.rawValue)
        }
    }

    // MARK: What should not be

    /// A payment result comes a second time.
    private func planResultAgain() {
        plan(at: moment() + 3_000) { [self] in
            let partition = Partition(
                rawValue: Int64.random(in: 0..<Int64(options.partitions), using: &random))
            guard let value = try anyValue(world.partition(.paymentResults, partition))
            else { return }
            try append(value, to: world.partition(.paymentResults, partition))
        }
    }

    private func anyValue(_ partition: TopicPartition) throws -> [UInt8]? {
        let bounds = try world.log.bounds(of: [partition], .committed)[0]
        guard bounds.end > bounds.start else { return nil }
        let from = Int64.random(
            in: bounds.start.rawValue..<bounds.end.rawValue, using: &random)
        let reader = try world.log.openReader([ReadStart(partition, from: LogOffset(from))])
        var batch = RecordBatch()
        guard try reader.read(0, into: &batch, limit: 1) > 0 else { return nil }
        return batch.value(0).map { Array($0) }
    }

    private func planForgery() {
        plan(at: world.clock.now + 6_000) { [self] in
            for (id, command) in world.watcher.unpaidCollections {
                let result = PaymentResult(
                    kind: .paid, payment: id, result: 9, offering: id.offering,
                    account: command.account, amount: command.amount)
                try append(to: .paymentResults, key: id.offering) {
                    RecordEncoder.encode(result, into: $0)
                }
            }
        }
    }

    private func planGarbage() {
        let texts = [
            "no JSON", "{}", #"{"type":"bid"}"#, #"{"type":"bid","bid":"b 1"}"#, "",
            #"{"type":"bid","bid":"b","offering":"o0","account":"a","shares":-1}"#,
        ]
        let topics: [Topic] = [.bids, .bids, .offeringCommands, .paymentResults]
        let text = texts.randomElement(using: &random)!
        let topic = topics.randomElement(using: &random)!
        let partition = Partition(
            rawValue: Int64.random(in: 0..<Int64(options.partitions), using: &random))
        plan(at: moment()) { [self] in
            try append(Array(text.utf8), to: world.partition(topic, partition))
        }
        // One that is meant for others, or stands on a wrong partition.
        let bid = Bid(
            bid: Identifier(parsing: "g\(random.number(0...99))")!, offering: "o0", account: "a0",
            shares: 2, allOrNone: false)
        let isForeign = random.once(in: 2)
        plan(at: moment()) { [self] in
            var value = [UInt8](repeating: 0, count: RecordEncoder.largestRecord)
            let count = value.withUnsafeMutableBytes { RecordEncoder.encode(bid, into: $0) }
            try append(
                Array(value[..<count]), to: world.partition(.bids, partition),
                headers: isForeign ? Headers.encode([("env", Array("other".utf8))]) : [])
        }
    }

    // MARK: Appending

    @discardableResult
    private func append(
        to topic: Topic, key: Identifier, _ encode: (UnsafeMutableRawBufferPointer) -> Int
    ) throws -> Receipt {
        var value = [UInt8](repeating: 0, count: RecordEncoder.largestRecord)
        let count = value.withUnsafeMutableBytes { encode($0) }
        let home = Partitioner.partition(of: key, count: Int64(options.partitions))
        return try append(Array(value[..<count]), to: world.partition(topic, home))
    }

    @discardableResult
    private func append(
        _ value: [UInt8], to partition: TopicPartition, headers: [UInt8] = []
    ) throws -> Receipt {
        var records = OutgoingRecords()
        let destination = records.destination(partition)
        value.withUnsafeBytes { value in
            headers.withUnsafeBytes { headers in
                records.append(to: destination, key: nil, headers: headers, value: value)
            }
        }
        let outcome = try world.log.openAppender().append(records)[0]
        guard case .appended(let receipt) = outcome else {
            throw world.failure("\(partition) refused a record")
        }
        world.note("-> \(partition)/\(receipt.offset) \(String(decoding: value, as: UTF8.self))")
        return receipt
    }
}
