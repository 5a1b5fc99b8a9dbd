/// What a run came to.
public struct SimulationReport: Sendable {
    public internal(set) var seed: UInt64
    /// Steps of workers, of the crowd and of the bank.
    public internal(set) var steps = 0
    /// How long it took, by the clock of the simulated world.
    public internal(set) var milliseconds: Int64 = 0
    public internal(set) var inputs = 0
    public internal(set) var decisions = 0
    public internal(set) var payments = 0
    /// How often the bank moved money.
    public internal(set) var movements = 0
    public internal(set) var crashes = 0
    /// Other faults that were brought about.
    public internal(set) var faults = 0
    /// SHA-256 heads of all partitions' books, in order: the same run has the same.
    public internal(set) var heads: [String] = []
    /// What is wrong; nil where everything held.
    public internal(set) var failure: SimulationFailure?
    /// What happened last, a line each.
    public internal(set) var trace: [String] = []
}

/// Something that must always hold did not.
public struct SimulationFailure: Error, Hashable, Sendable {
    /// After which step.
    public var step: Int
    /// In plain words.
    public var sentence: String
}
