import EventLog
import Messages
import Vocabulary

/// What is wrong with an environment's topics: each finding a sentence with its mend (log.md,
/// Topics).
enum TopicCheck {
    struct Finding {
        var sentence: String
        /// Whether `topics create` mends it.
        var isMissing = false
        /// Whether workers refuse to run on it: replay would be impossible.
        var stopsWorkers = true
    }

    /// The topics of an environment that are there.
    static func topics(
        of environment: String, _ log: any EventLog
    ) throws(Failure) -> [TopicDescription] {
        let names = Topic.allCases.map { $0.fullName(environment: environment) }
        return try logged { () throws(LogError) in try log.topics(named: names) }
    }

    static func findings(_ known: [TopicDescription], _ environment: Environment) -> [Finding] {
        Topic.allCases.flatMap { topic in
            let name = topic.fullName(environment: environment.name)
            guard let there = known.first(where: { $0.specification.name == name }) else {
                return [
                    Finding(
                        sentence: "\(name) is missing; make it with: fairfill topics create",
                        isMissing: true)
                ]
            }
            return wrong(topic, there, environment).map { Finding(sentence: "\(name) \($0)") }
                + costly(topic, there).map {
                    Finding(sentence: "\(name) \($0)", stopsWorkers: false)
                }
        }
    }

    /// What lets whoever may write a topic take more memory than they should.
    private static func costly(_ topic: Topic, _ there: TopicDescription) -> [String] {
        var found: [String] = []
        if let repacking = there.repacking {
            found.append(
                "is packed anew by the brokers (compression.type=\(repacking)): they unpack "
                    + "whatever they are sent before they look at its size, and one small record "
                    + "may take all of a broker's memory; set compression.type=producer")
        }
        let most = there.specification.maxMessageBytes
        // A broker's own default is a few bytes more, and does no harm.
        if most > topic.maxMessageBytes + 1_024 {
            found.append(
                "takes batches of \(most) bytes, which may unpack to a thousand times as much in "
                    + "the workers; set max.message.bytes=\(topic.maxMessageBytes)")
        }
        return found
    }

    private static func wrong(
        _ topic: Topic, _ there: TopicDescription, _ environment: Environment
    ) -> [String] {
        var found: [String] = []
        let wanted = topic.partitions == .one ? 1 : environment.partitions
        let count = Int64(there.specification.partitions)
        if count != wanted {
            found.append(
                "has \(count) partition\(count == 1 ? "" : "s"), and the environment \(wanted): "
                    + (count > wanted
                        ? "nobody reads those beyond, and clients that count them send keys "
                            + "elsewhere. No broker takes partitions back: stop the workers, carry "
                            + "the environment to another log (fairfill copy) and go on there"
                        : "keys would be looked for where nothing is; add what is missing "
                            + "(kafka-topics.sh --alter --partitions \(wanted))"))
        }
        if there.timestampType != .logAppendTime {
            found.append(
                "is stamped by its clients; set message.timestamp.type=LogAppendTime")
        }
        let isCompacted = there.specification.cleanup == .compact
        if isCompacted != (topic.cleanup == .compact) {
            found.append(
                isCompacted
                    ? "is compacted, so history is lost; set cleanup.policy=delete"
                    : "grows without end; set cleanup.policy=compact")
        }
        if !topic.mayBeForgotten, topic.cleanup != .compact,
            let kept = there.specification.retentionMilliseconds
        {
            let why = topic == .decisions
                ? "it is the book of record" : "what is forgotten could be paid again"
            found.append("is kept \(Span.text(kept)) only, and \(why); set retention.ms=-1")
        }
        return found
    }
}

/// A span of time in words, as options take it.
enum Span {
    /// nil is for ever.
    static func text(_ milliseconds: Int64?) -> String {
        guard let milliseconds else { return "for ever" }
        let units: [(String, Int64)] = [
            ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000),
        ]
        for (unit, size) in units where milliseconds >= size && milliseconds % size == 0 {
            return "\(milliseconds / size)\(unit)"
        }
        return "\(milliseconds)ms"
    }
}
