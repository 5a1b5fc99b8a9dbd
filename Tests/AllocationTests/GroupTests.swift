import Testing

import Allocation
import LedgerLanguage
import Vocabulary

/// Groups of decisions, and inputs that no rule acts on.
@Suite struct GroupTests {
    /// The same decisions, whatever a call may make of them.
    @Test(arguments: [2, 3, 7, 1_000]) func aLargeGroupSpansCalls(_ limit: Int) throws {
        let lines =
            ["open c shares 50 price 1 waitlist 900", "bid first a 50"]
            + (0..<300).map { "bid w\($0) a\($0) \($0 % 5 + 1)\($0 % 7 == 0 ? " whole" : "")" }
            + ["declined first/1 #1 a", "bid last b 1"]
        var whole = Ledger()
        var parts = Ledger()
        parts.limit = limit
        for line in lines { #expect(try whole.tell(line) == parts.tell(line)) }
        let paid = whole.book.holders(of: Ledger.offering)!
            .filter { $0.standing.reserved > 0 }
        for holder in paid {
            let bid = "w" + holder.account.description.dropFirst()
            let line = "paid \(bid)/1 #1 \(holder.account) \(holder.standing.reserved)"
            #expect(try whole.tell(line) == parts.tell(line))
        }
        #expect(whole.book.overview(of: Ledger.offering)?.state == .filled)
        #expect(whole.decisions == parts.decisions)
        #expect(whole.decisions.count > 600)
        #expect(whole.book == parts.book)
    }

    /// A call makes as many decisions as it may, says that there are more, and takes up where it
    /// stopped.
    @Test func limitsAreExact() throws {
        var book = PartitionBook(partition: 0)
        var group = DecisionGroup()
        let source = Source(topic: .bids, partition: 0, offset: 7, at: 0)
        func tell(_ line: String, limit: Int) throws -> GroupProgress {
            group.removeAll()
            return try book.decide(.record(parse(line)), from: source, into: &group, limit: limit)
        }
        _ = try tell("open c shares 1 price 1 waitlist 5", limit: 2)
        _ = try tell("bid b0 a0 1", limit: 2)
        for index in 1...5 { _ = try tell("bid b\(index) a\(index) 1", limit: 2) }
        // settled and filled, then five expire.
        #expect(try tell("paid b0/1 #1 a0 1", limit: 4) == .more)
        #expect(group.decisions.map(\.event.type) == [.settled, .filled, .expired, .expired])
        group.removeAll()
        #expect(try book.resume(into: &group, limit: 1) == .more)
        #expect(group.decisions.map(\.n) == [4])
        #expect(try book.resume(into: &group, limit: 3) == .complete)
        #expect(group.decisions.map(\.n) == [4, 5, 6, 7])
        #expect(group.decisions.map(\.sequence) == [13, 14, 15, 16])
        #expect(group.decisions.last?.event.type == .certificate)
        #expect(book.sequence == 16)
    }

    @Test func inputsThatAreNotActedOn() throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 4 price 1\nbid b1 a1 1")
        for (action, answer) in [
            (OfferingCommand.Action.amend(closesAt: 1), "rejected x: badTerms closesAt | 3 1 0"),
            (.repay(payment: nil), "rejected x: wrongState | 3 1 0"),
            (
                .distribute(distribution: "d", kind: .interest, amount: 1),
                "rejected x: wrongState | 3 1 0"
            ),
        ] {
            ledger = Ledger()
            _ = try ledger.tell("open c shares 4 price 1\nbid b1 a1 1")
            for (offering, answer) in [
                ("loan", answer), ("none", "rejected x: unknownOffering @none"),
            ] {
                let command = OfferingCommand(
                    command: "x", offering: Identifier(parsing: offering)!, action: action)
                #expect(try ledger.tell(.record(.command(command))) == [answer])
            }
        }
        #expect(
            try ledger.tell("cancel b1 a1\ncancel b1 a1 @none") == """
                cancelRequested b1/1 a1 1 | 3 1 0
                recall loan/b1/1 a1
                rejected cancel b1 a1: unknownOffering @none
                """)
    }

    /// What is refused before the rules look at it spends no id, and shows the counters of an
    /// offering that is known.
    @Test func inputsRefusedBeforeTheRules() throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 4 price 1")
        let subject = Rejection.Subject.bid(bid: "b1", account: "a1", asked: 4, allOrNone: false)
        let elsewhere = Rejection(subject, .wrongEnvironment)
        let misrouted = Rejection(subject, .misrouted, expectedPartition: 5)
        let garbage = Rejection(.unreadable(Malformation(.notJSON, at: 3)), .malformed)
        #expect(
            try ledger.tell(.rejected(elsewhere, offering: "loan"))
                == ["rejected b1 a1 4: wrongEnvironment | 4 0 0"])
        #expect(
            try ledger.tell(.rejected(misrouted, offering: "other"))
                == ["rejected b1 a1 4: misrouted to 5 @other"])
        #expect(
            try ledger.tell(.rejected(garbage, offering: nil))
                == ["rejected unreadable at 3: malformed @"])
        #expect(try ledger.tell("bid b1 a1 1").hasPrefix("reserved b1 a1 1: 1 + 0 | 3 1 0"))
    }

    /// Offerings know nothing of each other: ids, accounts and counters are each one's own.
    @Test func offeringsAreApart() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c1 shares 2 price 1
            open c2 shares 3 price 1 cap 2 @other
            bid b1 a1 2
            bid b1 a1 2 @other
            declined b1/1 #1 a1 @other
            bid b1 a1 2
            """)
        #expect(
            told == """
                opened c1 2 x 1 CNY | 2 0 0
                opened c2 3 x 1 CNY cap 2 | 3 0 0 @other
                reserved b1 a1 2: 2 + 0 | 0 2 0
                fullyReserved | 0 2 0
                collect loan/b1/1 a1 2 CNY due 2
                reserved b1 a1 2: 2 + 0 | 1 2 0 @other
                collect other/b1/1 a1 2 CNY due 2
                released b1/1 #1 a1 2 declined | 3 0 0 @other
                repeated b1 a1 of 3 reserved, now 2 0 0 | 0 2 0
                """)
        #expect(ledger.book.overviews.map(\.offering) == ["loan", "other"])
    }

    @Test func accessors() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 5 price 1
            bid b0 a4 1
            declined b0/1 #1 a4
            bid b1 a2 3
            bid b2 a1 3
            bid b3 a2 2 whole
            bid b4 a3 9
            paid b1/1 #1 a2 3
            bid b5 a9 0
            """)
        let book = ledger.book
        #expect(
            book.overview(of: "loan").map { "\($0)" }
                == book.overviews.first.map { "\($0)" })
        let overview = try #require(book.overview(of: "loan"))
        #expect(overview.state == .fullyReserved)
        #expect(overview.counters == Counters(free: 0, reserved: 2, settled: 3))
        #expect(overview.waiting == 5)
        #expect(overview.queued == 11)
        #expect(overview.served == 6)
        #expect(overview.bids == 5)
        #expect(overview.accounts == 4)
        func standing(_ reserved: Shares, _ settled: Shares, _ waiting: Shares) -> Standing {
            Standing(reserved: reserved, settled: settled, waiting: waiting)
        }
        #expect(
            book.holders(of: "loan") == [
                Holder(account: "a2", standing: standing(0, 3, 2)),
                Holder(account: "a1", standing: standing(2, 0, 1)),
                Holder(account: "a3", standing: standing(0, 0, 2)),
            ])
        #expect(
            book.waitlist(of: "loan") == [
                WaitingPart(bid: "b2", account: "a1", shares: 1),
                WaitingPart(bid: "b3", account: "a2", shares: 2),
                WaitingPart(bid: "b4", account: "a3", shares: 2),
            ])
        #expect(book.standing(of: "b2", in: "loan") == standing(2, 0, 1))
        #expect(book.standing(of: "b5", in: "loan") == nil)
        #expect(book.standing(of: "b9", in: "loan") == nil)
        #expect(book.terms(of: "loan")?.waitlistShares == 5)
        #expect(!book.contains("none"))
        #expect(book.overview(of: "none") == nil && book.holders(of: "none") == nil)
        #expect(book.waitlist(of: "none") == nil && book.terms(of: "none") == nil)
        #expect(book.standing(of: "b2", in: "none") == nil)
    }
}
