import Allocation
import CommandLine
import FairfillClient
import Vocabulary

/// What one input costs while few bids wait, and while many do: the length of the line must not
/// matter.
///
/// Two offerings have as many bids that are reserved, and a hundred times as many of the one wait.
/// Payments are declined one by one, each of which serves the next who waits; as many new bids join
/// the line in between, so that it stays as long as it is.
struct CoreLines {
    private let rule: RemainderRule
    /// Whether bids that take all or nothing, and are too large for what comes free, stand ahead.
    private let hasLargeAhead: Bool
    /// How many wait.
    private let length: Int
    /// How many inputs of each kind there are.
    private let count: Int

    private let offering = BenchRecords.shortID(.offering, 0)

    static func run(_ bench: Bench) throws(Failure) {
        for hasLargeAhead in [false, true] {
            for rule in RemainderRule.allCases {
                try measure(bench, rule, hasLargeAhead)
            }
        }
    }

    private static func measure(
        _ bench: Bench, _ rule: RemainderRule, _ hasLargeAhead: Bool
    ) throws(Failure) {
        let lengths = [bench.bids / 100, bench.bids]
        let name = "core.\(rule)" + (hasLargeAhead ? ".behind-large" : "")
        var releases: [[Double]] = [[], []]
        var joins: [[Double]] = [[], []]
        for number in 1...bench.repeats {
            let progress = bench.progress(name, number)
            defer { progress.end() }
            for (index, length) in lengths.enumerated() {
                let line = CoreLines(
                    rule: rule, hasLargeAhead: hasLargeAhead, length: length,
                    count: bench.bids / 4)
                let cost = try line.run(progress)
                releases[index].append(cost.releases.nanoseconds)
                joins[index].append(cost.joins.nanoseconds)
            }
        }
        let line = hasLargeAhead ? "\(rule) behind large bids" : "\(rule)"
        for (kind, figures) in [("release", releases), ("join", joins)] {
            for (length, figures) in zip(lengths, figures) {
                try bench.print(
                    BenchRow(
                        name: "\(name).\(kind)-\(length)",
                        title: "\(line): \(kind), \(grouped(length)) wait",
                        figure: .nanoseconds(figures)))
            }
            try bench.print(
                BenchRow(
                    name: "\(name).\(kind)-ratio", title: "\(line): \(kind), long to short",
                    figure: .ratio(zip(figures[1], figures[0]).map { $0 / $1 })))
        }
    }

    private func run(
        _ progress: BenchProgress
    ) throws(Failure) -> (releases: CoreCost, joins: CoreCost) {
        var book = try CoreBook([offering], terms)
        var (untold, releases, joins) = (CoreCost(), CoreCost(), CoreCost())
        try book.decide(0..<shares + length, &untold, progress) { bid($0) }
        let step = max(1, min(CoreBook.chunk, length / 10))
        var done = 0
        while done < count {
            let next = min(count, done + step)
            let first = shares + length
            try book.decide(first + done..<first + next, &joins) { bid($0) }
            try book.decide(done..<next, &releases) { .declined($0, of: offering) }
            // Nobody is served: those who joined leave again, or the line would grow.
            if isHeldUp {
                try book.decide(first + done..<first + next, &untold) {
                    .cancelled($0, of: offering)
                }
            }
            try progress.update(next, of: count)
            done = next
        }
        try check(book)
        return (releases, joins)
    }

    private var isHeldUp: Bool { rule == .hold && hasLargeAhead }

    /// One more than come free, so that under `hold` a bid for all of them is never served.
    private var shares: Int { count + 1 }

    /// Of those that wait at first: half of them, and under `hold` the first, which is enough to
    /// hold up everybody.
    private var largeOnes: Int {
        if !hasLargeAhead { return 0 }
        return rule == .hold ? 1 : length / 2
    }

    private var terms: OfferingTerms {
        var terms = OfferingTerms.bench(
            shares: shares, waitlistShares: shares + 2 * length + count)
        terms.remainder = rule
        return terms
    }

    /// The first ones are reserved; then those come that wait, large ones first.
    private func bid(_ number: Int) -> Input {
        var bid = BenchRecords.shortBid(number, for: offering)
        if number >= shares, number < shares + largeOnes {
            bid.shares = rule == .hold ? Shares(shares) : 2
            bid.allOrNone = true
        }
        return .record(.bid(bid))
    }

    /// Whether as many wait as are said to, and each share that came free was given away at once,
    /// or under `hold` behind a large bid none.
    private func check(_ book: CoreBook) throws(Failure) {
        let promoted = isHeldUp ? 0 : count
        let line = book.book.waitlist(of: offering)?.count
        guard let overview = book.book.overview(of: offering),
            overview.bids == Int64(shares + length + count),
            overview.served == Shares(shares + promoted),
            overview.counters.free == Shares(count - promoted),
            line == length
        else { throw Failure(.invariant, "the line of \(rule) did not move as it should have") }
    }
}
