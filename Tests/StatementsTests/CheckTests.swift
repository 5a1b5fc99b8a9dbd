import Payments
import Statements
import Testing
import Vocabulary

/// Whether a statement holds together, and whether several continue each other.
@Suite struct CheckTests {
    static let eur = CurrencyCode("EUR")!

    static func balance(
        _ amount: Int64, at: Int64, _ currency: String = "EUR"
    ) -> StatementBalance {
        StatementBalance(
            amount: MinorUnits(rawValue: amount), currency: CurrencyCode(currency)!,
            moment: StatementMoment(Timestamp(rawValue: at)))
    }

    static func line(
        _ amount: Int64, _ number: Int = 2, _ currency: String = "EUR",
        _ direction: MoneyDirection = .collect, key: String = "k"
    ) -> StatementItem {
        .line(
            ProviderLine(
                number: number, key: key, amount: MinorUnits(rawValue: amount),
                currency: CurrencyCode(currency)!, direction: direction, kind: .booked,
                booked: StatementMoment(Timestamp(rawValue: 150))))
    }

    static func statement(
        _ opening: Int64, _ closing: Int64, _ from: Int64 = 100, _ to: Int64 = 200
    ) -> CheckedStatement {
        let moved = closing - opening
        let items: [StatementItem] =
            [.opening(balance(opening, at: from), number: 1)]
            + (moved == 0 ? [] : [line(abs(moved), 2, "EUR", moved > 0 ? .collect : .payout)])
            + [.closing(balance(closing, at: to), number: 3)]
        return Reading.check(items).statement
    }

    @Test func whatAddsUpIsClosed() {
        let (statement, lines, remarks) = Reading.check([
            .opening(Self.balance(-50, at: 100), number: 1), Self.line(70),
            Self.line(30, 3, "EUR", .payout), .closing(Self.balance(-10, at: 200), number: 4),
        ])
        #expect(statement.isClosed && !statement.isBroken && remarks == [])
        #expect(lines.count == 2 && statement.net == 40)
    }

    /// Each is said, and none of them is closed.
    @Test(arguments: [
        (
            "cut off", true, "it has no closing balance: it is still open, or cut off",
            [.opening(balance(0, at: 100), number: 1), line(5)]
        ),
        (
            "no opening", true, "it has no opening balance",
            [line(5), .closing(balance(5, at: 200), number: 3)]
        ),
        (
            "a line is missing", false, "are not the closing 9.00 EUR",
            [
                .opening(balance(0, at: 100), number: 1), line(500),
                .closing(balance(900, at: 200), number: 3),
            ]
        ),
        (
            "two currencies", false, "it is in USD, and what comes before it in EUR",
            [
                .opening(balance(0, at: 100), number: 1), line(5, 2, "USD"),
                .closing(balance(0, at: 200), number: 3),
            ]
        ),
        (
            "one file behind the other", false, "a second opening balance",
            [
                .opening(balance(0, at: 100), number: 1), .closing(balance(0, at: 200), number: 2),
                .opening(balance(0, at: 100), number: 3), .closing(balance(0, at: 200), number: 4),
            ]
        ),
        (
            "behind its end", false, "a line behind the closing balance",
            [
                .opening(balance(0, at: 100), number: 1), .closing(balance(0, at: 200), number: 2),
                line(5, 3),
            ]
        ),
        (
            "an unreadable line", false, "bad",
            [
                .opening(balance(0, at: 100), number: 1), .wrong(number: 2, "bad"),
                .closing(balance(0, at: 200), number: 3),
            ]
        ),
        (
            "backwards", false, "it closes before it opens",
            [.opening(balance(0, at: 200), number: 1), .closing(balance(0, at: 100), number: 2)]
        ),
    ] as [(String, Bool, String, [StatementItem])])
    func whatDoesNotHoldTogetherIsSaid(
        _ name: String, _ isOpen: Bool, _ words: String, _ items: [StatementItem]
    ) {
        let (statement, _, remarks) = Reading.check(items)
        #expect(!statement.isClosed, "\(name)")
        #expect(statement.isBroken == !isOpen, "\(name)")
        #expect(remarks.contains { $0.contains(words) }, "\(name): \(remarks)")
    }

