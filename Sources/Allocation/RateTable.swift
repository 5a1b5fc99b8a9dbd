import Vocabulary

/// How many bids of each account passed the check of its rate within the last minute of book time
/// (allocation.md, bidsPerMinutePerAccount). It knows accounts whose bids were refused afterwards,
/// too, and forgets each bid a minute later: the cost of one is constant.
struct RateTable: Sendable {
    private var counts: [Identifier: Int64] = [:]
    /// In order of passing; those before `first` are forgotten.
    private var passed: [(at: Milliseconds, account: Identifier)] = []
    private var first = 0
    /// Up to when what is older than a minute was forgotten.
    private var time: Milliseconds = 0

    private static let window = Milliseconds(60_000)

    /// How many bids of `account` passed in (bookTime - 60 s, bookTime].
    mutating func count(of account: Identifier, at bookTime: Milliseconds) -> Int64 {
        forget(at: bookTime)
        return counts[account] ?? 0
    }

    mutating func pass(_ account: Identifier, at bookTime: Milliseconds) {
        forget(at: bookTime)
        passed.append((bookTime, account))
        counts[account, default: 0] += 1
    }

    private mutating func forget(at bookTime: Milliseconds) {
        time = max(time, bookTime)
        while first < passed.count, passed[first].at <= time - Self.window {
            let account = passed[first].account
            let left = counts[account]! - 1
            counts[account] = left == 0 ? nil : left
            first += 1
        }
        // The room of what is forgotten is used again.
        if first > 1_000, first > passed.count / 2 {
            passed.removeFirst(first)
            first = 0
        }
    }
}

extension RateTable: Equatable {
    /// Whether both count the same from the later one's time on.
    static func == (left: RateTable, right: RateTable) -> Bool {
        var (left, right) = (left, right)
        let time = max(left.time, right.time)
        left.forget(at: time)
        right.forget(at: time)
        return left.counts == right.counts
            && left.passed[left.first...].elementsEqual(right.passed[right.first...], by: ==)
    }
}
