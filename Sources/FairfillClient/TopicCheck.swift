import EventLog
import Messages
import Vocabulary

/// What is wrong with an environment's topics: each finding a sentence with its mend (TheLog.md,
/// The topics).
package enum TopicCheck {
    /// Something that is wrong with a topic.
    package struct Finding: Sendable {
        package var topic: String
        /// What is wrong, and what comes of it.
        package var fact: String
        package var mend: String
        /// Whether `topics create` mends it.
        package var isMissing = false
        /// Whether workers refuse to run on it: replay would be impossible.
        package var stopsWorkers = true
        /// Whether it has more partitions than the environment.
        package var hasTooMany = false

        package var sentence: String { "\(topic) \(fact); \(mend)" }
    }

    /// The topics of an environment that are there.
    package static func topics(
        of environment: String, _ log: any EventLog
    ) throws(ClientError) -> [TopicDescription] {
        let names = Topic.allCases.map { $0.fullName(environment: environment) }
        return try logged { () throws(LogError) in try log.topics(named: names) }
    }

    /// What is wrong with the topics of `environment`, in the order of the catalogue.
    package static func findings(
        _ known: [TopicDescription], _ environment: Environment
    ) -> [Finding] {
        let added = AddedPartitions.found(of: environment) { name in
            known.first { $0.specification.name == name }?.specification.partitions
        }
        return Topic.allCases.flatMap { topic in
            let name = topic.fullName(environment: environment.name)
            guard let there = known.first(where: { $0.specification.name == name }) else {
                return [
                    Finding(
                        topic: name, fact: "is missing",
                        mend: "make it with: fairfill topics create", isMissing: true)
                ]
            }
            return added.filter { $0.topic == topic }.map { finding($0, in: environment.name) }
                + wrong(topic, there, environment).map {
                    Finding(topic: name, fact: $0.fact, mend: $0.mend)
                }
                + costly(topic, there).map {
                    Finding(topic: name, fact: $0.fact, mend: $0.mend, stopsWorkers: false)
                }
        }
    }

    /// What is to be done about partitions that were added.
    package static let wayOnFromAdded =
        "no broker takes partitions back, and the others go on as before: have clients find "
        + "partitions by the environment's count, or stop workers and clients, carry the "
        + "environment to another log (fairfill copy --help), and start them there"

    /// Partitions that were added to a topic.
    package static func finding(_ added: AddedPartitions, in environment: String) -> Finding {
        let (first, last) = (added.expected, added.there - 1)
        let numbers = first == last ? "partition \(first)" : "partitions \(first) to \(last)"
        return Finding(
            topic: added.topic.fullName(environment: environment),
            fact: "has \(added.there) partitions, and the environment \(added.expected): no worker "
                + "reads \(numbers), and clients that go by the topic's count send keys there",
            mend: wayOnFromAdded, stopsWorkers: false, hasTooMany: true)
    }

    /// What lets a writer of the topic take up too much memory.
    private static func costly(
        _ topic: Topic, _ there: TopicDescription
    ) -> [(fact: String, mend: String)] {
        var found: [(fact: String, mend: String)] = []
        if let repacking = there.repacking {
            found.append(
                (
                    "is packed anew by the brokers (compression.type=\(repacking)): they unpack "
                        + "each batch before they check its size, so one small record may take all "
                        + "of a broker's memory",
                    "set compression.type=producer"
                ))
        }
        let most = there.specification.maxMessageBytes
        // A broker's own default is a few bytes more, and does no harm.
        if most > topic.maxMessageBytes + 1_024 {
            found.append(
                (
                    "takes batches of \(most) bytes, which may unpack to a thousand times as much "
                        + "in the workers",
                    "set max.message.bytes=\(topic.maxMessageBytes)"
                ))
        }
        return found
    }

    private static func wrong(
        _ topic: Topic, _ there: TopicDescription, _ environment: Environment
    ) -> [(fact: String, mend: String)] {
        var found: [(fact: String, mend: String)] = []
        let wanted = topic.partitions == .one ? 1 : environment.partitions
        let count = Int64(there.specification.partitions)
        if count < wanted {
            found.append(
                (
                    "has \(count) partition\(count == 1 ? "" : "s"), and the environment "
                        + "\(wanted): some keys would belong to a partition that is missing",
                    "add what is missing (kafka-topics.sh --alter --partitions \(wanted))"
                ))
        }
        if there.timestampType != .logAppendTime {
            found.append(
                (
                    "is stamped by its clients",
                    "set message.timestamp.type=LogAppendTime"
                ))
        }
        let isCompacted = there.specification.cleanup == .compact
        if isCompacted != (topic.cleanup == .compact) {
            found.append(
                isCompacted
                    ? ("is compacted, so history is lost", "set cleanup.policy=delete")
                    : ("grows without end", "set cleanup.policy=compact"))
        }
        if !topic.mayBeForgotten, topic.cleanup != .compact,
            let kept = there.specification.retentionMilliseconds
        {
            let why = topic == .decisions
                ? "it is the book of record" : "what is forgotten could be paid again"
            found.append(("is kept \(Span.text(kept)) only, and \(why)", "set retention.ms=-1"))
        }
        return found
    }
}
