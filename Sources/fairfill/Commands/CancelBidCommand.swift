import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

extension Command {
    static let cancelBid = Command(
        words: ["cancel-bid"],
        summary: "ask for a bid to be taken back",
        description: """
            What waits is cancelled at once. What is reserved stays so until the payer says that
            its payment was not sent; a bid that is paid can't be taken back. Asking twice changes
            nothing.
            """,
        options: [
            Option("offering", "ID", "the offering (required)"),
            Option("account", "ID", "whose bid it is (required)"),
            Option("bid", "ID", "the bid (required)", otherNames: ["id"]),
            Option("wait", nil, "follow it to its decision"),
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
