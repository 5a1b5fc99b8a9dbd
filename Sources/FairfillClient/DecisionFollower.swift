import EventLog
import Messages
import Vocabulary

/// Waits for the decisions about records of one partition. It must be made before they are
/// appended, so that it knows where to read from.
package final class DecisionFollower {
    private let topic: InputTopic
    private var follow: Follow
    private var decoder = RecordDecoder()
    /// Source offsets that no decision has been seen about.
    package private(set) var missing: Set<Int64> = []

    package init(
        _ connection: LogConnection, _ partition: Partition, _ topic: InputTopic
    ) throws(ClientError) {
        self.topic = topic
        let decisions = connection.partition(.decisions, partition)
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: [decisions], .committed)[0]
        }
        follow = try Follow(
            connection.log, [ReadStart(decisions, from: bounds.end)],
            shouldStop: connection.shouldStop)
    }

    /// One that reads from an offset of `decisions`; `shouldStop` is asked again and again.
    init(
        _ connection: LogConnection, _ partition: Partition, _ topic: InputTopic,
        from start: LogOffset, shouldStop: @escaping () -> Bool
    ) throws(ClientError) {
        self.topic = topic
        follow = try Follow(
            connection.log, [ReadStart(connection.partition(.decisions, partition), from: start)],
            shouldStop: shouldStop)
    }

    /// Waits for the decision about the record at an offset of the input, too.
    package func expect(_ offset: LogOffset) { missing.insert(offset.rawValue) }

    /// Calls `body` with the first decision about each record that is decided by now, and with its
    /// bytes as text.
    package func drain(_ body: (Decision, String) throws(ClientError) -> Void) throws(ClientError) {
        guard !missing.isEmpty else { return }
        try follow.readAvailable { (_, batch, index) throws(ClientError) in
            try self.take(batch.value(index), body)
        }
    }

    /// The same as they come, until none is missing, `end` in nanoseconds of uptime is over, or it
    /// is to stop.
    package func wait(
        until end: UInt64, _ body: (Decision, String) throws(ClientError) -> Void
    ) throws(ClientError) {
        guard !missing.isEmpty else { return }
        try follow.follow(until: end) { (_, batch, index) throws(ClientError) in
            try self.take(batch.value(index), body)
            return !self.missing.isEmpty
        }
    }

    private func take(
        _ value: UnsafeRawBufferPointer?, _ body: (Decision, String) throws(ClientError) -> Void
    ) throws(ClientError) {
        guard let record = try? decoder.decodeDecision(value),
            case .decision(let decision) = record.content,
            decision.source.topic == topic, decision.n == 0,
            missing.remove(decision.source.offset.rawValue) != nil
        else { return }
        try body(decision, String(decoding: value!, as: UTF8.self))
    }
}
