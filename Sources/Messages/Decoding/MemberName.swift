import Vocabulary

/// The members of all records that this system reads. The names of the cases are the names on
/// the wire, and never change.
enum MemberName: UInt8, CaseIterable {
    // Of the records that others write; `Member` has the same names.
    case type, bid, offering, account, shares, allOrNone
    case command, price, currency, lot, minShares, maxSharesPerAccount, maxBidsPerAccount
    case bidsPerMinutePerAccount, opensAt, closesAt, remainder, waitlistShares, minimumShares
    case backstop, maxShares, payee, distributions, interest, principal, rules
    case reason, payment, distribution, kind, amount
    case result, reference
    case from, to
    // Of decisions.
    case seq, asked, waiting, queued, cut, expectedPartition, member
    case error, code, unlisted, at
    case of, was, now, last
    case free, reserved, settled
    case topic, partition, offset, n
    case epoch, hash
    // Of payment commands, progress and the environment.
    case obligation, due
    case state, served, bids, accounts
    case env, cluster, partitions, purpose, clockGrace, archiveAfter, writers, commandGrace, edition
    // Of the payer's journal.
    case key, channel, token, body, sourcePartition, sourceOffset, parked
    case attempt, isRepeat, windowEndsAt, `class`, retryAt, behind
    case number, sourceAt, origin, path, merchant, answered
    // Of a journal that lost its tail.
    case mark, isRestarted, proposedBy, approvedBy, resolution, actor
    // Of refunds and payouts, and of an offering's end.
    case original, refund, late, proven, total, refunded
    case firstOffsets, lastOffsets, refusals, head, lastOffset, returned
    // Of decisions about the partition.
    case countsAt, payments, recalls
    // Of workers.
    case worker, detail
    // Of topics.
    case since
    // Of what is said about offering commands.
    case action

    static let table = WordTable<MemberName>(allCases.map { (String(describing: $0), $0) })

    /// The name of a member that others write.
    init?(_ member: Member) {
        guard let name = Self.allCases.first(where: { "\($0)" == member.rawValue }) else {
            return nil
        }
        self = name
    }

    /// The member as an error names it; nil for one of a record that only this system writes.
    var member: Member? { Member(rawValue: String(describing: self)) }
}

/// A set of members.
struct MemberNames: ExpressibleByArrayLiteral {
    private(set) var bits: UInt128 = 0

    @inline(__always)
    init() {}

    init(arrayLiteral names: MemberName...) {
        for name in names { insert(name) }
    }

    @inline(__always)
    var isEmpty: Bool { bits == 0 }

    @inline(__always)
    func contains(_ name: MemberName) -> Bool { bits & Self.bit(name) != 0 }

    @inline(__always)
    mutating func insert(_ name: MemberName) { bits |= Self.bit(name) }

    /// Those of the names that are not among these.
    @inline(__always)
    func missing(of names: MemberNames) -> MemberNames {
        var missing = MemberNames()
        missing.bits = names.bits & ~bits
        return missing
    }

    @inline(__always)
    private static func bit(_ name: MemberName) -> UInt128 { 1 &<< UInt128(name.rawValue) }

    static func + (left: MemberNames, right: MemberNames) -> MemberNames {
        var sum = MemberNames()
        sum.bits = left.bits | right.bits
        return sum
    }
}
