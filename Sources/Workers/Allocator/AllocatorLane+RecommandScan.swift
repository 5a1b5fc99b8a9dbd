import Allocation
import EventLog
import Messages
import Vocabulary

/// Payments and recalls without a final result, as they stand in the book of record: read from its
/// beginning once `payments.recommand` is at hand, so that they are commanded again in the order of
/// the decisions that made them.
struct RecommandScan {
    private var read = CommandedPayments()
    private var stream: DecisionStream
    private var position: LogOffset = 0
    /// Where the book ends; nil: not asked for yet.
    private var end: LogOffset?
    private(set) var orders: [CommandedPayments.Order] = []

    init(_ partition: Partition) { stream = DecisionStream(partition: partition) }

    /// What to do next; nil once all is read.
    var next: AllocatorLane.Action? {
        guard let end else { return .work(.askBounds(isFenced: true)) }
        return position < end ? .readBook(from: position) : nil
    }

    mutating func begin(upTo end: LogOffset) { if self.end == nil { self.end = end } }

    mutating func moved(to position: LogOffset) { self.position = position }

    /// Keeps what a record commanded, where it is open still.
    mutating func follow(
        _ record: DecisionRecord, in book: PartitionBook
    ) throws(DecisionStreamDamage) {
        if case .decision(let decision) = try stream.follow(record) {
            read.follow(decision, in: book, into: &orders)
        }
    }
}

extension AllocatorLane {
    /// Whether the book must be read before this input can be decided. Nothing is decided
    /// meanwhile, and all that is decided is committed first.
    mutating func mustReadCommandedPayments(for input: Input) -> Bool {
        guard case .record(.partitionCommand(let command)) = input,
            command.action == .recommandPayments, !book.hasDecided(command.command)
        else { return false }
        guard let recommandScan else {
            recommandScan = RecommandScan(configuration.partition)
            return true
        }
        return recommandScan.next != nil
    }

    mutating func readCommandedPayments(upTo position: LogOffset) throws(LaneEnd) {
        guard recommandScan != nil else { return }
        for index in 0..<bookBuffer.count {
            let location = "\(configuration.decisions)/\(bookBuffer.offset(index))"
            let record: DecisionRecord
            do throws(Malformation) {
                record = try decoder.decodeDecision(bookBuffer.value(index))
            } catch {
                throw .invariant(
                    "the decision at \(location) can't be read any more: \(error.code.rawValue) at "
                        + "byte \(error.position); " + bookWayOn)
            }
            do throws(DecisionStreamDamage) {
                try recommandScan!.follow(record, in: book)
            } catch {
                throw .invariant("at \(location), \(error.sentence); " + bookWayOn)
            }
        }
        bookBuffer.removeAll()
        recommandScan!.moved(to: position)
    }

    /// Writes what `paymentsRecommanded`, the decision at hand if it is one, speaks of.
    mutating func commandPaymentsAgain() throws(LaneEnd) {
        guard let recommandScan, let decision = group.decisions.first,
            case .partition(.paymentsRecommanded(_, let payments, let recalls)) = decision.event
        else { return }
        var written = (payments: Int64(0), recalls: Int64(0))
        for order in recommandScan.orders {
            switch order {
            case .payment(let id):
                guard let command = book.openPayment(id) else { continue }
                write(command)
                written.payments += 1
            case .recall(let id):
                guard let recall = book.openRecall(id) else { continue }
                write(recall)
                written.recalls += 1
            }
        }
        self.recommandScan = nil
        guard written == (payments, recalls) else {
            throw .invariant(
                "decision \(decision.sequence) of partition \(configuration.partition) commands "
                    + "\(payments) payments and \(recalls) recalls again, and the decisions before "
                    + "it made \(written.payments) and \(written.recalls) that are open; "
                    + bookWayOn)
        }
    }
}
