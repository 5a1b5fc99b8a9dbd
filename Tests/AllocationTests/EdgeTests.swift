import Testing

import Allocation
import LedgerLanguage
import Vocabulary

/// Edges that no other table of the rules stands on.
@Suite struct EdgeTests {
    /// Under `hold` a front that wants just what can be free again waits for it; one that wants a
    /// share more can never be served.
    @Test(arguments: [3, 4]) func aFrontThatFitsWhatCanBeFreeAgainWaits(_ shares: Int) throws {
        var ledger = Ledger()
        let first = shares == 4 ? 1 : 4
        _ = try ledger.tell("open c shares 4 price 1 hold\nbid b1 ben \(first)")
        let told = try ledger.tell("bid b2 ann \(shares)")
        #expect(!told.contains("expired"), "\(told)")
        #expect(ledger.book.standing(of: "b2", in: Ledger.offering)?.waiting == Shares(shares))
    }

    /// What has ended is archived a millisecond later at the soonest: two groups of one deadline
    /// could not be told apart.
    @Test(arguments: [(0, 5_001), (1, 5_001), (2, 5_002)] as [(Int64, Int64)])
    func anArchiveAtOnceIsAMillisecondLater(_ after: Int64, _ deadline: Int64) throws {
        var book = PartitionBook(partition: 0, archiveAfter: Milliseconds(after))
        var group = DecisionGroup()
        for (offset, (topic, line)) in [
            (InputTopic.offeringCommands, "open c shares 2 price 1"),
            (.offeringCommands, "cancel-all x"),
        ].enumerated() {
            let source = Source(topic: topic, partition: 0, offset: Offset(offset), at: 5_000)
            _ = try book.decide(.record(parse(line)), from: source, into: &group, limit: 100)
        }
        #expect(book.overview(of: Ledger.offering)?.state == .cancelled)
        #expect(book.nextDeadline == Timestamp(deadline))
    }

    /// What was ever reserved, at once or by a promotion: with `queued` it says how far away one
    /// is that waits.
    @Test func whatIsPromotedIsServed() throws {
        var ledger = Ledger()
        func served() -> Shares? { ledger.book.overview(of: Ledger.offering)?.served }
        _ = try ledger.tell("open c shares 4 price 1\nbid b1 ben 3\nbid b2 ann 3")
        #expect(served() == 4)
        _ = try ledger.tell("declined b1/1 #1 ben")
        #expect(served() == 6)
        // What is given back stays served.
        _ = try ledger.tell("declined b2/1 #1 ann")
        #expect(served() == 6)
    }

    /// An offering that stands from nothing on may close with nothing: nobody holds what could be
    /// distributed.
    @Test func nothingIsDistributedToNobody() throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 4 price 1 need 0 interest i1\nclose x")
        #expect(ledger.book.overview(of: Ledger.offering)?.state == .closedShort)
        #expect(try ledger.tell("distribute e interest i1 5").contains("wrongState"))
    }
}
