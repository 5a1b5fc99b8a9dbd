import Testing

/// How much of what is free goes to a part whose money came late: in lots, under all-or-none and
/// the cap; under `skip` and `hold` the whole part or nothing (Rules.md, Late money).
@Suite struct LateMoneyTests {
    /// A part of `had` shares was released, and since then its account has `has` shares more, of
    /// which nothing waits; then its money comes. `free` are free.
    struct Case: Sendable, CustomTestStringConvertible {
        var terms: String
        var whole = false
        var had: Int
        var has: Int
        var others: Int
        var settles: Int

        var testDescription: String {
            "\(terms)\(whole ? " whole" : "") had \(had) has \(has) others \(others): \(settles)"
        }
    }

    static let cases = [
        // The cap leaves less than the part, and an odd number of lots of it.
        Case(terms: "cap 8 split", had: 6, has: 4, others: 0, settles: 4),
        Case(terms: "cap 8 split", whole: true, had: 6, has: 4, others: 0, settles: 0),
        Case(terms: "cap 8 skip", had: 6, has: 4, others: 0, settles: 0),
        Case(terms: "cap 8 hold", had: 6, has: 4, others: 0, settles: 0),
        Case(terms: "cap 8 skip", whole: true, had: 6, has: 4, others: 0, settles: 0),
        // The cap leaves just the part.
        Case(terms: "cap 8 split", had: 6, has: 2, others: 0, settles: 6),
        Case(terms: "cap 8 skip", had: 6, has: 2, others: 0, settles: 6),
        Case(terms: "cap 8 hold", had: 6, has: 2, others: 0, settles: 6),
        // What is free is less than the part, and just the part.
        Case(terms: "split", had: 6, has: 0, others: 16, settles: 4),
        Case(terms: "split", whole: true, had: 6, has: 0, others: 16, settles: 0),
        Case(terms: "skip", had: 6, has: 0, others: 16, settles: 0),
        Case(terms: "hold", had: 6, has: 0, others: 16, settles: 0),
        Case(terms: "skip", had: 6, has: 0, others: 14, settles: 6),
        Case(terms: "hold", had: 6, has: 0, others: 14, settles: 6),
        // The cap leaves nothing.
        Case(terms: "cap 6 split", had: 6, has: 6, others: 0, settles: 0),
        Case(terms: "cap 6 skip", had: 6, has: 6, others: 0, settles: 0),
    ]

    @Test(arguments: cases) func takesWhatIsDue(_ late: Case) throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            "open c shares 20 price 3 lot 2 \(late.terms)\n"
                + "bid b ann \(late.had)\(late.whole ? " whole" : "")\ndeclined b/1 #1 ann")
        if late.has > 0 { _ = try ledger.tell("bid h ann \(late.has)") }
        // A cap is each account's.
        for (number, shares) in stride(from: 0, to: late.others, by: 2).map({ ($0, 2) }) {
            _ = try ledger.tell("bid o\(number) ben\(number) \(shares)")
        }
        let told = try ledger.tell("conflict b/1 #2 ann \(3 * late.had)")
        let rest = late.had - late.settles
        var expected: [String] = []
        let held = late.has + late.others
        if late.settles > 0 {
            expected.append("settled b/1 #2 ann \(late.settles) late")
        }
        if rest > 0 { expected.append("refunding b/1 ann \(rest): refund 1 \(3 * rest) late #2") }
        let counters = " | \(20 - held - late.settles) \(held) \(late.settles)"
        if late.settles > 0, late.settles + held == 20 {
            // The last free ones.
            #expect(told.contains("fullyReserved | 0 \(held) \(late.settles)"))
        }
        let lines = told.split(separator: "\n").map(String.init)
        #expect(Array(lines.prefix(expected.count)) == expected.map { $0 + counters }, "\(told)")
        #expect(lines.contains { $0.hasPrefix("settled") } == (late.settles > 0), "\(told)")
        #expect(lines.contains { $0.hasPrefix("refunding") } == (rest > 0), "\(told)")
    }
}
