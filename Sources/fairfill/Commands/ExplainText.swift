import Analysis
import Foundation
import Vocabulary

/// A bid's story for people.
enum ExplainText {
    static func print(_ story: BidStory, to output: Output) throws(Failure) {
        guard let arrival = story.arrival else { return }
        let words = BidWords(story, time: Moment.text)
        try output.line(
            output.coloured("bid \(story.name)", .bold)
                + " of \(arrival.account), offering \(story.offering)")
        for sentence in words.arrival { try output.line("  \(sentence)") }
        let chapters = words.chapters
        if !chapters.isEmpty { try output.line("") }
        for (at, sentence) in chapters {
            try output.line("  \(output.coloured(Moment.text(at), .dim))  \(sentence)")
        }
        let now = words.now
        if !now.isEmpty { try output.line("") }
        for sentence in now { try output.line("  \(sentence)") }
    }
}

/// A moment as people read it.
enum Moment {
    /// `2026-11-24 17:47:29.394 UTC`. Time runs in whole milliseconds, so nothing is rounded.
    static func text(_ at: Milliseconds) -> String {
        var seconds = time_t(at.rawValue / 1_000)
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return "\(at) ms" }
        return String(
            format: "%04d-%02d-%02d %02d:%02d:%02d.%03d UTC", parts.tm_year + 1_900,
            parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
            Int(at.rawValue % 1_000))
    }
}
