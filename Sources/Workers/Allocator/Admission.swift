import Allocation
import EventLog
import Messages
import Vocabulary

/// What is judged of an input record before the rules see it: can it be read, is it meant for this
/// environment, is it on the right partition (Reasons.md, the first three).
package struct Admission {
    private let environment: [UInt8]
    private let partition: Partition
    private let partitions: Int64
    private var decoder = RecordDecoder()

    package init(_ configuration: AllocatorConfiguration) {
        environment = Array(configuration.environment.name.utf8)
        partition = configuration.partition
        partitions = configuration.environment.partitions
    }

    /// The record of `batch` at `index`, as an input of the rules.
    package mutating func admit(
        _ batch: borrowing RecordBatch, _ index: Int, from topic: InputTopic
    ) -> Input {
        let record: InputRecord
        do throws(Malformation) {
            record = try decoder.decode(batch.value(index), from: topic)
        } catch {
            if let last = batch.unreadable(index) {
                let subject = Rejection.Subject.batch(last: Offset(rawValue: last.rawValue))
                return .rejected(Rejection(subject, .malformed), offering: nil)
            }
            let names = decoder.readableNames(from: topic)
            let subject = Rejection.Subject.unreadable(
                error, bid: names.bid, account: names.account)
            return .rejected(Rejection(subject, .malformed), offering: names.offering)
        }
        guard batch.headers(index).allow(environment: environment) else {
            return .rejected(
                Rejection(record.subject, .wrongEnvironment), offering: record.offering)
        }
        // With one partition there is no wrong one.
        if partitions > 1, let offering = record.offering {
            let expected = Partitioner.partition(of: offering, count: partitions)
            if expected != partition {
                return .rejected(
                    Rejection(record.subject, .misrouted, expectedPartition: expected),
                    offering: record.offering)
            }
        }
        return .record(record)
    }
}

extension InputRecord {
    /// What a refusal of this record names.
    var subject: Rejection.Subject {
        switch self {
        case .bid(let bid):
            .bid(
                bid: bid.bid, account: bid.account, asked: bid.shares, allOrNone: bid.allOrNone)
        case .cancellation(let cancellation):
            .cancellation(bid: cancellation.bid, account: cancellation.account)
        case .command(let command): Rejection.Subject(command)
        case .paymentResult(let result): .payment(result.payment, result: result.result)
        case .partitionCommand(let command): .partitionCommand(command)
        }
    }
}
