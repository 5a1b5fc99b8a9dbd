import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

// Operators' commands about an offering that exists.
extension Command {
    static let offeringPause = offering(
        "pause", "refuse bids for a while; serving and payments go on"
    ) { _ in .pause }

    static let offeringResume = offering("resume", "take bids again after a pause") { _ in .resume }

    static let offeringClose = offering(
        "close", "take no more bids, and end once reserved shares are paid or released",
        "The waitlist keeps its claim: it still gets released shares. At the end the backstop "
            + "takes what is left, and below minimumShares everything is refunded. If refunds are "
            + "certain already, the command asks first on a terminal; elsewhere it is refused (64) "
            + "without --yes.",
        options: [Option("yes", nil, "close without asking, even if everything is refunded")],
        check: CloseOutlook.check
    ) { _ in .close }

    static let offeringAmend = offering(
        "amend", "move the end of an offering to a later time",
        "closesAt moves to a later time. Nothing else can be amended, and an offering without a "
            + "closesAt can't be given one.",
        options: [
            Option("closes-at", "TIME", "RFC 3339, or milliseconds since 1970 UTC (required)")
        ],
        example: "--closes-at 2026-12-24T18:00:00+01:00"
    ) { arguments throws(Failure) in
        .amend(closesAt: try arguments.requiredMoment("closes-at"))
    }

    static let offeringCancel = offering(
        "cancel", "cancel an offering and give everything back",
        "Bids that wait are cancelled, payments under way are recalled, and paid shares are "
            + "refunded. A filled offering can be cancelled until something was paid out of it.",
        options: [Option("reason", "TEXT", "a reason, recorded with the decision (default: none)")],
        example: "--reason 'borrower withdrew'"
    ) { arguments throws(Failure) in
        let reason = arguments.text("reason")
        if let reason, reason.utf8.count > RecordLimits.cancellationReason {
            throw Failure(
                .usage, "--reason has \(reason.utf8.count) bytes; at most "
                    + "\(RecordLimits.cancellationReason) are kept")
        }
        return .cancel(reason: reason)
    }

    static let offeringDistribute = offering(
        "distribute", "pay interest or principal to those who hold shares",
        "The amount is split in proportion to settled shares, to the last unit. The offering's "
            + "terms list the allowed ids; the same id again pays nothing twice.",
        options: [
            Option("distribution", "ID", "one of the ids that the terms allow (required)"),
            Option(
                "kind", "KIND", "interest or principal (required)",
                words: DistributionKind.allCases.map(\.rawValue)),
            Option("amount", "N", "the total for all holders, in minor units (required)"),
        ],
        example: "--kind interest --distribution q4 --amount 416700"
    ) { arguments throws(Failure) in
        _ = try arguments.required("kind")
        let kind = arguments.choice("kind", as: DistributionKind.self)!
        return .distribute(
            distribution: try arguments.requiredIdentifier("distribution"), kind: kind,
            amount: MinorUnits(try arguments.integer("amount", of: "minor units to distribute")))
    }

    static let offeringRepay = offering(
        "repay", "command a refund or payout again after it was declined or came back",
        "It is commanded under the same obligation: the payer moves what is due once, however "
            + "often it is commanded. The decision payoutDeclined or paymentReturned names the "
            + "payment.",
        options: [
            Option(
                "payment", "ID",
                "the payment as attention list names it, or without its number (required)")
        ],
        example: "--payment loan-7/b-1/refund/1"
    ) { arguments throws(Failure) in
        var text = try arguments.required("payment")
        let payment = text.withUTF8 {
            PaymentID(UnsafeRawBufferPointer($0))
                ?? PaymentID(obligation: UnsafeRawBufferPointer($0))
        }
        guard let payment else {
            throw Failure(
                .usage, "--payment \(text) is no payment: see the payoutDeclined decisions")
        }
        return .repay(payment: payment)
    }

    private static func offering(
        _ word: String, _ summary: String, _ description: String = "",
        options: [Option] = [], example: String = "",
        check: (@Sendable (Arguments, LogConnection, Identifier) throws(Failure) -> Void)? = nil,
        _ action: @escaping @Sendable (Arguments) throws(Failure) -> OfferingCommand.Action
    ) -> Command {
        let common = "The command is appended to offering-commands and decided by the allocator. "
            + "Sending the same --command id again changes nothing. If the offering is already in "
            + "the requested state, the answer is a repeat."
        return Command(
            words: ["offering", word],
            summary: summary,
            description: description.isEmpty ? common : "\(description)\n\n\(common)",
            options: [Option("offering", "ID", "the offering (required)")] + options + [
                Option("command", "ID", "the command's own id (default: a new one)"),
                Option("no-wait", nil, "don't wait for the decision"),
            ],
            examples: [
                "fairfill offering \(word) --offering loan-7"
                    + (example.isEmpty ? "" : " \(example)")
            ]
        ) { arguments throws(Failure) in
            let offering = try arguments.requiredIdentifier("offering")
            let action = try action(arguments)
            let random = String(UInt64.random(in: .min ... .max), radix: 36)
            let command = try arguments.identifier("command")
                ?? Identifier(parsing: "\(word)-\(random)")!
            let kind = Submission.Kind(
                topic: .offeringCommands, input: .offeringCommands, one: "command",
                many: "commands",
                advice: "run it again with --command \(command): if it is there, that changes "
                    + "nothing")
            let connection = try arguments.connect()
            try check?(arguments, connection, offering)
            let isFollowed = !arguments.has("no-wait")
            let submission = try Submission(
                arguments, connection, kind, Output(), printsReceipts: !isFollowed,
                waits: isFollowed)
            let record = OfferingCommand(command: command, offering: offering, action: action)
            submission.add(command, of: offering) { RecordEncoder.encode(record, into: $0) }
            return try submission.finish() ? .done : .no
        }
    }
}
