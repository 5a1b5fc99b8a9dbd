import EventLog

/// Why something could not be done: what happened, and what to do about it.
public struct ClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is, for programs: a caller decides by it what to do next. Programs
    /// may have kinds of their own.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A URL, a name or an option is not what it must be.
        public static let usage = Code(rawValue: "usage")
        /// What was read is no log, or damaged, or what was to be written is too large.
        public static let data = Code(rawValue: "data")
        /// The log is not there, or can't be reached.
        public static let unavailable = Code(rawValue: "unavailable")
        /// A promise was broken: stop, and keep everything.
        public static let invariant = Code(rawValue: "invariant")
        /// A file can't be made or written.
        public static let cannotCreate = Code(rawValue: "cannotCreate")
        /// Reading or writing failed.
        public static let inputOutput = Code(rawValue: "inputOutput")
        /// It may work later; what was asked may have happened.
        public static let tryAgain = Code(rawValue: "tryAgain")
        /// The log, or the cluster, does not allow it.
        public static let notPermitted = Code(rawValue: "notPermitted")
        /// The environment or its topics are not what they must be.
        public static let configuration = Code(rawValue: "configuration")
        /// Another writer has taken over.
        public static let fenced = Code(rawValue: "fenced")
    }

    public var code: Code
    /// For people.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

extension ClientError {
    /// What a log's error means for the caller.
    package init(_ error: LogError) {
        let code: Code =
            switch error.code {
            case .unreachable: .unavailable
            case .notALog, .corrupt, .tooLarge: .data
            case .cannotWrite: .cannotCreate
            case .io: .inputOutput
            case .busy, .timedOut: .tryAgain
            case .notPermitted: .notPermitted
            case .unknownTopic, .alreadyExists, .misconfigured: .configuration
            case .offsetOutOfRange, .closed, .invariant: .invariant
            case .fenced: .fenced
            }
        self.init(code, error.message)
    }
}

/// Runs what a log does, with its errors as those of the client.
package func logged<Result>(_ body: () throws(LogError) -> Result) throws(ClientError) -> Result {
    do throws(LogError) {
        return try body()
    } catch {
        throw ClientError(error)
    }
}
