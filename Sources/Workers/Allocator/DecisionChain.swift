import Digest
import EventLog
import Messages
import Vocabulary

/// The hash chain over a partition's decisions (TheLog.md, A decision): each decision's hash covers
/// the hash before it and its own bytes up to the epoch, so the head stands for all of the book:
/// batches, restarts and machines leave no trace in it.
package struct DecisionChain: ~Copyable {
    private var digest = SHA256()
    /// The hash of the last decision, in hex.
    package private(set) var head: HashText
    package var epoch: Epoch = 0

    /// The chain of an empty book.
    package init(partition: Partition) {
        let seed = SHA256.text(of: "fairfill/1 decisions \(partition)".utf8)
        head = HashText(seed)!
    }

    /// Writes `decision` into `room`, sealed under this epoch, and goes on to its hash. Returns
    /// the bytes used.
    package mutating func append(
        _ decision: Decision, into room: UnsafeMutableRawBufferPointer
    ) -> Int {
        let count = RecordEncoder.encode(decision, after: head, into: room)
        head = hash(of: UnsafeRawBufferPointer(rebasing: room[..<count]))
        return count + RecordEncoder.seal(
            epoch: epoch, hash: head,
            into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
    }

    /// The hash that a decision of these bytes has after the head.
    package mutating func hash(of bytes: UnsafeRawBufferPointer) -> HashText {
        head.withBytes { digest.update($0) }
        digest.update(bytes)
        return withUnsafeTemporaryAllocation(byteCount: HashText.count, alignment: 8) { text in
            digest.finish(intoText: text)
            return HashText(UnsafeRawBufferPointer(text))!
        }
    }

    /// Goes on to a hash that was read.
    package mutating func follow(_ hash: HashText) { head = hash }
}
