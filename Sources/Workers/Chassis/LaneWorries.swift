import EventLog
import Vocabulary

/// What keeps a lane from its work, or may.
package struct LaneWorries {
    /// What reading met that only the book can judge.
    var doubt: LogError?
    /// When the inputs were last asked about, and since when a commit is waited for.
    var standstill = Standstill()
    /// The epoch that this lane lost a commit in.
    var lostEpoch: Epoch?
    /// Since when there is trouble, and when it last showed.
    private(set) var trouble: (since: Timestamp, last: Timestamp)?
    /// How often in a row the log contradicted what this lane knew, and how often it may.
    var contradictions = 0
    static let mostContradictions = 4
    /// A bid waits, since its stamp is too far ahead of the worker's clock.
    var isClockBehind = false

    /// Something keeps the lane from its work; the first such moment counts.
    mutating func noteTrouble(at now: Timestamp) {
        trouble = (trouble?.since ?? now, now)
    }

    /// It is over, or is told otherwise.
    mutating func forgetTrouble() { trouble = nil }

    /// The lane begins again from its book. Trouble is not over by that.
    mutating func beginAgain() {
        doubt = nil
        standstill.forget()
    }
}
