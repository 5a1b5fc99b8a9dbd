import Allocation
import Messages
import Testing
import Vocabulary

/// Two versions of the rules in one book: each offering is decided by its own for its whole life,
/// also by a build that came later.
@Suite struct RulesByVersionTests {
    /// A version that no release has. It sells at most 50 shares, lets nobody wait unless told
    /// so, and never splits a bid.
    static let two = RulesVersion(
        version: 7,
        wrongMember: { terms, moment in
            RulesVersion.one.wrongMember(terms, moment) ?? (terms.shares > 50 ? .shares : nil)
        },
        filledIn: { terms in
            var filled = terms
            filled.waitlistShares = terms.waitlistShares ?? 0
            return filled.filledIn
        },
        bidTerms: { terms in
            var numbers = BidTerms(terms)
            numbers.remainder = .skip
            return numbers
        })
    static let both = RulesByVersion([.one, two])

    /// The same opening and the same bids under both.
    static let story = SmallInput(
        "two versions",
        """
        offering-commands {"type":"offering.open","command":"c","offering":"o","shares":4,\
        "price":1,"currency":"XXX","minimumShares":0}
        offering-commands {"type":"offering.open","command":"c","offering":"p","shares":4,\
        "price":1,"currency":"XXX","minimumShares":0,"rules":7}
        offering-commands {"type":"offering.open","command":"c","offering":"q","shares":51,\
        "price":1,"currency":"XXX","rules":7}
        offering-commands {"type":"offering.open","command":"c","offering":"q","shares":51,\
        "price":1,"currency":"XXX","rules":8}
        bids {"type":"bid","bid":"b1","offering":"o","account":"a","shares":3,"allOrNone":false}
        bids {"type":"bid","bid":"b1","offering":"p","account":"a","shares":3,"allOrNone":false}
        bids {"type":"bid","bid":"b2","offering":"o","account":"b","shares":3,"allOrNone":false}
        bids {"type":"bid","bid":"b2","offering":"p","account":"b","shares":3,"allOrNone":false}
        offering-commands {"type":"offering.open","command":"d","offering":"p","shares":4,\
        "price":1,"currency":"XXX","minimumShares":0}
        payment-results {"type":"declined","command":"p/b1/1","result":1,"offering":"p",\
        "account":"a"}
        bids {"type":"bid","bid":"b3","offering":"p","account":"b","shares":4,"allOrNone":false}
        offering-commands {"type":"offering.close","command":"x","offering":"p"}
        payment-results {"type":"paid","command":"p/b3/1","result":1,"offering":"p",\
        "account":"b","amount":4}
        """, "")

    @Test func eachOfferingKeepsItsVersion() throws {
        let run = try GoldenRun(Self.story.story(), limit: 1_000, rules: Self.both)
        func decided(_ words: String...) -> Int {
            run.decisions.count { line in words.allSatisfy { line.contains($0) } }
        }
        // Filled in by each version's own defaults.
        #expect(decided(#""type":"opened""#, #""offering":"o""#, #""waitlistShares":4"#) == 1)
        #expect(decided(#""type":"opened""#, #""offering":"p""#, #""waitlistShares":0"#) == 1)
        // Checked by each version, and refused where nobody knows it.
        #expect(decided(#""command":"c""#, #""reason":"badTerms""#, #""member":"shares""#) == 1)
        #expect(decided(#""command":"c""#, #""reason":"badTerms""#, #""member":"rules""#) == 1)
        // Decided by each version: split, or refused for want of room on the waitlist.
        #expect(decided(#""type":"reserved""#, #""offering":"o","bid":"b2""#, ":1,") == 1)
        #expect(decided(#""bid":"b2""#, #""offering":"p""#, #""reason":"waitlistFull""#) == 1)
        // `rules` left out means version 1, so the same opening without it is another one.
        #expect(decided(#""command":"d""#, #""reason":"conflictingDuplicate""#) == 1)
        #expect(decided(#""type":"certificate""#, #""offering":"p""#, #""rules":7"#) == 1)
    }

    /// Whole, in the smallest steps, and by a book that was rebuilt after every input.
    @Test func decidedAgainToTheByte() throws {
        let story = try Self.story.story()
        let run = try GoldenRun(story, limit: 1_000, rules: Self.both)
        let again = try GoldenRun(story, limit: 2, rules: Self.both)
        #expect(again.decisions == run.decisions && again.commands == run.commands)
        var decoder = RecordDecoder()
        let decisions = try run.decisions.compactMap { line -> Decision? in
            let record = try Array(line.utf8).withUnsafeBytes { try decoder.decodeDecision($0) }
            return if case .decision(let decision) = record.content { decision } else { nil }
        }
        var left = decisions[...]
        var rebuilt = GoldenRun.emptyBook(story, rules: Self.both)
        for step in run.steps {
            let group = left.prefix { $0.sequence <= step.book.sequence }
            left = left.dropFirst(group.count)
            var goesOn = rebuilt
            var said: [Decision] = []
            try goesOn.decide(step.input, from: step.source, limit: 2) { said += $0.decisions }
            #expect(said == Array(group), "\(step.source)")
            for decision in group { try rebuilt.restore(decision) }
            #expect(rebuilt == step.book, "\(step.source)")
            try rebuilt.checkInvariants()
        }
        #expect(left.isEmpty && !decisions.isEmpty)
    }

    /// A build that knows one version more decides the books of all releases as they were decided.
    @Test(arguments: GoldenBook.all)
    func booksOfReleasesStayAsTheyAre(_ book: GoldenBook) throws {
        let run = try GoldenRun(book.story(), limit: 1_000, rules: Self.both)
        #expect(run.decisions == (try book.lines(GoldenBook.decisions)))
        var rebuilt = GoldenRun.emptyBook(try book.story(), rules: Self.both)
        for decision in try book.decisions() { try rebuilt.restore(decision) }
        #expect(rebuilt == run.book)
    }

    /// A build that does not know the version of an offering does not go on with its book.
    @Test func anOlderBuildSaysThatANewerOneWroteIt() throws {
        let story = try Self.story.story()
        let run = try GoldenRun(story, limit: 1_000, rules: Self.both)
        var decoder = RecordDecoder()
        var old = GoldenRun.emptyBook(story)
        let failure = #expect(throws: RestoreFailure.self) {
            for line in run.decisions {
                let record = try Array(line.utf8).withUnsafeBytes {
                    try decoder.decodeDecision($0)
                }
                if case .decision(let decision) = record.content { try old.restore(decision) }
            }
        }
        #expect(failure?.sentence.contains("version 7") == true, "\(String(describing: failure))")
    }
}
