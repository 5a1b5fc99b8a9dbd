import Messages
import Vocabulary

/// The audit of `payment-commands`: whether the payers were ordered what the decisions say,
/// once each. `PartitionAudit` tells it what was ordered, by the auditor's rules; then it is given
/// the records of all partitions, in any order.
package final class PaymentsAudit {
    /// Of more orders than these (some 400 MB) nothing can be said at once.
    package static let mostOrders = 5_000_000

    private let topic: String
    private let mostOrders: Int
    private let mostFindings: Int
    private var table: OrderTable
    private var decoder = RecordDecoder()
    private var report = PaymentsReport()
    private var decided: [Partition: Decided] = [:]
    private var inputs: [Int32: Bool] = [:]
    private var isTooLarge = false
    /// Orders of partitions that have no decision.
    private var undecided: [Partition: Int64] = [:]

    /// How far the decisions of a partition are known.
    private struct Decided {
        /// Whether all are known that may have ordered what was committed when all began.
        var isSettled: Bool
        var lastAppended: Int64
        /// Whether a decision could not be read.
        var isCut: Bool
        var isEmpty: Bool
    }

    /// - Parameters:
    ///   - topic: the full name of `payment-commands`, for sentences.
    ///   - partitionCount: the environment's.
    package init(
        topic: String, partitionCount: Int64, mostOrders: Int = PaymentsAudit.mostOrders,
        keeps mostFindings: Int = 1_000
    ) {
        self.topic = topic
        self.mostOrders = mostOrders
        self.mostFindings = mostFindings
        table = OrderTable(partitionCount: partitionCount)
    }

    // MARK: What the decisions ordered

    func expect(_ order: PaymentOrder, of sequence: DecisionNumber, at offset: Offset) {
        report.ordered += 1
        guard table.count < mostOrders else {
            isTooLarge = true
            return
        }
        table.expect(order, of: sequence, at: offset)
    }

    /// All that has no final result was ordered again.
    func expectAgain(_ partition: Partition, _ orders: ((PaymentOrder) -> Void) -> Void) {
        table.forgive(partition)
        orders { table.expectAgain($0) }
    }

    /// All decisions of a partition that there are were audited.
    ///
    /// - Parameters:
    ///   - isWhole: whether all of them were read, and could be added up.
    ///   - isEmpty: whether there is none at all.
    ///   - isSettled: whether none was under way when their end was asked for.
    ///   - lastAppended: the append time of the last one.
    package func end(
        _ partition: Partition, isWhole: Bool, isEmpty: Bool, isSettled: Bool, lastAppended: Int64
    ) {
        decided[partition] = Decided(
            isSettled: isSettled, lastAppended: lastAppended, isCut: !isWhole, isEmpty: isEmpty)
        if !isWhole {
            report.notLookedAt.append(
                "what the decisions of partition \(partition) ordered: not all of them are there, "
                    + "or can be added up")
        }
    }

    // MARK: What the payers were ordered

    /// A partition of `payment-commands` is going to be read.
    ///
    /// - Parameters:
    ///   - start: its first offset.
    ///   - isWhole: whether everything in it can be read.
    package func begin(_ partition: Partition, from start: Offset, isWhole: Bool) {
        inputs[Int32(partition.rawValue)] = start == 0 && isWhole
        if start > 0 {
            report.notLookedAt.append(
                "\(topic)[\(partition)] before offset \(start): its beginning is gone")
        }
        if !isWhole {
            report.notLookedAt.append("the end of \(topic)[\(partition)]: it can't be read now")
        }
    }

    /// Looks at the next record.
    ///
    /// - Parameter isOld: whether it was committed before the end of any decisions was asked for.
    package func examine(
        _ partition: Partition, _ offset: Offset, appended: Int64, isOld: Bool,
        key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?
    ) {
        report.records += 1
        let location = OrderFinding.Location.record(partition, offset)
        if let value {
            switch table.match(Int32(partition.rawValue), key, value) {
            case .right: return
            case .surplus: return repeated(value, location)
            case .none: break
            }
        }
        do throws(Malformation) {
            let order = try decoder.decodePaymentOrder(value)
            let home = table.home(of: order)
            let isHome = home == partition.rawValue && order.account.isKey(key)
            compare(order, location, isHome: isHome, isOld: isOld, appended: appended)
        } catch {
            add(
                .unreadable, location, nil,
                "the record can't be read: \(error.code.rawValue) at byte \(error.position)")
        }
    }

    /// Takes note that nobody can unpack what stands there.
    package func examine(unreadable offset: Offset, _ partition: Partition, _ sentence: String) {
        add(.unreadable, .record(partition, offset), nil, sentence)
    }

    private func compare(
        _ order: PaymentOrder, _ location: OrderFinding.Location, isHome: Bool, isOld: Bool,
        appended: Int64
    ) {
        let id = order.command
        let what = order.words
        guard (0..<table.partitionCount).contains(order.partition.rawValue) else {
            return add(
                .unknown, location, id, "\(what) is to be answered to partition "
                    + "\(order.partition), which there is not")
        }
        // Its decisions are not looked at.
        guard let decided = decided[order.partition] else { return }
        if decided.isEmpty { return undecided[order.partition, default: 0] += 1 }
        switch table.match(order) {
        case .right where isHome: return
        case .right:
            return add(
                .misplaced, location, id, "\(what) stands under another key, or in another "
                    + "partition, than its account's: payers may pass it over, or pay it out "
                    + "of turn")
        case .surplus:
            return add(
                .repeated, location, id, "\(what) stands there more often than it was ordered")
        case .none: break
        }
        if isTooLarge { return }
        if let other = table.takeNamesake(of: order) {
            return add(
                .different, location, id, "\(what) is not what decision \(other.sequence) of "
                    + "partition \(other.partition) ordered: account, amount, currency, what is "
                    + "due or what it returns differ")
        }
        // What its decision is may be seen only now, or can't be told.
        let isKnown = isOld && decided.isSettled
            || appended < decided.lastAppended - Self.longestTransaction
        if isKnown, !decided.isCut {
            add(.unknown, location, id, "no decision ordered \(what)")
        }
    }

    /// An order and its decision are written in one transaction, and clocks of brokers differ.
    private static let longestTransaction: Int64 = 60_000

    private func repeated(_ value: UnsafeRawBufferPointer, _ location: OrderFinding.Location) {
        guard let order = try? decoder.decodePaymentOrder(value) else { return }
        add(
            .repeated, location, order.command,
            "\(order.words) stands there more often than it was ordered")
    }

    /// Ends the audit.
    package func finish() -> PaymentsReport {
        if isTooLarge {
            report.notLookedAt.append(
                "which payments are missing or unknown: there are \(report.ordered), and "
                    + "\(mostOrders) are compared at once; look at fewer --partitions at a time")
        }
        for partition in (0..<table.partitionCount).map({ Partition(rawValue: $0) }) {
            guard let count = undecided[partition] else { continue }
            report.notLookedAt.append(
                "\(count) records for partition \(partition), which has no decision: its book was "
                    + "lost, or begins just now")
        }
        for entry in table.missing() where inputs[entry.home] == true {
            report.missing += 1
            let location = OrderFinding.Location.decision(
                Partition(rawValue: Int64(entry.partition)), entry.offset, entry.sequence)
            add(
                .missing, location, nil, "what it orders is not in \(topic)[\(entry.home)]: no "
                    + "payer will ever do it")
        }
        report.repeats = table.repeats
        return report
    }

    private func add(
        _ code: OrderFinding.Code, _ location: OrderFinding.Location, _ command: PaymentID?,
        _ sentence: @autoclosure () -> String
    ) {
        report.totalFindings += 1
        guard report.findings.count < mostFindings else { return }
        report.findings.append(
            OrderFinding(code: code, location: location, command: command, sentence: sentence()))
    }
}

extension PaymentOrder {
    fileprivate var words: String {
        switch self {
        case .payment(let command): "payment \(command.id)"
        case .recall(let recall): "the recall of \(recall.command)"
        }
    }
}

extension Identifier {
    fileprivate func isKey(_ key: UnsafeRawBufferPointer?) -> Bool {
        guard let key else { return false }
        return withBytes { $0.elementsEqual(key) }
    }
}
