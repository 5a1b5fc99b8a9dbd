/// Whole systems, simulated: the lanes of the daemons on a log in memory, in a world where workers
/// die, answers are lost, and the clock moves as it likes. The same seed makes the same run.
package enum Simulation {
    /// Runs one world to its end; `keepsTrace` also tells what happened, a line each.
    package static func run(
        _ options: SimulationOptions, keepsTrace: Bool = false
    ) throws -> SimulationReport {
        try World(options, keepsTrace: keepsTrace).run()
    }

    /// The smallest run that fails, too, starting from one that does: fewer kinds of faults, fewer
    /// bids, offerings and partitions. `isEnough` may end the search early.
    package static func shrink(
        _ failing: SimulationOptions, until isEnough: () -> Bool = { false }
    ) throws -> SimulationOptions {
        var smallest = failing
        // A run that fails late costs much: nothing larger than what is known is tried.
        var isSmaller = true
        while isSmaller, !isEnough() {
            isSmaller = false
            for candidate in smaller(than: smallest) where !isEnough() {
                guard try run(candidate).failure != nil else { continue }
                smallest = candidate
                isSmaller = true
                break
            }
        }
        return smallest
    }

    private static func smaller(than options: SimulationOptions) -> [SimulationOptions] {
        var candidates: [SimulationOptions] = []
        func add(_ change: (inout SimulationOptions) -> Void) {
            var candidate = options
            change(&candidate)
            if candidate != options { candidates.append(candidate) }
        }
        add { $0.partitions = 1 }
        add { $0.offerings = max(1, $0.offerings / 2) }
        add { $0.bids /= 2 }
        for fault in SimulationOptions.Fault.allCases { add { $0.faults.remove(fault) } }
        add { $0.crashStep = nil }
        add { $0.bids = max(0, $0.bids - 1) }
        return candidates
    }
}

extension SimulationOptions {
    /// The options of `fairfill simulate` that repeat this run.
    package var arguments: String {
        let standard = SimulationOptions(seed: seed)
        var words = ["--seed \(seed)"]
        if bids != standard.bids { words.append("--bids \(bids)") }
        if offerings != standard.offerings { words.append("--offerings \(offerings)") }
        if partitions != standard.partitions { words.append("--partitions \(partitions)") }
        if faults != standard.faults {
            let names = Fault.allCases.filter(faults.contains).map(\.rawValue)
            words.append("--faults \(names.isEmpty ? "none" : names.joined(separator: ","))")
        }
        if let crashStep { words.append("--crash-step \(crashStep)") }
        return words.joined(separator: " ")
    }
}
