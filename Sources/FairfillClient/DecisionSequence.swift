import EventLog
import Foundation
import Messages
import Vocabulary

/// A decision, and where it stands.
public struct FollowedDecision: Hashable, Sendable {
    public let decision: Decision
    /// Of the topic `decisions`.
    public let partition: Partition
    public let offset: Offset
    /// When it was appended, by the log's clock.
    public let at: Timestamp
    /// Counts the writers of the partition: a higher one took over.
    public let epoch: Epoch
}

/// The decisions of some partitions as they are committed, each partition's in its order. It goes
/// on until its task is cancelled or `shouldStop` of the connection answers true.
///
/// Each iteration begins at the same place and reads on its own thread, ahead of its task by
/// as many decisions as the buffer holds. It throws `invariant` where decisions are missing or
/// damaged: no reader may go on behind that.
public struct DecisionSequence: AsyncSequence, Sendable {
    let connection: LogConnection
    let starts: [ReadStart]
    let isFromBeginning: Bool
    let bufferCount: Int

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator {
        let buffer = DecisionBuffer(limit: bufferCount)
        let reader = DecisionReader(self, buffer)
        Thread.detachNewThread { reader.run() }
        return Iterator(reader: Iterator.Reader(buffer))
    }

    /// Takes one decision after the other. Once it is no longer used, reading ends.
    public struct Iterator: AsyncIteratorProtocol {
        final class Reader: Sendable {
            let buffer: DecisionBuffer
            init(_ buffer: DecisionBuffer) { self.buffer = buffer }
            deinit { buffer.cancel() }
        }

        let reader: Reader

        public mutating func next() async throws(ClientError) -> FollowedDecision? {
            try await reader.buffer.next()
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ClientError) -> FollowedDecision? {
            try await reader.buffer.next()
        }
    }
}

extension LogConnection {
    /// Where following begins.
    public enum DecisionStart: Sendable {
        /// With the first decision ever made.
        case beginning
        /// With the next one that is committed after the call that asks for it.
        case end
    }

    /// Follows decisions. Ask before you submit what you wait for, so that its decision is among
    /// them.
    ///
    /// - Parameters:
    ///   - start: where following begins.
    ///   - partitions: those of these only; nil for all. An offering's are in `home(of:)`.
    ///   - bufferCount: how many are read ahead.
    public func decisions(
        from start: DecisionStart = .end, partitions: [Partition]? = nil, bufferCount: Int = 256
    ) async throws(ClientError) -> DecisionSequence {
        let chosen = partitions ?? (0..<environment.partitions).map { Partition(rawValue: $0) }
        for partition in chosen where !(0..<environment.partitions).contains(partition.rawValue) {
            throw ClientError(
                .usage, "there is no partition \(partition): the environment '\(name)' has "
                    + "\(environment.partitions)")
        }
        let sources = chosen.map { partition(.decisions, $0) }
        let bounds = try await onThread { (_) throws(ClientError) in
            try logged { () throws(LogError) in try self.log.bounds(of: sources, .committed) }
        }
        return DecisionSequence(
            connection: self,
            starts: zip(sources, bounds).map { source, bounds in
                ReadStart(source, from: start == .end ? bounds.end : bounds.start)
            }, isFromBeginning: start == .beginning, bufferCount: bufferCount)
    }
}
