/// What can be said of an offering that has ended (Certificate.md). The
/// record carries the hash of the decision before it besides.
public struct Certificate: Hashable, Sendable {
    /// The first and the last record of one input that was about the offering.
    public struct Range: Hashable, Sendable {
        public var topic: InputTopic
        public var first: Offset
        public var last: Offset
        public init(topic: InputTopic, first: Offset, last: Offset) {
            self.topic = topic
            self.first = first
            self.last = last
        }
    }

    /// How many records were refused for a reason.
    public struct Refusals: Hashable, Sendable {
        public var reason: Reason
        public var count: Int64
        public init(reason: Reason, count: Int64) {
            self.reason = reason
            self.count = count
        }
    }

    public var state: OfferingState
    /// The terms with their defaults filled in, the version of the rules among them.
    public var terms: OfferingTerms
    /// In the order of the topics.
    public var inputs: [Range]
    /// In the order of the checks.
    public var refusals: [Refusals]
    /// Bids ever reserved or waitlisted, and accounts of those bids.
    public var bids: Int64
    public var accounts: Int64
    /// Shares that were paid for and whose money was given back, late money included.
    public var refunded: Shares
    /// Shares whose money the bank took back, given up without a refund.
    public var returned: Shares

    public init(
        state: OfferingState, terms: OfferingTerms, inputs: [Range], refusals: [Refusals],
        bids: Int64, accounts: Int64, refunded: Shares, returned: Shares
    ) {
        self.state = state
        self.terms = terms
        self.inputs = inputs
        self.refusals = refusals
        self.bids = bids
        self.accounts = accounts
        self.refunded = refunded
        self.returned = returned
    }
}
