import Vocabulary

/// When which offering's progress is published: at most once an interval each, and always the last
/// state (Records.md, progress). No purchase ever waits for it.
struct ProgressPublisher {
    private let intervalMilliseconds: Int64
    private var publishedAt: [Identifier: Timestamp] = [:]
    /// Offerings that changed since they were published, in the order in which they first did.
    private var changed: [Identifier] = []
    private var isChanged: Set<Identifier> = []
    private var last: Identifier?

    init(intervalMilliseconds: Int64) { self.intervalMilliseconds = intervalMilliseconds }

    /// A decision about `offering` was made.
    mutating func note(_ offering: Identifier) {
        if let last, last == offering { return }
        last = offering
        if isChanged.insert(offering).inserted { changed.append(offering) }
    }

    /// The offerings to publish now, or all that changed; they count as published.
    mutating func due(at now: Timestamp, all: Bool) -> [Identifier] {
        guard !changed.isEmpty else { return [] }
        var due: [Identifier] = []
        changed.removeAll { offering in
            if !all, let before = publishedAt[offering],
                now.rawValue - before.rawValue < intervalMilliseconds,
                now >= before
            {
                return false
            }
            due.append(offering)
            return true
        }
        for offering in due {
            publishedAt[offering] = now
            isChanged.remove(offering)
            if offering == last { last = nil }
        }
        return due
    }

    /// How long until one is due; nil where nothing changed.
    func millisecondsUntilDue(at now: Timestamp) -> Int? {
        var shortest: Int64?
        for offering in changed {
            let waited = publishedAt[offering].map { now.rawValue - $0.rawValue }
            let rest = waited.map { max(0, intervalMilliseconds - max(0, $0)) } ?? 0
            shortest = min(shortest ?? rest, rest)
        }
        return shortest.map { Int($0) }
    }
}
