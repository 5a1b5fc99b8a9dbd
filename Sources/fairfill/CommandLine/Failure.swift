import EventLog

/// Why a command ends without having done what it was asked: what happened and what to do about
/// it, and the exit code (CommandLine.md, Exit codes).
struct Failure: Error {
    var code: ExitCode
    var message: String

    init(_ code: ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// The exit codes, those of sysexits.h where it has one. They are a contract.
enum ExitCode: Int32, CaseIterable {
    case done = 0
    case no = 1
    case incomplete = 3
    case usage = 64
    case data = 65
    case unavailable = 69
    case invariant = 70
    case cannotCreate = 73
    case inputOutput = 74
    case tryAgain = 75
    case notPermitted = 77
    case configuration = 78
    case fenced = 80

    var meaning: String {
        switch self {
        case .done: "done"
        case .no: "the answer is no (verify found something, a bid waited for was refused)"
        case .incomplete: "could not check everything"
        case .usage: "usage"
        case .data: "input data wrong"
        case .unavailable: "log or provider unreachable"
        case .invariant: "an invariant failed: stop, keep everything, call a person"
        case .cannotCreate: "can't create output"
        case .inputOutput: "input or output failed"
        case .tryAgain: "try again later"
        case .notPermitted: "not permitted"
        case .configuration: "configuration or topic settings wrong"
        case .fenced: "fenced: another writer has taken over; don't restart at once"
        }
    }
}

extension Failure {
    /// What a log's error means for the user of the command.
    init(_ error: LogError) {
        let code: ExitCode
        switch error.code {
        case .unreachable: code = .unavailable
        case .notALog, .corrupt, .tooLarge: code = .data
        case .cannotWrite: code = .cannotCreate
        case .io: code = .inputOutput
        case .busy, .timedOut: code = .tryAgain
        case .notPermitted: code = .notPermitted
        case .unknownTopic, .alreadyExists, .misconfigured: code = .configuration
        case .offsetOutOfRange, .closed, .invariant: code = .invariant
        case .fenced: code = .fenced
        }
        self.init(code, error.message)
    }
}

/// Runs what a log does, with its errors as failures of the command.
func logged<Result>(_ body: () throws(LogError) -> Result) throws(Failure) -> Result {
    do throws(LogError) {
        return try body()
    } catch {
        throw Failure(error)
    }
}
