import Testing

/// What a payment result does to a part that was paid, in every state.
@Suite struct SettledPartTableTests {
    /// ben has paid for 2 shares; where everything is given back, they are on their way.
    static let table: StateTable = {
        let open = [
            "open c shares 10 price 3 need 2", "bid k kim 3", "bid b ben 2", "paid b/1 #1 ben 6",
        ]
        let full = open + ["bid f fay 5"]
        let alone = open + ["declined k/1 #1 kim"]
        return StateTable(
            subject: "a settled part",
            stories: [
                .open: .init(open, "5 3 2"),
                .fullyReserved: .init(full, "0 8 2"),
                .paused: .init(open + ["pause p"], "5 3 2"),
                .closing: .init(open + ["close x"], "5 3 2"),
                .cancelling: .init(open + ["cancel-all x"], "7 3 0"),
                .filled: .init(full + ["paid k/1 #1 kim 9", "paid f/1 #1 fay 15"], "0 0 10"),
                .closedShort: .init(alone + ["close x"], "8 0 2"),
                .cancelled: .init(
                    alone + ["cancel-all x", "paid b/refund/1/1 #1 ben 6"], "10 0 0"),
                .archived: .init(alone + ["close x", "at 101000"], "8 0 2"),
            ],
            impossible: [.scheduled: StateTable.notBeforeTheOpening],
            rows: [
                // It is paid already: nothing else can be true of it.
                contradiction("paid b/1 #2 ben 6"), contradiction("conflict b/1 #2 ben 6"),
                contradiction("declined b/1 #2 ben"), contradiction("recalled b/1 #2 ben"),
                contradiction("failedByPerson b/1 #2 ben"), contradiction("inDoubt b/1 #2 ben"),
                // Its money may come back at any time, and that moves no share. What is being given
                // back already is recalled.
                .init(
                    "returned b/1 #2 ben 6",
                    (
                        Column.selling + Column.final,
                        "paymentReturned loan/b/1 #2 ben 6 | ="
                    ),
                    (
                        [.cancelling],
                        "paymentReturned loan/b/1 #2 ben 6 | =\nrecall loan/b/refund/1/1 ben"
                    ),
                    ([.archived], "rejected loan/b/1 #2: unknownCommand | =")),
            ])
    }()

    static let known = Column.selling + [.cancelling] + Column.final

    static func contradiction(_ line: String) -> StateTable.Row {
        .init(
            line, (known, "rejected loan/b/1 #2: wrongState | ="),
            ([.archived], "rejected loan/b/1 #2: unknownCommand | ="))
    }

    @Test(arguments: table.cells) func cell(_ cell: StateTable.Cell) throws { try cell.check() }
    @Test func everyCellIsThere() { Self.table.expectWhole() }
}
