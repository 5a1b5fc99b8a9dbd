import Vocabulary

/// When each account's bids of the last minute passed the check of its rate, by book time. It
/// knows accounts whose bids were refused afterwards, too.
struct RateTable: Equatable, Sendable {
    private var times: [Identifier: [Milliseconds]] = [:]

    /// Within how much time bids are counted (allocation.md, bidsPerMinutePerAccount).
    private static let window = Milliseconds(60_000)

    /// How many bids of `account` passed within the minute that ends at `bookTime`.
    func count(of account: Identifier, at bookTime: Milliseconds) -> Int64 {
        Int64(times[account]?.count { $0 > bookTime - Self.window } ?? 0)
    }

    mutating func pass(_ account: Identifier, at bookTime: Milliseconds) {
        times[account, default: []].removeAll { $0 <= bookTime - Self.window }
        times[account]!.append(bookTime)
    }
}
