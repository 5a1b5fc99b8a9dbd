import Testing

import Audit
import Messages
import Vocabulary

/// `payment-commands` held against the decisions: whatever the payers are told that no decision
/// ordered, or not told that one did, is found and named.
@Suite struct PaymentsAuditTests {
    let decisions: [Decision]
    let orders: [PaymentOrder]
    let records: [OrderRecord]

    init() throws {
        let story = try TrueHistory.wholeStory()
        decisions = story.decisions
        orders = story.orders
        records = orderRecords(orders)
    }

    /// The index of what the clause says is commanded again, among the decisions.
    private var recommanding: Int {
        decisions.firstIndex { $0.event.type == .paymentsRecommanded }!
    }

    @Test func whatWasOrderedIsRight() {
        let report = paymentsAudit(decisions, records)
        #expect(report.findings.isEmpty, "\(report.findings)")
        #expect(report.verdict == .right && report.ordered == Int64(orders.count))
        #expect(report.records == report.ordered && report.repeats == 0)
        #expect(orders.count > 25)
        #expect(
            orders.contains {
                if case .recall(let recall) = $0 { !recall.command.isCollection } else { false }
            })
    }

    /// Each record left out: it is missing, unless its payment was final before all that was open
    /// was commanded again.
    @Test func eachThatIsMissingIsFound() {
        var forgiven = 0
        for index in records.indices {
            var left = records
            left.remove(at: index)
            let report = paymentsAudit(decisions, left)
            if report.totalFindings == 0 {
                forgiven += 1
                continue
            }
            #expect(report.findings.map(\.code) == [.missing], "\(orders[index])")
            #expect(report.missing == 1 && report.verdict == .failed)
            guard
                case .decision(TrueHistory.partition, _, let sequence) = report.findings[0].location
            else {
                Issue.record("\(report.findings)")
                continue
            }
            // The decision that is named is about the offering, and no earlier one.
            let decision = decisions[Int(sequence.rawValue) - 1]
            #expect(decision.offering == orders[index].command.offering)
        }
        #expect(forgiven > 5 && forgiven < orders.count - 5, "\(forgiven)")
        let none = paymentsAudit(decisions, [])
        #expect(none.missing == Int64(orders.count - forgiven))
        // Nothing is forgiven where nothing was commanded again.
        let before = Array(decisions[..<recommanding])
        #expect(paymentsAudit(before, []).missing == paymentsAudit(before, []).ordered)
    }

    /// Each record once more: a repeat is right where it was open when all was commanded again.
    @Test func eachRepeatIsFound() {
        var allowed: [PaymentOrder] = []
        for index in records.indices {
            let report = paymentsAudit(decisions, records + [records[index]])
            if report.totalFindings == 0 {
                #expect(report.repeats == 1)
                allowed.append(orders[index])
                continue
            }
            #expect(report.findings.map(\.code) == [.repeated], "\(orders[index])")
            #expect(report.findings[0].command == orders[index].command)
        }
        guard
            case .partition(.paymentsRecommanded(_, let payments, let recalls)) =
                decisions[recommanding].event
        else { return }
        #expect(Int64(allowed.count) == payments + recalls)
        // A second time is once too often.
        let twice = orderRecords(allowed)
        #expect(
            paymentsAudit(decisions, records + twice + twice).findings.map(\.code)
                == allowed.map { _ in .repeated })
    }

    @Test func eachChangeIsFound() {
        for (index, order) in orders.enumerated() {
            guard case .payment(let command) = order else { continue }
            var changed: [PaymentCommand] = []
            func add(_ change: (inout PaymentCommand) -> Void) {
                var copy = command
                change(&copy)
                changed.append(copy)
            }
            add { $0.amount += 1 }
            add { $0.due += 1 }
            add { $0.account = "somebody" }
            add { $0.currency = CurrencyCode("EUR")! }
            if command.original != nil { add { $0.original! += 1 } }
            for changed in changed {
                var other = records
                other[index] = orderRecords([.payment(changed)])[0]
                let report = paymentsAudit(decisions, other)
                #expect(report.findings.map(\.code) == [.different], "\(changed)")
                #expect(report.findings.first?.command == command.id)
                // It names the record, which is the last one where it stands.
                guard case .record(other[index].partition, _)? = report.findings.first?.location
                else {
                    Issue.record("\(report.findings)")
                    continue
                }
            }
        }
    }

    @Test func whatNobodyOrderedIsFound() {
        var command: PaymentCommand?
        for case .payment(let order) in orders { command = order }
        command!.id.number += 7
        let recall = PaymentRecall(
            command: command!.id, partition: TrueHistory.partition, account: command!.account)
        for stranger in orderRecords([.payment(command!), .recall(recall)]) {
            let report = paymentsAudit(decisions, records + [stranger])
            #expect(report.findings.map(\.code) == [.unknown])
        }
        // A partition that there is not, and one that is not looked at.
        command!.partition = Partition(rawValue: orderPartitions)
        let outside = orderRecords([.payment(command!)])
        #expect(paymentsAudit(decisions, records + outside).findings.map(\.code) == [.unknown])
        command!.partition = 0
        let elsewhere = orderRecords([.payment(command!)])
        #expect(paymentsAudit(decisions, records + elsewhere).verdict == .right)
    }

    /// An order is its account's: under another key, or in another partition, no lane of a payer
    /// takes it in turn.
    @Test func whatStandsElsewhereIsFound() {
        for index in records.indices {
            var (moved, renamed) = (records, records)
            moved[index].partition = Partition(
                rawValue: (records[index].partition.rawValue + 1) % orderPartitions)
            renamed[index].key = Array("x".utf8)
            for other in [moved, renamed] {
                #expect(paymentsAudit(decisions, other).findings.map(\.code) == [.misplaced])
            }
        }
    }

    /// Another spelling says the same: a newer build may add members.
    @Test func anotherSpellingIsTheSameOrder() {
        var other = records
        for index in records.indices {
            let text = String(decoding: records[index].value, as: UTF8.self)
            other[index].value = Array(
                text.replacing("{\"type\"", with: "{ \"more\":1,\"type\"").utf8)
        }
        #expect(paymentsAudit(decisions, other).verdict == .right)
    }

    @Test func whatCanNotBeReadIsFound() {
        var other = records
        other.append(OrderRecord(partition: 1, key: [], value: Array("{}".utf8)))
        let report = paymentsAudit(decisions, other)
        #expect(report.findings.map(\.code) == [.unreadable])
        guard case .record(1, _)? = report.findings.first?.location else {
            Issue.record("\(report.findings)")
            return
        }
    }

    // MARK: What can't be looked at

    @Test func whatRetentionTookIsNotGreen() {
        for partition in (0..<orderPartitions).map({ Partition(rawValue: $0) }) {
            let left = records.filter { $0.partition != partition }
            let report = paymentsAudit(decisions, left, starts: [partition: 9])
            #expect(report.findings.isEmpty && report.verdict == .incomplete)
            #expect(report.notLookedAt.contains { $0.contains("t.payment-commands[\(partition)]") })
            #expect(paymentsAudit(decisions, left, unread: partition).verdict == .incomplete)
        }
    }

    /// While a worker writes, an order may be seen before its decision.
    @Test func whatMayBeUnderWayIsLeftOut() {
        let before = Array(decisions[..<recommanding])
        let count = Int(paymentsAudit(before, []).ordered)
        var known = Known()
        func codes(_ isOld: Bool, appended: Int64) -> [OrderFinding.Code] {
            var other = Array(records[...count])
            other[count].isOld = isOld
            other[count].appended = appended
            return paymentsAudit(before, other, known: known).findings.map(\.code)
        }
        #expect(codes(true, appended: 1_000) == [.unknown])
        #expect(codes(false, appended: 1_000) == [])
        known.isSettled = false
        #expect(codes(true, appended: 1_000) == [])
        // What is much older than the last decision is not.
        known.lastAppended = 100_000
        #expect(codes(false, appended: 1_000) == [.unknown])
        known.isWhole = false
        #expect(codes(true, appended: 1_000) == [])
    }

    @Test func decisionsThatAreLostAreNotGreen() {
        let report = paymentsAudit([], records, known: Known(isEmpty: true))
        #expect(report.verdict == .incomplete && report.findings.isEmpty)
        #expect(report.notLookedAt.contains { $0.contains("\(records.count) records") })
        #expect(paymentsAudit([], [], known: Known(isEmpty: true)).verdict == .right)
    }

    @Test func moreThanThereIsRoomForIsNotGreen() {
        let report = paymentsAudit(decisions, records, mostOrders: orders.count - 1)
        #expect(report.verdict == .incomplete && report.findings.isEmpty, "\(report.findings)")
        #expect(report.notLookedAt.contains { $0.contains("--partitions") })
        #expect(paymentsAudit(decisions, records, mostOrders: orders.count).verdict == .right)
        // Of what is kept something may be missing all the same.
        let before = Array(decisions[..<recommanding])
        #expect(paymentsAudit(before, [], mostOrders: 2).missing == 2)
    }

    @Test func onlyTheFirstFindingsAreKept() {
        let report = paymentsAudit(decisions, [], keeps: 2)
        #expect(report.findings.count == 2 && report.totalFindings == report.missing)
    }
}
