import Allocation
import Analysis
import Testing
import Vocabulary

/// Each number that a bidder is told, and each rule that is named, against what the decisions say.
@Suite struct TruthTests {
    @Test(arguments: 1...200)
    func everySentenceIsTrue(seed: UInt64) throws {
        let random = try RandomBook(seed: seed)
        let truth = Truth(random)
        for bid in random.bids + [.backstop] {
            var inquiry = BidInquiry(bid, of: nil, partition: 0)
            try Words.started(1, partition: 0).withUnsafeBytes { try inquiry.follow($0) }
            for decision in random.decisions {
                try Words.record(decision).withUnsafeBytes { try inquiry.follow($0) }
            }
            guard let story = inquiry.finish().first, let arrival = story.arrival else { continue }
            let words = BidWords(story) { "\($0) ms" }
            let context = "bid \(bid) of seed \(seed)"
            #expect(words.arrival == truth.arrival(arrival.decision), "\(context)")
            var told = words.chapters.map(\.sentence)[...]
            for chapter in story.chapters {
                guard let sentence = told.first else { break }
                // Repeats in a row are one sentence.
                if let times = sentence.firstMatch(of: /came again (\d+) times, and changed/) {
                    #expect(truth.repeats(of: bid, from: chapter.decision) == Int(times.1)!)
                    told.removeFirst()
                    continue
                }
                if case .repeated(.bid) = chapter.decision.event, !sentence.contains("came again") {
                    continue
                }
                truth.check(sentence, chapter.decision, bid, context)
                told.removeFirst()
            }
            #expect(told.isEmpty, "\(context): \(told)")
            #expect(words.now == truth.now(bid), "\(context)")
        }
    }

    /// What random books must bring about, or the test above shows little.
    @Test func allSentencesComeUp() throws {
        var rules: Set<String> = []
        for seed in 1...900 as ClosedRange<UInt64> {
            let random = try RandomBook(seed: seed)
            for bid in random.bids {
                var inquiry = BidInquiry(bid, of: nil, partition: 0)
                try Words.started(1, partition: 0).withUnsafeBytes { try inquiry.follow($0) }
                for decision in random.decisions {
                    try Words.record(decision).withUnsafeBytes { try inquiry.follow($0) }
                }
                guard let story = inquiry.finish().first else { continue }
                let words = BidWords(story) { "\($0) ms" }
                for sentence in words.arrival + words.chapters.map(\.sentence) + words.now {
                    let kind = sentence.contains(" again, paid")
                        ? "late: " : sentence.contains("can have none of them") ? "refund: " : ""
                    if let found = sentence.firstMatch(of: /\(rules?: (.*)\)/) {
                        rules.insert(kind + found.1)
                    }
                }
            }
        }
        for rule in [
            "cap", "lot", "minimum bid", "cap, all-or-none", "size, all-or-none", "size, skip",
            "split", "skip", "hold", "all-or-none", "waitlist", "waitlist, lot", "waitlist, skip",
            "waitlist, hold", "waitlist, all-or-none", "cap, waitlist", "bids", "rate", "minimum",
            "accounts", "refund: accounts",
            "late: split", "late: cap", "refund: cap", "refund: all-or-none", "refund: skip",
            "refund: hold", "refund: split", "refund: all-or-none, cap",
            "refund: offering is over",
        ] {
            #expect(rules.contains(rule), "\(rule) in \(rules.sorted())")
        }
    }
}
