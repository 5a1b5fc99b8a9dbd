import Testing

import Allocation
import LedgerLanguage
import Vocabulary

/// How long what has ended stays (Rules.md, Archive).
@Suite struct ArchiveTimeTests {
    /// The last money of an offering is answered for long after the last bid of its partition:
    /// counted from that bid its time would be over at once, and the ids dropped that a bank's late
    /// answer needs.
    @Test func itIsCountedFromTheEnd() throws {
        var book = PartitionBook(partition: 0, archiveAfter: 100_000)
        var group = DecisionGroup()
        for (offset, (at, topic, line)) in [
            (1_000, InputTopic.offeringCommands, "open c shares 2 price 1"),
            (1_000, .bids, "bid b ben 2"),
            (900_000, .paymentResults, "paid b/1 #1 ben 2"),
        ].enumerated() {
            let source = Source(
                topic: topic, partition: 0, offset: Offset(offset), at: Timestamp(at))
            _ = try book.decide(.record(parse(line)), from: source, into: &group, limit: 100)
        }
        #expect(book.overview(of: Ledger.offering)?.state == .filled)
        #expect(book.nextDeadline == 1_000_000)
    }
}
