import EventLog
import Foundation
import Kafka

/// The way past a batch that the client can't unpack (TheLog.md, The topics, `bids`).
///
/// The client says so at the batch's first offset, and again at each fetch; it does not say where
/// the batch ends. It reads on where it is told to stand behind the batch, and complains again
/// about the same first offset where it is told to stand inside: so the first offset behind it is
/// found by steps that grow, and then by halving. Most such batches hold one record, and what the
/// first step meets then is what comes next.
extension KafkaReader {
    /// How long it may take to find out.
    private static let patienceNanoseconds: UInt64 = 10_000_000_000

    /// Puts what begins at `first` and can't be unpacked into `batch`, and what came behind it;
    /// answers how many entries that made. `failure` is what the client says next, if it said
    /// something by now.
    func pass(
        _ input: Int, _ first: Int64, into batch: inout RecordBatch,
        _ headerBytes: inout [UInt8], _ failure: inout Complaint?
    ) throws(LogError) -> Int {
        failure = nil
        let partition = partitions[input]
        let before = batch.count
        // Markers and aborted records before it were passed without a word.
        let position = max(positions[input], LogOffset(first))
        do throws(KafkaError) {
            // What was fetched lies below the last stable offset, with all of its batch.
            let stable = try client.offsets(
                of: .end, [(partition.topic, partition.partition)],
                milliseconds: KafkaLog.answerMilliseconds)[0]
            guard position.rawValue < stable else { return 0 }
            var search = Search(first: first, inside: position.rawValue, outside: stable)
            let deadline = DispatchTime.now().uptimeNanoseconds + Self.patienceNanoseconds
            while let probe = search.probe {
                try queues.seek(input, to: probe, milliseconds: KafkaLog.answerMilliseconds)
                positions[input] = LogOffset(probe)
                // Where this is the first offset behind it, what comes here is kept.
                if search.isLast(probe) {
                    batch.appendUnreadable(from: position, through: LogOffset(probe - 1))
                }
                let kept = batch.count
                let complaint = try answer(input, into: &batch, &headerBytes, until: deadline)
                search.heard(at: probe, complaint)
                guard search.isLast(probe), search.outside == probe else {
                    batch.truncate(to: before)
                    continue
                }
                if complaint == nil || batch.count > kept { return batch.count - before }
                failure = complaint
                return batch.count - before
            }
            try queues.seek(
                input, to: search.outside, milliseconds: KafkaLog.answerMilliseconds)
            batch.appendUnreadable(from: position, through: LogOffset(search.outside - 1))
            positions[input] = LogOffset(search.outside)
        } catch {
            // The client complains again, so the next read tries again.
            batch.truncate(to: before)
            try? queues.seek(
                input, to: position.rawValue, milliseconds: KafkaLog.answerMilliseconds)
            positions[input] = position
            try see(error, partition)
        }
        return batch.count - before
    }

    /// What comes first where the client was just told to stand: a record or the end, which are
    /// kept, or a complaint about a batch that can't be unpacked.
    private func answer(
        _ input: Int, into batch: inout RecordBatch, _ headerBytes: inout [UInt8],
        until deadline: UInt64
    ) throws(KafkaError) -> Complaint? {
        while true {
            var complaint: Complaint?
            let (taken, _) = take(input, limit: 1, into: &batch, &headerBytes, &complaint)
            if let complaint, !complaint.error.isAboutUnpacking { throw complaint.error }
            if taken > 0 { return complaint }
            guard DispatchTime.now().uptimeNanoseconds < deadline else {
                throw KafkaError(.callTimedOut)
            }
            queues.serve()
            bell.wait(milliseconds: 5)
        }
    }
}

/// Where a batch ends of which only the first offset is known.
private struct Search {
    /// The batch's first offset, as the client's complaints name it.
    let first: Int64
    /// The last offset known to lie inside, and the first known to lie behind.
    private(set) var inside: Int64
    private(set) var outside: Int64
    /// Doubled until a step is too long; nil from then on.
    private var step: Int64? = 1

    init(first: Int64, inside: Int64, outside: Int64) {
        self.first = first
        self.inside = inside
        self.outside = outside
    }

    /// Where to look next; nil where the end is found.
    var probe: Int64? {
        let rest = outside - inside
        guard rest > 1 else { return nil }
        return inside + min(step ?? rest / 2, rest - 1)
    }

    /// Whether nothing lies between what is known to lie inside and this offset.
    func isLast(_ probe: Int64) -> Bool { probe == inside + 1 }

    /// Takes in what the client said where it was told to stand at `probe`.
    mutating func heard(at probe: Int64, _ complaint: KafkaReader.Complaint?) {
        if let complaint, complaint.offset <= first {
            inside = probe
            step = step.map { $0 * 2 }
        } else {
            outside = probe
            step = nil
        }
    }
}
