import Allocation
import Analysis
import LedgerLanguage
import Messages
import Testing
import Vocabulary

/// What a bidder is told, for each fate that a bid can have.
@Suite struct BidInquiryTests {
    /// The stories of a bid after these records, a decision each a record of the topic.
    private func stories(
        _ bid: Identifier, _ lines: String, of offering: Identifier? = nil
    ) throws -> [BidStory] {
        var told = ToldBook(PartitionBook(partition: 0, archiveAfter: 1_000))
        var inquiry = BidInquiry(bid, of: offering, partition: 0)
        try Words.started(1, partition: 0).withUnsafeBytes { try inquiry.follow($0) }
        for line in lines.split(separator: "\n") {
            let timed = Words.record(line)
            for decision in try told.tell(timed.record, at: timed.at) {
                try Words.record(decision).withUnsafeBytes { try inquiry.follow($0) }
            }
        }
        return inquiry.finish()
    }

    /// What could not be read is one list, records and batches alike: a bid may be in either.
    @Test func whatCouldNotBeReadIsOneList() throws {
        var book = PartitionBook(partition: 0)
        var inquiry = BidInquiry("b1", of: nil, partition: 0, keeps: 2)
        var group = DecisionGroup()
        let fault = Malformation(.wrongType, member: .shares, at: 61)
        let subjects: [(Int64, Rejection.Subject)] = [
            (0, .unreadable(fault)), (1, .batch(last: 4)), (5, .unreadable(fault)),
            (6, .batch(last: 6)),
        ]
        for (offset, subject) in subjects {
            _ = try book.decide(
                .rejected(Rejection(subject, .malformed), offering: nil),
                from: Source(topic: .bids, partition: 0, offset: Offset(offset), at: 0),
                into: &group, limit: 9)
        }
        let records = [Words.started(1, partition: 0)] + group.decisions.map { Words.record($0) }
        for record in records { try record.withUnsafeBytes { try inquiry.follow($0) } }
        #expect(inquiry.unreadable.map(\.offset) == [0, 1])
        #expect(inquiry.unreadable.map(\.last) == [nil, 4])
        #expect(inquiry.unreadable.map(\.fault.code) == [.wrongType, .unreadable])
        #expect(inquiry.unreadableCount == 4 && inquiry.decidedBids == 7)
    }

    private func words(_ bid: Identifier, _ lines: String) throws -> BidWords {
        let stories = try stories(bid, lines)
        try #require(stories.count == 1)
        return BidWords(stories[0]) { "\($0) ms" }
    }

    /// The rule and what follows it: the last sentences of the arrival.
    private func rule(_ bid: Identifier, _ lines: String) throws -> String {
        try words(bid, lines).arrival.dropFirst(4).joined(separator: " ")
    }

    /// What came afterwards, and how it stands.
    private func later(_ bid: Identifier, _ lines: String) throws -> String {
        let words = try words(bid, lines)
        return (words.chapters.map { "\($0.at): \($0.sentence)" } + words.now)
            .joined(separator: "\n")
    }

