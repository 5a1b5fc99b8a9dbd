import Testing

/// What a payment result does to a reserved part, in every state.
@Suite struct ReservedPartTableTests {
    /// In the open offering ben has 2 shares; in the others he waits for 2 more, and will for 3.
    static let table: StateTable = {
        let open = ["open c shares 10 price 3 need 2", "bid k kim 3"]
        let waiting = open + ["bid f fay 5", "bid b ben 4", "bid w will 3"]
        return StateTable(
            subject: "a reserved part",
            stories: [
                .open: .init(open + ["bid b ben 2"], "5 5 0"),
                .fullyReserved: .init(waiting, "0 10 0"),
                .paused: .init(waiting + ["pause p"], "0 10 0"),
                .closing: .init(waiting + ["close x"], "0 10 0"),
                .cancelling: .init(waiting + ["cancel-all x"], "0 10 0"),
            ],
            impossible: [
                .scheduled: StateTable.notBeforeTheOpening,
                .filled: StateTable.notAfterTheEnd,
                .closedShort: StateTable.notAfterTheEnd,
                .cancelled: StateTable.notAfterTheEnd,
                .archived: StateTable.notAfterTheEnd,
            ],
            rows: [paid("paid"), paid("conflict")]
                + ["declined", "recalled", "failedByPerson"].map(released) + [
                    // Nobody knows, and nothing moves, whatever is going on.
                    .init(
                        "inDoubt b/1 #1 ben",
                        (Column.selling + [.cancelling], "inDoubt b/1 #1 ben 2 | =")),
                    // What was not paid can't come back.
                    .init(
                        "returned b/1 #1 ben 6",
                        (Column.selling + [.cancelling], "rejected loan/b/1 #1: wrongState | =")),
                ])
    }()

    /// The part is paid; when all is given back, so is this.
    static func paid(_ kind: String) -> StateTable.Row {
        .init(
            "\(kind) b/1 #1 ben 6",
            ([.open], "settled b/1 #1 ben 2 | 5 3 2"),
            ([.fullyReserved, .paused, .closing], "settled b/1 #1 ben 2 | 0 8 2"),
            (
                [.cancelling],
                """
                refunding b/1 ben 2: refund 1 6 late #1 | 2 8 0
                refund loan/b/refund/1/1 ben 6 CNY due 6 of 1
                """
            ))
    }

    /// The bid is over, and what is free goes on to who waits, while shares are sold.
    static func released(_ kind: String) -> StateTable.Row {
        .init(
            "\(kind) b/1 #1 ben",
            ([.open], "released b/1 #1 ben 2 \(kind) | 7 3 0"),
            (
                [.fullyReserved, .paused, .closing],
                """
                released b/1 #1 ben 2 \(kind) | 2 8 0
                cancelled b ben 2 | 2 8 0
                promoted w will: 2 + 1 | 0 10 0
                collect loan/w/1 will 6 CNY due 9
                """
            ),
            ([.cancelling], "released b/1 #1 ben 2 \(kind) | 2 8 0"))
    }

    @Test(arguments: table.cells) func cell(_ cell: StateTable.Cell) throws { try cell.check() }
    @Test func everyCellIsThere() { Self.table.expectWhole() }
}
