import Testing

import Allocation
import Vocabulary

/// A record that can't be read counts where the offering that it names is open, moves nothing, and
/// spends no id (Rules.md, Bids).
@Suite struct MalformedNameTests {
    func malformed(_ offering: Identifier?, bid: Identifier? = nil) -> Input {
        .rejected(
            Rejection(
                .unreadable(
                    Malformation(.outOfRange, member: .shares, at: 7), bid: bid, account: "a1"),
                .malformed), offering: offering)
    }

    @Test func itCountsWhereItsOfferingIsOpen() throws {
        var ledger = Ledger()
        #expect(
            try ledger.tell(malformed("loan", bid: "b1"))
                == ["rejected unreadable at 7 b1 of a1: malformed"])
        _ = try ledger.tell("open c shares 4 price 1")
        #expect(
            try ledger.tell(malformed("loan", bid: "b1"))
                == ["rejected unreadable at 7 b1 of a1: malformed | 4 0 0"])
        #expect(
            try ledger.tell(malformed("other", bid: "b1"))
                == ["rejected unreadable at 7 b1 of a1: malformed @other"])
        #expect(
            try ledger.tell(malformed(nil)) == ["rejected unreadable at 7 of a1: malformed @"])
        // The id is free.
        #expect(
            try ledger.tell("bid b1 a1 4").hasPrefix("reserved b1 a1 4: 4 + 0 | 0 4 0"))
        let told = try ledger.tell("paid b1/1 #1 a1 4")
        // The last record about it was the bid; the others before it are in its range.
        #expect(
            told.hasSuffix(
                """
                certificate filled, bids 1, accounts 1, refunded 0, offering-commands 1-1, \
                payment-results 6-6, bids 2-5, malformed 1 | 0 0 4
                """), "\(told)")
    }

    @Test func itKeepsNobodyFromBeingArchivedNorServed() throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 4 price 1\nbid b1 a1 4\npaid b1/1 #1 a1 4")
        let end = ledger.book.nextDeadline
        _ = try ledger.tell("at 2000")
        _ = try ledger.tell(malformed("loan"))
        #expect(ledger.book.nextDeadline == end)
    }
}
