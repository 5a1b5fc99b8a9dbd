import EventLog
import Messages
import Vocabulary

/// Reads decisions into a buffer, on the thread that runs it, until nobody takes any more.
struct DecisionReader: Sendable {
    private let sequence: DecisionSequence
    private let buffer: DecisionBuffer

    init(_ sequence: DecisionSequence, _ buffer: DecisionBuffer) {
        self.sequence = sequence
        self.buffer = buffer
    }

    func run() {
        do throws(ClientError) {
            try read()
            buffer.finish(.success(()))
        } catch {
            buffer.finish(.failure(error))
        }
    }

    private func read() throws(ClientError) {
        let starts = sequence.starts
        let (buffer, connection) = (buffer, sequence.connection)
        var follow = try Follow(connection.log, starts) {
            buffer.isCancelled || connection.shouldStop()
        }
        var streams: [DecisionStream?] = starts.map {
            sequence.isFromBeginning
                ? DecisionStream(partition: Partition($0.partition.partition)) : nil
        }
        var decoder = RecordDecoder()
        try follow.follow { (input, batch, index) throws(ClientError) in
            let record: DecisionRecord
            do throws(Malformation) {
                record = try decoder.decodeDecision(batch.value(index))
            } catch {
                throw ClientError(
                    .invariant, "\(starts[input].partition) offset \(batch.offset(index)) can't "
                        + "be read: \(error.sentence); "
                        + "fairfill verify says what is damaged")
            }
            let partition = Partition(starts[input].partition.partition)
            var stream = streams[input] ?? DecisionStream(partition: partition, joiningAt: record)
            let step: DecisionStream.Step
            do throws(DecisionStreamDamage) {
                step = try stream.follow(record)
            } catch {
                throw ClientError(
                    .invariant, "\(starts[input].partition) offset \(batch.offset(index)): "
                        + "\(error.sentence); "
                        + "fairfill verify says what is damaged")
            }
            streams[input] = stream
            guard case .decision(let decision) = step else { return true }
            return buffer.put(
                FollowedDecision(
                    decision: decision, partition: partition,
                    offset: Offset(rawValue: batch.offset(index).rawValue),
                    at: Timestamp(rawValue: batch.appendTime(index)), epoch: record.epoch))
        }
    }
}
