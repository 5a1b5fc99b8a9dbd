import Vocabulary

/// The first decision about a bid, as its record holds it: what a repeat is compared with, and
/// what it is answered.
struct BidContent {
    enum Fate {
        /// Reserved or waitlisted.
        case accepted(BidIndex, was: DecisionType)
        case rejected(ConsumedIDReason, account: Identifier)
    }

    var asked: Shares
    /// Taken off on arrival.
    var cut: Shares
    var allOrNone: Bool
    var sequence: DecisionNumber
    var fate: Fate

    var accepted: BidIndex? {
        if case .accepted(let bid, _) = fate { bid } else { nil }
    }

    /// What the whole bid may cost: what was asked for and not cut.
    var due: Shares { asked - cut }
}

// The record: the id, marked where the bid was refused; what was asked; the decision's number;
// then the index and the cut of an accepted bid, or the reason and the account of a refused one.
extension BidContent {
    private static let allOrNoneBit: Int64 = 1
    private static let waitlistedBit: Int64 = 2

    static func write(
        _ placement: Placement, as bid: BidIndex, sequence: DecisionNumber,
        to record: inout RecordWriter
    ) {
        record.identifier(placement.bid)
        let waitlisted = placement.shares == 0 ? waitlistedBit : 0
        record.integer(word(placement.asked, placement.allOrNone) | waitlisted)
        record.integer(sequence.rawValue)
        record.word(bid.value)
        record.integer(placement.cut?.shares.rawValue ?? 0)
    }

    static func write(
        rejected bid: Identifier, account: Identifier, asked: Shares, allOrNone: Bool,
        reason: ConsumedIDReason, sequence: DecisionNumber, to record: inout RecordWriter
    ) {
        record.identifier(bid, marked: true)
        record.integer(word(asked, allOrNone))
        record.integer(sequence.rawValue)
        record.byte(reason.rawValue)
        record.identifier(account)
    }

    init(from record: inout RecordReader) {
        let rejected = record.isMarked
        record.skipIdentifier()
        let word = record.integer()
        asked = Shares(rawValue: word >> 2)
        allOrNone = word & Self.allOrNoneBit != 0
        sequence = DecisionNumber(rawValue: record.integer())
        if rejected {
            cut = 0
            let reason = ConsumedIDReason(rawValue: record.byte())!
            fate = .rejected(reason, account: record.identifier())
        } else {
            let bid = BidIndex(value: record.word())
            cut = Shares(rawValue: record.integer())
            fate = .accepted(bid, was: word & Self.waitlistedBit != 0 ? .waitlisted : .reserved)
        }
    }

    private static func word(_ asked: Shares, _ allOrNone: Bool) -> Int64 {
        asked.rawValue << 2 | (allOrNone ? allOrNoneBit : 0)
    }
}
