import EventLog
import Messages
import Payments
import Vocabulary

/// What a lane of the payer must know: the partition of `payment-commands`, the environment, and
/// what the provider guarantees.
package struct PayerConfiguration: Sendable {
    package var environment: Environment
    package var partition: Partition
    /// The ways to providers, at least one: new commands go over the first.
    package var channels: [ChannelTerms]
    /// How many payments may be under way at once, and how many lookups besides.
    package var largestInFlight: Int
    /// Stop once every command that was there when the lane came alive is settled, or parked for
    /// people.
    package var stopsAtEnd: Bool
    /// What its state may take; nil: without limit.
    package var memory: MemoryShare?
    /// A lane that has written nothing for so long gives its writer back.
    package var writerIdleMilliseconds: Int64 = 60_000
    /// The account as the provider behind a channel knows it; nil where nobody knows: the command
    /// is parked.
    package var accountToken: @Sendable (_ account: Identifier, _ channel: Identifier) -> String?

    package init(
        environment: Environment, partition: Partition, channels: [ChannelTerms],
        largestInFlight: Int = 32, stopsAtEnd: Bool = false, memory: MemoryShare? = nil,
        accountToken: @escaping @Sendable (Identifier, Identifier) -> String? = { account, _ in
            "\(account)"
        }
    ) {
        self.environment = environment
        self.partition = partition
        self.channels = channels
        self.largestInFlight = largestInFlight
        self.stopsAtEnd = stopsAtEnd
        self.memory = memory
        self.accountToken = accountToken
    }

    /// A payer with one channel, whose provider guarantees this.
    package init(
        environment: Environment, partition: Partition, profile: ProviderProfile,
        largestInFlight: Int = 32, stopsAtEnd: Bool = false, memory: MemoryShare? = nil
    ) {
        self.init(
            environment: environment, partition: partition,
            channels: [ChannelTerms(PaymentChannel(name: "default", origin: ""), profile)],
            largestInFlight: largestInFlight, stopsAtEnd: stopsAtEnd, memory: memory)
    }

    /// The partition of `topic` that this lane reads or writes.
    func place(_ topic: Topic) -> TopicPartition {
        TopicPartition(
            topic.fullName(environment: environment.name), Int32(partition.rawValue))
    }

    package var commands: TopicPartition { place(.paymentCommands) }
    package var journal: TopicPartition { place(.paymentJournal) }
    var marks: TopicPartition { place(.paymentMarks) }
    var resolutions: TopicPartition { place(.paymentResolutions) }

    /// Whether there is such a partition in this environment.
    func hasPartition(_ partition: Partition) -> Bool {
        (0..<environment.partitions).contains(partition.rawValue)
    }

    /// Whether the orders of an account belong into this lane's partition.
    func isHome(of account: Identifier) -> Bool {
        Partitioner.partition(of: account, count: environment.partitions) == partition
    }

    /// The transactional ids of the partition: one set in the whole cluster, so they carry the
    /// environment.
    package var transactionalIDs: [String] { ["\(environment.name).payer.\(partition).0"] }
}
