import Allocation
import CommandLine
import FairfillClient
import Vocabulary

/// `fairfill bench core`: the rules alone, on one thread, without records or a log.
package struct CoreBench {
    /// What is measured, by the names that `--mix` takes; each has a row, or several.
    package enum Mix: String, CaseIterable {
        case reserved, waiting, refused, grab, repeats, released, limited, offerings
        case sizes, lines

        var title: String {
            switch self {
            case .reserved: "bids that are reserved"
            case .waiting: "bids that wait"
            case .refused: "bids that are refused"
            case .grab: "a grab: 10 % reserved, the rest refused"
            case .repeats: "bids that came before"
            case .released: "declined payments, each with a promotion"
            case .limited: "bids under every limit an account can have"
            case .offerings: "bids for 200 offerings in turn"
            case .sizes: "small books and large ones"
            case .lines: "short lines and long ones"
            }
        }
    }

    let bench: Bench
    /// The offerings that bids are for in turn; most mixes have one.
    private let offerings: [Identifier]

    /// `fairfill bench core`.
    package static func run(_ arguments: Arguments) throws(Failure) -> ExitCode {
        let bench = try Bench(arguments, bids: 1_000_000)
        let sizes = try sizes(arguments, bench.bids)
        for mix in mixes(arguments) {
            switch mix {
            case .sizes:
                for size in sizes { try CoreBench(bench, 1).measure(size: size) }
            case .lines: try CoreLines.run(bench)
            default: try CoreBench(bench, mix == .offerings ? 200 : 1).measure(mix)
            }
        }
        return .done
    }

    private init(_ bench: Bench, _ offerings: Int) {
        self.bench = bench
        self.offerings = (0..<offerings).map { BenchRecords.shortID(.offering, $0) }
    }

    private static func mixes(_ arguments: Arguments) -> [Mix] {
        arguments.choice("mix").map { [$0] } ?? Mix.allCases
    }

    private static func sizes(_ arguments: Arguments, _ bids: Int) throws(Failure) -> [Int] {
        guard let text = arguments.text("sizes") else { return [bids / 100, bids / 10, bids] }
        var sizes: [Int] = []
        for word in text.split(separator: ",") {
            guard let size = Int(word), (1...100_000_000).contains(size) else {
                throw Failure(.usage, "--sizes \(text): numbers of bids, with commas between")
            }
            sizes.append(size)
        }
        return sizes
    }

    /// One row: a book of `bench.bids` bids, as often as is asked for.
    private func measure(_ mix: Mix) throws(Failure) {
        var figures: [Double] = []
        var (bytes, allocations) = (Int64(0), 0.0)
        for number in 1...bench.repeats {
            let progress = bench.progress("core.\(mix)", number)
            defer { progress.end() }
            let run = try run(mix, bench.bids, progress)
            figures.append(run.all.perSecond)
            bytes = run.bytes / Int64(bench.bids)
            allocations = run.warm.allocations
        }
        try bench.print(
            BenchRow(
                name: "core.\(mix)", title: mix.title, figure: .perSecond(figures), bytes: bytes,
                allocations: allocations))
    }

    /// Two rows: books of `size` bids that are reserved, and refused; many of them where they are
    /// small, so that each row has a million bids to go by.
    private func measure(size: Int) throws(Failure) {
        for mix in [Mix.reserved, .refused] {
            var figures: [Double] = []
            var bytes: Int64 = 0
            for number in 1...bench.repeats {
                let progress = bench.progress("core.\(mix)-\(size)", number)
                defer { progress.end() }
                var cost = CoreCost()
                for _ in 0..<max(1, min(1_000_000, bench.bids) / size) {
                    let run = try run(mix, size, progress)
                    cost = cost + run.all
                    bytes = run.bytes / Int64(size)
                }
                figures.append(cost.perSecond)
            }
            try bench.print(
                BenchRow(
                    name: "core.\(mix)-\(size)", title: "\(grouped(size)) \(mix.title)",
                    figure: .perSecond(figures), bytes: bytes))
        }
    }

    private struct Run {
        let all: CoreCost
        /// The second half of the inputs.
        let warm: CoreCost
        /// What the book has taken of the heap.
        let bytes: Int64
    }

    private func run(
        _ mix: Mix, _ bids: Int, _ progress: BenchProgress
    ) throws(Failure) -> Run {
        let before = Heap.bytes
        var book = try CoreBook(offerings, terms(mix, bids))
        if mix == .repeats || mix == .released {
            var untold = CoreCost()
            try book.decide(0..<bids, &untold, progress) { input($0, .reserved) }
        }
        let count = mix == .released ? bids / 2 : bids
        var (cold, warm) = (CoreCost(), CoreCost())
        try book.decide(0..<count / 2, &cold, progress) { input($0, mix) }
        try book.decide(count / 2..<count, &warm, progress) { input($0, mix) }
        book.tidyUp()
        let bytes = Heap.bytes - before
        try check(book, mix, bids)
        return Run(all: cold + warm, warm: warm, bytes: bytes)
    }

    private func terms(_ mix: Mix, _ bids: Int) -> OfferingTerms {
        let each = (bids + offerings.count - 1) / offerings.count
        switch mix {
        case .waiting: return .bench(shares: 1, waitlistShares: bids)
        case .refused: return .bench(shares: 1, waitlistShares: 0)
        case .grab: return .bench(shares: bids / 10, waitlistShares: 0)
        case .released: return .bench(shares: bids / 2, waitlistShares: bids)
        case .limited:
            var terms = OfferingTerms.bench(shares: bids, waitlistShares: 0)
            terms.maxSharesPerAccount = 1
            terms.maxBidsPerAccount = 1
            terms.bidsPerMinutePerAccount = 10
            return terms
        default: return .bench(shares: each, waitlistShares: 0)
        }
    }

    private func input(_ number: Int, _ mix: Mix) -> Input {
        let offering = offerings[number % offerings.count]
        return mix == .released
            ? .declined(number, of: offering)
            : .record(.bid(BenchRecords.shortBid(number, for: offering)))
    }

    /// Whether the mix was what its name says: a figure for something else would mislead.
    private func check(_ book: CoreBook, _ mix: Mix, _ bids: Int) throws(Failure) {
        var (accepted, reserved, served) = (Int64(0), Shares(0), Shares(0))
        for overview in book.book.overviews {
            accepted += overview.bids
            reserved += overview.counters.reserved
            served += overview.served
        }
        let expected = switch mix {
        case .refused: 1
        case .grab: bids / 10
        default: bids
        }
        let promoted = mix == .released ? Shares(bids / 2) : 0
        guard book.book.overviews.count == offerings.count, accepted == Int64(expected),
            served == reserved + promoted
        else { throw Failure(.invariant, "core.\(mix) did not decide what it should have") }
    }
}

extension Input {
    /// The payment of a bid of `BenchRecords` was declined.
    static func declined(_ number: Int, of offering: Identifier) -> Input {
        let payment = PaymentID(
            offering: offering, bid: BenchRecords.shortID(.bid, number), number: 1)
        return .record(
            .paymentResult(
                PaymentResult(
                    kind: .declined, payment: payment, result: 1, offering: offering,
                    account: BenchRecords.shortID(.account, number))))
    }

    /// A bid of `BenchRecords` was taken back.
    static func cancelled(_ number: Int, of offering: Identifier) -> Input {
        .record(
            .cancellation(
                BidCancellation(
                    bid: BenchRecords.shortID(.bid, number), offering: offering,
                    account: BenchRecords.shortID(.account, number))))
    }
}
