import CommandLine
import FairfillClient
import Foundation

/// What all of `fairfill bench` has in common: how often, how it is printed, how it is ended.
final class Bench {
    let arguments: Arguments
    let repeats: Int
    /// Bids, or records, of one repeat.
    let bids: Int
    private let output = Output()
    private let machine = Machine()

    init(_ arguments: Arguments, bids usual: Int) throws(Failure) {
        self.arguments = arguments
        repeats = Int(try arguments.integer("repeat") ?? 3)
        bids = Int(try arguments.integer("bids") ?? Int64(usual))
        guard (1...1_000).contains(repeats) else {
            throw Failure(.usage, "--repeat \(repeats): 1 to 1000")
        }
        guard (100...100_000_000).contains(bids) else {
            throw Failure(.usage, "--bids \(bids): 100 to 100000000")
        }
        if !arguments.isJSON, !arguments.isQuiet {
            try output.line(Layout.wrapped("on \(machine.text)", indent: 4))
            try output.flush()
        }
    }

    /// Prints a measurement as soon as it is there: the next may take long.
    func print(_ row: BenchRow) throws(Failure) {
        try output.line(arguments.isJSON ? row.json(machine) : row.text)
        try output.flush()
    }

    /// Measures something `repeats` times.
    ///
    /// - Parameters:
    ///   - count: how many of what is counted a repeat does.
    ///   - body: does one repeat and answers its seconds.
    func measure(
        _ name: String, _ title: String, count: Int, bytes: Int64? = nil,
        _ body: (_ progress: BenchProgress) throws(Failure) -> Double
    ) throws(Failure) {
        var figures: [Double] = []
        for number in 1...repeats {
            let progress = progress(name, number)
            defer { progress.end() }
            let seconds = try body(progress)
            // A clock that shows no difference has measured nothing.
            figures.append(Double(count) / max(seconds, 1e-9))
        }
        try print(
            BenchRow(name: name, title: title, figure: .perSecond(figures), bytes: bytes))
    }

    /// What repeat `number` of a measurement says while it runs.
    func progress(_ name: String, _ number: Int) -> BenchProgress {
        BenchProgress("\(name), \(number) of \(repeats)", quiet: arguments.isQuiet)
    }
}

/// How far a repeat is, and whether it may go on.
final class BenchProgress {
    private let line: ProgressLine

    init(_ what: String, quiet: Bool) { line = ProgressLine(what, quiet: quiet) }

    /// Shows where it is; throws once the command is to end. Called between timed
    /// parts, every few milliseconds at most.
    func update(_ done: Int, of total: Int) throws(Failure) {
        if Interruption.signal != 0 {
            line.end()
            throw Failure(.tryAgain, "interrupted: what is printed was measured, the rest was not")
        }
        line.update(Int64(done), of: Int64(total))
    }

    func end() { line.end() }
}

/// Counts the processor's time of this thread, so that others who want the core are not counted.
struct ThreadClock {
    var nanoseconds: UInt64 = 0

    var seconds: Double { Double(nanoseconds) / 1_000_000_000 }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    mutating func time(_ body: () throws(Failure) -> Void) throws(Failure) {
        let start = Self.now
        defer { nanoseconds += Self.now - start }
        try body()
    }
}

/// Counts the time of what it is given, and leaves out what lies between.
struct BenchClock {
    private(set) var nanoseconds: UInt64 = 0

    var seconds: Double { Double(nanoseconds) / 1_000_000_000 }

    static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

    mutating func time<Result: ~Copyable, Problem>(
        _ body: () throws(Problem) -> Result
    ) throws(Problem) -> Result {
        let start = Self.now
        defer { nanoseconds += Self.now - start }
        return try body()
    }
}
