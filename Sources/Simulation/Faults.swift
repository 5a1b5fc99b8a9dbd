import EventLog
import MemoryLog
import SeededNumbers

/// What goes wrong, and when: drawn from the seed, until the faults end.
final class Faults {
    private let options: SimulationOptions
    private var random: SeededGenerator
    /// Faults come about until then; afterwards everything works.
    var areOver = false
    private(set) var count = 0

    init(_ options: SimulationOptions) {
        self.options = options
        random = SeededGenerator(seed: options.seed, stream: 3)
    }

    var isUnfenced: Bool { options.sabotage == .noFence }

    private func strikes(_ fault: SimulationOptions.Fault, once times: Int) -> Bool {
        guard !areOver, options.faults.contains(fault), random.once(in: times) else { return false }
        count += 1
        return true
    }

    // MARK: The log

    func mayFail() throws(LogError) {
        if strikes(.log, once: 60) {
            throw LogError(.unreachable, "the log did not answer", isRetriable: true)
        }
    }

    /// A read brings fewer records than were asked for, sometimes one.
    func shorten(_ limit: Int) -> Int {
        guard options.faults.contains(.log), !areOver, random.once(in: 4) else { return limit }
        return Int.random(in: 1...min(limit, 3), using: &random)
    }

    /// What the next commit answers; nil: what is so.
    func nextCommitFault() -> MemoryLog.CommitFault? {
        strikes(.commit, once: 40)
            ? MemoryLog.CommitFault.allCases.randomElement(using: &random)! : nil
    }

    func diesInCommit() -> Bool { strikes(.crash, once: 60) }

    // MARK: Workers

    enum WorkerFault {
        case crash
        /// It stands still; with a successor another process takes its place meanwhile.
        case stop(milliseconds: Int64, hasSuccessor: Bool)
    }

    func nextWorkerFault() -> WorkerFault? {
        if strikes(.crash, once: 80) { return .crash }
        if strikes(.zombie, once: 120) {
            let milliseconds = random.once(in: 3)
                ? random.number(1...20_000) : random.number(1...1_500)
            return .stop(milliseconds: milliseconds, hasSuccessor: random.once(in: 2))
        }
        return nil
    }

    /// By how much a worker's clock is off.
    func clockError() -> Int64 {
        guard options.faults.contains(.clock), !areOver else { return 0 }
        return random.once(in: 8) ? random.number(-40_000...6_000) : random.number(-1_500...1_500)
    }
}
