/// What a simulated run is made of. The same options make the same run, step by step.
package struct SimulationOptions: Hashable, Sendable {
    /// The faults that may happen; those left out do not.
    package enum Fault: String, CaseIterable, Sendable {
        /// A worker dies between two steps, and another is started.
        case crash
        /// A worker stands still for a while, another takes its place, and the first wakes up.
        case zombie
        /// A commit is answered late, wrongly or not at all.
        case commit
        /// The log can't be asked or read for a moment.
        case log
        /// Bids, commands and payment results are delivered twice.
        case duplicate
        /// Records come late: a bid after it was sent again, a command after the close.
        case delay
        /// Workers' clocks are off.
        case clock
        /// The bank lies, loses answers, answers late, or in words that nobody can read.
        case bank
        /// Records that nobody can read, that are meant for others, or stand on a wrong partition.
        case garbage

        /// What it is, for people.
        package var sentence: String {
            switch self {
            case .crash: "workers die between two steps"
            case .zombie: "workers stand still, are replaced, and wake up"
            case .commit: "commits are answered late, wrongly or not at all"
            case .log: "the log can't be asked or read for a moment"
            case .duplicate: "records are delivered twice"
            case .delay: "records come late"
            case .clock: "workers' clocks are off"
            case .bank: "the bank lies, loses answers, is slow"
            case .garbage: "records that can't be read, or are meant for others"
            }
        }
    }

    package var seed: UInt64
    /// Bids that are sent, but for those sent again.
    package var bids = 40
    package var offerings = 3
    package var partitions = 2
    package var faults = Set(Fault.allCases)
    /// Every worker dies before the step of this number, besides what the seed does.
    package var crashStep: Int?
    /// A run that takes more is stuck: it has failed.
    package var largestSteps = 400_000
    /// Breaks the world on purpose, to see that it is found out.
    package var sabotage: Sabotage?

    package init(seed: UInt64) { self.seed = seed }
}

/// What a test breaks, to see that a run notices.
package enum Sabotage: Hashable, Sendable {
    /// Writers under the same transactional ids don't fence each other.
    case noFence
    /// The provider's profile claims that a lookup shows everything at once, and it does not.
    case boldProfile
    /// A stranger appends a result of a payment that was not made.
    case forgedResult
    /// The bank moves money each time it is asked, though it says that a key moves it once.
    case forgetfulBank
}
