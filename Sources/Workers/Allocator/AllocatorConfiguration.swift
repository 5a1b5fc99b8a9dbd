import Allocation
import EventLog
import Messages
import Vocabulary

/// What a lane of the allocator must know: the partition, and the environment that it serves.
package struct AllocatorConfiguration: Sendable {
    package var environment: Environment
    package var partition: Partition
    /// How many decisions a transaction may hold; a larger group of decisions spans several.
    package var largestBatch: Int
    /// The least time between two progress records of one offering.
    package var progressIntervalMilliseconds: Int64
    /// Stop once everything is decided that was there when the lane came alive.
    package var stopsAtEnd: Bool
    /// What its state may take; nil: without limit.
    package var memory: MemoryShare?
    /// A lane that has written nothing for so long gives its writer back.
    package var writerIdleMilliseconds: Int64 = 60_000

    package init(
        environment: Environment, partition: Partition, largestBatch: Int = 10_000,
        progressIntervalMilliseconds: Int64 = 100, stopsAtEnd: Bool = false,
        memory: MemoryShare? = nil
    ) {
        self.environment = environment
        self.partition = partition
        self.largestBatch = largestBatch
        self.progressIntervalMilliseconds = progressIntervalMilliseconds
        self.stopsAtEnd = stopsAtEnd
        self.memory = memory
    }

    /// The book before its first decision.
    var emptyBook: PartitionBook {
        PartitionBook(
            partition: partition,
            archiveAfter: Milliseconds(rawValue: environment.archiveAfterMilliseconds))
    }

    /// The partition of `topic` that this lane reads or writes.
    func topicPartition(_ topic: Topic) -> TopicPartition {
        TopicPartition(
            topic.fullName(environment: environment.name), Int32(partition.rawValue))
    }

    /// The partitions that it reads.
    package var inputs: PerInput<TopicPartition> {
        [topicPartition(.offeringCommands), topicPartition(.paymentResults), topicPartition(.bids)]
    }

    package var decisions: TopicPartition { topicPartition(.decisions) }

    /// Every partition of a topic that is spread over as many as the environment has.
    func everyPartition(of topic: Topic) -> [TopicPartition] {
        let name = topic.fullName(environment: environment.name)
        return (0..<environment.partitions).map { TopicPartition(name, Int32($0)) }
    }

    /// The transactional ids of the partition: one set in the whole cluster, so they carry the
    /// environment.
    package var transactionalIDs: [String] {
        (0..<environment.writers).map {
            "\(environment.name).allocator.\(partition).\($0)"
        }
    }
}
