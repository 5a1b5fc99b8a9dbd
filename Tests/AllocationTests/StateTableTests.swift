import Testing

import Vocabulary

/// Nothing that can come in is left out of the tables of states (Rules.md, Payment results).
@Suite struct StateTableTests {
    static let parts = [
        ReservedPartTableTests.table, ReleasedPartTableTests.table, SettledPartTableTests.table,
    ]
    static let payouts =
        [RefundTableTests.commanded, RefundTableTests.declined] + PayoutTableTests.tables

    /// Each kind of result, about each kind of part and of payout; and what may be commanded again.
    @Test func everyResultIsThere() {
        let kinds = Set(PaymentResult.Kind.allCases.map(\.rawValue))
        for table in Self.parts {
            #expect(Set(table.rows.map(\.input)) == kinds, "\(table.subject)")
        }
        for table in Self.payouts {
            #expect(
                Set(table.rows.map(\.input)).isSuperset(of: kinds.union(["repay"])),
                "\(table.subject)")
        }
        #expect(Set((Self.parts + Self.payouts).map(\.subject)).count == 11)
    }

    /// Each command but the first open, and the clock.
    @Test func everyCommandIsThere() {
        #expect(
            CommandTableTests.table.rows.map(\.input) == [
                "pause", "resume", "amend", "close", "at", "cancel-all", "distribute", "repay",
            ])
    }

    /// A state in which something cannot be is no way around telling what can.
    @Test func whatIsImpossibleIsNotTold() {
        for table in Self.parts + Self.payouts + [CommandTableTests.table] {
            #expect(Set(table.stories.keys).isDisjoint(with: table.impossible.keys))
            #expect(table.stories.count + table.impossible.count == Column.allCases.count)
        }
    }
}
