import Messages
import Vocabulary

// What no record can hold is refused before it is appended: what encodes records takes it for a
// fault of this program, and ends it.

extension LogConnection {
    static func check(_ bid: Bid) throws(ClientError) {
        try check(bid.shares.rawValue, "shares", of: bid.bid)
    }

    /// For the command line as well, whose options may hold longer lists than a record.
    package static func check(_ command: OfferingCommand) throws(ClientError) {
        switch command.action {
        case .open(let terms):
            try check(terms, of: command.command)
            if terms.distributions?.fitsARecord ?? true,
                encodedCount(command) <= RecordLimits.value
            {
                return
            }
            throw ClientError(
                .usage, "the lists of distributions of '\(command.command)' make a record longer "
                    + "than \(RecordLimits.value) bytes: shorten the ids or allow fewer")
        case .amend(let closesAt): try check(closesAt.rawValue, "closesAt", of: command.command)
        case .distribute(_, _, let amount):
            try check(amount.rawValue, "amount", of: command.command)
        case .cancel(let reason?):
            guard reason.utf8.count > RecordLimits.cancellationReason else { return }
            throw ClientError(
                .usage, "the reason of '\(command.command)' has \(reason.utf8.count) bytes; at "
                    + "most \(RecordLimits.cancellationReason) are kept")
        case .repay(payment: nil):
            throw ClientError(.usage, "'\(command.command)' names no payment to repay")
        case .close, .pause, .resume, .cancel(reason: nil), .repay: break
        }
    }

    private static func check(_ terms: OfferingTerms, of id: Identifier) throws(ClientError) {
        for term in Term.all {
            switch terms[term] {
            case .integer(let value): try check(value, term.member.rawValue, of: id)
            case .backstop(let backstop):
                try check(backstop.maxShares.rawValue, term.member.rawValue, of: id)
            default: break
            }
        }
    }

    private static func encodedCount(_ command: OfferingCommand) -> Int {
        withUnsafeTemporaryAllocation(byteCount: RecordEncoder.largestRecord, alignment: 1) {
            RecordEncoder.encode(command, into: $0)
        }
    }

    private static func check(
        _ number: Int64, _ member: String, of id: Identifier
    ) throws(ClientError) {
        guard !(0...largestInteger).contains(number) else { return }
        throw ClientError(
            .usage, "\(member) of '\(id)' is \(number): a record holds 0 to \(largestInteger)")
    }
}
