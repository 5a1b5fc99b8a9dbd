/// What a run came to.
package struct SimulationReport: Sendable {
    package internal(set) var seed: UInt64
    /// Steps of workers, of the crowd and of the bank.
    package internal(set) var steps = 0
    /// How long it took, by the clock of the simulated world.
    package internal(set) var milliseconds: Int64 = 0
    package internal(set) var inputs = 0
    package internal(set) var decisions = 0
    package internal(set) var payments = 0
    /// How often the bank moved money.
    package internal(set) var movements = 0
    package internal(set) var crashes = 0
    /// Other faults that were brought about.
    package internal(set) var faults = 0
    /// SHA-256 heads of all partitions' books, in order: the same run has the same.
    package internal(set) var heads: [String] = []
    /// What is wrong; nil where everything held.
    package internal(set) var failure: SimulationFailure?
    /// What happened last, a line each.
    package internal(set) var trace: [String] = []
}

/// Something that must always hold did not.
package struct SimulationFailure: Error, Hashable, Sendable {
    /// After which step.
    package var step: Int
    /// In plain words.
    package var sentence: String
}
