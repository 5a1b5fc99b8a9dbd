import EventLog
import Foundation
import Messages
import Vocabulary

/// Waits for the decisions about records of one partition. It must be made before they are
/// appended, so that it knows where to read from.
final class DecisionFollower {
    private let topic: InputTopic
    private var follow: Follow
    private var decoder = RecordDecoder()
    /// Source offsets that no decision has been seen about.
    private(set) var missing: Set<Int64> = []

    init(_ place: Place, _ partition: Partition, _ topic: InputTopic) throws(Failure) {
        self.topic = topic
        let decisions = place.partition(.decisions, partition)
        let bounds = try logged { () throws(LogError) in
            try place.log.bounds(of: [decisions], .committed)[0]
        }
        follow = try Follow(place.log, [ReadStart(decisions, from: bounds.end)])
    }

    func expect(_ receipt: Receipt) { missing.insert(receipt.offset.rawValue) }

    /// Calls `body` with the first decision about each record that is decided by now, and with its
    /// bytes as text.
    func drain(_ body: (Decision, String) throws(Failure) -> Void) throws(Failure) {
        guard !missing.isEmpty else { return }
        try follow.readAvailable { (_, batch, index) throws(Failure) in
            try self.take(batch.value(index), body)
        }
    }

    /// The same as they come, until none is missing, `end` in nanoseconds of uptime is over, or
    /// the command is to end.
    func wait(
        until end: UInt64, _ body: (Decision, String) throws(Failure) -> Void
    ) throws(Failure) {
        guard !missing.isEmpty else { return }
        try follow.follow(until: end) { (_, batch, index) throws(Failure) in
            try self.take(batch.value(index), body)
            return !self.missing.isEmpty
        }
    }

    private func take(
        _ value: UnsafeRawBufferPointer?, _ body: (Decision, String) throws(Failure) -> Void
    ) throws(Failure) {
        guard let record = try? decoder.decodeDecision(value),
            case .decision(let decision) = record.content,
            decision.source.topic == topic, decision.n == 0,
            missing.remove(decision.source.offset.rawValue) != nil
        else { return }
        try body(decision, String(decoding: value!, as: UTF8.self))
    }
}