    @Test func whereItStoodAndWhatWasFree() throws {
        let words = try words(
            "b2",
            """
            5 open c shares 10
            10 bid b1 a 8
            20 bid b2 b 5
            """)
        #expect(
            words.arrival == [
                "It asked for 5 shares.",
                "It stands in bids, partition 0, offset 1, appended 20 ms, and was decided as "
                    + "number 3.",
                "1 bid was accepted before it, and nobody waited.",
                "Free before it: 2 shares; after it: 0.",
                "Under split it got the 2 free shares, and its other 3 wait (rule: "
                    + "split).",
            ])
        #expect(words.chapters.isEmpty)
        #expect(
            words.now == [
                "Now it has 2 reserved but not paid yet, 3 waiting.",
                "It is the first of the waitlist.", "The offering is fullyReserved.",
                "It stands once 10 shares are paid; 0 are so far (rule: minimum).",
            ])
    }

    @Test(arguments: [
        ("cap 6", "3", "Enough was free: its 3 shares were reserved at once."),
        (
            "cap 6", "7",
            "1 of its shares was cut off (overAccountCap): an account may hold 6, and this one "
                + "had or waited for 0 (rule: cap). Under split it got the 4 free "
                + "shares, and its other 2 wait (rule: split)."
        ),
        (
            "waitlist 1", "7",
            "2 of its shares were cut off (waitlistFull): only 1 more share could wait (rule: "
                + "waitlist). Under split it got the 4 free shares, and its other 1 waits "
                + "(rule: split)."
        ),
        (
            "waitlist 0", "7",
            "3 of its shares were cut off (waitlistFull): only 0 more shares could wait (rule: "
                + "waitlist). The 4 free shares were reserved for it."
        ),
        (
            "skip", "7",
            "Under skip a bid is served whole, and 4 free shares were too few, so its 7 shares "
                + "wait (rule: skip)."
        ),
        (
            "split", "7 whole",
            "It takes all or none, and 4 free shares were too few, so its 7 shares wait (rule: "
                + "all-or-none)."
        ),
    ])
    func theRuleThatApplied(_ terms: String, _ shares: String, _ expected: String) throws {
        let told = try rule(
            "b2", "5 open c shares 10 \(terms)\n10 bid b1 a 6\n20 bid b2 b \(shares)")
        #expect(told == expected)
    }

    @Test func holdAndNothingFree() throws {
        let story = "5 open c shares 10 hold\n10 bid b1 a 6\n20 bid b2 b 7\n30 bid b3 c 2"
        #expect(
            try rule("b3", story)
                == "Under hold nobody passes a bid that waits ahead, so its 2 shares wait "
                + "(rule: hold).")
        #expect(
            try rule("b3", "5 open c shares 6\n10 bid b1 a 6\n20 bid b3 b 5")
                == "Nothing was free, so its 5 shares wait.")
    }

    @Test(arguments: [
        (
            "min 3", "2", "belowMinimum", "The smallest bid is 3 shares (rule: minimum bid).",
            "under a new id"
        ),
        ("lot 2", "3", "notALot", "The lot is 2 shares (rule: lot).", "corrected, under a new id"),
        (
            "skip", "11", "tooLarge",
            "The offering has 10 shares, and under skip a bid is served whole (rules: size, skip).",
            "corrected"
        ),
        (
            "bids 1", "1", "tooManyBids", "An account may make 1 bid (rule: bids).",
            "the same answer"
        ),
        (
            "rate 1", "1", "rateLimited", "An account may make 1 bid a minute (rule: rate).",
            "after a while"
        ),
        (
            "cap 6", "1", "overAccountCap",
            "An account may hold 6 shares; this one had or waited for 6 (rule: cap).", "corrected"
        ),
        (
            "skip waitlist 0", "7", "waitlistFull",
            "4 shares were free, and 0 of the 0 shares that may wait did; under skip a bid is "
                + "served whole (rules: waitlist, skip).", "after a while"
        ),
        ("from 90", "1", "notOpenYet", "It opens at 90 ms.", "after a while"),
        ("to 20", "1", "closed", "The offering takes no more bids.", "the same answer"),
    ])
    func whyItWasRefused(
        _ terms: String, _ shares: String, _ reason: String, _ fact: String, _ advice: String
    ) throws {
        let told = try rule(
            "b2", "5 open c shares 10 \(terms)\n10 bid b1 a 6\n20 bid b2 a \(shares)")
        #expect(told.contains("It was refused (\(reason))"), "\(told)")
        #expect(told.contains(fact) && told.contains(advice), "\(told)")
    }

    /// A bid to an offering that opens later does not spend its id: the try is told, and the bid
    /// that counts is the later one.
    @Test func aTryBeforeTheOpeningDoesNotCount() throws {
        let story = "1 bid b1 a 3\n5 open c shares 10\n20 bid b1 a 4"
        let words = try words("b1", story)
        #expect(words.arrival[0] == "It asked for 4 shares.")
        #expect(
            words.chapters.map(\.sentence) == [
                "A record of this bid was refused (unknownOffering). No such offering has been "
                    + "opened."
            ])
        let refused = try self.words("b1", "1 bid b1 a 3")
        #expect(refused.arrival.last?.contains("the id is not used up") == true)
        #expect(refused.now.isEmpty)
    }

    @Test func promotionsNameTheReleaseThatMadeThemPossible() throws {
        let told = try later(
            "b2",
            """
            5 open c shares 10
            10 bid b1 a 8
            20 bid b2 b 5
            30 bid b3 c 4
            40 declined b1/1 #1 a
            50 paid b2/2 #1 b 6
            60 inDoubt b2/1 #1 b
            """)
        #expect(
            told == """
                40: 3 waiting shares were reserved, and none of it waits: payment loan/b1/1 \
                was declined, which released 8 shares.
                50: Payment loan/b2/2 over 0.06 CNY came: its 3 shares are paid.
                60: It is not known yet whether payment loan/b2/1 over 0.04 CNY was made; \
                its 2 shares stay reserved until it is.
                Now it has 3 shares paid, 2 reserved but not paid yet.
                The offering is open.
                It stands once 10 shares are paid; 3 are so far (rule: minimum).
                """)
    }

    /// Under hold also a bid that leaves, or can never be served, makes way.
    @Test func whoStoodInTheWayIsNamed() throws {
        let left = try later(
            "b3",
            """
            5 open c shares 10 hold
            10 bid b1 a 6
            20 bid b2 b 7
            30 bid b3 c 2
            40 cancel b2 b
            """)
        #expect(left.contains("bid b2, which waited ahead of it, was taken back"), "\(left)")
        let expired = """
            5 open c shares 10 hold
            10 bid b1 a 6
            20 bid b2 b 7
            30 bid b3 c 2
            40 paid b1/1 #1 a 12
            """
        #expect(
            try later("b3", expired).contains("bid b2, which waited ahead of it and could never"))
        #expect(try later("b2", expired).contains("at most 4 shares can ever be free again"))
    }

    @Test func aFailedPaymentEndsTheBid() throws {
        let told = try later(
            "b2", "5 open c shares 4\n10 bid b1 a 2\n20 bid b2 b 5\n40 declined b2/1 #1 b")
        #expect(
            told == """
                40: Payment loan/b2/1 over 0.04 CNY was declined: its 2 shares are \
                free again, and the bid is over.
                40: Its 3 waiting shares were cancelled: a payment of the bid failed, so the \
                bid is over.
                Now nothing of it is left.
                The offering is open.
                It stands once 4 shares are paid; 0 are so far (rule: minimum).
                """)
    }

    @Test func itsAccountTakesItBack() throws {
        let told = try later(
            "b2",
            """
            5 open c shares 4
            10 bid b1 a 2
            20 bid b2 b 5
            30 cancel b2 x
            40 cancel b2 b
            50 cancel b2 b
            60 recalled b2/1 #1 b
            70 cancel b2 b
            """)
        #expect(
            told == """
                30: A cancellation by x was refused (notYourBid). The bid belongs to another \
                account.
                40: Its 3 waiting shares were cancelled: the account took it back.
                40: The account took the bid back, so payment loan/b2/1 over 0.04 \
                CNY, for 2 shares, is recalled; the payer's answer decides what follows.
                50: The bid, or its cancellation, came again, and changed nothing.
                60: Payment loan/b2/1 over 0.04 CNY was recalled: its 2 shares are \
                free again, and the bid is over.
                70: A cancellation by b was refused (alreadyOver). Nothing of the bid is left to \
                cancel.
                Now nothing of it is left.
                The offering is open.
                It stands once 4 shares are paid; 0 are so far (rule: minimum).
                """)
    }

    /// Neither repeats nor what others send under its id make another story.
    @Test func repeatsAndConflictsAreToldAsSuch() throws {
        let told = try later(
            "b1",
            """
            1 cancel b1 a
            5 open c shares 4
            10 bid b1 a 2
            20 bid b1 a 2
            21 bid b1 a 2
            30 bid b1 x 3
            40 paid b1/1 #1 a 4
            50 paid b1/1 #1 a 4
            60 paid b1/1 #2 a 5
            """)
        #expect(
            told == """
                1: A cancellation by a was refused (unknownOffering). No such offering has been \
                opened.
                20: The same record came again 2 times, and changed nothing.
                30: Another record under this id, for 3 shares of x, was refused \
                (conflictingDuplicate). This id was used before, with other content; it stays as \
                it was.
                40: Payment loan/b1/1 over 0.04 CNY came: its 2 shares are paid.
                50: Result 1 of payment loan/b1/1 came after result 1, and changed nothing.
                60: Result 2 of payment loan/b1/1 was refused (amountMismatch). The amount paid is \
                not the amount asked for.
                Now it has 2 shares paid.
                The offering is open.
                It stands once 4 shares are paid; 2 are so far (rule: minimum).
                """)
    }

    @Test func lateMoneyTakesWhatIsFreeAndTheRestGoesBack() throws {
        let story = """
            5 open c shares 4
            10 bid b1 a 4
            20 declined b1/1 #1 a
            30 bid b2 b 1
            40 paid b1/1 #2 a 8
            50 declined b1/refund/1/1 #1 a
            60 repay r b1/refund/1/1
            70 paid b1/refund/1/2 #1 a 2
            """
        #expect(
            try later("b1", story) == """
                20: Payment loan/b1/1 over 0.08 CNY was declined: its 4 shares are \
                free again, and the bid is over.
                40: Money for payment loan/b1/1 over 0.08 CNY came after its shares \
                were given back. 3 shares were free: it has 3 of its 4 shares again, paid \
                (rule: split).
                40: The money of payment loan/b1/1 over 0.08 CNY for the other 1 \
                share is not kept: 0.02 CNY goes back as loan/b1/refund/1.
                50: Refund loan/b1/refund/1/1 was declined; an operator must look at it.
                60: The refund is commanded again, as loan/b1/refund/1/2.
                70: Refund loan/b1/refund/1/2 is paid: the account has its 0.02 CNY \
                back.
                Now it has 3 shares paid.
                The offering is fullyReserved.
                It stands once 4 shares are paid; 3 are so far (rule: minimum).
                """)
        let told = try stories("b1", story)[0]
        #expect(told.payments.map(\.outcome) == [.settledLate(3)])
        #expect(told.refunds.map(\.outcome) == [.paid])
        #expect(told.records.count == 7)
    }

    /// What an account may hold, and not only what is free, says how much late money buys.
    @Test func lateMoneyIsKeptUpToTheCap() throws {
        let told = try later(
            "b0",
            """
            0 open c shares 10 cap 4
            10 bid b0 a 4
            20 declined b0/1 #1 a
            30 bid b1 a 3
            40 conflict b0/1 #2 a 8
            """)
        #expect(
            told.contains(
                "7 shares were free, but an account may hold 4, and this one had or waited for 3: "
                    + "it has 1 of its 4 shares again, paid (rule: cap)."), "\(told)")
        #expect(told.contains("for the other 3 shares is not kept: 0.06 CNY"), "\(told)")
    }

    /// It is refused though it has nothing yet, for it is not cut.
    @Test func whatTakesAllOrNoneIsNotCutToTheCap() throws {
        let told = try rule("e", "0 open c shares 6 cap 4\n10 bid e b 6 whole")
        #expect(
            told == "It was refused (overAccountCap). The account would have, or wait for, more "
                + "shares than it may hold. An account may hold 4 shares; this one had or waited "
                + "for 0, and it takes all or none (rules: cap, all-or-none). A new try makes "
                + "sense with the bid corrected, under a new id.", "\(told)")
    }

    /// Under hold what can never be served expires while others are still to pay.
    @Test func whatExpiresWhileOthersAreToPay() throws {
        let told = try later(
            "b3",
            """
            0 open c shares 4 hold
            10 bid b1 a 1
            20 bid b2 b 2
            30 bid b3 c 4
            40 close x
            50 paid b1/1 #1 a 2
            """)
        #expect(
            told.contains(
                "at most 3 shares can ever be free again, and nobody passes a bid that waits "
                    + "ahead (rule: hold)"), "\(told)")
    }

    @Test func theMinimumIsNamed() throws {
        let told = try later(
            "b1", "0 open c shares 4 need 3\n10 bid b1 a 2\n20 close x\n30 paid b1/1 #1 a 4")
        #expect(
            told.contains(
                "It ended with 2 shares paid, and its minimum was 3, so all is given back (rule: "
                    + "minimum)."), "\(told)")
    }

    @Test func aCancelledOfferingGivesBack() throws {
        let story = """
            5 open c shares 4
            10 bid b1 a 3
            20 bid b2 b 3
            30 paid b1/1 #1 a 6
            40 cancel-all x withdrawn
            """
        #expect(
            try later("b1", story) == """
                30: Payment loan/b1/1 over 0.06 CNY came: its 3 shares are paid.
                40: Its 3 paid shares are given up, since the offering is cancelled: 0.06 \
                CNY goes back as loan/b1/refund/1.
                Now nothing of it is left.
                0.06 CNY is still owed to its account.
                The offering is cancelling.
                """)
        let paid = try later("b1", story + "\n50 paid b1/refund/1/1 #1 a 6")
        #expect(!paid.contains("owed"), "\(paid)")
        let waiting = try later("b2", story)
        for words in [
            "Its 2 waiting shares were cancelled: the offering is cancelled.",
            "The offering is cancelled, so payment loan/b2/1 over 0.02 CNY, for 1 "
                + "share, is recalled",
        ] {
            #expect(waiting.contains(words), "\(waiting)")
        }
    }

    @Test(arguments: [
        ("4", "50 paid b1/1 #1 a 8", "all shares are sold and paid"),
        ("2", "45 close x\n50 paid b1/1 #1 a 4", "the offering closed, nothing is reserved"),
    ])
    func whatCanNeverBeServedExpires(_ shares: String, _ end: String, _ word: String) throws {
        let told = try later(
            "b2",
            "5 open c shares 4 need 0\n10 bid b1 a \(shares)\n20 bid b2 b 3 whole\n\(end)")
        #expect(told.contains("50: Its 3 waiting shares can never be served and expired"))
        #expect(told.contains(word), "\(told)")
    }

    @Test func theBackstopIsToldToo() throws {
        let words = try words(
            .backstop,
            """
            5 open c shares 4 need 2 backstop bank 4
            10 bid b1 a 1
            20 paid b1/1 #1 a 2
            30 close x
            """)
        #expect(
            words.arrival == [
                "It is the backstop's, made when the offering closed, and was decided as number 5.",
                "3 shares were left, and it took 3.",
            ])
        #expect(words.story.name == "loan/backstop")
        #expect(words.now.first == "Now it has 3 reserved but not paid yet.")
    }

    /// What is archived has lost its ids; what its bids have is told all the same.
    @Test func anArchivedOfferingIsStillTold() throws {
        let told = try later(
            "b1", "5 open c shares 4\n10 bid b1 a 4\n20 paid b1/1 #1 a 8\n2000 bid b1 a 4")
        #expect(
            told == """
                20: Payment loan/b1/1 over 0.08 CNY came: its 4 shares are paid.
                2000: A record of this bid was refused (archived). The offering ended long ago.
                Now it has 4 shares paid.
                The offering is filled.
                """)
    }

    @Test func howManyWaitAheadNow() throws {
        let told = try later(
            "b4",
            """
            5 open c shares 4
            10 bid b1 a 4
            20 bid b2 b 1
            30 bid b3 c 2
            40 bid b4 d 1
            50 cancel b2 b
            """)
        #expect(told.contains("2 shares of 1 bid wait ahead of it."), "\(told)")
    }

    /// An id is unique in its offering only.
    @Test func eachOfferingHasItsOwnStory() throws {
        let lines = """
            5 open c shares 4
            5 open c shares 4 @other
            10 bid b1 a 3
            20 bid b1 x 2 @other
            """
        #expect(try stories("b1", lines).map { "\($0.offering)" } == ["loan", "other"])
        let one = try stories("b1", lines, of: "other")
        #expect(one.map { "\($0.offering) \($0.arrival?.account ?? "?")" } == ["other x"])
        #expect(try stories("b2", lines).isEmpty)
        #expect(try stories("b9", "5 open c shares 4\n10 cancel b9 a")[0].arrival == nil)
    }
}
