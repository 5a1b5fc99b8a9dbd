import Vocabulary

/// The number of an accepted bid within its offering, in order of arrival, from 0.
struct BidIndex: BitwiseCopyable, Equatable, Sendable {
    var value: UInt32
}

/// The bids of one offering: all that were accepted, with how they stand, and the ids that
/// refused ones have spent.
///
/// What never changes about a bid stands in a record of a few bytes; what changes, of accepted
/// ones only, in an entry of fixed size.
struct BidTable: Equatable, Sendable {
    private var identifiers = IdentifierTable()
    private var entries = ChunkedArray<BidEntry>()
    private var laterParts = ChunkedArray<LaterPart>()
    /// What the commands of parts were for of which late money settled fewer shares.
    private var commandedShares: [UInt64: Shares] = [:]

    /// Bids ever accepted.
    var count: Int { entries.count }

    /// Bids whose ids are known, those that were refused among them.
    var identifierCount: Int { identifiers.count }

    /// The bytes that it holds on to.
    var storageBytes: Int {
        identifiers.storageBytes + entries.storageBytes + laterParts.storageBytes
            + commandedShares.count * 32
    }

    @inline(__always)
    func searchStart(_ bid: Identifier) -> IdentifierTable.SearchStart {
        identifiers.searchStart(bid)
    }

    /// The first decision about `bid`, whose search begins at `start`; nil where the id is unused.
    @inline(__always)
    func find(_ bid: Identifier, from start: IdentifierTable.SearchStart) -> RecordHandle? {
        identifiers.find(bid, from: start)
    }

    @inline(__always)
    func find(_ bid: Identifier) -> RecordHandle? { find(bid, from: searchStart(bid)) }

    @inline(__always)
    func content(at handle: RecordHandle) -> BidContent {
        identifiers.records.read(handle) { BidContent(from: &$0) }
    }

    /// The accepted bid of this id.
    @inline(__always)
    func accepted(_ bid: Identifier) -> BidIndex? {
        guard let handle = find(bid) else { return nil }
        return content(at: handle).accepted
    }

    @inline(__always)
    func identifier(of bid: BidIndex) -> Identifier {
        identifiers.records.identifier(at: entries[Int(bid.value)].record)
    }

    @inline(__always)
    func content(of bid: BidIndex) -> BidContent {
        content(at: entries[Int(bid.value)].record)
    }

    @inline(__always)
    func account(of bid: BidIndex) -> AccountIndex { entries[Int(bid.value)].account }

    @inline(__always)
    func slot(of bid: BidIndex) -> WaitlistSlot { entries[Int(bid.value)].slot }

    mutating func setSlot(of bid: BidIndex, _ slot: WaitlistSlot) {
        entries[Int(bid.value)].slot = slot
    }

    @inline(__always)
    func reserved(of bid: BidIndex) -> Shares { Shares(rawValue: entries[Int(bid.value)].reserved) }

    @inline(__always)
    func settled(of bid: BidIndex) -> Shares { Shares(rawValue: entries[Int(bid.value)].settled) }

    /// The bid that is accepted next.
    var next: BidIndex { BidIndex(value: UInt32(entries.count)) }

    /// Adds an accepted bid, which is `next`, with what is reserved for it as its first part.
    @inline(__always)
    mutating func accept(
        _ placement: Placement, hash: UInt64, account: AccountIndex, slot: WaitlistSlot,
        sequence: DecisionNumber
    ) {
        let bid = next
        let record = identifiers.insert(hash: hash) {
            BidContent.write(placement, as: bid, sequence: sequence, to: &$0)
        }
        entries.append(
            BidEntry(record: record, account: account, slot: slot, reserved: placement.shares))
    }

    /// Notes that a refused bid has spent its id.
    @inline(__always)
    mutating func spend(
        _ bid: Identifier, hash: UInt64, account: Identifier, asked: Shares, allOrNone: Bool,
        reason: ConsumedIDReason, sequence: DecisionNumber
    ) {
        _ = identifiers.insert(hash: hash) {
            BidContent.write(
                rejected: bid, account: account, asked: asked, allOrNone: allOrNone,
                reason: reason, sequence: sequence, to: &$0)
        }
    }
}

/// What changes of an accepted bid.
private struct BidEntry: BitwiseCopyable, Equatable, Sendable {
    var record: RecordHandle
    var account: AccountIndex
    /// Where it waits.
    var slot: WaitlistSlot
    /// The newest of its parts but the first.
    var newestPart = LaterPart.none
    /// Its first part; of no shares where there is none yet.
    var firstPart: BidPart
    /// The sums of its parts by state.
    var reserved: Int64
    var settled: Int64 = 0

    init(
        record: RecordHandle, account: AccountIndex, slot: WaitlistSlot, reserved: Shares
    ) {
        self.record = record
        self.account = account
        self.slot = slot
        firstPart = BidPart(shares: reserved)
        self.reserved = reserved.rawValue
    }
}

/// One reservation of a bid, and what became of its payment.
struct BidPart: BitwiseCopyable, Equatable, Sendable {
    enum State: UInt64 {
        case reserved, settled, released
        /// Reserved, and its payment is recalled: what comes of that its payment result says.
        case recalling
        /// It was paid, and the money is on its way back or there.
        case refunded
        /// Settled, and the bank took the money back.
        case returned

        /// Whether its payment has no final answer yet.
        var isOpen: Bool { self == .reserved || self == .recalling }
        /// Whether money came for it.
        var wasPaid: Bool { self == .settled || self == .refunded || self == .returned }
    }

