import Vocabulary

/// The members of all records that this system reads, with their names on the wire, which never
/// change.
package enum MemberName: String, CaseIterable, Sendable {
    // Of the records that others write; `Member` has the same names.
    case type = "type", bid = "bid", offering = "offering", account = "account", shares = "shares"
    case allOrNone = "allOrNone", command = "command", price = "price", currency = "currency"
    case lot = "lot", minShares = "minShares", maxSharesPerAccount = "maxSharesPerAccount"
    case maxBidsPerAccount = "maxBidsPerAccount", maxAccounts = "maxAccounts"
    case bidsPerMinutePerAccount = "bidsPerMinutePerAccount", opensAt = "opensAt"
    case closesAt = "closesAt", remainder = "remainder", waitlistShares = "waitlistShares"
    case minimumShares = "minimumShares", backstop = "backstop", maxShares = "maxShares"
    case payee = "payee", distributions = "distributions", interest = "interest"
    case principal = "principal", rules = "rules", reason = "reason", payment = "payment"
    case distribution = "distribution", kind = "kind", amount = "amount", result = "result"
    case reference = "reference", from = "from", to = "to"
    // Of decisions.
    case seq = "seq", asked = "asked", waiting = "waiting", queued = "queued", cut = "cut"
    case expectedPartition = "expectedPartition", member = "member", error = "error"
    case code = "code", unlisted = "unlisted", at = "at", of = "of", was = "was", now = "now"
    case last = "last", free = "free", reserved = "reserved", settled = "settled", topic = "topic"
    case partition = "partition", offset = "offset", n = "n", epoch = "epoch", hash = "hash"
    // Of payment commands, progress and the environment.
    case obligation = "obligation", due = "due", state = "state", served = "served", bids = "bids"
    case accounts = "accounts", env = "env", cluster = "cluster", partitions = "partitions"
    case purpose = "purpose", clockGrace = "clockGrace", archiveAfter = "archiveAfter"
    case writers = "writers", commandGrace = "commandGrace", edition = "edition"
    // Of the payer's journal.
    case key = "key", channel = "channel", token = "token", body = "body"
    case sourcePartition = "sourcePartition", sourceOffset = "sourceOffset", parked = "parked"
    case attempt = "attempt", isRepeat = "isRepeat", windowEndsAt = "windowEndsAt"
    case `class` = "class", retryAt = "retryAt", behind = "behind", number = "number"
    case sourceAt = "sourceAt", origin = "origin", path = "path", merchant = "merchant"
    case answered = "answered"
    // Of a journal that lost its tail.
    case mark = "mark", isRestarted = "isRestarted", proposedBy = "proposedBy"
    case approvedBy = "approvedBy", resolution = "resolution", actor = "actor"
    // Of refunds and payouts, and of an offering's end.
    case original = "original", refund = "refund", late = "late", proven = "proven"
    case total = "total", refunded = "refunded", firstOffsets = "firstOffsets"
    case lastOffsets = "lastOffsets", refusals = "refusals", head = "head"
    case lastOffset = "lastOffset", returned = "returned"
    // Of decisions about the partition.
    case countsAt = "countsAt", payments = "payments", recalls = "recalls"
    // Of workers.
    case worker = "worker", detail = "detail"
    // Of topics.
    case since = "since"
    // Of what is said about offering commands.
    case action = "action"
    // Of what people and statements say about payments.
    case decision = "decision", version = "version", evidence = "evidence"
    case statement = "statement", line = "line", direction = "direction", closed = "closed"
    case whole = "whole"
    // Of what a provider said.
    case status = "status", problem = "problem", cause = "cause"

    static let table = WordTable<MemberName>()

    /// Its place in the list, for tables and sets: a case without a payload is stored as that.
    @inline(__always)
    package var place: UInt8 { unsafeBitCast(self, to: UInt8.self) }

    /// The name of a member that others write.
    init?(_ member: Member) { self.init(rawValue: member.rawValue) }

    /// The member as an error names it; nil for one of a record that only this system writes.
    var member: Member? { Member(rawValue: rawValue) }
}

/// A set of members: the places of names below 128, and those from there on.
struct MemberNames: ExpressibleByArrayLiteral {
    private var bits: UInt128 = 0
    private var more: UInt64 = 0

    @inline(__always)
    init() {}

    init(arrayLiteral names: MemberName...) {
        for name in names { insert(name) }
    }

    @inline(__always)
    var isEmpty: Bool { bits == 0 && more == 0 }

    @inline(__always)
    func contains(_ name: MemberName) -> Bool {
        let place = name.place
        return place < 128
            ? bits & 1 &<< UInt128(place) != 0 : more & 1 &<< UInt64(place &- 128) != 0
    }

    @inline(__always)
    mutating func insert(_ name: MemberName) {
        let place = name.place
        if place < 128 {
            bits |= 1 &<< UInt128(place)
        } else {
            more |= 1 &<< UInt64(place &- 128)
        }
    }

    /// Those of the names that are not among these.
    @inline(__always)
    func missing(of names: MemberNames) -> MemberNames {
        var missing = MemberNames()
        missing.bits = names.bits & ~bits
        missing.more = names.more & ~more
        return missing
    }

    static func + (left: MemberNames, right: MemberNames) -> MemberNames {
        var sum = MemberNames()
        sum.bits = left.bits | right.bits
        sum.more = left.more | right.more
        return sum
    }
}
