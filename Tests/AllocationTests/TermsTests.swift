import Testing

import Allocation
import LedgerLanguage
import Vocabulary

/// Each term that makes no sense, alone and together with each later one: the
/// first in the order of the checks is named.
@Suite struct TermsTests {
    struct Fault: CustomTestStringConvertible {
        let member: Member
        let what: String
        let apply: @Sendable (inout OfferingTerms) -> Void
        var testDescription: String { "\(member.rawValue): \(what)" }
    }

    /// 100 shares in lots of 2, 4 at least, 50 at most an account.
    static func goodTerms() -> OfferingTerms {
        parseTerms(["shares", "100", "price", "2", "lot", "2", "min", "4", "cap", "50"])
    }

    /// In the order of the checks.
    static let faults: [Fault] = [
        Fault(member: .shares, what: "none") { $0.shares = 0 },
        Fault(member: .price, what: "none") { $0.price = 0 },
        Fault(member: .lot, what: "none") { $0.lot = 0 },
        Fault(member: .maxSharesPerAccount, what: "none") { $0.maxSharesPerAccount = 0 },
        Fault(member: .maxBidsPerAccount, what: "none at all") { $0.maxBidsPerAccount = 0 },
        Fault(member: .maxAccounts, what: "none at all") { $0.maxAccounts = 0 },
        Fault(member: .bidsPerMinutePerAccount, what: "none at all") {
            $0.bidsPerMinutePerAccount = 0
        },
        Fault(member: .backstop, what: "takes nothing") {
            $0.backstop = Backstop(account: "rich", maxShares: 0)
        },
        Fault(member: .shares, what: "not in lots") { $0.shares = 101 },
        Fault(member: .minShares, what: "not in lots") { $0.minShares = 5 },
        Fault(member: .maxSharesPerAccount, what: "not in lots") { $0.maxSharesPerAccount = 51 },
        Fault(member: .minShares, what: "above shares") { $0.minShares = 102 },
        Fault(member: .maxSharesPerAccount, what: "below minShares") {
            $0.maxSharesPerAccount = 2
        },
        Fault(member: .maxSharesPerAccount, what: "above shares") {
            $0.maxSharesPerAccount = 102
        },
        Fault(member: .minimumShares, what: "above shares") { $0.minimumShares = 101 },
        Fault(member: .opensAt, what: "at the end") {
            $0.opensAt = 5_000
            $0.closesAt = 5_000
        },
        // The ledger's command is stamped 1,000.
        Fault(member: .closesAt, what: "now") {
            $0.opensAt = nil
            $0.closesAt = 1_000
        },
        Fault(member: .price, what: "too high") { $0.price = MinorUnits(largestInteger / 100 + 1) },
        Fault(member: .waitlistShares, what: "too many at that price") {
            $0.waitlistShares = Shares(largestInteger)
        },
        Fault(member: .currency, what: "unknown") { $0.currency = CurrencyCode("ZZZ")! },
        Fault(member: .rules, what: "another version") {
            $0.rules = RulesByVersion.released.newest + 1
        },
    ]

    func answer(_ terms: OfferingTerms) throws -> String {
        var ledger = Ledger()
        let open = OfferingCommand(
            command: "c", offering: Ledger.offering, action: .open(terms))
        let told = try ledger.tell(Input.record(.command(open)))
        #expect(ledger.book.contains(Ledger.offering) == told[0].hasPrefix("opened"))
        return told.joined(separator: "\n")
    }

    @Test func goodTermsAreOpened() throws {
        let told = try answer(Self.goodTerms())
        #expect(
            told == """
                opened c 100 x 2 CNY lot 2 min 4 cap 50 | 100 0 0
                """)
    }

    @Test(arguments: faults.indices) func theFirstFaultIsNamed(_ index: Int) throws {
        let fault = Self.faults[index]
        var terms = Self.goodTerms()
        fault.apply(&terms)
        #expect(try answer(terms) == "rejected c: badTerms \(fault.member.rawValue)")
        #expect(fault.member.rule != nil, "people must be told which rule it broke")
        for later in Self.faults[(index + 1)...] where later.member != fault.member {
            var both = Self.goodTerms()
            later.apply(&both)
            fault.apply(&both)
            #expect(
                try answer(both) == "rejected c: badTerms \(fault.member.rawValue)",
                "with \(later.testDescription)")
        }
    }

    /// What is given with its default is as if it were left out.
    @Test func defaultsMayBeGiven() throws {
        let bare = parseTerms(["shares", "10"])
        var explicit = bare
        explicit.lot = 1
        explicit.minShares = 1
        explicit.remainder = .split
        explicit.waitlistShares = 10
        explicit.minimumShares = 10
        explicit.distributions = AllowedDistributions()
        explicit.rules = RulesByVersion.released.newest
        let opened = "opened c 10 x 2 CNY | 10 0 0"
        #expect(try answer(bare) == opened)
        #expect(try answer(explicit) == opened)
    }

    @Test func theLeastBidIsALotByDefault() throws {
        var terms = parseTerms(["shares", "10"])
        terms.lot = 5
        let opened = "opened c 10 x 2 CNY lot 5 | 10 0 0"
        #expect(try answer(terms) == opened)
    }

    /// The largest amounts that every reader gets exactly are opened and paid; one more is not.
    @Test func amountsUpToTheLargestInteger() throws {
        let price = largestInteger / 4
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c shares 2 price \(price)
            bid b1 a1 2
            bid b2 a2 2
            paid b1/1 #1 a1 \(price * 2)
            """)
        #expect(told.contains("collect loan/b1/1 a1 \(price * 2) CNY due \(price * 2)"))
        #expect(told.contains("expired b2 a2 2 | 0 0 2"))
        #expect(
            try answer(parseTerms(["shares", "2", "price", "\(price + 1)"]))
                == "rejected c: badTerms waitlistShares")
        #expect(
            try answer(parseTerms(["shares", "\(largestInteger)", "price", "1", "waitlist", "0"]))
                .hasPrefix("opened"))
    }

    /// An offering is told by its id: the same terms again are a repeat, under any command id.
    @Test func aSecondOpen() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c1 shares 10
            bid b1 a1 4
            open c1 shares 10
            open c2 shares 10 waitlist 10
            open c1 shares 11
            open c3 shares 0
            """)
        #expect(
            told == """
                opened c1 10 x 2 CNY | 10 0 0
                reserved b1 a1 4: 4 + 0 | 6 4 0
                collect loan/b1/1 a1 8 CNY due 8
                repeated c1 of 1 | 6 4 0
                repeated c2 of 1 | 6 4 0
                rejected c1: conflictingDuplicate | 6 4 0
                rejected c3: conflictingDuplicate | 6 4 0
                """)
    }

    /// Terms that were refused leave no trace: the same id may be opened under better ones.
    @Test func aRefusedOpenLeavesNoTrace() throws {
        var ledger = Ledger()
        let told = try ledger.tell(
            """
            open c1 shares 0
            bid b1 a1 1
            open c1 shares 1
            bid b1 a1 1
            """)
        #expect(
            told == """
                rejected c1: badTerms shares
                rejected b1 a1 1: unknownOffering
                opened c1 1 x 2 CNY | 1 0 0
                reserved b1 a1 1: 1 + 0 | 0 1 0
                fullyReserved | 0 1 0
                collect loan/b1/1 a1 2 CNY due 2
                """)
    }
}
