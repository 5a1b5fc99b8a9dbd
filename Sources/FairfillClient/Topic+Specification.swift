import EventLog
import Messages
import Vocabulary

extension Topic {
    /// The topic as it is made for an environment; `retention` is in milliseconds, nil: without
    /// limit.
    package func specification(
        _ environment: Environment, _ retention: Int64?
    ) -> TopicSpecification {
        TopicSpecification(
            name: fullName(environment: environment.name),
            partitions: partitions == .one ? 1 : Int32(environment.partitions),
            cleanup: cleanup == .compact ? .compact : .delete,
            retentionMilliseconds: mayBeForgotten ? retention : nil,
            maxMessageBytes: maxMessageBytes)
    }
}