    /// The state in the three lowest bits: most bids have one part, so its size counts.
    private var sharesAndState: UInt64
    /// The number of the last payment result acted on; 0 before the first.
    var lastResult: Int64 = 0

    init(shares: Shares) { sharesAndState = UInt64(shares.rawValue) << 3 }

    var shares: Shares { Shares(rawValue: Int64(sharesAndState >> 3)) }

    var state: State {
        get { State(rawValue: sharesAndState & 7)! }
        set { sharesAndState = sharesAndState & ~7 | newValue.rawValue }
    }
}

/// A part of a bid after its first.
private struct LaterPart: BitwiseCopyable, Equatable, Sendable {
    var part: BidPart
    /// 2, 3, ...
    var number: Int32
    /// The part before it; the second is its own.
    var previous: UInt32
    /// Some part far before it, so that any is found in steps that grow with the logarithm of
    /// their number (the jump pointers of a skew-binary list).
    var jump: UInt32

    static let none = UInt32.max
}

/// Which part of which bid.
struct PartIndex {
    let bid: BidIndex
    /// nil: its first.
    fileprivate let later: UInt32?

    fileprivate var key: UInt64 { UInt64(bid.value) << 32 | UInt64(later ?? LaterPart.none) }
}

// Parts.
extension BidTable {
    subscript(part: PartIndex) -> BidPart {
        get {
            if let later = part.later { return laterParts[Int(later)].part }
            return entries[Int(part.bid.value)].firstPart
        }
        set {
            if let later = part.later {
                laterParts[Int(later)].part = newValue
            } else {
                entries[Int(part.bid.value)].firstPart = newValue
            }
        }
    }

    /// How many parts the bid was given.
    @inline(__always)
    func partCount(of bid: BidIndex) -> Int32 {
        let entry = entries[Int(bid.value)]
        if entry.newestPart != LaterPart.none { return laterParts[Int(entry.newestPart)].number }
        return entry.firstPart.shares == 0 ? 0 : 1
    }

    /// The part of this number, 1, 2, ...
    func part(_ number: Int32, of bid: BidIndex) -> PartIndex? {
        guard number >= 1, number <= partCount(of: bid) else { return nil }
        if number == 1 { return PartIndex(bid: bid, later: nil) }
        var index = entries[Int(bid.value)].newestPart
        while laterParts[Int(index)].number > number {
            let jump = laterParts[Int(index)].jump
            index = laterParts[Int(jump)].number >= number ? jump : laterParts[Int(index)].previous
        }
        return PartIndex(bid: bid, later: index)
    }

    /// Reserves `shares` as the next part; answers its number.
    @inline(__always)
    mutating func reserve(_ shares: Shares, for bid: BidIndex) -> Int32 {
        let number = partCount(of: bid) + 1
        if number == 1 {
            entries[Int(bid.value)].firstPart = BidPart(shares: shares)
        } else {
            appendPart(BidPart(shares: shares), number: number, of: bid)
        }
        entries[Int(bid.value)].reserved += shares.rawValue
        return number
    }

    /// A reserved part was paid, or is given back, by the payment result of this number.
    mutating func move(_ index: PartIndex, to state: BidPart.State, result: Int64) {
        let shares = self[index].shares.rawValue
        self[index].state = state
        self[index].lastResult = result
        entries[Int(index.bid.value)].reserved -= shares
        if state == .settled { entries[Int(index.bid.value)].settled += shares }
    }

    /// The shares that the command of a part was to pay for.
    func commanded(_ index: PartIndex) -> Shares {
        commandedShares.isEmpty
            ? self[index].shares : commandedShares[index.key] ?? self[index].shares
    }

    /// Shares of a part that was released are settled after all: `shares`, or fewer than it had.
    mutating func settleLate(_ index: PartIndex, _ shares: Shares, result: Int64) {
        if shares < self[index].shares { commandedShares[index.key] = self[index].shares }
        self[index] = BidPart(shares: shares)
        self[index].state = .settled
        self[index].lastResult = result
        entries[Int(index.bid.value)].settled += shares.rawValue
    }

    /// The money of a part, of any state before, is given back.
    mutating func refund(_ index: PartIndex, result: Int64?) {
        let part = self[index]
        if part.state.isOpen { entries[Int(index.bid.value)].reserved -= part.shares.rawValue }
        if part.state == .settled {
            entries[Int(index.bid.value)].settled -= part.shares.rawValue
        }
        self[index].state = .refunded
        if let result { self[index].lastResult = result }
    }

    /// A settled part whose money the bank took back is given up.
    mutating func releaseReturned(_ index: PartIndex) {
        entries[Int(index.bid.value)].settled -= self[index].shares.rawValue
        self[index].state = .released
    }

    /// The payment of a reserved part is recalled.
    mutating func recall(_ index: PartIndex) { self[index].state = .recalling }

    private mutating func appendPart(_ part: BidPart, number: Int32, of bid: BidIndex) {
        let index = UInt32(laterParts.count)
        let previous = entries[Int(bid.value)].newestPart
        var added = LaterPart(part: part, number: number, previous: index, jump: index)
        if previous != LaterPart.none {
            let jump = laterParts[Int(previous)].jump
            let far = laterParts[Int(jump)].jump
            let step = laterParts[Int(previous)].number - laterParts[Int(jump)].number
            let farStep = laterParts[Int(jump)].number - laterParts[Int(far)].number
            added.previous = previous
            added.jump = step == farStep ? far : previous
        }
        laterParts.append(added)
        entries[Int(bid.value)].newestPart = index
    }
}
