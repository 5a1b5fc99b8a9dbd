/// A log that remembers the last time that it gave, and gives none that is earlier. Where a wrong
/// clock left a time far ahead there, an operator lets it go back.
package protocol AdjustableLog: EventLog {
    /// The next record is stamped no earlier than `milliseconds`, even if an earlier call asked for
    /// more.
    func lowerClock(to milliseconds: Int64) throws(LogError)
}
