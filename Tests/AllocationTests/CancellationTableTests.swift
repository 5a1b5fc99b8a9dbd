import Testing

/// What a bid's cancellation does in every state.
@Suite struct CancellationTableTests {
    /// kim has 3 shares reserved, and ray 1, who has asked for them to be taken back; ben has paid
    /// for 2; will waits for 6 or none; zoe's bid was refused. Later on kim and ray have paid.
    static let table: StateTable = {
        let open = [
            "open c shares 10 price 3 need 2", "bid k kim 3", "bid b ben 2", "bid r ray 1",
            "bid w will 6 whole", "bid z zoe 0", "paid b/1 #1 ben 6", "cancel r ray",
        ]
        let paid = ["paid k/1 #1 kim 9", "paid r/1 #1 ray 3"]
        let cancelling = open + ["cancel-all x"]
        return StateTable(
            subject: "a bid",
            stories: [
                .open: .init(open, "4 4 2"),
                .fullyReserved: .init(open + ["bid f fay 4"], "0 8 2"),
                .scheduled: .init(
                    ["open c shares 10 price 3 need 2 from 5000", "bid z zoe 0"], "10 0 0"),
                .paused: .init(open + ["pause p"], "4 4 2"),
                .closing: .init(open + ["close x"], "4 4 2"),
                .cancelling: .init(cancelling, "6 4 0"),
                .filled: .init(open + ["bid f fay 4"] + paid + ["paid f/1 #1 fay 12"], "0 0 10"),
                .closedShort: .init(open + paid + ["close x"], "4 0 6"),
                .cancelled: .init(
                    cancelling + [
                        "declined k/1 #1 kim", "recalled r/1 #1 ray", "paid b/refund/1/1 #1 ben 6",
                    ], "10 0 0"),
                .archived: .init(open + paid + ["close x", "at 101000"], "4 0 6"),
            ],
            // Of the rows that are about a bid that was accepted.
            impossible: [.scheduled: StateTable.notBeforeTheOpening],
            rows: [
                accepted("cancel w will", "cancelled w will 6 | ="),
                accepted("cancel k kim", "cancelRequested k/1 kim 3 | =\nrecall loan/k/1 kim"),
                accepted("cancel r ray", "repeated r ray of 4 reserved, now 1 0 0 | ="),
                accepted("cancel b ben", "rejected cancel b ben: tooLate | ="),
                refused("cancel z zoe", "alreadyOver"),
                refused("cancel z ben", "notYourBid"),
                .init(
                    "cancel k ben",
                    (
                        Column.selling + [.cancelling] + Column.final,
                        "rejected cancel k ben: notYourBid | ="
                    ),
                    ([.archived], "rejected cancel k ben: archived | =")),
                refused("cancel n nan", "unknownBid"),
            ])
    }()

    /// While shares are sold it depends on what the bid has; then it is over.
    static func accepted(_ line: String, _ told: String) -> StateTable.Row {
        .init(
            line,
            (Column.selling, told),
            ([.cancelling] + Column.final, "rejected \(line): alreadyOver | ="),
            ([.archived], "rejected \(line): archived | ="))
    }

    /// The same in every state, until the ids are dropped.
    static func refused(_ line: String, _ reason: String) -> StateTable.Row {
        .init(
            line,
            (Column.allCases.filter { $0 != .archived }, "rejected \(line): \(reason) | ="),
            ([.archived], "rejected \(line): archived | ="))
    }

    @Test(arguments: table.cells) func cell(_ cell: StateTable.Cell) throws { try cell.check() }
    @Test func everyCellIsThere() { Self.table.expectWhole() }
}
