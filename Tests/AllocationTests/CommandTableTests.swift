import Testing

/// What an offering command, or the clock, does in every state.
@Suite struct CommandTableTests {
    /// kim has 3 shares reserved, ben has paid for 2, will waits for 6 or none; fay may have 5.
    static let table: StateTable = {
        let terms = "open c shares 10 price 3 need 2 to 9000 interest i1"
        let sold = [terms, "bid k kim 3", "bid b ben 2"]
        let open = sold + ["bid w will 6 whole", "paid b/1 #1 ben 6"]
        let short = sold + ["paid b/1 #1 ben 6", "declined k/1 #1 kim", "close x"]
        return StateTable(
            subject: "an offering",
            stories: [
                .open: .init(open, "5 3 2"),
                .fullyReserved: .init(open + ["bid f fay 5"], "0 8 2"),
                .scheduled: .init(
                    ["open c shares 10 price 3 need 2 from 5000 to 9000"], "10 0 0"),
                .paused: .init(open + ["pause p"], "5 3 2"),
                .closing: .init(open + ["close x"], "5 3 2"),
                .cancelling: .init(open + ["cancel-all x"], "7 3 0"),
                .filled: .init(
                    sold + [
                        "bid f fay 5", "paid b/1 #1 ben 6", "paid f/1 #1 fay 15",
                        "paid k/1 #1 kim 9",
                    ], "0 0 10"),
                .closedShort: .init(short, "8 0 2"),
                .cancelled: .init([terms, "cancel-all x"], "10 0 0"),
                .archived: .init(short + ["at 101000"], "8 0 2"),
            ],
            impossible: [:],
            rows: [
                .init(
                    "pause m",
                    ([.open, .fullyReserved, .scheduled], "paused m | ="),
                    ([.paused], "repeated m of 6 | ="),
                    (Column.afterClose, wrongState)),
                // What was never paused can't be resumed.
                .init(
                    "resume m",
                    ([.open, .fullyReserved, .scheduled], wrongState),
                    ([.paused], "resumed m | ="),
                    (Column.afterClose, wrongState)),
                .init(
                    "amend m 12000",
                    (Column.beforeClose, "amended m to 12000 | ="),
                    (Column.afterClose, wrongState)),
                .init(
                    "close m",
                    ([.open, .fullyReserved, .paused], "closing m | ="),
                    (
                        [.scheduled],
                        "closing m | =\ncancelling shortfall | =\n" + nothingSold("0-1")
                    ),
                    ([.closing], "repeated m of 6 | ="),
                    ([.cancelling, .filled, .closedShort, .cancelled, .archived], wrongState)),
                clock, cancellation, distribution,
                // Nothing is owed that was declined.
                .init("repay m b/refund/1", (Column.allCases, wrongState)),
            ])
    }()

    static let wrongState = "rejected m: wrongState | ="

    /// Where nothing was sold nothing is given back.
    static func nothingSold(_ commands: String) -> String {
        """
        offeringCancelled | =
        certificate cancelled, bids 0, accounts 0, refunded 0, offering-commands \(commands) | =
        """
    }

    /// closesAt. Once there is nothing to close the clock has nothing to say.
    static let clock = StateTable.Row(
        "at 9000",
        ([.open, .fullyReserved, .paused], "closing by the clock | ="),
        (
            // It opens at its time first.
            [.scheduled],
            """
            opened c 10 x 3 CNY from 5000 to 9000 need 2 | =
            closing by the clock | =
            cancelling shortfall | =

            """ + nothingSold("0-0")
        ),
        (Column.afterClose, ""))

    static let cancellation = StateTable.Row(
        "cancel-all m",
        (
            [.open, .paused, .closing],
            """
            cancelling m | =
            cancelled w will 6 | =
            cancelRequested k/1 kim 3 | =
            refunding b/1 ben 2: refund 1 6 | 7 3 0
            refund loan/b/refund/1/1 ben 6 CNY due 6 of 1
            recall loan/k/1 kim
            """
        ),
        (
            [.fullyReserved],
            """
            cancelling m | =
            cancelled w will 6 | =
            cancelRequested k/1 kim 3 | =
            refunding b/1 ben 2: refund 1 6 | 2 8 0
            cancelRequested f/1 fay 5 | 2 8 0
            refund loan/b/refund/1/1 ben 6 CNY due 6 of 1
            recall loan/k/1 kim
            recall loan/f/1 fay
            """
        ),
        ([.scheduled], "cancelling m | =\n" + nothingSold("0-1")),
        (
            // Nothing was paid out on the strength of it.
            [.filled],
            """
            cancelling m | =
            refunding k/1 kim 3: refund 1 9 | 3 0 7
            refunding b/1 ben 2: refund 1 6 | 5 0 5
            refunding f/1 fay 5: refund 1 15 | 10 0 0
            refund loan/k/refund/1/1 kim 9 CNY due 9 of 1
            refund loan/b/refund/1/1 ben 6 CNY due 6 of 1
            refund loan/f/refund/1/1 fay 15 CNY due 15 of 1
            """
        ),
        (
            [.closedShort],
            """
            cancelling m | =
            refunding b/1 ben 2: refund 1 6 | 10 0 0
            refund loan/b/refund/1/1 ben 6 CNY due 6 of 1
            """
        ),
        // The bids to give back to are forgotten.
        ([.archived], wrongState),
        ([.cancelling, .cancelled], wrongState))

    /// 5 over 2, 5 and 3 shares: a half is left over of fay's and of kim's, and fay settled first.
    static let distribution = StateTable.Row(
        "distribute m interest i1 5",
        (Column.beforeClose + [.closing, .cancelling, .cancelled], wrongState),
        (
            [.filled],
            """
            distributed m interest i1 5: ben 1 | =
            distributed m interest i1 5: fay 3 | =
            distributed m interest i1 5: kim 1 | =
            interest loan/distribution/interest/i1/ben/1 ben 1 CNY due 1
            interest loan/distribution/interest/i1/fay/1 fay 3 CNY due 3
            interest loan/distribution/interest/i1/kim/1 kim 1 CNY due 1
            """
        ),
        (
            // Of what is archived the holdings are kept.
            [.closedShort, .archived],
            """
            distributed m interest i1 5: ben 5 | =
            interest loan/distribution/interest/i1/ben/1 ben 5 CNY due 5
            """
        ))

    @Test(arguments: table.cells) func cell(_ cell: StateTable.Cell) throws { try cell.check() }
    @Test func everyCellIsThere() { Self.table.expectWhole() }

    /// An open is told by the offering's id alone: the same terms again are a repeat of the first,
    /// others contradict it, whatever has become of the offering.
    @Test(arguments: Column.allCases) func aSecondOpen(_ column: Column) throws {
        var ledger = Ledger()
        let story = Self.table.stories[column]!
        _ = try ledger.tell(story.lines)
        let open = story.lines.split(separator: "\n")[0].split(separator: " ")
        let terms = open.dropFirst(2).joined(separator: " ")
        #expect(try ledger.tell("open m \(terms)") == "repeated m of 1 | \(story.counters)")
        #expect(
            try ledger.tell("open c \(terms) lot 2")
                == "rejected c: conflictingDuplicate | \(story.counters)")
    }
}
