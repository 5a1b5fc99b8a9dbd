import EventLog
import Kafka

/// The brokers' own topic, whose leaders coordinate transactions: without it no writer begins.
extension KafkaLog {
    private static let coordination = "__transaction_state"

    /// The error of a writer that could not begin, with what is wrong with the cluster's
    /// coordinators where that is why.
    func explainedByCoordination(_ error: LogError) -> LogError {
        guard error.code == .timedOut || error.code == .unreachable,
            let cluster = try? committed.cluster(milliseconds: 2_000)
        else { return error }
        let settings = "transaction.state.log.replication.factor (3 unless it is set) and "
            + "transaction.state.log.min.isr (2)"
        guard let topic = cluster.topics.first(where: { $0.name == Self.coordination }),
            !topic.states.isEmpty
        else {
            return LogError(
                .misconfigured,
                "\(brokers) has no coordinator for transactions: the brokers have not made their "
                    + "topic \(Self.coordination). It takes as many brokers as they say in "
                    + "\(settings), and \(cluster.brokers) "
                    + (cluster.brokers == 1 ? "is" : "are") + " there: set both on every broker "
                    + "to what the cluster has, or bring the others up (\(error.message))",
                isRetriable: true)
        }
        let leaderless = topic.states.values.count { $0.leader == nil }
        let short = topic.states.values.count { $0.copiesInSync < $0.copies }
        guard leaderless + short > 0 else { return error }
        var error = error
        error.message += "; of the \(topic.states.count) partitions of \(Self.coordination), which "
            + "coordinate transactions, \(leaderless) have no leader and \(short) lack copies just "
            + "now: bring the other brokers back, or see \(settings)"
        return error
    }
}
