import Testing

import Allocation
import Vocabulary

/// The last value of each term that is opened, and the first that is refused by its name
/// (Terms.md). TermsTests has which of several wrong ones is named.
@Suite struct TermsBoundaryTests {
    struct Boundary: CustomTestStringConvertible, Sendable {
        let member: Member
        let good: [String]
        let bad: [String]
        var testDescription: String { "\(member.rawValue): \(good) | \(bad)" }

        init(_ member: Member, good: String..., bad: String...) {
            self.member = member
            self.good = good
            self.bad = bad
        }
    }

    /// 2^53 - 1 = 6,361 x 1,416,003,655,831, so that amounts can come to it exactly.
    static let factor = 6_361
    static let cofactor = 1_416_003_655_831

    /// 100 years of 365.25 days, in milliseconds.
    static let century = 3_155_760_000_000

    /// The ledger's command is stamped 1,000, and no bid has come yet.
    static let boundaries: [Boundary] = [
        Boundary(.shares, good: "shares 1", bad: "shares 0"),
        Boundary(
            .shares, good: "shares 100 lot 100", "shares 100 lot 50",
            bad: "shares 100 lot 99", "shares 100 lot 101", "shares 100 lot 200"),
        Boundary(.price, good: "price 1", bad: "price 0"),
        Boundary(.lot, good: "lot 1", bad: "lot 0"),
        Boundary(
            .minShares, good: "lot 2 min 2", "lot 2 min 4",
            bad: "lot 2 min 1", "lot 2 min 3", "lot 4 min 6"),
        Boundary(.minShares, good: "shares 100 min 100", bad: "shares 100 min 101"),
        Boundary(.minShares, good: "min 1", bad: "min 0"),
        Boundary(.maxSharesPerAccount, good: "cap 1", bad: "cap 0"),
        Boundary(.maxSharesPerAccount, good: "lot 2 cap 6", bad: "lot 2 cap 5", "lot 2 cap 7"),
        Boundary(.maxSharesPerAccount, good: "min 5 cap 5", bad: "min 5 cap 4"),
        Boundary(.maxSharesPerAccount, good: "shares 100 cap 100", bad: "shares 100 cap 101"),
        Boundary(.maxBidsPerAccount, good: "bids 1", bad: "bids 0"),
        Boundary(.maxAccounts, good: "maxAccounts 1", bad: "maxAccounts 0"),
        Boundary(.bidsPerMinutePerAccount, good: "rate 1", bad: "rate 0"),
        Boundary(.minimumShares, good: "need 0", "need 100", bad: "need 101"),
        // More than there are is as much as there is.
        Boundary(
            .backstop, good: "backstop rich 1", "backstop rich 1000", bad: "backstop rich 0"),
        Boundary(
            .opensAt, good: "from 4999 to 5000", bad: "from 5000 to 5000", "from 5001 to 5000"),
        Boundary(.closesAt, good: "to 1001", bad: "to 1000", "to 999", "to 0"),
        // What lies more than 100 years ahead was given in other units.
        Boundary(
            .opensAt, good: "from \(1_000 + century)", bad: "from \(1_001 + century)",
            "from \(1_001 + century) to \(1_002 + century)"),
        Boundary(
            .closesAt, good: "to \(1_000 + century)", bad: "to \(1_001 + century)",
            "from 2000 to \(1_001 + century)"),
        // A time that has come opens at once; one without an end may lie anywhere.
        Boundary(.closesAt, good: "from 0 to 1001", "from 999999", bad: "from 0 to 1000"),
        // What all shares cost, alone and with those that may wait.
        Boundary(
            .price, good: "shares 1 waitlist 0 price \(largestInteger)",
            "shares \(factor) waitlist 0 price \(cofactor)",
            bad: "shares 1 waitlist 0 price \(largestInteger + 1)",
            "shares \(factor) waitlist 0 price \(cofactor + 1)",
            "shares \(factor + 1) waitlist 0 price \(cofactor)",
            "shares \(largestInteger) waitlist 0 price 2",
            "shares \(largestInteger) waitlist 0 price \(largestInteger)"),
        Boundary(
            .waitlistShares, good: "shares \(factor - 1) waitlist 1 price \(cofactor)",
            "shares 1 waitlist \(factor - 1) price \(cofactor)",
            "shares \(largestInteger) waitlist 0 price 1",
            "shares 1 waitlist \(largestInteger - 1) price 1",
            bad: "shares \(factor - 1) waitlist 2 price \(cofactor)",
            "shares 1 waitlist \(factor) price \(cofactor)",
            "shares \(largestInteger) waitlist 1 price 1",
            "shares 1 waitlist \(largestInteger) price 1",
            // As many may wait as there are, where nothing else is said.
            "shares \(factor) price \(cofactor)"),
        Boundary(.waitlistShares, good: "waitlist 0", bad: "waitlist \(largestInteger)"),
        Boundary(.rules, good: "rules 1", bad: "rules 0", "rules 2"),
    ]

