import CommandLine
import Vocabulary

/// Draws how the three stand: bars that move on a terminal, a line a second in a pipe.
final class Display {
    private let story: DemoStory
    private let book: Book
    private let frontEnds: FrontEnds
    private let clock: StoryClock
    private let stage: Stage
    private var lastFrame: Int64 = 0
    /// When a line was last written to a pipe.
    private var lastLine: Int64 = 0
    /// A second's worth of counts, for the rate.
    private var counts: [(at: Int64, appended: Int)] = []

    private static let frameNanoseconds: Int64 = 40_000_000
    private static let second: Int64 = 1_000_000_000

    init(_ story: DemoStory, _ book: Book, _ frontEnds: FrontEnds, _ clock: StoryClock) {
        self.story = story
        self.book = book
        self.frontEnds = frontEnds
        self.clock = clock
        stage = story.stage
        lastLine = StoryClock.nanoseconds()
    }

    /// Draws a frame, if it is time for one.
    func update() {
        let now = StoryClock.nanoseconds()
        guard now - lastFrame >= Self.frameNanoseconds else { return }
        lastFrame = now
        counts.append((now, frontEnds.appended))
        counts.removeAll { now - $0.at > Self.second }
        if stage.isLive {
            stage.show(frame())
        } else if now - lastLine >= Self.second {
            lastLine = now
            stage.say(line())
        }
    }

    /// Something happened that is worth a line.
    func event(_ text: String, _ colour: Stage.Colour) {
        stage.say("  \(time())  \(stage.coloured(text, colour))")
    }

    /// The last frame stays.
    func finish() {
        if stage.isLive { stage.show(frame()) } else { stage.say(line()) }
        stage.keep()
        stage.say()
    }

    private func time() -> String {
        let tenths = clock.now / 100_000
        return padded("\(tenths / 10).\(tenths % 10) s", 6, right: true)
    }

    private var rate: Int {
        guard let first = counts.first, let last = counts.last, last.at > first.at else { return 0 }
        return Int(Int64(last.appended - first.appended) * Self.second / (last.at - first.at))
    }

    private func frame() -> [String] {
        let reserved = Int(book.counters.reserved.rawValue + book.counters.settled.rawValue)
        let settled = Int(book.counters.settled.rawValue)
        let lag = frontEnds.appended - book.decided
        return [
            row("fairfill", reserved, "reserved", reserved == Int(Terms.shares) ? .green : .blue),
            row("", settled, "paid", book.isFilled ? .green : .blue),
            row("counter: look, take", story.checkThenTake.outcome.sold, "sold", .yellow),
            row("counter: lock, undo", story.lockAndGiveBack.outcome.sold, "sold", .yellow),
            "  \(time())  \(grouped(frontEnds.appended)) bids in the log, \(grouped(rate))/s, "
                + (lag == 0 ? "all decided" : "\(grouped(lag)) not decided yet"),
        ]
    }

    private func row(
        _ name: String, _ shares: Int, _ what: String, _ colour: Stage.Colour
    ) -> String {
        "  \(padded(name, 20))\(stage.bar(shares, of: Int(Terms.shares), colour))"
            + "\(padded(grouped(shares), 8, right: true)) \(what)"
    }

    private func line() -> String {
        let settled = book.counters.settled.rawValue
        let taken = book.counters.reserved.rawValue + settled
        return "  \(time())  \(grouped(frontEnds.appended)) bids, "
            + "\(grouped(book.decided)) decided; "
            + "\(grouped(taken)) shares reserved, \(grouped(settled)) paid"
    }
}
