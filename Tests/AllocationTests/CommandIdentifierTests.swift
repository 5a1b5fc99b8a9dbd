import Testing

/// A command acts once by its id: what comes again under it changes nothing, and nothing else comes
/// under it (Rules.md, Payment results).
@Suite struct CommandIdentifierTests {
    /// A command that found everything done already has spent its id no less than one that did it:
    /// delivered late a second time it must not act.
    @Test(arguments: [
        ("pause p\npause q\nresume r", "pause q", "repeated q of 2 | 8 0 0"),
        ("pause p\nresume r\nresume s\npause t", "resume s", "repeated s of 3 | 8 0 0"),
        ("pause p\npause q\nresume r", "cancel-all q", "rejected q: conflictingDuplicate | 8 0 0"),
        // The id that opened it is an id, too.
        ("", "pause c", "rejected c: conflictingDuplicate | 8 0 0"),
    ])
    func anIDIsSpent(_ before: String, _ line: String, _ answer: String) throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 8 price 1\n" + before)
        let told = try ledger.tell(line)
        #expect(told == answer)
    }

    /// Under another command's id the same distribution changes nothing; in whatever state.
    @Test func aDistributionIsKnownWhileItIsCancelled() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 2 price 1 interest i1
            bid b ben 2
            paid b/1 #1 ben 2
            distribute d interest i1 5
            declined distribution/interest/i1/ben/1 #1 ben proven
            cancel-all x
            """)
        #expect(try ledger.tell("distribute d interest i1 5") == "repeated d of 7 | 2 0 0")
        #expect(
            try ledger.tell("distribute d interest i1 6")
                == "rejected d: conflictingDuplicate | 2 0 0")
        let told = try ledger.tell("distribute e interest i1 5")
        #expect(told == "repeated e of 7 | 2 0 0")
    }

    /// Different offerings know nothing of each other's ids.
    @Test func anIDIsItsOfferingsOwn() throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 8 price 1\nopen c shares 8 price 1 @other\npause p")
        #expect(try ledger.tell("pause p @other") == "paused p | 8 0 0 @other")
    }
}
