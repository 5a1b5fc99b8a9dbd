import Foundation
import Synchronization
import Testing

import Allocation
import LedgerLanguage
import TestRun
import Vocabulary

/// One history of a small offering, and everything that may come next in it.
///
/// Bids have ids of their own, accounts are named in the order of their first bid, and results are
/// numbered on: so no history is gone through under two names.
struct History {
    var comparison: Comparison
    private var bids: [BidCancellation] = []
    private var accounts = 0
    private var commands: [(command: PaymentCommand, results: Int64)] = []

    static let mostAccounts = 3
    static let shares = [Shares(1), 2, 3]
    static let answers: [PaymentResult.Kind] = [.paid, .declined, .inDoubt, .conflict]

    /// The alphabet in words.
    static let alphabet = """
        a bid of 1, 2 or 3 shares, all or none or not, of an account that bid before or of the \
        next one, up to 3; a cancellation of each bid; close; cancel of the offering; for each \
        payment command that was made paid, declined, inDoubt and conflict
        """

    init(_ terms: OfferingTerms) throws { comparison = try Comparison(terms) }

    /// What may come next, in a fixed order.
    var next: [InputRecord] {
        var records: [InputRecord] = []
        for account in 1...min(accounts + 1, Self.mostAccounts) {
            for shares in Self.shares {
                for allOrNone in [false, true] {
                    records.append(
                        .bid(
                            Bid(
                                bid: Identifier(parsing: "b\(bids.count + 1)")!,
                                offering: Ledger.offering,
                                account: Identifier(parsing: "a\(account)")!, shares: shares,
                                allOrNone: allOrNone)))
                }
            }
        }
        records += bids.map(InputRecord.cancellation)
        records.append(command("close", .close))
        records.append(command("cancel", .cancel(reason: nil)))
        for (command, results) in commands {
            for kind in Self.answers {
                records.append(
                    .paymentResult(
                        PaymentResult(
                            kind: kind, payment: command.id, result: results + 1,
                            offering: Ledger.offering, account: command.account,
                            amount: command.amount)))
            }
        }
        return records
    }

    private func command(_ id: Identifier, _ action: OfferingCommand.Action) -> InputRecord {
        .command(OfferingCommand(command: id, offering: Ledger.offering, action: action))
    }

    /// Whether the book, its rebuilt copy and the naive one agree on `record`.
    mutating func take(_ record: InputRecord) throws -> Bool {
        switch record {
        case .bid(let bid):
            bids.append(
                BidCancellation(bid: bid.bid, offering: bid.offering, account: bid.account))
            if bid.account == Identifier(parsing: "a\(accounts + 1)")! { accounts += 1 }
        case .paymentResult(let result):
            let index = commands.firstIndex { $0.command.id == result.payment }!
            commands[index].results += 1
        default: break
        }
        guard try comparison.agree(on: record) else { return false }
        commands += comparison.group.payments.map { ($0, 0) }
        return true
    }
}

