/// How long to wait before something is tried again: longer each time, up to a longest wait.
package struct Backoff: Hashable, Sendable {
    private let first: Int64
    private let longest: Int64
    private var wait: Int64 = 0

    /// In milliseconds, both more than 0.
    package init(firstMilliseconds: Int64 = 2_000, longestMilliseconds: Int64 = 60_000) {
        precondition(firstMilliseconds > 0 && longestMilliseconds >= firstMilliseconds)
        first = firstMilliseconds
        longest = longestMilliseconds
    }

    /// The next wait, in milliseconds.
    package mutating func next() -> Int64 {
        wait = wait == 0 ? first : min(longest, wait * 2)
        return wait
    }

    /// It went well for so long: after a while the next wait is the first again. A lane that comes
    /// alive and fails at once must not be tried every two seconds without end.
    package mutating func wentWell(forMilliseconds milliseconds: Int64) {
        if milliseconds > 2 * longest { wait = 0 }
    }
}

/// Remarks about something that goes on: the first is made at once, then ever fewer, up to one a
/// minute, and one when it is over. Times are milliseconds of any clock that never steps back.
package struct Pacing: Sendable {
    /// Since when it has been going on; nil: all is well.
    package private(set) var since: Int64?
    private var backoff = Backoff()
    private var due: Int64 = 0
    private var leftOut = 0
    private var kinds: Set<String> = []
    /// Whether a remark was made since it was last over.
    private var isSaid = false
    private var endedAt: Int64?

    /// What comes back within this time is the same as before: something that works for a second
    /// now and then would be remarked upon each time.
    private static let calmMilliseconds: Int64 = 10_000

    package init() {}

    /// Whether a remark of this kind is to be made now. Another kind than those of before is news.
    package mutating func admits(_ kind: String = "", at now: Int64) -> Bool {
        if since == nil {
            since = now
            if let endedAt, now - endedAt >= Self.calmMilliseconds {
                let before = leftOut
                self = Pacing()
                since = now
                leftOut = before
            }
        }
        let isNews = kinds.insert(kind).inserted
        guard isNews || now >= due else {
            leftOut += 1
            return false
        }
        if now >= due { due = now + backoff.next() }
        isSaid = true
        return true
    }

    /// It is over. Answers for how many milliseconds it went on, and how many remarks were left
    /// out; nil where no remark was made of it that would want this one.
    package mutating func end(at now: Int64) -> (milliseconds: Int64, leftOut: Int)? {
        guard let began = since else { return nil }
        since = nil
        endedAt = now
        guard isSaid else { return nil }
        isSaid = false
        defer { leftOut = 0 }
        return (now - began, leftOut)
    }
}
