/// How far an offering is: a record of `progress`, key: offering, compacted.
public struct Progress: Hashable, Sendable {
    public var offering: Identifier
    public var state: OfferingState
    public var shares: Shares
    public var counters: Counters
    public var waiting: Shares
    /// Shares ever reserved: what of `queued` has had its turn.
    public var served: Shares
    /// Bids ever reserved or waitlisted.
    public var bids: Int64
    /// Accounts of those bids.
    public var accounts: Int64
    /// Append time of the input behind the last decision, and that decision's number and epoch.
    public var at: Timestamp
    public var sequence: DecisionNumber
    public var epoch: Epoch

    public init(
        offering: Identifier, state: OfferingState, shares: Shares, counters: Counters,
        waiting: Shares, served: Shares, bids: Int64, accounts: Int64, at: Timestamp,
        sequence: DecisionNumber, epoch: Epoch
    ) {
        self.offering = offering
        self.state = state
        self.shares = shares
        self.counters = counters
        self.waiting = waiting
        self.served = served
        self.bids = bids
        self.accounts = accounts
        self.at = at
        self.sequence = sequence
        self.epoch = epoch
    }
}