/// All histories of a given length, through the book and the naive one: what the rules do is
/// compared whole, in every corner of a small domain.
@Suite(.serialized) struct ExhaustionTests {
    /// Of how many records the histories are.
    static let length = Extent.size(quick: 4, all: 5, long: 6)
    /// Of the terms only those with this in them, to go through some of the long run by themselves.
    static let chosen = ProcessInfo.processInfo.environment["FAIRFILL_TEST_TERMS"]
    /// Each rule with and without a cap, with minima that can be missed, and with a backstop whose
    /// account bids, too.
    static let terms = RemainderRule.allCases.flatMap { rule in
        [
            "shares 4 price 2 need 2", "shares 3 price 1 cap 2 waitlist 3",
            "shares 4 price 1 need 0", "shares 2 price 1 need 1",
            "shares 4 price 1 need 3 backstop a1 2",
            "shares 4 price 1 cap 2 need 1 backstop a1 4",
        ].map { "\($0) \(rule.name)" }
    }
    /// How many histories there are under each of the terms, by their length, so that none goes
    /// missing.
    static let counts = [4: ofFour, 5: ofFive]
    private static let ofFour = [
        "shares 4 price 2 need 2 split": 77_022,
        "shares 3 price 1 cap 2 waitlist 3 split": 68_298,
        "shares 4 price 1 need 0 split": 76_990,
        "shares 2 price 1 need 1 split": 64_126,
        "shares 4 price 1 need 3 backstop a1 2 split": 77_086,
        "shares 4 price 1 cap 2 need 1 backstop a1 4 split": 71_430,
        "shares 4 price 2 need 2 skip": 74_150,
        "shares 3 price 1 cap 2 waitlist 3 skip": 66_522,
        "shares 4 price 1 need 0 skip": 74_118,
        "shares 2 price 1 need 1 skip": 59_438,
        "shares 4 price 1 need 3 backstop a1 2 skip": 74_214,
        "shares 4 price 1 cap 2 need 1 backstop a1 4 skip": 71_334,
        "shares 4 price 2 need 2 hold": 73_510,
        "shares 3 price 1 cap 2 waitlist 3 hold": 66_450,
        "shares 4 price 1 need 0 hold": 73_478,
        "shares 2 price 1 need 1 hold": 59_278,
        "shares 4 price 1 need 3 backstop a1 2 hold": 73_574,
        "shares 4 price 1 cap 2 need 1 backstop a1 4 hold": 71_334,
    ]
    private static let ofFive = [
        "shares 4 price 2 need 2 split": 2_267_866,
        "shares 3 price 1 cap 2 waitlist 3 split": 1_936_514,
        "shares 4 price 1 need 0 split": 2_266_154,
        "shares 2 price 1 need 1 split": 1_719_270,
        "shares 4 price 1 need 3 backstop a1 2 split": 2_271_738,
        "shares 4 price 1 cap 2 need 1 backstop a1 4 split": 2_063_462,
        "shares 4 price 2 need 2 skip": 2_136_658,
        "shares 3 price 1 cap 2 waitlist 3 skip": 1_845_490,
        "shares 4 price 1 need 0 skip": 2_134_946,
        "shares 2 price 1 need 1 skip": 1_566_802,
        "shares 4 price 1 need 3 backstop a1 2 skip": 2_140_818,
        "shares 4 price 1 cap 2 need 1 backstop a1 4 skip": 2_054_246,
        "shares 4 price 2 need 2 hold": 2_088_946,
        "shares 3 price 1 cap 2 waitlist 3 hold": 1_839_082,
        "shares 4 price 1 need 0 hold": 2_087_234,
        "shares 2 price 1 need 1 hold": 1_553_842,
        "shares 4 price 1 need 3 backstop a1 2 hold": 2_093_106,
        "shares 4 price 1 cap 2 need 1 backstop a1 4 hold": 2_053_670,
    ]

    /// Each first record is a run of its own, so that all processors work.
    @Test(arguments: terms.filter { chosen == nil || $0.contains(chosen!) })
    func everyHistory(_ terms: String) async throws {
        let length = Self.length
        let words = terms.split(separator: " ").map(String.init)
        let start = try History(parseTerms(words[...]))
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for first in start.next {
                group.addTask {
                    var history = start
                    var path: [InputRecord] = [first]
                    guard try history.take(first) else {
                        Issue.record("\(first)\n\(history.comparison.difference)")
                        return 0
                    }
                    return try Self.follow(history, length - 1, &path)
                }
            }
            return try await group.reduce(0, +)
        }
        note("exhausted: \(count) histories of \(length) under \(terms)")
        if let expected = Self.counts[length] { #expect(count == expected[terms]) }
    }

    /// Follows every history from `history` on; answers how many end after `length` more records.
    private static func follow(
        _ history: History, _ length: Int, _ path: inout [InputRecord]
    ) throws -> Int {
        if length == 0 { return 1 }
        var count = 0
        for record in history.next {
            var next = history
            path.append(record)
            defer { path.removeLast() }
            guard try next.take(record) else {
                let told = path.map { "\($0)" }.joined(separator: "\n")
                Issue.record("after\n\(told)\n\(next.comparison.difference)")
                return count
            }
            count += try follow(next, length - 1, &path)
        }
        return count
    }

    @Test func theAlphabetIsTold() {
        note("alphabet: \(History.alphabet)")
        #expect(Self.terms.count == 18)
        if let chosen = Self.chosen { #expect(Self.terms.contains { $0.contains(chosen) }) }
    }
}