    @Test(arguments: boundaries) func goodAndBad(_ boundary: Boundary) throws {
        for terms in boundary.good {
            var ledger = Ledger()
            let told = try ledger.tell("open c \(terms)")
            #expect(told.hasPrefix("opened c") || told.hasPrefix("scheduled c"), "\(told)")
        }
        for terms in boundary.bad {
            var ledger = Ledger()
            #expect(
                try ledger.tell("open c \(terms)")
                    == "rejected c: badTerms \(boundary.member.rawValue)", "\(terms)")
            #expect(!ledger.book.contains(Ledger.offering))
        }
    }

    /// A moment more than a day ago was given in seconds, or by mistake. What counts is the later
    /// one of book time and the command's own.
    @Test func opensAtInThePast() throws {
        let now = 1_767_225_600_000
        let day = 86_400_000
        for (from, isGood) in [
            (now - day, true), (now - day - 1, false), (now / 1_000, false), (0, false),
            (now * 1_000, false),
        ] {
            var ledger = Ledger()
            let told = try ledger.tell("at \(now)\nopen c from \(from)")
            #expect(
                isGood ? told.hasPrefix("scheduled c") : told == "rejected c: badTerms opensAt",
                "\(from): \(told)")
        }
        // Book time is ahead of the command's own.
        var ledger = Ledger()
        _ = try ledger.tell("at \(now)\nbid b ann 1\nat \(now - 5)")
        #expect(
            try ledger.tell("open c from \(now - day - 1)") == "rejected c: badTerms opensAt")
        #expect(try ledger.tell("open c from \(now - day)").hasPrefix("opened c"))
        // And behind it.
        #expect(
            try ledger.tell("at \(now + day)\nopen d from \(now - 1) @late")
                == "rejected d: badTerms opensAt @late")
    }

    /// The end is put off to a moment that people may live to see.
    @Test func amendedWithinACentury() throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c to 5000\nat 2000")
        #expect(
            try ledger.tell("amend a \(2_001 + Self.century)")
                == "rejected a: badTerms closesAt | 100 0 0")
        #expect(
            try ledger.tell("amend b \(2_000 + Self.century)")
                == "amended b to \(2_000 + Self.century) | 100 0 0")
    }

    @Test(arguments: [
        ("CNY", true), ("EUR", true), ("XXX", true), ("XAU", true), ("ZZZ", false),
        ("DEM", false), ("AAA", false),
    ])
    func currencies(_ code: String, _ isGood: Bool) throws {
        var ledger = Ledger()
        let terms = OfferingTerms(shares: 1, price: 1, currency: CurrencyCode(code)!)
        let told = try ledger.tell(
            .record(
                .command(
                    OfferingCommand(
                        command: "c", offering: Ledger.offering, action: .open(terms)))))
        let opened = "opened c 1 x 1 \(code) | 1 0 0"
        #expect(told == [isGood ? opened : "rejected c: badTerms currency"])
    }

    /// Every member that may be wrong is here. What is left has no wrong value: a payee, ids of
    /// distributions, and words that are read or malformed.
    @Test func everyMemberIsThere() {
        let terms: Set<Member> = [
            .shares, .price, .lot, .minShares, .maxSharesPerAccount, .maxBidsPerAccount,
            .maxAccounts, .bidsPerMinutePerAccount, .opensAt, .closesAt, .waitlistShares,
            .minimumShares, .backstop, .rules,
        ]
        #expect(Set(Self.boundaries.map(\.member)) == terms)
    }

    /// Nobody buys nothing, even where the terms ask for nothing at least.
    @Test func aBidOfNothing() throws {
        var ledger = Ledger()
        #expect(
            try ledger.tell("open c shares 4 price 1 min 0") == "rejected c: badTerms minShares")
        _ = try ledger.tell("open c shares 4 price 1 min 1")
        #expect(try ledger.tell("bid b anna 0") == "rejected b anna 0: belowMinimum | 4 0 0")
        #expect(try ledger.tell("bid d anna 1").hasPrefix("reserved d anna 1: 1 + 0 | 3 1 0"))
    }

    /// The largest amount there is, given back, and distributed to the unit. A third of it is
    /// 3,002,399,751,580,330 and a third.
    @Test func theLargestAmount() throws {
        let third = 3_002_399_751_580_330
        let largest = largestInteger
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 3 price 1 interest i1,i2
            bid b anna 1
            bid d ben 2
            paid b/1 #1 anna 1
            paid d/1 #1 ben 2
            """)
        #expect(
            try ledger.tell("distribute e interest i1 \(largest)") == """
                distributed e interest i1 \(largest): anna \(third) | 0 0 3
                distributed e interest i1 \(largest): ben \(2 * third + 1) | 0 0 3
                interest loan/distribution/interest/i1/anna/1 anna \(third) CNY due \(third)
                interest loan/distribution/interest/i1/ben/1 ben \(2 * third + 1) CNY \
                due \(2 * third + 1)
                """)
        var other = Ledger()
        _ = try other.tell(
            """
            open c shares 1 price \(largest) waitlist 0
            bid b anna 1
            declined b/1 #1 anna
            bid d ben 1
            """)
        #expect(
            try other.tell("paid b/1 #2 anna \(largest)") == """
                refunding b/1 anna 1: refund 1 \(largest) late #2 | 0 1 0
                refund loan/b/refund/1/1 anna \(largest) CNY due \(largest) of 1
                """)
    }
}
