import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary
import Workers

// What keeps lanes from their topics: said, and written to `attention`.
extension SeatReporter {
    func hear(_ notice: TopicNotice) {
        switch notice {
        case .heldUp(let heldUp):
            let sentence = heldUp.sentence(in: connection.name)
            Remark(.heldUp, sentence).with("topic", heldUp.partition.topic)
                .with("partition", heldUp.partition.partition)
                .with("offset", heldUp.offset.rawValue).with("end", heldUp.end.rawValue)
                .with("milliseconds", heldUp.milliseconds).say()
            guard let topic = Topic(fullName: heldUp.partition.topic, environment: connection.name)
            else { return }
            let now = Timestamp.now
            records.hear(
                TopicAttention(
                    .openTransaction, topic: topic,
                    partition: Partition(heldUp.partition.partition),
                    offset: Offset(rawValue: heldUp.offset.rawValue),
                    since: Timestamp(rawValue: now.rawValue - heldUp.milliseconds),
                    detail: sentence, at: now))
        case .movesOn(let partition, let milliseconds):
            Remark(
                .movesOn,
                "\(partition) can be read on, after \(TroubleReport.seconds(milliseconds))"
            ).with("topic", partition.topic).with("partition", partition.partition)
                .with("milliseconds", milliseconds).say()
            guard let topic = Topic(fullName: partition.topic, environment: connection.name) else {
                return
            }
            records.movesOn(topic, Partition(partition.partition))
        case .added(let added):
            let finding = TopicCheck.finding(added, in: connection.name)
            Remark(.partitionsAdded, finding.sentence)
                .with("topic", added.topic.fullName(environment: connection.name))
                .with("partitions", added.there).with("of", added.expected).say()
            let now = Timestamp.now
            records.hear(
                TopicAttention(
                    .partitionsAdded, topic: added.topic, partition: Partition(added.expected),
                    since: now, detail: finding.sentence, at: now))
        }
    }
}

extension HeldUpPartition {
    /// The page that explains alarms about our own topics.
    private static let page = "Sources/EventLog/EventLog.docc/OpenTransactions.md"

    /// What happened, and what an operator should do.
    fileprivate func sentence(in environment: String) -> String {
        "\(partition) can't be read past offset \(offset), though it ends at \(end): a transaction "
            + "on it has been open for \(milliseconds / 1_000) s, and every reader waits. "
            + advice(in: environment)
    }

    private func advice(in environment: String) -> String {
        let abort = "kafka-transactions.sh abort --topic \(partition.topic) --partition "
            + "\(partition.partition) --start-offset \(offset)"
        let patience = "If its writer died, the cluster ends it within a minute. If it stays, "
            + "DON'T abort it with Kafka's tool before you have read \(Self.page): "
        switch Topic(fullName: partition.topic, environment: environment) {
        case .paymentJournal, .paymentResults, .paymentMarks:
            // Aborted under a payer that acted on it, what was sent is forgotten and sent again.
            return patience + "stop every payer, then abort it (\(abort)), then run fairfill "
                + "payments rebuild, and only then start them again"
        case .decisions, .paymentCommands:
            return patience + "decisions that were acted on could be undone. Stop every allocator "
                + "and payer, keep everything, and restore the environment from a copy "
                + "(fairfill copy)"
        default:
            return "Nothing goes on before it ends; clients must not write there in "
                + "transactions. If it stays, \(abort)"
        }
    }
}
