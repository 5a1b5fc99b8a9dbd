import Vocabulary

/// How many bids of each account passed the check of its rate within the last minute of book time
/// (Rules.md, The rate of an account). It knows accounts whose bids were refused afterwards,
/// too, and forgets each bid a minute later: the cost of one is constant.
///
/// Bids are kept by the span of a minute in which they passed. What counts lies in the current one
/// or the one before it; older ones are dropped whole, so no id is ever taken out of a table.
struct RateTable: Sendable {
    private var current: RateSpan?
    private var previous: RateSpan?
    /// Up to when what is older than a minute was forgotten.
    private var time: Timestamp = 0

    /// The bytes that it holds on to.
    var storageBytes: Int { (current?.storageBytes ?? 0) + (previous?.storageBytes ?? 0) }

    /// How many bids it knows of that passed, some of them more than a minute ago.
    var passedCount: Int { (current?.passedCount ?? 0) + (previous?.passedCount ?? 0) }

    /// How many bids of `account` passed in (bookTime - 60 s, bookTime].
    mutating func count(of account: Identifier, at bookTime: Timestamp) -> Int64 {
        forget(at: bookTime)
        return (current?.count(of: account) ?? 0) + (previous?.count(of: account) ?? 0)
    }

    mutating func pass(_ account: Identifier, at bookTime: Timestamp) {
        forget(at: bookTime)
        if current == nil { current = RateSpan(start: time) }
        current!.pass(account, at: time)
    }

    private mutating func forget(at bookTime: Timestamp) {
        time = max(time, bookTime)
        if let end = current?.end, end <= time {
            // Bids that passed before the current span began did so at least a minute ago.
            previous = time < end + RateSpan.length ? current : nil
            current = nil
        }
        previous?.forget(upTo: time - RateSpan.length)
    }
}

extension RateTable: Equatable {
    /// Whether both count the same from the later one's time on.
    static func == (left: RateTable, right: RateTable) -> Bool {
        let time = max(left.time, right.time)
        return left.counted(at: time).elementsEqual(right.counted(at: time), by: ==)
    }

    /// What counts at `time`, in order of passing.
    private func counted(at time: Timestamp) -> [(at: Timestamp, account: Identifier)] {
        var later = self
        later.forget(at: time)
        return (later.previous?.counted ?? []) + (later.current?.counted ?? [])
    }
}

/// The bids that passed within some minute.
private struct RateSpan: Sendable {
    private let start: Timestamp
    private var accounts = IdentifierList()
    /// By account, those that are not forgotten.
    private var counts = ChunkedArray<UInt32>()
    /// In order of passing; those before `first` are forgotten.
    private var passings = ChunkedArray<Passing>()
    private var first = 0

    private struct Passing: BitwiseCopyable, Equatable, Sendable {
        /// Since the start of the span.
        var milliseconds: UInt32
        var account: UInt32
    }

    static let length = Milliseconds(60_000)

    /// The bytes that it holds on to.
    var storageBytes: Int {
        accounts.storageBytes + counts.storageBytes + passings.storageBytes
    }

    var passedCount: Int { passings.count }

    init(start: Timestamp) { self.start = start }

    /// The first moment that is not of this span.
    var end: Timestamp { start + Self.length }

    func count(of account: Identifier) -> Int64 {
        accounts.find(account).map { Int64(counts[Int($0)]) } ?? 0
    }

    /// `time` is in the span, and not before the last one that passed.
    mutating func pass(_ account: Identifier, at time: Timestamp) {
        let number = accounts.number(of: account)
        if counts.count < accounts.count { counts.append(0) }
        counts[Int(number)] += 1
        passings.append(
            Passing(milliseconds: UInt32((time - start).rawValue), account: number))
    }

    mutating func forget(upTo time: Timestamp) {
        while first < passings.count, moment(of: first) <= time {
            counts[Int(passings[first].account)] -= 1
            first += 1
        }
    }

    /// What is not forgotten, in order of passing.
    var counted: [(at: Timestamp, account: Identifier)] {
        (first..<passings.count).map { (moment(of: $0), accounts[passings[$0].account]) }
    }

    private func moment(of passing: Int) -> Timestamp {
        start + Milliseconds(passings[passing].milliseconds)
    }
}
