import Testing

import Allocation
import Audit
import Vocabulary

/// The book and the auditor, who share no rule, agree on every bound of every term: an offering
/// whose terms the book refuses is found if it is opened all the same, and no other.
@Suite struct TermsTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let member: Member
        let good: [@Sendable (inout OfferingTerms) -> Void]
        let bad: [@Sendable (inout OfferingTerms) -> Void]
        let note: String
        var testDescription: String { "\(member.rawValue) \(note)" }

        /// The values of one term that are good and bad, as `set` puts them in.
        init(
            _ member: Member, _ note: String = "", good: [Int64], bad: [Int64],
            _ set: @escaping @Sendable (inout OfferingTerms, Int64) -> Void
        ) {
            self.member = member
            self.note = note
            self.good = good.map { value in { set(&$0, value) } }
            self.bad = bad.map { value in { set(&$0, value) } }
        }
    }

    /// The command's own time; book time is a minute behind it, or ahead.
    static let now: Int64 = 1_767_225_600_000
    static let day: Int64 = 86_400_000
    static let century: Int64 = 3_155_760_000_000
    /// 2^53 - 1 is their product.
    static let (factor, cofactor): (Int64, Int64) = (6_361, 1_416_003_655_831)

    static let rows: [Row] = [
        Row(.shares, good: [1, 2, 100], bad: [0]) { $0.shares = Shares($1) },
        Row(.shares, "in lots", good: [5, 10], bad: [4, 6, 9, 11]) {
            $0.lot = 5
            $0.shares = Shares($1)
        },
        Row(.price, good: [1, 2], bad: [0]) { $0.price = MinorUnits($1) },
        Row(.price, "of all", good: [cofactor - 1, cofactor], bad: [cofactor + 1]) {
            $0.shares = Shares(factor)
            $0.waitlistShares = 0
            $0.price = MinorUnits($1)
        },
        Row(.lot, good: [1, 2, 100], bad: [0]) { $0.lot = Shares($1) },
        Row(.minShares, good: [1, 2, 99, 100], bad: [0, 101]) { $0.minShares = Shares($1) },
        Row(.minShares, "in lots", good: [2, 4, 100], bad: [0, 1, 3, 99, 102]) {
            $0.lot = 2
            $0.minShares = Shares($1)
        },
        Row(.maxSharesPerAccount, good: [1, 2, 99, 100], bad: [0, 101]) {
            $0.maxSharesPerAccount = Shares($1)
        },
        Row(.maxSharesPerAccount, "in lots", good: [4, 6, 100], bad: [0, 2, 3, 5, 99, 102]) {
            $0.lot = 2
            $0.minShares = 4
            $0.maxSharesPerAccount = Shares($1)
        },
        Row(.maxBidsPerAccount, good: [1, 2], bad: [0]) { $0.maxBidsPerAccount = $1 },
        Row(.maxAccounts, good: [1, 2], bad: [0]) { $0.maxAccounts = $1 },
        Row(.bidsPerMinutePerAccount, good: [1, 2], bad: [0]) { $0.bidsPerMinutePerAccount = $1 },
        Row(.waitlistShares, good: [0, 1], bad: [2]) {
            $0.shares = Shares(factor - 1)
            $0.price = MinorUnits(cofactor)
            $0.waitlistShares = Shares($1)
        },
        Row(.minimumShares, good: [0, 1, 100], bad: [101]) { $0.minimumShares = Shares($1) },
        Row(.backstop, good: [1, 2, 101], bad: [0]) {
            $0.backstop = Backstop(account: "rich", maxShares: Shares($1))
        },
        Row(
            .opensAt, good: [now - day, now - day + 1, now, now + century],
            bad: [0, now / 1_000, now - day - 1, now + century + 1, now * 1_000]
        ) { $0.opensAt = Timestamp($1) },
        Row(.opensAt, "before its end", good: [now + 8, now + 9], bad: [now + 10, now + 11]) {
            $0.opensAt = Timestamp($1)
            $0.closesAt = Timestamp(now + 10)
        },
        Row(
            .closesAt, good: [now + 1, now + 2, now + century],
            bad: [0, now - 1, now, now + century + 1, now * 1_000]
        ) { $0.closesAt = Timestamp($1) },
        Row(.rules, good: [1], bad: [0, 2]) { $0.rules = $1 },
        Row(.currency, good: [0], bad: [1]) {
            $0.currency = CurrencyCode($1 == 0 ? "XXX" : "ZZZ")!
        },
    ]

    @Test(arguments: rows, [-60_000, 0])
    func bookAndAuditorAgree(_ row: Row, _ bookTimeBehind: Int64) throws {
        for (changes, isGood) in [(row.good, true), (row.bad, false)] {
            for (index, change) in changes.enumerated() {
                var terms = OfferingTerms(shares: 100, price: 2, currency: CurrencyCode("CNY")!)
                change(&terms)
                let what = "\(row) \(isGood ? "good" : "bad") \(index)"
                let told = try decide(terms, bookTimeBehind)
                if isGood {
                    let report = audit(sealed(lines(told)))
                    #expect(report.totalFindings == 0, "\(what): \(report.findings)")
                    let types: Set<DecisionType> = [.opened, .scheduled]
                    #expect(types.contains(told[1].event.type), "\(what): \(told[1])")
                    continue
                }
                guard case .rejected(let rejection) = told[1].event else {
                    Issue.record("\(what): \(told[1])")
                    continue
                }
                #expect(rejection == Rejection(.command("c"), .badTerms, member: row.member))
                let report = audit(sealed(lines([told[0], opened(terms, told[1])])))
                #expect(
                    report.findings.contains {
                        $0.code == .againstTerms && $0.sentence.contains(row.member.rawValue)
                    }, "\(what): \(report.findings)")
            }
        }
    }

    /// Each term that can be wrong is in the table.
    @Test func everyTermIsThere() {
        let terms: Set<Member> = [
            .shares, .price, .currency, .lot, .minShares, .maxSharesPerAccount, .maxBidsPerAccount,
            .maxAccounts, .bidsPerMinutePerAccount, .opensAt, .closesAt, .waitlistShares,
            .minimumShares, .backstop, .rules,
        ]
        #expect(Set(Self.rows.map(\.member)) == terms)
    }

    /// A bid that moves book time, and the command.
    private func decide(_ terms: OfferingTerms, _ behind: Int64) throws -> [Decision] {
        var book = PartitionBook(partition: TrueHistory.partition)
        var group = DecisionGroup()
        // The later of the two is `now`.
        let (bookTime, at) = behind < 0
            ? (Self.now + behind, Self.now) : (Self.now, Self.now - 60_000)
        let bid = Bid(bid: "b", offering: "x", account: "a", shares: 1)
        for (record, topic, time) in [
            (InputRecord.bid(bid), InputTopic.bids, bookTime),
            (
                .command(
                    OfferingCommand(command: "c", offering: "loan", action: .open(terms))),
                .offeringCommands, at
            ),
        ] {
            let source = Source(
                topic: topic, partition: TrueHistory.partition, offset: 0, at: Timestamp(time))
            _ = try book.decide(.record(record), from: source, into: &group, limit: 10)
        }
        return group.decisions
    }

    /// The offering is opened in place of the refusal.
    private func opened(_ terms: OfferingTerms, _ refusal: Decision) -> Decision {
        var opened = refusal
        let isScheduled = terms.opensAt.map { $0.rawValue > Self.now } ?? false
        opened.event = .offering(
            isScheduled ? .scheduled(command: "c", terms) : .opened(command: "c", terms))
        opened.counters = Counters(free: terms.shares, reserved: 0, settled: 0)
        return opened
    }
}
