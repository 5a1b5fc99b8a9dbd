import EventLog
import Messages
import Vocabulary

/// What one transaction of a lane holds: decisions, and all that follows from them.
///
/// A lane writes one while the one before it commits, so a lane has two, with the same
/// destinations in the same order.
package struct OutgoingBatch: ~Copyable {
    package var records = OutgoingRecords(capacityBytes: 1 << 20)
    /// The last decision in it, and how many there are.
    package var lastSequence: DecisionNumber = 0
    package var decisions = 0

    let decisionsTopic: OutgoingRecords.Destination
    let invalid: OutgoingRecords.Destination
    let attention: OutgoingRecords.Destination
    let progress: OutgoingRecords.Destination
    /// By partition.
    let paymentCommands: [OutgoingRecords.Destination]

    package init(_ configuration: AllocatorConfiguration) {
        decisionsTopic = records.destination(configuration.decisions)
        invalid = records.destination(configuration.topicPartition(.invalid))
        attention = records.destination(configuration.topicPartition(.attention))
        progress = records.destination(configuration.topicPartition(.progress))
        let commands = Topic.paymentCommands.fullName(environment: configuration.environment.name)
        var destinations: [OutgoingRecords.Destination] = []
        for partition in 0..<Int32(configuration.environment.partitions) {
            destinations.append(records.destination(TopicPartition(commands, partition)))
        }
        paymentCommands = destinations
    }

    var isEmpty: Bool { records.isEmpty }

    mutating func removeAll() {
        records.removeAll()
        decisions = 0
    }
}
