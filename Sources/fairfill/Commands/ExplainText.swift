import Analysis
import CommandLine
import FairfillClient

/// A bid's story for people.
enum ExplainText {
    static func print(_ story: BidStory, to output: Output) throws(Failure) {
        guard let arrival = story.arrival else { return }
        let words = BidWords(story, time: MomentText.local)
        try output.text(
            output.coloured("bid \(story.name)", .bold)
                + " of \(arrival.account), offering \(story.offering)")
        for sentence in words.arrival { try output.text("  \(sentence)") }
        let chapters = words.chapters
        if !chapters.isEmpty { try output.line("") }
        for (at, sentence) in chapters {
            try output.text("  \(output.coloured(MomentText.local(at), .dim))  \(sentence)")
        }
        let now = words.now
        if !now.isEmpty { try output.line("") }
        for sentence in now { try output.text("  \(sentence)") }
    }
}
