import Vocabulary

/// The offering of a record that names no other.
package let ledgerOffering: Identifier = "loan"

/// The partition of ledgers.
package let ledgerPartition: Partition = 3

extension InputRecord {
    /// The topic that it stands in.
    package var topic: InputTopic {
        switch self {
        case .bid, .cancellation: .bids
        case .command, .partitionCommand: .offeringCommands
        case .paymentResult: .paymentResults
        }
    }
}

// Records in words.

/// `open [term value]...`, `bid ID ACCOUNT SHARES [whole]`, or `RESULT BID/K #N ACCOUNT [AMOUNT]`;
/// `@ID` at the end names another offering.
package func parse(_ line: String) -> InputRecord {
    var words = line.split(separator: " ").map(String.init)
    var offering = ledgerOffering
    if let last = words.last, last.hasPrefix("@") {
        offering = Identifier(parsing: last.dropFirst())!
        words.removeLast()
    }
    switch words[0] {
    case "open":
        return .command(
            OfferingCommand(
                command: Identifier(parsing: words[1])!, offering: offering,
                action: .open(parseTerms(words.dropFirst(2)))))
    case "pause", "resume", "close", "cancel-all", "amend", "repay", "distribute":
        return .command(
            OfferingCommand(
                command: Identifier(parsing: words[1])!, offering: offering,
                action: parseAction(words, offering)))
    case "bid":
        return .bid(
            Bid(
                bid: Identifier(parsing: words[1])!, offering: offering,
                account: Identifier(parsing: words[2])!, shares: Shares(Int64(words[3])!),
                allOrNone: words.dropFirst(4).first == "whole"))
    case "cancel":
        return .cancellation(
            BidCancellation(
                bid: Identifier(parsing: words[1])!, offering: offering,
                account: Identifier(parsing: words[2])!))
    default:
        var path = "\(offering)/\(words[1])"
        let amount = words.count > 4 ? Int64(words[4]).map { MinorUnits($0) } : nil
        return .paymentResult(
            PaymentResult(
                kind: PaymentResult.Kind(rawValue: words[0])!,
                payment: path.withUTF8 { PaymentID(UnsafeRawBufferPointer($0)) },
                result: Int64(words[2].dropFirst())!, offering: offering,
                account: Identifier(parsing: words[3])!, amount: amount,
                isProven: words.last == "proven"))
    }
}

/// `pause ID`, `cancel-all ID [REASON]`, `amend ID TIME`, `repay ID PAYMENT`, or
/// `distribute ID KIND DISTRIBUTION AMOUNT`.
package func parseAction(_ words: [String], _ offering: Identifier) -> OfferingCommand.Action {
    switch words[0] {
    case "pause": return .pause
    case "resume": return .resume
    case "close": return .close
    case "cancel-all": return .cancel(reason: words.count > 2 ? words[2] : nil)
    case "amend": return .amend(closesAt: Timestamp(Int64(words[2])!))
    case "repay":
        var path = "\(offering)/\(words[2])"
        return .repay(
            payment: path.withUTF8 {
                PaymentID(UnsafeRawBufferPointer($0))
                    ?? PaymentID(obligation: UnsafeRawBufferPointer($0))
            })
    default:
        return .distribute(
            distribution: Identifier(parsing: words[3])!,
            kind: DistributionKind(rawValue: words[2])!, amount: MinorUnits(Int64(words[4])!))
    }
}

// A record as the ledger's words have it, so that what was found at random can be told to a ledger:
// the reverse of `parse`. Records are about the ledger's offering.

package func words(_ record: InputRecord) -> String {
    switch record {
    case .bid(let bid):
        return "bid \(bid.bid) \(bid.account) \(bid.shares)\(bid.allOrNone ? " whole" : "")"
    case .cancellation(let cancellation):
        return "cancel \(cancellation.bid) \(cancellation.account)"
    case .command(let command): return words(command)
    case .partitionCommand: preconditionFailure("a ledger is about an offering")
    case .paymentResult(let result):
        let amount = result.amount.map { " \($0)" } ?? ""
        return "\(result.kind.rawValue) \(result.payment.map(words) ?? "?") #\(result.result) "
            + "\(result.account)\(amount)\(result.isProven ? " proven" : "")"
    }
}

private func words(_ command: OfferingCommand) -> String {
    let id = command.command
    switch command.action {
    case .open(let terms): return "open \(id) \(words(terms))"
    case .close: return "close \(id)"
    case .pause: return "pause \(id)"
    case .resume: return "resume \(id)"
    case .cancel(let reason): return "cancel-all \(id)" + (reason.map { " \($0)" } ?? "")
    case .amend(let closesAt): return "amend \(id) \(closesAt)"
    case .repay(let payment): return "repay \(id) \(payment.map(words) ?? "?")"
    case .distribute(let distribution, let kind, let amount):
        return "distribute \(id) \(kind.rawValue) \(distribution) \(amount)"
    }
}

/// The id without its offering, which `parse` puts before it.
private func words(_ payment: PaymentID) -> String {
    String(payment.description.dropFirst("\(payment.offering)/".count))
}
