import Allocation
import EventLog
import Messages
import Vocabulary

/// Looks at the topics and the bank's books after every step: every rule must hold there, or
/// the run has failed. It believes no worker.
final class Watcher {
    private unowned let world: World
    private(set) var books: [BookWatch] = []
    private var commandReaders: [TopicReader] = []
    /// What was ordered, by command; and what may be moved for an obligation, by its id.
    private var orders: [PaymentID: (command: PaymentCommand, partition: Partition)] = [:]
    private var order: [PaymentID] = []
    /// What came a second time, as it was, since the books were looked at.
    private var repeats: [PaymentCommand] = []
    /// Commands that are left to people at the end.
    private var doubts: [PaymentCommand] = []
    private var movedBefore = 0
    /// When something was appended last.
    private(set) var lastChange: Int64 = 0
    private var lastEnds: Int64 = 0
    private var decoder = RecordDecoder()

    init(_ world: World) throws {
        self.world = world
        for number in 0..<world.options.partitions {
            let partition = Partition(rawValue: Int64(number))
            books.append(try BookWatch(partition, world))
            commandReaders.append(try TopicReader(.paymentCommands, partition, world))
        }
    }

    /// Called after every step.
    func look() throws {
        let ends = try writtenEnds()
        if ends != lastEnds {
            lastEnds = ends
            lastChange = world.clock.now
            for reader in commandReaders { try readCommands(reader) }
            for book in books { try book.look() }
            try checkRepeats()
            world.wakeAll()
        }
        if world.bank.movements != movedBefore {
            movedBefore = world.bank.movements
            try checkMoney()
        }
    }

    private func writtenEnds() throws -> Int64 {
        var sum: Int64 = 0
        for topic in Self.watched {
            for partition in world.partitions(topic) {
                sum += try world.log.bounds(of: [partition], .written)[0].end.rawValue
            }
        }
        return sum
    }

    private static let watched: [Topic] = [
        .bids, .offeringCommands, .paymentResults, .decisions, .paymentCommands, .paymentJournal,
    ]

    // MARK: Money

    private func readCommands(_ reader: TopicReader) throws {
        try reader.readNew { batch, index in
            let order: PaymentOrder
            do throws(Malformation) {
                order = try decoder.decodePaymentOrder(batch.value(index))
            } catch {
                // A payer would leave it alone, and money that is due would never move.
                throw world.failure(
                    "payment-commands/\(reader.partition), offset \(batch.offset(index)) can't be "
                        + "read: \(error.code.rawValue)")
            }
            guard case .payment(let command) = order else { return }
            if let known = orders[command.id] {
                guard known.command == command else {
                    throw world.failure("\(command.id) is ordered twice, and differently")
                }
                repeats.append(command)
                return
            }
            orders[command.id] = (command, reader.partition)
            self.order.append(command.id)
        }
    }

    /// What is ordered twice was commanded again by an operator.
    private func checkRepeats() throws {
        for command in repeats where !books[Int(command.partition.rawValue)].hasRecommanded {
            throw world.failure("\(command.id) is ordered twice")
        }
        repeats.removeAll()
    }

    /// No command moves money twice, and no obligation more than is due.
    private func checkMoney() throws {
        var sums: [PaymentID: MinorUnits] = [:]
        for (name, moved) in world.bank.moved {
            var name = name
            guard let id = name.withUTF8({ PaymentID(UnsafeRawBufferPointer($0)) }),
                let command = orders[id]?.command
            else { throw world.failure("money moved for \(name), which nobody ordered") }
            guard moved.count == 1 else {
                throw world.failure("\(id) moved money \(moved.count) times")
            }
            guard moved.amount == command.amount else {
                throw world.failure("\(id) moved \(moved.amount), not \(command.amount)")
            }
            sums[id.obligation, default: 0] += moved.amount
            guard sums[id.obligation]! <= command.due else {
                throw world.failure(
                    "\(sums[id.obligation]!) moved for \(id.obligation), of which \(command.due) "
                        + "is due")
            }
        }
    }

    func order(_ id: PaymentID) -> PaymentCommand? { orders[id]?.command }

    /// An answer of a payer about a payout: whom to pay again.
    var declinedPayouts: [PaymentID] { books.flatMap(\.declinedPayouts) }

    /// Collections that the bank has not executed.
    var unpaidCollections: [(PaymentID, PaymentCommand)] {
        order.filter { $0.kind == .collection && world.bank.moved["\($0)"] == nil }
            .map { ($0, orders[$0]!.command) }
    }

    // MARK: The end

    func isAllDecided() throws -> Bool { try books.allSatisfy { try $0.isAllDecided() } }

    func isAllPaid(_ seats: [Seat]) -> Bool { openPayments(seats).isEmpty }

    func openPayments(_ seats: [Seat]) -> [PaymentID] {
        order.filter { id in payer(of: id, seats).map { !$0.isSettled(id) } ?? true }
    }

    /// What must hold once nothing moves any more.
    func checkEnd(_ seats: [Seat]) throws {
        for id in order {
            let payer = payer(of: id, seats)!
            let command = orders[id]!.command
            // A payout that was declined waits for people, too: for `repay`.
            let isDeclined = payer.isUnpaid(id) && command.kind != .collect
            if payer.isInDoubt(id) || isDeclined { doubts.append(command) }
            if payer.isUnpaid(id), world.bank.moved["\(id)"] != nil {
                throw world.failure("\(id) was called unpaid, and the bank has moved its money")
            }
        }
        for book in books {
            try book.checkEnd()
            try DecisionReplay(book, world).check()
        }
    }

    private func payer(of id: PaymentID, _ seats: [Seat]) -> Worker? {
        seats.first { $0.role == .payer && $0.partition == orders[id]!.partition }!.workers.last
    }

    /// Whether money of an offering, or of an account in it, is left to people.
    func hasDoubt(_ offering: Identifier, _ account: Identifier? = nil) -> Bool {
        doubts.contains {
            $0.id.offering == offering && (account == nil || $0.account == account)
        }
    }

    func count(into report: inout SimulationReport) {
        report.inputs = books.reduce(0) { $0 + $1.decidedCount }
        report.decisions = books.reduce(0) { $0 + $1.decisions.count }
        report.payments = order.count
        report.heads = books.map(\.head)
    }
}

/// Reads what is new in a partition of a topic.
final class TopicReader {
    let topic: Topic
    let partition: Partition
    private let reader: any LogReader
    private var batch = RecordBatch()

    init(_ topic: Topic, _ partition: Partition, _ world: World) throws {
        self.topic = topic
        self.partition = partition
        reader = try world.log.openReader([ReadStart(world.partition(topic, partition), from: 0)])
    }

    var position: LogOffset { reader.position(0) }

    func readNew(_ body: (borrowing RecordBatch, Int) throws -> Void) throws {
        batch.removeAll()
        guard try reader.read(0, into: &batch, limit: .max) > 0 else { return }
        for index in 0..<batch.count { try body(batch, index) }
    }
}

extension World {
    func partition(_ topic: Topic, _ partition: Partition) -> TopicPartition {
        TopicPartition(
            topic.fullName(environment: environment.name), Int32(partition.rawValue))
    }

    func partitions(_ topic: Topic) -> [TopicPartition] {
        (0..<Int64(options.partitions)).map { partition(topic, Partition(rawValue: $0)) }
    }
}
