import Testing

/// The order of the checks of an offering command: unknownOffering, conflictingDuplicate and
/// repeated (told by the command's id, of an open by the offering's), wrongState, badTerms; each
/// alone and together with each later one, for each kind of command.
@Suite struct CommandCheckTests {
    static let reasons = [
        "unknownOffering", "conflictingDuplicate", "repeated", "wrongState", "badTerms",
    ]

    /// A command that would be acted on, and how it is not.
    struct Kind: Sendable {
        let name: String
        /// Under the id x.
        let line: String
        /// Told before it.
        var before: [String] = []
        /// Puts the offering into a state for which it is too late.
        let spoil: [String]
        /// Another command, which comes under the same id before.
        var other = "amend x 12000"
        /// The same command with wrong terms, and what is wrong.
        var bad: (line: String, reason: String)?
        /// Told between the first and the second of the same command: this second one would be
        /// wrong, had the first not been.
        var between: [String] = []

        func story(_ first: String, _ later: String, _ lines: [String]) -> RefusalStory {
            RefusalStory(
                name, first, later, ["open c shares 8 price 1 need 0 to 9000 \(terms)"] + lines)
        }

        private var terms: String { "interest i1 principal p1,p2" }

        var stories: [RefusalStory] {
            let known = ["- \(line) @none", "+ \(line)"]
            var stories = [
                story("unknownOffering", "accepted", before + known),
                story("unknownOffering", "conflictingDuplicate", [other] + before + known),
                story("unknownOffering", "repeated", before + [line] + known),
                story("unknownOffering", "wrongState", before + spoil + known),
                story("conflictingDuplicate", "accepted", ["- \(other)"] + before + [line]),
                story(
                    "conflictingDuplicate", "wrongState",
                    ["- \(other)"] + before + spoil + [line]),
                story("repeated", "accepted", before + ["- \(line)", line]),
                story("repeated", "wrongState", before + ["- \(line)"] + spoil + [line]),
                story("wrongState", "accepted", before + spoil.map { "- " + $0 } + [line]),
            ]
            guard let bad else { return stories }
            let wrong = bad.line
            stories += [
                story(
                    "unknownOffering", bad.reason, before + ["- \(wrong) @none", "+ \(wrong)"]),
                story("conflictingDuplicate", bad.reason, ["- \(other)"] + before + [wrong]),
                story("repeated", bad.reason, before + ["- \(line)"] + between + [line]),
                story("wrongState", bad.reason, before + spoil.map { "- " + $0 } + [wrong]),
                story(bad.reason, "accepted", before + ["- \(wrong)", "+ \(line)"]),
            ]
            return stories
        }
    }

    static let kinds: [Kind] = [
        Kind(name: "pause", line: "pause x", spoil: ["close y"]),
        Kind(name: "resume", line: "resume x", before: ["pause p"], spoil: ["close y"]),
        Kind(
            name: "close", line: "close x", before: ["bid b anna 4"],
            spoil: ["close y", "declined b/1 #1 anna"]),
        Kind(
            name: "amend", line: "amend x 12000", spoil: ["close y"], other: "pause x",
            bad: ("amend x 9000", "badTerms closesAt"), between: ["amend y 12001"]),
        Kind(name: "cancel-all", line: "cancel-all x", spoil: ["cancel-all y"]),
        Kind(
            name: "repay", line: "repay x b/refund/1",
            before: [
                "bid b anna 4", "paid b/1 #1 anna 4", "cancel-all z",
                "declined b/refund/1/1 #1 anna",
            ],
            spoil: ["paid b/refund/1/1 #2 anna 4"]),
        Kind(
            name: "distribute", line: "distribute x principal p1 5",
            before: ["bid b anna 8", "paid b/1 #1 anna 8"],
            // Where something was distributed it must be proven unpaid first.
            spoil: ["declined distribution/principal/p1/anna/1 #1 anna proven", "cancel-all y"],
            bad: ("distribute x principal p1 9", "badTerms amount"),
            between: ["distribute y principal p2 4"]),
    ]

    static let stories = kinds.flatMap(\.stories)

    @Test(arguments: stories) func theEarlierOneWins(_ story: RefusalStory) throws {
        try story.check()
    }

    /// One command is not both the same as another and not.
    @Test(arguments: kinds.indices) func everyPairIsAccountedFor(_ index: Int) {
        let kind = Self.kinds[index]
        // Only what carries terms can carry wrong ones.
        let reasons = kind.bad == nil ? Array(Self.reasons.dropLast()) : Self.reasons
        expectEveryPair(
            of: reasons, in: kind.stories, but: [["conflictingDuplicate", "repeated"]])
    }

    /// An open is never about an unknown offering, nor in a wrong state: a second one is the same
    /// or is not, whatever has become of the first, and whether or not it could be opened now.
    static let opens: [RefusalStory] = [
        RefusalStory(
            "open", "conflictingDuplicate", "accepted", ["- open c shares 8\nopen c shares 9"]),
        RefusalStory(
            "open", "conflictingDuplicate", "badTerms shares",
            ["- open c shares 8\nopen c shares 0"]),
        RefusalStory("open", "repeated", "accepted", ["- open c shares 8\nopen d shares 8"]),
        RefusalStory(
            "open", "repeated", "badTerms closesAt",
            ["- open c shares 8 to 9000\nat 9000\nopen c shares 8 to 9000"]),
        RefusalStory(
            "open", "badTerms shares", "accepted", ["- open c shares 0\n+ open c shares 1"]),
    ]

    @Test(arguments: opens) func theSecondOpen(_ story: RefusalStory) throws {
        try story.check()
    }

    @Test func everyPairOfOpensIsAccountedFor() {
        expectEveryPair(
            of: ["conflictingDuplicate", "repeated", "badTerms"], in: Self.opens,
            but: [["conflictingDuplicate", "repeated"]])
    }

    /// The terms of a distribution are looked at in their order: whether the id is allowed, then
    /// the amount; an id that was distributed is told before both.
    @Test(arguments: [
        ("interest i9 0", "badTerms distribution"), ("interest i9 5", "badTerms distribution"),
        ("principal i1 9", "badTerms distribution"), ("interest p1 5", "badTerms distribution"),
        ("interest i1 0", "badTerms amount"), ("principal p1 0", "badTerms amount"),
        ("principal p1 9", "badTerms amount"), ("principal p2 9", "badTerms amount"),
        ("principal p2 0", "badTerms amount"),
    ])
    func theTermsOfADistribution(_ distribution: String, _ reason: String) throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 8 price 1 interest i1 principal p1,p2
            bid b anna 8
            paid b/1 #1 anna 8
            """)
        #expect(
            try ledger.tell("distribute d \(distribution)") == "rejected d: \(reason) | 0 0 8")
    }

    /// Under another command's id the same distribution is repeated, too, and so is its contrary.
    @Test(arguments: [
        ("principal p1 8", "repeated e of 7 | 0 0 8"),
        ("principal p1 7", "rejected e: conflictingDuplicate | 0 0 8"),
        ("principal p1 0", "rejected e: conflictingDuplicate | 0 0 8"),
        ("principal p1 9", "rejected e: conflictingDuplicate | 0 0 8"),
        // All that was paid is given back.
        ("principal p2 1", "rejected e: badTerms amount | 0 0 8"),
    ])
    func theSameDistribution(_ distribution: String, _ answer: String) throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 8 price 1 principal p1,p2
            bid b anna 8
            paid b/1 #1 anna 8
            distribute d principal p1 8
            """)
        #expect(try ledger.tell("distribute e \(distribution)") == answer)
    }
}
