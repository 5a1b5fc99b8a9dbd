import FairfillClient

/// Why a command ends without having done what it was asked: what happened and what to do about
/// it. The code says which exit code that is.
package typealias Failure = ClientError

extension Failure.Code {
    /// Nothing failed: there is only nobody left to tell.
    package static let done = Self(rawValue: "done")
    package static let no = Self(rawValue: "no")
    package static let incomplete = Self(rawValue: "incomplete")

    package var exitCode: ExitCode { ExitCode.allCases.first { $0.failure == self } ?? .invariant }
}

/// The exit codes, those of sysexits.h where it has one. They are a contract.
package enum ExitCode: Int32, CaseIterable {
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

    package var meaning: String {
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

    /// The failure that ends a command so.
    package var failure: Failure.Code {
        switch self {
        case .done: .done
        case .no: .no
        case .incomplete: .incomplete
        case .usage: .usage
        case .data: .data
        case .unavailable: .unavailable
        case .invariant: .invariant
        case .cannotCreate: .cannotCreate
        case .inputOutput: .inputOutput
        case .tryAgain: .tryAgain
        case .notPermitted: .notPermitted
        case .configuration: .configuration
        case .fenced: .fenced
        }
    }
}
