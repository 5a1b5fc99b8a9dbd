import Testing

/// What comes in about money that is given back, in every state: a refund that is commanded, and
/// one that was declined. Whatever the state, what is owed to a bidder is owed.
@Suite struct RefundTableTests {
    /// ben's money came late, when fay had his shares; fay's payment may have failed since.
    static let full = [
        "open c shares 10 price 3 need 2", "bid k kim 3", "bid b ben 2", "declined b/1 #1 ben",
        "bid f fay 7", "paid b/1 #2 ben 6",
    ]
    static let open = full + ["declined f/1 #1 fay"]
    static let short = open + ["paid k/1 #1 kim 9", "close x"]
    static let cancelled = [
        "open c shares 10 price 3 need 2", "bid b ben 2", "declined b/1 #1 ben", "cancel-all x",
        "paid b/1 #2 ben 6",
    ]

    static func stories(_ last: [String]) -> [Column: StateTable.Setup] {
        [
            .open: .init(open + last, "7 3 0"),
            .fullyReserved: .init(full + last, "0 10 0"),
            .paused: .init(open + ["pause p"] + last, "7 3 0"),
            .closing: .init(open + ["close x"] + last, "7 3 0"),
            .cancelling: .init(open + ["cancel-all x"] + last, "7 3 0"),
            .filled: .init(
                full + ["paid k/1 #1 kim 9", "paid f/1 #1 fay 21"] + last, "0 0 10"),
            .closedShort: .init(short + last, "7 0 3"),
            .cancelled: .init(cancelled + last, "10 0 0"),
        ]
    }

    static let owed = Column.selling + [.cancelling] + Column.final
    static let id = "loan/b/refund/1/1"

    /// Archived is only one that was paid.
    static let commanded = StateTable(
        subject: "a refund",
        stories: stories([]).merging([
            .archived: .init(short + ["paid b/refund/1/1 #1 ben 6", "at 101000"], "7 0 3")
        ]) { $1 },
        impossible: [.scheduled: StateTable.notBeforeTheOpening],
        rows: [
            row("paid b/refund/1/1 #5 ben 6", "refunded \(id) #5 ben 6 | ="),
            row("conflict b/refund/1/1 #5 ben 6", "refunded \(id) #5 ben 6 | ="),
            row("declined b/refund/1/1 #5 ben", "payoutDeclined \(id) #5 ben 6 declined | ="),
            row(
                "declined b/refund/1/1 #5 ben proven",
                "payoutDeclined \(id) #5 ben 6 declined proven | ="),
            // The payer had not sent it and never will; two people say so.
            row(
                "recalled b/refund/1/1 #5 ben",
                "payoutDeclined \(id) #5 ben 6 recalled proven | ="),
            row(
                "failedByPerson b/refund/1/1 #5 ben",
                "payoutDeclined \(id) #5 ben 6 failedByPerson proven | ="),
            row("inDoubt b/refund/1/1 #5 ben", "inDoubt \(id) #5 ben 6 | ="),
            row(
                "returned b/refund/1/1 #5 ben", "rejected \(id) #5: wrongState | =",
                archived: "paymentReturned \(id) #5 ben 6 | ="),
            // Only what was declined is commanded again.
            row(
                "repay m b/refund/1", "rejected m: wrongState | =",
                archived: "rejected m: wrongState | ="),
        ])

    static func row(
        _ line: String, _ told: String, archived: String = "rejected \(id) #5: wrongState | ="
    ) -> StateTable.Row {
        .init(line, (owed, told), ([.archived], archived))
    }

    static let declined = StateTable(
        subject: "a declined refund",
        stories: stories(["declined b/refund/1/1 #1 ben"]),
        impossible: [
            .scheduled: StateTable.notBeforeTheOpening,
            .archived: "while a refund is owed nothing is archived",
        ],
        rows: [
            // The provider had declined it, and paid it after all.
            .init("paid b/refund/1/1 #5 ben 6", (owed, "refunded \(id) #5 ben 6 | =")),
            .init("conflict b/refund/1/1 #5 ben 6", (owed, "refunded \(id) #5 ben 6 | =")),
            .init("declined b/refund/1/1 #5 ben", (owed, "rejected \(id) #5: wrongState | =")),
            // What was declined may be proven later.
            .init(
                "declined b/refund/1/1 #5 ben proven",
                (owed, "payoutDeclined \(id) #5 ben 6 declined proven | =")),
            .init("recalled b/refund/1/1 #5 ben", (owed, "rejected \(id) #5: wrongState | =")),
            .init(
                "failedByPerson b/refund/1/1 #5 ben",
                (owed, "payoutDeclined \(id) #5 ben 6 failedByPerson proven | =")),
            .init("inDoubt b/refund/1/1 #5 ben", (owed, "rejected \(id) #5: wrongState | =")),
            .init("returned b/refund/1/1 #5 ben", (owed, "rejected \(id) #5: wrongState | =")),
            repaid("repay m b/refund/1"), repaid("repay m b/refund/1/1"),
            // It was not the last command, or is no refund of anybody's.
            .init("repay m b/refund/1/2", (owed, "rejected m: wrongState | =")),
            .init("repay m b/refund/2", (owed, "rejected m: wrongState | =")),
        ])

    /// The same obligation, under the next number.
    static func repaid(_ line: String) -> StateTable.Row {
        .init(
            line,
            (
                owed,
                """
                repaying m loan/b/refund/1/2 ben 6 | =
                refund loan/b/refund/1/2 ben 6 CNY due 6 of 1
                """
            ))
    }

    @Test(arguments: commanded.cells + declined.cells)
    func cell(_ cell: StateTable.Cell) throws { try cell.check() }

    @Test func everyCellIsThere() {
        Self.commanded.expectWhole()
        Self.declined.expectWhole()
    }
}
