import EventLog
import Messages
import Vocabulary

extension Command {
    static let offeringPause = pausing(
        "pause", "refuse bids for a while; serving and payments go on", .pause)

    static let offeringResume = pausing("resume", "take bids again", .resume)

    private static func pausing(
        _ word: String, _ summary: String, _ action: OfferingCommand.Action
    ) -> Command {
        Command(
            words: ["offering", word],
            summary: summary,
            description: """
                The command is appended to offering-commands and decided by the allocator. One id
                acts once, however often it comes; what is so already is answered as a repeat.
                """,
            options: [
                Option("offering", "ID", "the offering"),
                Option("command", "ID", "the command's own id (default: a new one)"),
                Option("no-wait", nil, "don't wait for the decision"),
            ],
            examples: ["fairfill offering \(word) --offering loan-7"]
        ) { arguments throws(Failure) in
            let offering = try arguments.requiredIdentifier("offering")
            let random = String(UInt64.random(in: .min ... .max), radix: 36)
            let command = try arguments.identifier("command")
                ?? Identifier(parsing: "\(word)-\(random)")!
            let kind = Submission.Kind(
                topic: .offeringCommands, input: .offeringCommands, one: "command",
                many: "commands",
                advice: "run it again with --command \(command): if it is there, that changes "
                    + "nothing")
            let isFollowed = !arguments.has("no-wait")
            let submission = try Submission(
                arguments, arguments.openPlace(), kind, Output(), printsReceipts: !isFollowed,
                waits: isFollowed)
            let record = OfferingCommand(command: command, offering: offering, action: action)
            submission.add(command, of: offering) { RecordEncoder.encode(record, into: $0) }
            return try submission.finish() ? .done : .no
        }
    }
}
