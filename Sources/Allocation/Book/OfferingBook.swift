import Vocabulary

/// The book of one offering: where its shares are, who has them and who waits.
///
/// A rule (the other files of this type) only reads the book and then records a decision; recording
/// changes the book through one function for each kind of event (`OfferingBook+Events.swift`).
/// The same functions rebuild the book from decisions, so decisions alone hold all of it.
struct OfferingBook: Equatable, Sendable {
    /// What never changes, boxed: the book itself stays small enough to be passed about.
    private let opening: Opening

    var identifier: Identifier { opening.identifier }
    /// The terms with their defaults filled in.
    var terms: OfferingTerms { opening.terms }
    var bidTerms: BidTerms { opening.bidTerms }
    /// The version of the rules that decides it.
    var rules: RulesVersion { opening.rules }
    /// The number of the decision that opened or scheduled it, and the command that asked for it.
    var openedSequence: DecisionNumber { opening.sequence }
    var openingCommand: Identifier { opening.command }

    var state: OfferingState
    /// Whether bids are refused for now, and the decision that paused or resumed it last.
    var isPaused = false
    var pauseSequence: DecisionNumber?
    /// When it closes, as it was amended.
    var closesAt: Timestamp?
    /// The decision that closed it; 0 before.
    var closingSequence: DecisionNumber = 0
    var isClosedByClock = false
    var isBackstopUsed = false
    /// Whether its end was certified.
    var isCertified = false
    /// Since when it has ended with no money open.
    var overSince: Timestamp?
    /// What is kept of its bids once their ids are dropped.
    var archived: ArchivedBids?
    var isArchived: Bool { archived != nil }
    /// The commands that were acted on after the opening, few of them.
    var commands = CommandTable()
    /// What was distributed, and the decision with the first part of it.
    var distributions: [DistributionDone] = []
    var pending: PendingDistribution?
    /// Bids of which reserved parts were recalled, and the one that is being taken back.
    var takenBack: Set<UInt32> = []
    var recalling: BidRecall?
    /// How far the giving back of everything has come.
    var sweep = Sweep()
    var counters: Counters
    var waiting: Shares = 0
    /// Shares ever queued and ever reserved. They only tell people how far away they are, so they
    /// stop at `largestInteger` instead of leaving what a record can hold.
    var queued: Shares = 0
    var served: Shares = 0

    /// Shares whose money was given back, or is to be; and those given up whose money the bank took
    /// back.
    var refunded: Shares = 0
    var returned: Shares = 0

    var bids = BidTable()
    var accounts: AccountTable
    var waitlist: Waitlist
    var rates = RateTable()
    var payouts = PayoutTable()
    var inputCounts = InputCounts()

    /// `terms` are filled in and passed the check of `rules`. One that is `scheduled` opens at its
    /// time.
    init(
        _ identifier: Identifier, _ terms: OfferingTerms, _ rules: RulesVersion,
        command: Identifier, openedSequence: DecisionNumber, isScheduled: Bool
    ) {
        opening = Opening(identifier, terms, rules, command: command, sequence: openedSequence)
        state = isScheduled ? .scheduled : .open
        closesAt = terms.closesAt
        counters = Counters(free: terms.shares, reserved: 0, settled: 0)
        accounts = AccountTable(
            countsBids: terms.maxBidsPerAccount != nil,
            countsHoldings: terms.distributions != nil)
        waitlist = Waitlist(lot: opening.bidTerms.lot)
    }

    /// What of `bid` waits.
    @inline(__always)
    func waiting(of bid: BidIndex) -> Shares {
        let slot = bids.slot(of: bid)
        return slot == .none ? 0 : waitlist.amount(at: slot)
    }

    @inline(__always)
    func standing(of bid: BidIndex) -> Standing {
        Standing(
            reserved: bids.reserved(of: bid), settled: bids.settled(of: bid),
            waiting: waiting(of: bid))
    }
}

/// How an offering was opened.
private final class Opening: Equatable, Sendable {
    let identifier: Identifier
    let terms: OfferingTerms
    let bidTerms: BidTerms
    let rules: RulesVersion
    let command: Identifier
    let sequence: DecisionNumber

    init(
        _ identifier: Identifier, _ terms: OfferingTerms, _ rules: RulesVersion,
        command: Identifier, sequence: DecisionNumber
    ) {
        self.identifier = identifier
        self.command = command
        self.terms = terms
        self.sequence = sequence
        self.rules = rules
        bidTerms = rules.bidTerms(terms)
    }

    static func == (left: Opening, right: Opening) -> Bool {
        left === right
            || left.identifier == right.identifier && left.terms == right.terms
                && left.command == right.command && left.sequence == right.sequence
    }
}
