import EventLog

/// Why a copy ended before it was done.
package enum CopyFailure: Error, Sendable {
    /// One of the logs could not do what it was asked.
    case log(LogError)
    /// The source has what the target can't hold; nothing was written.
    case cannotHold(String)
    /// The target holds something else than a beginning of the source; nothing was written.
    case otherTarget(String)
    /// It was asked to end; it goes on from there another time.
    case interrupted
}

/// Runs what a log does, with its errors as failures of the copy.
func logged<Result>(_ body: () throws(LogError) -> Result) throws(CopyFailure) -> Result {
    do throws(LogError) {
        return try body()
    } catch {
        throw .log(error)
    }
}
