import Allocation
import CommandLine
import FairfillClient
import Vocabulary

/// A book with offerings that are open, and what is needed to tell it more; and what that costs.
struct CoreBook {
    private(set) var book = PartitionBook(partition: 0)
    /// What the last input caused.
    private(set) var group = DecisionGroup()
    private var source = Source(
        topic: .offeringCommands, partition: 0, offset: 0, at: 1_700_000_000_000)
    /// Those of inputs that are timed.
    private var inputs: [Input] = []

    /// Inputs are made before they are timed, so many at a time at most: few enough for the
    /// processor's caches, where an input is that was just decoded.
    static let chunk = 256

    init(_ offerings: [Identifier], _ terms: OfferingTerms) throws(Failure) {
        for (number, offering) in offerings.enumerated() {
            let command = OfferingCommand(
                command: BenchRecords.id(.command, number), offering: offering,
                action: .open(terms))
            try decide(.record(.command(command)))
            guard case .offering(.opened) = group.decisions[0].event else {
                throw Failure(.invariant, "the offering to measure with was not opened")
            }
        }
        source.topic = .bids
        source.offset = -1
    }

    /// Gives back what only the measuring needs memory for.
    mutating func tidyUp() { inputs = [] }

    /// Decides one input; 1,000 of them are stamped within a millisecond.
    mutating func decide(_ input: consuming Input) throws(Failure) {
        source.offset += 1
        if source.offset.rawValue % 1_000 == 0 { source.at += 1 }
        group.removeAll()
        do throws(InvariantViolation) {
            _ = try book.decide(input, from: source, into: &group, limit: 10_000)
        } catch {
            throw Failure(.invariant, "\(error)")
        }
    }

    /// Decides the inputs of the numbers in `range`, and adds what that costs to `cost`.
    mutating func decide(
        _ range: Range<Int>, _ cost: inout CoreCost, _ progress: BenchProgress? = nil,
        _ input: (Int) -> Input
    ) throws(Failure) {
        inputs.reserveCapacity(Self.chunk)
        var next = range.lowerBound
        while next < range.upperBound {
            let end = min(range.upperBound, next + Self.chunk)
            for number in (next..<end).reversed() { inputs.append(input(number)) }
            // Taken out one by one, as a lane has each input once: none is copied.
            try cost.count(inputs.count) { () throws(Failure) in
                while let input = inputs.popLast() { try decide(input) }
            }
            try progress?.update(end, of: range.upperBound)
            next = end
        }
    }
}

/// What inputs cost: the thread's time, and how often it asked the heap for memory.
struct CoreCost {
    private var clock = ThreadClock()
    private var inputs = 0
    private var requests: UInt64 = 0

    var perSecond: Double { Double(inputs) / max(clock.seconds, 1e-9) }
    var nanoseconds: Double { Double(clock.nanoseconds) / Double(max(inputs, 1)) }
    var allocations: Double { Double(requests) / Double(max(inputs, 1)) }

    mutating func count(
        _ inputs: Int, _ body: () throws(Failure) -> Void
    ) throws(Failure) {
        let before = Heap.requests
        try clock.time(body)
        requests += Heap.requests - before
        self.inputs += inputs
    }

    static func + (left: CoreCost, right: CoreCost) -> CoreCost {
        var sum = left
        sum.clock.nanoseconds += right.clock.nanoseconds
        sum.inputs += right.inputs
        sum.requests += right.requests
        return sum
    }
}
