import EventLog
import FairfillClient
import Vocabulary

// What the client does with a log ends early once the command is asked to end.

extension Interruption {
    package static let isRequested: @Sendable () -> Bool = { signal != 0 }
}

extension LogConnection {
    /// A log that is open, with an environment that is known.
    package convenience init(log: any EventLog, environment: Environment) {
        self.init(log: log, environment: environment, shouldStop: Interruption.isRequested)
    }
}

extension Follow {
    package init(
        _ log: any EventLog, _ starts: [ReadStart], takesUnreadable: Bool = false
    ) throws(Failure) {
        try self.init(
            log, starts, takesUnreadable: takesUnreadable, shouldStop: Interruption.isRequested)
    }
}

extension EnvironmentRecord {
    package static func read(_ log: any EventLog, _ name: String) throws(Failure) -> Environment? {
        try read(log, name, shouldStop: Interruption.isRequested)
    }

    /// The same as in `FairfillClient`, given up on a signal.
    package static func writeFirst(
        _ environment: Environment, to log: any EventLog
    ) throws(Failure) -> Environment? {
        try writeFirst(environment, to: log, shouldStop: Interruption.isRequested)
    }

    /// The same as in `FairfillClient`, given up on a signal.
    package static func write(
        _ environment: Environment, over expected: Environment?, to log: any EventLog
    ) throws(Failure) -> Environment? {
        try write(
            environment, over: expected, to: log, shouldStop: Interruption.isRequested)
    }
}
