import EventLog
import Messages
import Workers

extension TransactionNotice {
    /// What people hear of it, and what they are to do.
    func sentence(in environment: String) -> String {
        switch self {
        case .heldUp(let partition):
            "\(partition.place) can't be read past offset \(partition.offset), though it ends at "
                + "\(partition.end): a transaction on it has been open for "
                + "\(partition.milliseconds / 1_000) s, and whoever reads it waits. "
                + Self.advice(partition, in: environment)
        case .movesOn(let place, let milliseconds):
            "\(place) can be read on, after \(milliseconds / 1_000) s"
        }
    }

    private static func advice(
        _ partition: HeldUpPartition, in environment: String
    ) -> String {
        let place = partition.place
        let abort = "kafka-transactions.sh abort --topic \(place.topic) --partition "
            + "\(place.partition) --start-offset \(partition.offset)"
        let patience = "If its writer died, the cluster ends it within a minute. If it stays, "
        switch Topic.allCases.first(where: { $0.fullName(environment: environment) == place.topic })
        {
        case .paymentJournal, .paymentResults:
            // Aborted under a payer that acted on it, what was sent is forgotten and sent again.
            return patience + "DON'T abort it while a payer runs: stop every payer, then abort it ("
                + abort + "), then run fairfill payments rebuild, and only then start them again"
        case .decisions, .paymentCommands:
            return patience + "DON'T abort it with Kafka's tool: decisions that were acted on "
                + "could be undone. Stop every allocator and payer, keep everything, and restore "
                + "the environment from a copy (fairfill copy)"
        default:
            return "Nothing goes on before it ends; whoever writes there must not do so in "
                + "transactions. If it stays, " + abort
        }
    }
}
