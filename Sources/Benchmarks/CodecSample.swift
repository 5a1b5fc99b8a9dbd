import Allocation
import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary
import Workers

/// What `bench codec` reads and writes: bids, and the decisions about them, half of them
/// reservations and half refusals. So many different ones that they don't all stay in the
/// processor's nearest memory, and that no branch can be learned by heart.
final class CodecSample {
    let count: Int
    private(set) var bids: [Bid] = []
    private(set) var decisions: [Decision] = []
    private(set) var encodedBids = OutgoingRecords(capacityBytes: 1 << 20)
    private(set) var encodedDecisions = OutgoingRecords(capacityBytes: 1 << 20)
    /// Room for any record.
    let room = UnsafeMutableRawBufferPointer.allocate(
        byteCount: RecordEncoder.largestDecision, alignment: 16)

    /// Bytes of a record, on average.
    var bidBytes: Int64 { Int64(encodedBids.byteCount / count) }
    var decisionBytes: Int64 { Int64(encodedDecisions.byteCount / count) }

    init(different count: Int) throws(Failure) {
        self.count = count
        // One with shares for all bids, and one with a share for the first one only.
        let (rich, poor) = (BenchRecords.id(.offering, 0), BenchRecords.id(.offering, 1))
        var richBook = try CoreBook([rich], .bench(shares: count, waitlistShares: 0))
        var poorBook = try CoreBook([poor], .bench(shares: 1, waitlistShares: 0))
        for number in 0..<count {
            // Whose turn it is has no order that a processor could learn.
            let isRich = BenchRecords.id(.bid, number).hash(seed: 1) & 1 == 0
            let bid = BenchRecords.bid(number, for: isRich ? rich : poor)
            bids.append(bid)
            if isRich {
                try richBook.decide(.record(.bid(bid)))
                decisions.append(richBook.group.decisions[0])
            } else {
                try poorBook.decide(.record(.bid(bid)))
                decisions.append(poorBook.group.decisions[0])
            }
        }
        encode()
    }

    deinit { room.deallocate() }

    private func encode() {
        let bidsTopic = encodedBids.destination(TopicPartition("bids", 0))
        let decisionsTopic = encodedDecisions.destination(TopicPartition("decisions", 0))
        var chain = DecisionChain(partition: 0)
        for bid in bids {
            encodedBids.append(
                to: bidsTopic, key: nil, largestValue: RecordEncoder.largestRecord
            ) { RecordEncoder.encode(bid, into: $0) }
        }
        for decision in decisions {
            encodedDecisions.append(
                to: decisionsTopic, key: nil, largestValue: RecordEncoder.largestDecision
            ) { chain.append(decision, into: $0) }
        }
    }
}
