import Allocation
import Vocabulary

// A record as the ledger's words have it, so that what was found at random can be told to a ledger:
// the reverse of `parse`. Records are about the ledger's offering.

func words(_ record: InputRecord) -> String {
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
