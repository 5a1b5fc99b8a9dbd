/// Why a log could not do what it was asked. The message says what to do about it.
package struct LogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for programs: a caller decides by it what to do next.
    package enum Code: String, Sendable, CaseIterable {
        /// No such file, host or broker.
        case unreachable
        /// The file exists but is not a log of ours, or of a version that this program can't read.
        case notALog
        case corrupt
        /// The disk is full, the folder or file can't be written.
        case cannotWrite
        case io
        /// Another process holds it for longer than we wait; try again.
        case busy
        case notPermitted
        case unknownTopic
        case alreadyExists
        /// The offset is before the oldest record kept, or past the end.
        case offsetOutOfRange
        /// A record is larger than the topic takes.
        case tooLarge
        /// A setting makes it impossible; the message names it.
        case misconfigured
        /// Another writer has taken over these transactional ids.
        case fenced
        /// The answer did not come in time; what was asked may have happened.
        case timedOut
        /// The log was closed.
        case closed
        /// The log or this program broke a promise: stop and keep everything.
        case invariant
    }

    package var code: Code
    package var message: String
    /// Whether the same call may succeed later without anybody doing anything.
    package var isRetriable: Bool

    package init(_ code: Code, _ message: String, isRetriable: Bool = false) {
        self.code = code
        self.message = message
        self.isRetriable = isRetriable
    }

    package var description: String { message }
}
