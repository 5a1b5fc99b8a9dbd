import Vocabulary

/// The bids that wait, in the order in which they came, and for each the least amount that must be
/// free for it to be served.
///
/// Above the slots stands a tree of minima, sixteen children a node, so that the first bid that
/// some free amount can serve is found in steps that grow with the logarithm of the number
/// waiting, no matter which bids stand ahead (Rules.md, Serving).
struct Waitlist: Sendable {
    private var bids = ChunkedArray<BidIndex>()
    /// What each slot waits for, twice, plus one where it takes all of that or nothing;
    /// 0 where nobody waits any more.
    private var amounts = ChunkedArray<Int64>()
    /// The lowest level first; the last one has one node.
    private var levels: [ChunkedArray<Int64>] = []
    /// How many wait.
    private(set) var count = 0
    /// What is given in one piece at least.
    private let lot: Shares

    private static let fanOut = 16
    /// The need of a bid that does not wait.
    private static let never = Int64.max
    /// Fewer slots than this are not worth compacting.
    private static let fewSlots = 1024

    /// The bytes that it holds on to.
    var storageBytes: Int {
        bids.storageBytes + amounts.storageBytes + levels.reduce(0) { $0 + $1.storageBytes }
    }

    init(lot: Shares) { self.lot = lot }

    /// The least amount that would serve a bid; more than there can ever be where nobody waits.
    @inline(__always)
    var leastNeed: Shares { Shares(rawValue: levels.last?[0] ?? Self.never) }

    /// The first slot that waits.
    var front: WaitlistSlot? { firstSlot { $0 != Self.never } }

    /// The first slot that `free` can serve.
    @inline(__always)
    func first(servedBy free: Shares) -> WaitlistSlot? {
        firstSlot { $0 <= free.rawValue }
    }

    func bid(at slot: WaitlistSlot) -> BidIndex { bids[Int(slot.position)] }

    @inline(__always)
    func amount(at slot: WaitlistSlot) -> Shares {
        Shares(rawValue: amounts[Int(slot.position)] >> 1)
    }

    /// Whether the bid takes all that it waits for or nothing.
    func isWhole(at slot: WaitlistSlot) -> Bool { amounts[Int(slot.position)] & 1 != 0 }

    /// `bid` joins the end, waiting for `amount`, which it takes as a `whole` or in parts.
    mutating func append(_ bid: BidIndex, amount: Shares, whole: Bool) -> WaitlistSlot {
        let position = amounts.count
        bids.append(bid)
        amounts.append(amount.rawValue << 1 | (whole ? 1 : 0))
        count += 1
        lowerNeed(at: position, to: need(at: position))
        return WaitlistSlot(position: UInt32(position))
    }

    /// `shares` of what the slot waits for are given or taken back; it leaves when none are left.
    mutating func reduce(_ slot: WaitlistSlot, by shares: Shares) {
        let position = Int(slot.position)
        amounts[position] -= shares.rawValue << 1
        guard amounts[position] >> 1 == 0 else { return }
        amounts[position] = 0
        count -= 1
        if count == 0 { removeAll() } else { raiseNeed(at: position) }
    }

    /// Gives up the slots that were left, once they are more than those that wait: then this
    /// costs each leaving bid a constant.
    mutating func compact(tellingNewPlacesTo table: inout BidTable) {
        guard amounts.count > Self.fewSlots, amounts.count > 2 * count else { return }
        var kept = 0
        for position in 0..<amounts.count where amounts[position] != 0 {
            bids[kept] = bids[position]
            amounts[kept] = amounts[position]
            table.setSlot(of: bids[kept], WaitlistSlot(position: UInt32(kept)))
            kept += 1
        }
        bids.truncate(to: kept)
        amounts.truncate(to: kept)
        levels.removeAll()
        for position in 0..<kept { lowerNeed(at: position, to: need(at: position)) }
    }

    /// Calls `body` for each that waits, in order.
    func forEach<Failure: Error>(
        _ body: (BidIndex, Shares) throws(Failure) -> Void
    ) throws(Failure) {
        for position in 0..<amounts.count where amounts[position] != 0 {
            try body(bids[position], Shares(rawValue: amounts[position] >> 1))
        }
    }

    private mutating func removeAll() {
        bids.truncate(to: 0)
        amounts.truncate(to: 0)
        levels.removeAll()
    }
}

/// A slot of a waitlist; a bid gets another when the list is compacted.
struct WaitlistSlot: BitwiseCopyable, Equatable, Sendable {
    var position: UInt32

    /// Does not wait.
    static let none = WaitlistSlot(position: .max)
}

extension Waitlist: Equatable {
    /// Whether the same bids wait for the same amounts in the same order.
    static func == (left: Waitlist, right: Waitlist) -> Bool {
        guard left.count == right.count, left.lot == right.lot else { return false }
        var (leftPosition, rightPosition) = (0, 0)
        for _ in 0..<left.count {
            while left.amounts[leftPosition] == 0 { leftPosition += 1 }
            while right.amounts[rightPosition] == 0 { rightPosition += 1 }
            guard left.amounts[leftPosition] == right.amounts[rightPosition],
                left.bids[leftPosition] == right.bids[rightPosition]
            else { return false }
            leftPosition += 1
            rightPosition += 1
        }
        return true
    }
}

// The tree of minima.
extension Waitlist {
    private func need(at position: Int) -> Int64 {
        let amount = amounts[position]
        if amount == 0 { return Self.never }
        return amount & 1 == 0 ? lot.rawValue : amount >> 1
    }

    @inline(__always)
    private func firstSlot(_ serves: (Int64) -> Bool) -> WaitlistSlot? {
        guard let root = levels.last?[0], serves(root) else { return nil }
        var index = 0
        for level in stride(from: levels.count - 2, through: 0, by: -1) {
            index *= Self.fanOut
            while !serves(levels[level][index]) { index += 1 }
        }
        index *= Self.fanOut
        while !serves(need(at: index)) { index += 1 }
        return WaitlistSlot(position: UInt32(index))
    }

    /// A slot at the end got the need `need`: the minima above it sink, new nodes are added.
    private mutating func lowerNeed(at position: Int, to need: Int64) {
        var index = position / Self.fanOut
        var level = 0
        while true {
            if level == levels.count { addLevel() }
            if index < levels[level].count {
                if levels[level][index] <= need { return }
                levels[level][index] = need
            } else {
                levels[level].append(need)
            }
            // The root has no parent; with a second node beside it, it is a root no more.
            if level == levels.count - 1, levels[level].count == 1 { return }
            index /= Self.fanOut
            level += 1
        }
    }

    /// A new root stands above what was one, and starts with its minimum.
    private mutating func addLevel() {
        var root = ChunkedArray<Int64>()
        if let below = levels.last { root.append(below[0]) }
        levels.append(root)
    }

    /// Nobody waits at `position` any more: the minima above it rise, up to the first one that
    /// another need keeps where it is.
    private mutating func raiseNeed(at position: Int) {
        var index = position / Self.fanOut
        for level in levels.indices {
            let least = levels[level][index]
            var next = Self.never
            let count = level == 0 ? amounts.count : levels[level - 1].count
            let first = index * Self.fanOut
            for child in first..<min(first + Self.fanOut, count) {
                let need = level == 0 ? need(at: child) : levels[level - 1][child]
                if need == least { return }
                next = min(next, need)
            }
            levels[level][index] = next
            index /= Self.fanOut
        }
    }
}
