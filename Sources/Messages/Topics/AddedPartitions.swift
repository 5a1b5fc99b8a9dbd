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

    /// Those of an environment; `partitions` says how many a topic of that name has in the log, nil
    /// where there is none.
    package static func found(
        of environment: Environment, _ partitions: (_ topic: String) -> Int32?
    ) -> [AddedPartitions] {
        Topic.allCases.compactMap { topic in
            let expected = topic.partitions == .one ? 1 : Int32(environment.partitions)
            guard let there = partitions(topic.fullName(environment: environment.name)),
                there > expected
            else { return nil }
            return AddedPartitions(topic: topic, expected: expected, there: there)
        }
    }
}
