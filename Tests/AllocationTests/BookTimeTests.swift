import Testing

import Allocation
import LedgerLanguage
import Vocabulary

/// What goes by book time: it is the largest append time of a bid, or a deadline, so far, and
/// neither steps back nor follows what operators and banks send (TheLog.md, Book time).
@Suite struct BookTimeTests {
    /// The records of one partition, each stamped by itself; no deadline is decided unasked.
    struct Desk {
        var book = PartitionBook(partition: 0)
        private var group = DecisionGroup()
        private var offset: Int64 = 0

        mutating func tell(_ at: Int64, _ topic: InputTopic, _ line: String) throws -> String {
            try decide(
                .record(parse(line)),
                Source(
                    topic: topic, partition: 0, offset: Offset(offset), at: Timestamp(at)))
        }

        mutating func tellDeadline() throws -> String {
            try decide(.deadline, book.source(ofDeadline: book.nextDeadline!))
        }

        private mutating func decide(_ input: Input, _ source: Source) throws -> String {
            offset += 1
            group.removeAll()
            let progress = try book.decide(input, from: source, into: &group, limit: 100)
            #expect(progress == .complete)
            try book.checkInvariants()
            return group.decisions.map(describe).joined(separator: "\n")
        }
    }

    /// A bank or an operator whose clock runs ahead closes no sale early.
    @Test func onlyBidsMoveIt() throws {
        var desk = Desk()
        _ = try desk.tell(1_000, .offeringCommands, "open c shares 4 price 1 need 1 to 9000")
        #expect(desk.book.bookTime == 0)
        _ = try desk.tell(2_000, .bids, "bid b anna 1")
        #expect(desk.book.bookTime == 2_000)
        #expect(
            try desk.tell(20_000, .paymentResults, "paid b/1 #1 anna 1")
                == "settled b/1 #1 anna 1 | 3 0 1")
        #expect(try desk.tell(20_000, .offeringCommands, "pause p") == "paused p | 3 0 1")
        #expect(try desk.tell(20_000, .offeringCommands, "resume q") == "resumed q | 3 0 1")
        #expect(desk.book.bookTime == 2_000)
        #expect(desk.book.nextDeadline == 9_000)
        #expect(
            try desk.tell(8_999, .bids, "bid d ben 1") == "reserved d ben 1: 1 + 0 | 2 1 1")
        #expect(try desk.tellDeadline() == "closing by the clock | 2 1 1")
        #expect(desk.book.bookTime == 9_000)
    }

    /// The clock of the next leader is behind: what was closed stays closed, and what has opened
    /// stays open.
    @Test func itDoesNotStepBack() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 4 price 1 need 0 from 5000 to 9000
            at 5000
            bid b1 anna 1
            """)
        #expect(
            try ledger.tell("at 4999\nbid b2 anna 1")
                == "reserved b2 anna 1: 1 + 0 | 2 2 0\ncollect loan/b2/1 anna 1 CNY due 1")
        #expect(ledger.book.bookTime == 5_000)
        _ = try ledger.tell("at 9000\nbid b3 anna 1")
        #expect(try ledger.tell("at 8999\nbid b4 anna 1") == "rejected b4 anna 1: closed | 2 2 0")
        #expect(ledger.book.bookTime == 9_000)
    }

    /// A bid whose stamp stepped back counts as one of the moment that the book had reached.
    @Test func theRateCountsByIt() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 9 price 1 rate 2
            at 70000
            bid b1 anna 1
            at 5000
            bid b2 anna 1
            """)
        #expect(
            try ledger.tell("at 129999\nbid b3 anna 1")
                == "rejected b3 anna 1: rateLimited | 7 2 0")
        #expect(
            try ledger.tell("at 130000\nbid b4 anna 1").hasPrefix("reserved b4 anna 1: 1 + 0"))
    }

    /// Whether an offering opens at once goes by it, and not by the command's own time; its end
    /// must lie ahead of both.
    @Test func openingGoesByIt() throws {
        var desk = Desk()
        let terms = "shares 1 price 1 from 5000"
        #expect(
            try desk.tell(6_000, .offeringCommands, "open c \(terms) to 6000 @a")
                == "rejected c: badTerms closesAt @a")
        #expect(
            try desk.tell(6_000, .offeringCommands, "open c \(terms) to 6001 @a")
                .hasPrefix("scheduled c"))
        #expect(desk.book.nextDeadline == 5_000)
        #expect(try desk.tellDeadline().hasPrefix("opened c"))
        _ = try desk.tell(5_500, .bids, "bid b anna 1 @a")
        #expect(
            try desk.tell(2_000, .offeringCommands, "open c \(terms) to 5500 @b")
                == "rejected c: badTerms closesAt @b")
        #expect(
            try desk.tell(2_000, .offeringCommands, "open c \(terms) to 5501 @b")
                .hasPrefix("opened c"))
    }

    /// An end is put off to a time that lies ahead of the old one, of book time and of the command.
    @Test func amendingGoesByIt() throws {
        var desk = Desk()
        _ = try desk.tell(1_000, .offeringCommands, "open c shares 4 price 1 to 9000")
        func answer(_ at: Int64, _ closesAt: Int64) throws -> String {
            try desk.tell(at, .offeringCommands, "amend x\(closesAt) \(closesAt)")
        }
        let refused = ": badTerms closesAt | 4 0 0"
        #expect(try answer(2_000, 9_000) == "rejected x9000" + refused)
        // Not decided yet, since no bid has come: so the end may still be put off.
        #expect(try answer(10_000, 9_999) == "rejected x9999" + refused)
        #expect(try answer(10_000, 10_000) == "rejected x10000" + refused)
        #expect(try answer(10_000, 10_001) == "amended x10001 to 10001 | 4 0 0")
        #expect(desk.book.nextDeadline == 10_001)
    }

    /// Paused before its time an offering opens, and takes no bids until it is resumed.
    @Test func whatIsPausedOpensPaused() throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 4 price 1 from 5000\npause p")
        #expect(
            try ledger.tell(
                """
                bid b1 anna 1
                at 5000
                bid b2 anna 1
                resume r
                bid b3 anna 1
                """) == """
                rejected b1 anna 1: notOpenYet | 4 0 0
                opened c 4 x 1 CNY from 5000 | 4 0 0
                rejected b2 anna 1: paused | 4 0 0
                resumed r | 4 0 0
                reserved b3 anna 1: 1 + 0 | 3 1 0
                collect loan/b3/1 anna 1 CNY due 1
                """)
    }

    /// To the millisecond, counted from the moment at which the last money was answered for.
    @Test func archivedAtItsTime() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 2 price 1
            bid b anna 1
            cancel-all x
            at 50000
            bid d anna 1
            declined b/1 #1 anna
            """)
        #expect(try ledger.tell("at 149999\nbid e anna 1") == "rejected e anna 1: closed | 2 0 0")
        #expect(
            try ledger.tell("at 150000\nbid e anna 1")
                == "archived | 2 0 0\nrejected e anna 1: archived | 2 0 0")
    }
}
