import Vocabulary

/// When an input is decided (TheLog.md, Book time).
package struct Moment: Sendable {
    /// The largest append time of a bid, or clock time, decided so far: what the rules go by.
    package let bookTime: Timestamp
    /// The input's own append time.
    package let at: Timestamp

    private static let day = Milliseconds(86_400_000)
    /// 100 years of 365.25 days.
    private static let century = Milliseconds(36_525 * 86_400_000)

    /// The later of the two.
    var latest: Timestamp { max(bookTime, at) }
    /// An opening that was to be before this was given in seconds, or by mistake.
    var earliestOpening: Timestamp { latest - Self.day }
    /// A deadline after this was given in microseconds, or by mistake.
    var latestDeadline: Timestamp { latest + Self.century }
}
