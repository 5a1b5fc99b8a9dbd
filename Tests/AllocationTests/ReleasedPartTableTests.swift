import Testing

/// What a payment result does to a part that was released, in every state.
@Suite struct ReleasedPartTableTests {
    /// ben had 2 shares, which were declined; but where somebody has taken all of it, a share is
    /// free in the meantime.
    static let table: StateTable = {
        let declined = [
            "open c shares 10 price 3 need 2", "bid k kim 3", "bid b ben 2",
            "declined b/1 #1 ben",
        ]
        let open = declined + ["bid f fay 6"]
        let short = declined + ["paid k/1 #1 kim 9", "close x"]
        return StateTable(
            subject: "a released part",
            stories: [
                .open: .init(open, "1 9 0"),
                .fullyReserved: .init(declined + ["bid f fay 7", "bid w will 1"], "0 10 0"),
                .paused: .init(open + ["pause p"], "1 9 0"),
                .closing: .init(open + ["close x"], "1 9 0"),
                .cancelling: .init(open + ["cancel-all x"], "1 9 0"),
                .filled: .init(
                    declined + ["bid f fay 7", "paid k/1 #1 kim 9", "paid f/1 #1 fay 21"],
                    "0 0 10"),
                .closedShort: .init(short, "7 0 3"),
                .cancelled: .init(declined + ["declined k/1 #1 kim", "cancel-all x"], "10 0 0"),
                .archived: .init(short + ["at 101000"], "7 0 3"),
            ],
            impossible: [.scheduled: StateTable.notBeforeTheOpening],
            rows: [late("paid"), late("conflict")]
                // It was decided, and its ids are gone once it is archived.
                + ["declined", "recalled", "failedByPerson", "inDoubt", "returned"].map { kind in
                    .init(
                        "\(kind) b/1 #2 ben",
                        (
                            Column.selling + [.cancelling] + Column.final,
                            "rejected loan/b/1 #2: wrongState | ="
                        ),
                        ([.archived], "rejected loan/b/1 #2: unknownCommand | ="))
                })
    }()

    /// While shares are sold the bid takes what is free of its 2, and nobody is displaced; the
    /// rest goes back, and after the sale all of it.
    static func late(_ kind: String) -> StateTable.Row {
        .init(
            "\(kind) b/1 #2 ben 6",
            (
                [.open, .paused],
                """
                settled b/1 #2 ben 1 late | 0 9 1
                refunding b/1 ben 1: refund 1 3 late #2 | 0 9 1
                fullyReserved | 0 9 1
                refund loan/b/refund/1/1 ben 3 CNY due 3 of 1
                """
            ),
            (
                [.closing],
                """
                settled b/1 #2 ben 1 late | 0 9 1
                refunding b/1 ben 1: refund 1 3 late #2 | 0 9 1
                refund loan/b/refund/1/1 ben 3 CNY due 3 of 1
                """
            ),
            (
                [.fullyReserved, .cancelling] + Column.final,
                """
                refunding b/1 ben 2: refund 1 6 late #2 | =
                refund loan/b/refund/1/1 ben 6 CNY due 6 of 1
                """
            ),
            ([.archived], "rejected loan/b/1 #2: unknownCommand | ="))
    }

    @Test(arguments: table.cells) func cell(_ cell: StateTable.Cell) throws { try cell.check() }
    @Test func everyCellIsThere() { Self.table.expectWhole() }
}
