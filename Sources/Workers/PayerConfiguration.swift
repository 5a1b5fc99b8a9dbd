import EventLog
import Messages
import Payments
import Vocabulary

/// What a lane of the payer must know: the partition of `payment-commands`, the environment, and
/// what the provider guarantees.
public struct PayerConfiguration: Sendable {
    public var environment: Environment
    public var partition: Partition
    public var profile: ProviderProfile
    /// How many payments may be under way at once, and how many lookups besides.
    public var largestInFlight: Int
    /// Stop once every command that was there when the lane came alive is settled, or parked for
    /// people.
    public var stopsAtEnd: Bool
    /// The way to the provider, as INTENT records it; a payment never changes it.
    public var channel: Identifier
    /// The account as the provider knows it; nil where nobody knows: the command is parked.
    public var accountToken: @Sendable (Identifier) -> String?

    public init(
        environment: Environment, partition: Partition, profile: ProviderProfile,
        largestInFlight: Int = 32, stopsAtEnd: Bool = false, channel: Identifier = "main",
        accountToken: @escaping @Sendable (Identifier) -> String? = { "\($0)" }
    ) {
        self.environment = environment
        self.partition = partition
        self.profile = profile
        self.largestInFlight = largestInFlight
        self.stopsAtEnd = stopsAtEnd
        self.channel = channel
        self.accountToken = accountToken
    }

    /// The partition of `topic` that this lane reads or writes.
    func place(_ topic: Topic) -> TopicPartition {
        TopicPartition(
            topic.fullName(environment: environment.name), Int32(partition.rawValue))
    }

    public var commands: TopicPartition { place(.paymentCommands) }
    public var journal: TopicPartition { place(.paymentJournal) }

    /// The transactional ids of the partition: one set in the whole cluster, so they carry the
    /// environment.
    public var transactionalIDs: [String] { ["\(environment.name).payer.\(partition).0"] }
}
