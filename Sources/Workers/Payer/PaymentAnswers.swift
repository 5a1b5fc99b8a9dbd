import EventLog
import Messages
import Vocabulary

/// What the payers of a partition have answered, which proves that there was a journal.
package enum PaymentAnswers {
    /// Where an answer stands in `payment-results`.
    package struct Place: Hashable, Sendable {
        package var partition: TopicPartition
        package var offset: LogOffset
    }

    /// An answer to a command of this partition of `payment-commands`; nothing where there is none,
    /// or where it was asked to stop. Only a payer whose journal is empty has to ask: it reads all
    /// of `payment-results`.
    package static func any(
        of partition: Partition, in environment: Environment, on log: any EventLog,
        isStopping: () -> Bool = { false }
    ) throws(LogError) -> Place? {
        let topic = Topic.paymentResults.fullName(environment: environment.name)
        var decoder = RecordDecoder()
        for results in 0..<Int32(environment.partitions) {
            let place = TopicPartition(topic, results)
            let bounds = try log.bounds(of: [place], .committed)[0]
            var found: LogOffset?
            _ = try LogSpan.read(
                place, of: log, from: bounds.start, upTo: bounds.end,
                isStopping: { found != nil || isStopping() }
            ) { (batch, index) throws(LogError) in
                guard found == nil,
                    let (result, _) = try? decoder.decodePaymentAnswer(batch.value(index)),
                    result.payment != nil, result.result >= 1,
                    Partitioner.partition(of: result.account, count: environment.partitions)
                        == partition
                else { return }
                found = batch.offset(index)
            }
            if let found { return Place(partition: place, offset: found) }
        }
        return nil
    }
}
