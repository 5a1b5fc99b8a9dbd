// Bids for shares of an offering and follows decisions until the bid is decided:
//
//     bidder sqlite:fairfill.db loan-7 anna 300 a-1
//
// Ends with 0 if the bid is reserved or waits, 1 if it is refused, 64 if the words are wrong, 75
// where it is worth another try (under the same id, which never buys twice), and 70 otherwise.

import FairfillClient
import Foundation

let words = CommandLine.arguments.dropFirst().map { $0 }
guard words.count == 5, let offering = Identifier(parsing: words[1]),
    let account = Identifier(parsing: words[2]), let shares = Int64(words[3]), shares >= 0,
    let id = Identifier(parsing: words[4])
else {
    print("usage: bidder LOG OFFERING ACCOUNT SHARES BID")
    exit(64)
}

do {
    let log = try await LogConnection.open(words[0])
    try await log.check()

    // Asked for before the bid is sent, so that its decision is among them.
    let decisions = try await log.decisions(partitions: [log.home(of: offering)])
    let bid = Bid(
        bid: id, offering: offering, account: account, shares: Shares(rawValue: shares))
    let receipt = try await log.submit(bid)
    print("\(receipt.id) in \(receipt.topic)[\(receipt.partition)] at offset \(receipt.offset)")

    for try await followed in decisions {
        let decision = followed.decision
        print("decision \(decision.sequence): \(decision.event.type.rawValue)")
        guard receipt.isAnswered(by: decision) else { continue }
        exit(decision.isRefusal ? 1 : 0)
    }
} catch {
    print(error.message)
    let mayGoBetter: [ClientError.Code] = [.tryAgain, .unavailable, .inputOutput, .fenced]
    exit(mayGoBetter.contains(error.code) ? 75 : 70)
}