    /// Sums past 64 bits are said, not wrapped.
    @Test func sumsDoNotWrap() {
        let largest = (0..<1_100).map { Self.line(largestInteger, $0) }
        let (statement, _, remarks) = Reading.check(
            [.opening(Self.balance(0, at: 100), number: 1)] + largest
                + [.closing(Self.balance(0, at: 200), number: 3)])
        #expect(statement.isBroken && !statement.isClosed)
        #expect(remarks == ["its lines come to more than can be counted"])
    }

    @Test func onlyTheFirstThousandFaultsAreKept() {
        var check = StatementCheck(balancesComeFirst: false)
        for number in 1...5_000 { _ = check.take(.wrong(number: number, "bad")) }
        #expect(check.remarks.count == 1_000 && check.remarkCount == 5_000)
    }

    // MARK: Several

    @Test func aStatementContinuesTheOneBefore() {
        var chain = StatementChain()
        #expect(chain.add(Self.statement(0, 10))?.weight == .open)
        #expect(chain.coverage == nil, "nobody knows what was before it")
        #expect(chain.add(Self.statement(10, 30, 200, 300)) == nil)
        #expect(chain.coverage == .init(from: 200, to: 300, currency: Self.eur))
        #expect(chain.add(Self.statement(30, 5, 301, 400)) == nil)
        #expect(chain.coverage == .init(from: 200, to: 400, currency: Self.eur))
        #expect(!chain.isBroken)
    }

    @Test func theFirstMayBeContinuedByItsAmount() {
        var chain = StatementChain(previousClosing: 7)
        #expect(chain.add(Self.statement(7, 10)) == nil)
        #expect(chain.coverage == .init(from: 100, to: 200, currency: Self.eur))
        var other = StatementChain(previousClosing: 8)
        #expect(other.add(Self.statement(7, 10))?.weight == .broken)
        #expect(other.coverage == nil && other.isBroken)
    }

    @Test(arguments: [
        (statement(11, 30, 200, 300), "one between them is missing"),
        (statement(10, 30, 100, 200), "they are in another order, or twice"),
    ])
    func aGapIsSaid(_ next: CheckedStatement, _ words: String) {
        var chain = StatementChain(previousClosing: 0)
        _ = chain.add(Self.statement(0, 10))
        #expect(chain.add(next)?.sentence.contains(words) == true)
        #expect(chain.coverage == nil && chain.isBroken)
    }

    /// A day between two statements whose movements cancel out leaves the balances as they were.
    @Test func whatLiesBetweenTwoStatementsIsNotCovered() {
        var chain = StatementChain(previousClosing: 0)
        _ = chain.add(Self.statement(0, 10, 100, 200))
        #expect(chain.add(Self.statement(10, 10, 5_000, 6_000))?.weight == .open)
        #expect(chain.coverage == .init(from: 5_000, to: 6_000, currency: Self.eur))
    }

    @Test func behindAnOpenOrBrokenOneNothingIsCovered() {
        for items in [
            [StatementItem.opening(Self.balance(10, at: 200), number: 1)],
            [.wrong(number: 1, "bad")],
        ] {
            var chain = StatementChain(previousClosing: 0)
            _ = chain.add(Self.statement(0, 10))
            _ = chain.add(Reading.check(items).statement)
            #expect(chain.coverage == nil)
            _ = chain.add(Self.statement(10, 10, 300, 400))
            #expect(chain.coverage == nil)
            _ = chain.add(Self.statement(10, 12, 400, 500))
            #expect(chain.coverage == .init(from: 400, to: 500, currency: Self.eur))
        }
    }
}
