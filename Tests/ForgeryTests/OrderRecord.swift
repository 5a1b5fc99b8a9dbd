import Audit
import Messages
import Vocabulary

/// A record of `payment-commands`.
struct OrderRecord {
    var partition: Partition
    var key: [UInt8]
    var value: [UInt8]
    var appended: Int64 = 1_000
    var isOld = true
}

let orderPartitions: Int64 = 5

/// Where orders stand, and how they are written.
func orderRecords(_ orders: [PaymentOrder]) -> [OrderRecord] {
    orders.map { order in
        OrderRecord(
            partition: Partitioner.partition(of: order.account, count: orderPartitions),
            key: Array("\(order.account)".utf8),
            value: withUnsafeTemporaryAllocation(
                byteCount: RecordEncoder.largestSmallRecord, alignment: 8
            ) { room in
                let count = switch order {
                case .payment(let command): RecordEncoder.encode(command, into: room)
                case .recall(let recall): RecordEncoder.encode(recall, into: room)
                }
                return Array(room[..<count])
            })
    }
}

/// How the decisions of the one partition that is looked at are known.
struct Known {
    var isWhole = true
    var isEmpty = false
    var isSettled = true
    var lastAppended: Int64 = 1_000
}

/// What the audit says of `payment-commands` that hold these records, beside these decisions.
func paymentsAudit(
    _ decisions: [Decision], _ records: [OrderRecord], known: Known = Known(),
    starts: [Partition: Offset] = [:], unread: Partition? = nil, mostOrders: Int = 1_000_000,
    keeps: Int = 1_000
) -> PaymentsReport {
    let payments = PaymentsAudit(
        topic: "t.payment-commands", partitionCount: orderPartitions, mostOrders: mostOrders,
        keeps: keeps)
    var audit = PartitionAudit(partition: TrueHistory.partition, levels: [], payments: payments)
    for (offset, record) in sealed(lines(decisions)).enumerated() {
        record.withUnsafeBytes { audit.examine(offset: Offset(offset), value: $0) }
    }
    _ = audit.finish()
    payments.end(
        TrueHistory.partition, isWhole: known.isWhole, isEmpty: known.isEmpty,
        isSettled: known.isSettled, lastAppended: known.lastAppended)
    var offsets: [Partition: Int64] = [:]
    for partition in (0..<orderPartitions).map({ Partition(rawValue: $0) }) {
        payments.begin(partition, from: starts[partition] ?? 0, isWhole: partition != unread)
    }
    for record in records {
        let offset = offsets[record.partition, default: 0]
        offsets[record.partition] = offset + 1
        record.key.withUnsafeBytes { key in
            record.value.withUnsafeBytes { value in
                payments.examine(
                    record.partition, Offset(offset), appended: record.appended,
                    isOld: record.isOld, key: key, value: value)
            }
        }
    }
    return payments.finish()
}
