import Testing

/// What comes in about money that is paid out, a part of a distribution or the proceeds, in every
/// state: commanded while the offering stands; where it is cancelled afterwards, proven unpaid.
@Suite struct PayoutTableTests {
    /// 6 to be paid for ben's 2 shares, and the records that command it.
    struct Payout: Sendable {
        let subject: String
        let terms: String
        let id: String
        let account: String
        let command: [String]

        var proven: [String] { ["declined \(id) #1 \(account) proven", "cancel-all y"] }

        /// Filled with 2 shares, closed short with 2 of 10.
        func ended(_ shares: Int) -> [String] {
            ["open c shares \(shares) price 3 need 2 \(terms)", "bid b ben 2", "paid b/1 #1 ben 6"]
                + (shares > 2 ? ["close x"] : []) + command
        }

        func stories(_ last: [String]) -> [Column: StateTable.Setup] {
            [
                .filled: .init(ended(2) + last, "0 0 2"),
                .closedShort: .init(ended(10) + last, "8 0 2"),
            ]
        }

        /// Commanded; in what is cancelled, proven unpaid; in what is archived, paid.
        var commanded: StateTable {
            let open: [Column] = [.filled, .closedShort]
            let cancelled: [Column] = [.cancelling, .cancelled]
            let contradiction = "rejected loan/\(id) #5: wrongState | ="
            func row(
                _ kind: String, _ told: String, cancelled told2: String? = nil,
                archived: String? = nil
            ) -> StateTable.Row {
                .init(
                    "\(kind.split(separator: " ")[0]) \(id) #5 \(account)"
                        + kind.drop { $0 != " " },
                    (open, told), (cancelled, told2 ?? contradiction),
                    ([.archived], archived ?? contradiction))
            }
            let about = "loan/\(id) #5 \(account) 6"
            return StateTable(
                subject: subject,
                stories: stories([]).merging([
                    .cancelling: .init(ended(10) + proven, "10 0 0"),
                    .cancelled: .init(
                        ended(10) + proven + ["paid b/refund/1/1 #1 ben 6"], "10 0 0"),
                    .archived: .init(
                        ended(10) + ["paid \(id) #1 \(account) 6", "at 101000"], "8 0 2"),
                ]) { $1 },
                impossible: Self.notBeforeTheEnd,
                rows: [
                    // Money that moved is shown, though it was said that it had not.
                    row("paid 6", "paidOut \(about) | =", cancelled: "paidOut \(about) | ="),
                    row("conflict 6", "paidOut \(about) | =", cancelled: "paidOut \(about) | ="),
                    row("declined", "payoutDeclined \(about) declined | ="),
                    row("declined proven", "payoutDeclined \(about) declined proven | ="),
                    row("recalled", "payoutDeclined \(about) recalled proven | ="),
                    row("failedByPerson", "payoutDeclined \(about) failedByPerson proven | ="),
                    row("inDoubt", "inDoubt \(about) | ="),
                    row(
                        "returned", contradiction,
                        archived: "paymentReturned \(about) | ="),
                    // Nobody is owed anything by what was cancelled.
                    .init(
                        "repay m \(id)",
                        (open + cancelled + [.archived], "rejected m: wrongState | =")),
                ])
        }

        var declined: StateTable {
            let columns: [Column] = [.filled, .closedShort]
            let about = "loan/\(id) #5 \(account) 6"
            let contradiction = "rejected loan/\(id) #5: wrongState | ="
            func row(_ kind: String, _ told: String) -> StateTable.Row {
                .init(
                    "\(kind.split(separator: " ")[0]) \(id) #5 \(account)"
                        + kind.drop { $0 != " " }, (columns, told))
            }
            let kind = id.split(separator: "/")[1]
            let obligation = id.dropLast(2)
            let repaid = """
                repaying m loan/\(obligation)/2 \(account) 6 | =
                \(kind) loan/\(obligation)/2 \(account) 6 CNY due 6
                """
            return StateTable(
                subject: subject + " that was declined",
                stories: stories(["declined \(id) #1 \(account)"]),
                impossible: Self.notBeforeTheEnd.merging([
                    .cancelling: "what is not proven unpaid can't be cancelled",
                    .cancelled: "what is not proven unpaid can't be cancelled",
                    .archived: "while money is owed nothing is archived",
                ]) { $1 },
                rows: [
                    row("paid 6", "paidOut \(about) | ="),
                    row("conflict 6", "paidOut \(about) | ="),
                    row("declined", contradiction),
                    row("declined proven", "payoutDeclined \(about) declined proven | ="),
                    row("recalled", contradiction),
                    row("failedByPerson", "payoutDeclined \(about) failedByPerson proven | ="),
                    row("inDoubt", contradiction),
                    row("returned", contradiction),
                    .init("repay m \(id)", (columns, repaid)),
                    .init("repay m \(obligation)", (columns, repaid)),
                    .init("cancel-all m", (columns, "rejected m: wrongState | =")),
                ])
        }

        static let notBeforeTheEnd = [Column: String](
            uniqueKeysWithValues: (Column.beforeClose + [.closing]).map {
                ($0, "nothing is paid out before the offering stands")
            })
    }

    static let payouts: [Payout] = [
        Payout(
            subject: "interest", terms: "interest i1", id: "distribution/interest/i1/ben/1",
            account: "ben", command: ["distribute d interest i1 6"]),
        Payout(
            subject: "principal", terms: "principal p1", id: "distribution/principal/p1/ben/1",
            account: "ben", command: ["distribute d principal p1 6"]),
        Payout(
            subject: "the proceeds", terms: "payee owner", id: "payee/disburse/owner/1",
            account: "owner", command: []),
    ]

    static let tables = payouts.flatMap { [$0.commanded, $0.declined] }

    @Test(arguments: tables.flatMap(\.cells)) func cell(_ cell: StateTable.Cell) throws {
        try cell.check()
    }

    @Test func everyCellIsThere() {
        for table in Self.tables { table.expectWhole() }
    }
}
