import Testing

/// The order of the checks of a bid's cancellation: unknownOffering, archived, unknownBid,
/// notYourBid, alreadyOver, tooLate, repeated; each alone and together with each later one.
@Suite struct CancellationCheckTests {
    static let reasons = [
        "unknownOffering", "archived", "unknownBid", "notYourBid", "alreadyOver", "tooLate",
        "repeated",
    ]

    /// A bid that nobody made is nobody's, was never accepted and never asked back.
    static let impossible: Set<[String]> = [
        ["unknownBid", "notYourBid"], ["unknownBid", "alreadyOver"], ["unknownBid", "tooLate"],
        ["unknownBid", "repeated"],
    ]

    static func story(_ first: String, _ later: String, _ lines: String) -> RefusalStory {
        RefusalStory("cancel", first, later, ["open c shares 8 price 1 need 0", lines])
    }

    static let stories: [RefusalStory] = [
        story("unknownOffering", "accepted", "bid b a 4\n- cancel b a @none\n+ cancel b a"),
        story(
            "unknownOffering", "archived",
            "bid b a 4\ndeclined b/1 #1 a\nclose x\nat 101000\n- cancel b a @none\n+ cancel b a"),
        story("unknownOffering", "unknownBid", "- cancel b a @none\n+ cancel b a"),
        story("unknownOffering", "notYourBid", "bid b a 4\n- cancel b z @none\n+ cancel b z"),
        story(
            "unknownOffering", "alreadyOver",
            "bid b a 4\ndeclined b/1 #1 a\n- cancel b a @none\n+ cancel b a"),
        story(
            "unknownOffering", "tooLate",
            "bid b a 4\npaid b/1 #1 a 4\n- cancel b a @none\n+ cancel b a"),
        story(
            "unknownOffering", "repeated",
            "bid b a 4\ncancel b a\n- cancel b a @none\n+ cancel b a"),
        // What is archived has ended first, with no money open.
        story(
            "archived", "accepted",
            "bid b a 4\n- declined b/1 #1 a\n- close x\n- at 101000\ncancel b a"),
        story("archived", "unknownBid", "- close x\n- at 101000\ncancel b a"),
        story(
            "archived", "notYourBid",
            "bid b a 4\n- declined b/1 #1 a\n- close x\n- at 101000\ncancel b z"),
        story(
            "archived", "alreadyOver",
            "bid b a 4\ndeclined b/1 #1 a\n- close x\n- at 101000\ncancel b a"),
        story(
            "archived", "tooLate",
            "bid b a 4\npaid b/1 #1 a 4\n- close x\n- at 101000\ncancel b a"),
        story(
            "archived", "repeated",
            "bid b a 4\ncancel b a\n- recalled b/1 #1 a\n- close x\n- at 101000\ncancel b a"),
        story("unknownBid", "accepted", "+ bid b a 4\ncancel b a"),
        story("notYourBid", "accepted", "bid b a 4\n- cancel b z\n+ cancel b a"),
        story(
            "notYourBid", "alreadyOver",
            "bid b a 4\ndeclined b/1 #1 a\n- cancel b z\n+ cancel b a"),
        // A refused bid is over, and still its account's.
        story("notYourBid", "alreadyOver", "bid b a 0\n- cancel b z\n+ cancel b a"),
        story("notYourBid", "tooLate", "bid b a 4\npaid b/1 #1 a 4\n- cancel b z\n+ cancel b a"),
        story("notYourBid", "repeated", "bid b a 4\ncancel b a\n- cancel b z\n+ cancel b a"),
        story("alreadyOver", "accepted", "bid b a 4\n- declined b/1 #1 a\ncancel b a"),
        // Whatever a bid has, once its offering has ended it is over.
        story("alreadyOver", "accepted", "bid b a 4\n- cancel-all x\ncancel b a"),
        story("alreadyOver", "tooLate", "bid b a 4\npaid b/1 #1 a 4\n- close x\ncancel b a"),
        story("alreadyOver", "repeated", "bid b a 4\ncancel b a\n- recalled b/1 #1 a\ncancel b a"),
        story("alreadyOver", "repeated", "bid b a 4\ncancel b a\n- cancel-all x\ncancel b a"),
        story("tooLate", "accepted", "bid b a 4\n- paid b/1 #1 a 4\ncancel b a"),
        story("tooLate", "repeated", "bid b a 4\ncancel b a\n- paid b/1 #1 a 4\ncancel b a"),
        story("repeated", "accepted", "bid b a 4\n- cancel b a\ncancel b a"),
    ]

    @Test(arguments: stories) func theEarlierOneWins(_ story: RefusalStory) throws {
        try story.check()
    }

    @Test func everyPairIsAccountedFor() {
        expectEveryPair(of: Self.reasons, in: Self.stories, but: Self.impossible)
    }

    /// A bid with one part paid and one reserved is not too late: the reserved one may still come
    /// back. It is asked for once.
    @Test func aBidThatIsPaidInPart() throws {
        var ledger = Ledger()
        _ = try ledger.tell(
            """
            open c shares 8 price 1 need 0
            bid a anna 6
            bid b ben 4
            paid b/1 #1 ben 2
            declined a/1 #1 anna
            """)
        let told = try ledger.tell(
            """
            cancel b ben
            cancel b ben
            recalled b/2 #1 ben
            cancel b ben
            """)
        #expect(
            told == """
                cancelRequested b/2 ben 2 | 4 2 2
                recall loan/b/2 ben
                repeated b ben of 3 reserved, now 2 2 0 | 4 2 2
                released b/2 #1 ben 2 recalled | 6 0 2
                rejected cancel b ben: tooLate | 6 0 2
                """)
    }
}
