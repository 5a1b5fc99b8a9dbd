import Allocation
import Vocabulary

/// `fairfill bench core`: the rules alone, on one thread, without records or a log.
struct CoreBench {
    /// What the bids are like.
    enum Mix: String, CaseIterable {
        case reserved, waiting, refused, grab, repeats, released

        var title: String {
            switch self {
            case .reserved: "bids that are reserved"
            case .waiting: "bids that wait"
            case .refused: "bids that are refused"
            case .grab: "a grab: 10 % reserved, the rest refused"
            case .repeats: "bids that came before"
            case .released: "declined payments, each with a promotion"
            }
        }
    }

    private let bench: Bench
    private let offering = BenchRecords.id(.offering, 0)
    /// Inputs are made before they are timed, so many at a time.
    private static let chunk = 4_096

    static func run(_ arguments: Arguments) throws(Failure) -> ExitCode {
        let core = CoreBench(bench: try Bench(arguments, bids: 1_000_000))
        let mixes = try mixes(arguments)
        for mix in mixes { try core.measure(mix, isFirst: mix == mixes[0]) }
        return .done
    }

    private static func mixes(_ arguments: Arguments) throws(Failure) -> [Mix] {
        guard let word = arguments.text("mix") else { return Mix.allCases }
        guard let mix = Mix(rawValue: word) else {
            let known = Mix.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(.usage, "--mix \(word): one of \(known)")
        }
        return [mix]
    }

    /// - Parameter isFirst: nothing was measured before in this process. Only then does memory say
    ///   what a bid takes: later books use what those before them gave back.
    private func measure(_ mix: Mix, isFirst: Bool) throws(Failure) {
        var seconds: [Double] = []
        var bytes: Int64?
        let count = mix == .released ? bench.bids / 2 : bench.bids
        for number in 1...bench.repeats {
            let progress = bench.progress("core.\(mix)", number)
            defer { progress.end() }
            let before = ResidentSet.bytes
            var book = try CoreBook(offering, terms(mix))
            try prepare(&book, mix, progress)
            var clock = BenchClock()
            try run(&book, mix, count, &clock, progress)
            if number == 1, isFirst {
                bytes = max(0, ResidentSet.bytes - before) / Int64(bench.bids)
            }
            try check(book, mix)
            seconds.append(clock.seconds)
        }
        let figures = seconds.map { Double(count) / max($0, 1e-9) }
        try bench.print(
            BenchRow(
                name: "core.\(mix)", title: mix.title, figure: .perSecond(figures), bytes: bytes))
    }

    private func terms(_ mix: Mix) -> OfferingTerms {
        switch mix {
        case .reserved, .repeats: .bench(shares: bench.bids, waitlistShares: 0)
        case .waiting: .bench(shares: 1, waitlistShares: bench.bids)
        case .refused: .bench(shares: 1, waitlistShares: 0)
        case .grab: .bench(shares: bench.bids / 10, waitlistShares: 0)
        case .released: .bench(shares: bench.bids / 2, waitlistShares: bench.bids)
        }
    }

    /// Tells the book what must have happened before, untimed.
    private func prepare(
        _ book: inout CoreBook, _ mix: Mix, _ progress: BenchProgress
    ) throws(Failure) {
        guard mix == .repeats || mix == .released else { return }
        for number in 0..<bench.bids {
            try book.decide(input(number, mix: .reserved))
            if number % Self.chunk == 0 { try progress.update(number, of: bench.bids) }
        }
    }

    private func run(
        _ book: inout CoreBook, _ mix: Mix, _ count: Int, _ clock: inout BenchClock,
        _ progress: BenchProgress
    ) throws(Failure) {
        var inputs: [Input] = []
        inputs.reserveCapacity(Self.chunk)
        var number = 0
        while number < count {
            let end = min(count, number + Self.chunk)
            inputs.removeAll(keepingCapacity: true)
            for number in number..<end { inputs.append(input(number, mix: mix)) }
            try clock.time { () throws(Failure) in
                for index in inputs.indices { try book.decide(inputs[index]) }
            }
            number = end
            try progress.update(number, of: count)
        }
    }

    private func input(_ number: Int, mix: Mix) -> Input {
        guard mix == .released else {
            return .record(.bid(BenchRecords.bid(number, for: offering)))
        }
        let payment = PaymentID(
            offering: offering, bid: BenchRecords.id(.bid, number), number: 1)
        let result = PaymentResult(
            kind: .declined, payment: payment, result: 1, offering: offering,
            account: BenchRecords.id(.account, number))
        return .record(.paymentResult(result))
    }

    /// Whether the mix was what its name says: a figure for something else would mislead.
    private func check(_ book: CoreBook, _ mix: Mix) throws(Failure) {
        guard let overview = book.book.overview(of: offering) else {
            throw Failure(.invariant, "the book lost its offering")
        }
        let bids = Int64(bench.bids)
        let accepted: Int64 = switch mix {
        case .reserved, .repeats, .waiting: bids
        case .refused: 1
        case .grab: bids / 10
        case .released: bids
        }
        let promoted = mix == .released ? Shares(bids / 2) : 0
        guard overview.bids == accepted,
            overview.served == overview.counters.reserved + promoted
        else { throw Failure(.invariant, "core.\(mix) did not decide what it should have") }
    }
}
