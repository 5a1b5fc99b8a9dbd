import Testing

/// What brings the same reason to refuse a bid about: several states, several rules.
@Suite struct BidReasonTests {
    @Test(arguments: [
        // Every way to the end but that of being filled.
        ("bid a anna 6\nclose k", "closed | 12 6 0"),
        ("close k", "closed | 18 0 0"),
        ("bid a anna 6\ncancel-all k", "closed | 12 6 0"),
        ("cancel-all k", "closed | 18 0 0"),
        ("bid a anna 18\npaid a/1 #1 anna 18\ncancel-all k", "closed | 18 0 0"),
        // Paused and then ended is ended; paused before its end is not.
        ("pause p\nclose k", "closed | 18 0 0"),
        ("bid a anna 18\npause p\npaid a/1 #1 anna 18", "filled | 0 0 18"),
        ("bid a anna 18\npause p", "paused | 0 18 0"),
    ])
    func theStateIsTheReason(_ before: String, _ answer: String) throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 18 price 1 need 0\n" + before)
        #expect(try ledger.tell("bid b anna 4") == "rejected b anna 4: \(answer)")
    }

    /// Under `skip` and `hold` no bid can be split, under `split` only one for all or nothing.
    @Test(arguments: [
        ("split", "9", "reserved b anna 9: 8 + 1 queued 9 | 0 8 0"),
        ("split", "9 whole", "rejected b anna 9 whole: tooLarge | 8 0 0"),
        ("split", "8 whole", "reserved b anna 8 whole: 8 + 0 | 0 8 0"),
        ("skip", "9", "rejected b anna 9: tooLarge | 8 0 0"),
        ("skip", "8", "reserved b anna 8: 8 + 0 | 0 8 0"),
        ("skip", "9 whole", "rejected b anna 9 whole: tooLarge | 8 0 0"),
        ("hold", "9", "rejected b anna 9: tooLarge | 8 0 0"),
        ("hold", "8", "reserved b anna 8: 8 + 0 | 0 8 0"),
        ("hold", "9 whole", "rejected b anna 9 whole: tooLarge | 8 0 0"),
    ])
    func tooLargeIsWhatCannotBeSplit(_ rule: String, _ bid: String, _ answer: String) throws {
        var ledger = Ledger()
        _ = try ledger.tell("open c shares 8 price 1 " + rule)
        #expect(try ledger.tell("bid b anna " + bid).hasPrefix(answer))
    }
}
