import EventLog
import Messages
import Vocabulary

/// A topic that got more partitions than its environment has: nobody reads those beyond, and no
/// broker takes them back. Where a record belongs goes by the environment's count, never by the
/// topic's, so every record on its right partition is read as before.
package struct AddedPartitions: Hashable, Sendable {
    package var topic: Topic
    /// How many the environment has: the first that nobody reads has this number.
    package var expected: Int32
    /// How many the topic has.
    package var there: Int32

    package init(topic: Topic, expected: Int32, there: Int32) {
        self.topic = topic
        self.expected = expected
        self.there = there
    }

    /// Those of an environment, by how its topics are.
    package static func found(
        in known: [TopicDescription], of environment: Environment
    ) -> [AddedPartitions] {
        Topic.allCases.compactMap { topic in
            let name = topic.fullName(environment: environment.name)
            let expected = topic.partitions == .one ? 1 : Int32(environment.partitions)
            guard let there = known.first(where: { $0.specification.name == name })?
                .specification.partitions, there > expected
            else { return nil }
            return AddedPartitions(topic: topic, expected: expected, there: there)
        }
    }
}
