import Vocabulary

/// The number of an account within its offering, in order of first appearance, from 0.
struct AccountIndex: BitwiseCopyable, Equatable, Sendable {
    var value: UInt32
}

/// The accounts whose bids an offering has accepted.
struct AccountTable: Equatable, Sendable {
    private var identifiers = IdentifierList()
    private var committedShares = ChunkedArray<Int64>()
    /// How many accounts have reserved, settled or waiting shares.
    private(set) var holders = 0
    /// Bids ever accepted; empty where nobody asks for them.
    private var acceptedBids = ChunkedArray<UInt32>()
    private let countsBids: Bool
    /// Settled shares; empty where nobody asks for them.
    private var settledShares = ChunkedArray<Int64>()
    /// The accounts that hold settled shares, or did, in order of first settlement.
    private(set) var inOrderOfSettlement: [AccountIndex] = []
    private let countsHoldings: Bool

    /// - Parameters:
    ///   - countsBids: whether the offering limits how many bids an account may make.
    ///   - countsHoldings: whether something will be distributed to those who hold shares.
    init(countsBids: Bool, countsHoldings: Bool) {
        self.countsBids = countsBids
        self.countsHoldings = countsHoldings
    }

    var count: Int { identifiers.count }

    /// The bytes that it holds on to.
    var storageBytes: Int {
        identifiers.storageBytes + committedShares.storageBytes + acceptedBids.storageBytes
            + settledShares.storageBytes
            + inOrderOfSettlement.count * MemoryLayout<AccountIndex>.stride
    }

    @inline(__always)
    func searchStart(_ account: Identifier) -> IdentifierTable.SearchStart {
        identifiers.searchStart(account)
    }

    @inline(__always)
    func find(
        _ account: Identifier, from start: IdentifierTable.SearchStart
    ) -> AccountIndex? {
        identifiers.find(account, from: start).map(AccountIndex.init)
    }

    func find(_ account: Identifier) -> AccountIndex? {
        find(account, from: searchStart(account))
    }

    /// Adds an account with its first bid that was accepted.
    @inline(__always)
    mutating func insert(
        _ account: Identifier, hash: UInt64, committing shares: Shares
    ) -> AccountIndex {
        let index = AccountIndex(value: identifiers.append(account, hash: hash))
        committedShares.append(shares.rawValue)
        holders += 1
        if countsBids { acceptedBids.append(1) }
        if countsHoldings { settledShares.append(0) }
        return index
    }

    @inline(__always)
    func identifier(of account: AccountIndex) -> Identifier {
        identifiers[account.value]
    }

    /// Whether `account` is the one of this id: told without making a copy of it.
    @inline(__always)
    func has(_ account: AccountIndex, _ identifier: Identifier) -> Bool {
        identifiers.has(account.value, identifier)
    }

    /// What the account's cap counts: reserved, settled and waiting shares of all its bids.
    @inline(__always)
    func committed(_ account: AccountIndex) -> Shares {
        Shares(rawValue: committedShares[Int(account.value)])
    }

    /// How many bids of the account were ever accepted, where they are counted.
    func bids(of account: AccountIndex) -> Int64 {
        countsBids ? Int64(acceptedBids[Int(account.value)]) : 0
    }

    /// Takes note of another bid that was accepted.
    @inline(__always)
    mutating func commit(_ shares: Shares, to account: AccountIndex) {
        takeBack(shares, of: account)
        if countsBids { acceptedBids[Int(account.value)] += 1 }
    }

    /// Shares that were given back are the account's again.
    @inline(__always)
    mutating func takeBack(_ shares: Shares, of account: AccountIndex) {
        let before = committedShares[Int(account.value)]
        committedShares[Int(account.value)] = before + shares.rawValue
        if before == 0 { holders += 1 }
    }

    mutating func giveBack(_ shares: Shares, of account: AccountIndex) {
        let after = committedShares[Int(account.value)] - shares.rawValue
        committedShares[Int(account.value)] = after
        if after == 0 { holders -= 1 }
    }

    /// Settled shares of all its bids, where they are counted.
    func settled(_ account: AccountIndex) -> Shares {
        countsHoldings ? Shares(rawValue: settledShares[Int(account.value)]) : 0
    }

    /// Shares of the account are settled, or fewer than before where it is negative.
    @inline(__always)
    mutating func settle(_ shares: Shares, of account: AccountIndex) {
        guard countsHoldings else { return }
        if settledShares[Int(account.value)] == 0 { inOrderOfSettlement.append(account) }
        settledShares[Int(account.value)] += shares.rawValue
    }
}
