import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

extension Command {
    static let cancelBid = Command(
        words: ["cancel-bid"],
        summary: "take a bid back",
        description: """
            Shares that wait are cancelled at once. Reserved shares stay reserved until the payer
            says that their payment was not sent; paid shares can't be taken back. Asking twice
            changes nothing.
            """,
        options: [
            Option("offering", "ID", "the offering (required)"),
            Option("account", "ID", "whose bid it is (required)"),
            Option("bid", "ID", "the bid (required)", otherNames: ["id"]),
            Option("wait", nil, "wait for the decision about it"),
        ],
        examples: ["fairfill cancel-bid --offering loan-7 --account anna --bid a-1 --wait"]
    ) { arguments throws(Failure) in
        let offering = try arguments.requiredIdentifier("offering")
        let cancellation = BidCancellation(
            bid: try arguments.requiredIdentifier("bid"), offering: offering,
            account: try arguments.requiredIdentifier("account"))
        let kind = Submission.Kind(
            topic: .bids, input: .bids, one: "cancellation", many: "cancellations",
            advice: "run it again: asking twice changes nothing")
        let submission = try Submission(
            arguments, arguments.connect(), kind, Output(), printsReceipts: true,
            waits: arguments.has("wait"))
        submission.add(cancellation.bid, of: offering) {
            RecordEncoder.encode(cancellation, into: $0)
        }
        return try submission.finish() ? .done : .no
    }
}
