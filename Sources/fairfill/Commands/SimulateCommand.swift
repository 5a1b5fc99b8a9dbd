import CommandLine
import FairfillClient
import Foundation
import Simulation
import Synchronization

extension Command {
    static let simulate = Command(
        words: ["simulate"],
        summary: "run whole systems with faults, by a seed, and check everything after each step",
        description: """
            Runs allocators and payers on a log in memory, with front ends, operators and a bank,
            under a simulated clock. Workers die between any two steps and in the middle of a
            commit, hang and are replaced; records come twice and late; the bank lies. After every
            step the books are audited, rebuilt, and compared with the bank's. At the end everything
            must be decided, and paid or left to operators, and deciding it again must give the same
            decisions. The same seed makes the same run. A failure prints the command that
            reproduces it, and the smallest run that fails. Ends with 0 if all is right, 1 if
            something is wrong.

            Faults:
            """ + "\n" + SimulationOptions.Fault.allCases.map {
                "  \(Help.padded($0.rawValue, 10)) \($0.sentence)"
            }.joined(separator: "\n"),
        options: [
            Option("seed", "N", "the first seed (default: a random one)"),
            Option("seeds", "N", "how many runs, a seed each (default 100, or 1 with --seed)"),
            Option("bids", "N", "bids of a run, 0 to 100000 (default 40)"),
            Option("offerings", "N", "offerings of a run, 1 to 100 (default 3)"),
            Option("partitions", "N", "partitions of a run, 1 to 32 (default 2)"),
            Option("faults", "LIST", "only these, such as crash,bank; or none (default: all)"),
            Option("crash-step", "N", "also let every worker die before step N (default: none)"),
            Option("trace", nil, "print what happens, a line for each step"),
            Option("no-shrink", nil, "don't look for the smallest run that fails"),
        ],
        examples: [
            "fairfill simulate --seeds 1000", "fairfill simulate --seed 42 --faults bank --trace",
        ],
        usesLog: false
    ) { arguments throws(Failure) in try SimulateRun(arguments).run() }
}

/// `fairfill simulate`.
private struct SimulateRun {
    private let arguments: Arguments
    private let output = Output()
    private let first: SimulationOptions
    private let count: Int

    init(_ arguments: Arguments) throws(Failure) {
        self.arguments = arguments
        let seed = try arguments.integer("seed")
        var options = SimulationOptions(
            seed: seed.map(UInt64.init) ?? UInt64.random(in: 0..<1_000_000_000))
        options.bids = try Self.number("bids", 0...100_000, arguments) ?? options.bids
        options.offerings = try Self.number("offerings", 1...100, arguments) ?? options.offerings
        options.partitions = try Self.number("partitions", 1...32, arguments) ?? options.partitions
        options.crashStep = try Self.number("crash-step", 1...Int.max, arguments)
        // A larger world takes more steps.
        options.largestSteps = max(options.largestSteps, 4_000 * options.bids)
        if let list = arguments.text("faults") { options.faults = try Self.faults(list) }
        first = options
        count = try Self.number("seeds", 1...100_000_000, arguments) ?? (seed == nil ? 100 : 1)
    }

    private static func number(
        _ name: String, _ range: ClosedRange<Int>, _ arguments: Arguments
    ) throws(Failure) -> Int? {
        guard let number = try arguments.integer(name) else { return nil }
        guard range.contains(Int(number)) else {
            throw Failure(.usage, "--\(name) \(number): \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(number)
    }

    private static func faults(_ list: String) throws(Failure) -> Set<SimulationOptions.Fault> {
        if list == "none" { return [] }
        var faults: Set<SimulationOptions.Fault> = []
        for word in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let fault = SimulationOptions.Fault(rawValue: String(word)) else {
                let known = SimulationOptions.Fault.allCases.map(\.rawValue)
                throw Failure(
                    .usage, "--faults \(list): there is no '\(word)'; there are "
                        + "\(known.joined(separator: ", ")), and none")
            }
            faults.insert(fault)
        }
        return faults
    }

    func run() throws(Failure) -> ExitCode {
        var sums = Sums()
        let progress = ProgressLine("simulating", quiet: arguments.isQuiet)
        for number in 0..<count {
            var options = first
            options.seed = first.seed &+ UInt64(number)
            let report = try simulated {
                try Simulation.run(options, keepsTrace: arguments.has("trace"))
            }
            for line in report.trace { try output.line(line) }
            sums.add(report)
            if let failure = report.failure {
                progress.end()
                try tell(failure, of: options)
                return .no
            }
            progress.update(Int64(number + 1), of: Int64(count))
            if Interruption.signal != 0 {
                progress.end()
                try tell(sums)
                throw Failure(.tryAgain, "interrupted after \(number + 1) of \(count) runs")
            }
        }
        progress.end()
        try tell(sums)
        return .done
    }

    private func simulated<Result>(
        _ body: () throws -> Result
    ) throws(Failure) -> Result {
        do {
            return try body()
        } catch {
            throw Failure(.invariant, "the simulation broke: \(error)")
        }
    }

    /// What all runs came to.
    private struct Sums {
        var runs = 0
        var numbers: [(name: String, value: Int)] = [
            ("steps", 0), ("inputs", 0), ("decisions", 0), ("payments", 0), ("movements", 0),
            ("crashes", 0), ("faults", 0),
        ]

        mutating func add(_ report: SimulationReport) {
            runs += 1
            let values = [
                report.steps, report.inputs, report.decisions, report.payments, report.movements,
                report.crashes, report.faults,
            ]
            for (index, value) in values.enumerated() { numbers[index].value += value }
        }
    }

    private func tell(_ sums: Sums) throws(Failure) {
        if arguments.isJSON {
            var line = JSONLine()
            line.add("result", "right")
            line.add("firstSeed", Int64(clamping: first.seed))
            line.add("runs", Int64(sums.runs))
            for (name, value) in sums.numbers { line.add(name, Int64(value)) }
            try output.line(line.line)
        } else {
            let counted = sums.numbers.map { "\($0.value) \($0.name)" }
            try output.text(
                "\(Words.count(sums.runs, "run")) from seed \(first.seed): "
                    + output.coloured("right", .green))
            try output.text("  \(counted.joined(separator: ", "))")
        }
        try output.flush()
    }

    private func tell(
        _ failure: SimulationFailure, of options: SimulationOptions
    ) throws(Failure) {
        let command = "fairfill simulate \(options.arguments)"
        if !arguments.isJSON {
            try output.text(
                output.coloured("FAILED", .red)
                    + ": seed \(options.seed), after step \(failure.step)")
            try output.text("  \(failure.sentence)")
            try output.line("  again:    \(command) --trace")
            try output.flush()
        }
        var smallest = options
        if !arguments.has("no-shrink") {
            if !arguments.isQuiet { Remark.say("looking for a smaller run; Ctrl-C ends that") }
            smallest = try simulated {
                try Simulation.shrink(options) { Interruption.signal != 0 }
            }
        }
        if arguments.isJSON {
            var line = JSONLine()
            line.add("result", "failed")
            line.add("seed", Int64(clamping: options.seed))
            line.add("step", Int64(failure.step))
            line.add("sentence", failure.sentence)
            line.add("again", command)
            line.add("smallest", "fairfill simulate \(smallest.arguments)")
            try output.line(line.line)
        } else if smallest != options {
            let report = try simulated { try Simulation.run(smallest) }
            try output.line("  smallest: fairfill simulate \(smallest.arguments) --trace")
            if let failure = report.failure { try output.text("  \(failure.sentence)") }
        }
        try output.flush()
    }
}
