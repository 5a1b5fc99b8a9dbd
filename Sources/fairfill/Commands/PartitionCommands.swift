import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary
import Workers

// Operators' commands about a whole partition.
extension Command {
    static let topicsClock = Command(
        words: ["topics", "clock"],
        summary: "correct bids that a wrong clock stamped ahead: they count from now",
        description: """
            If the log's clock stamps a bid more than 30 s ahead of the allocator's clock, that bid
            and all bids behind it in its partition wait until then. First set the log's clock. Then
            run this command: the bids from --offset on count from now, or from their own stamp if
            that is earlier, in the allocator and for verify and what-if alike. Nothing else about
            them changes. On SQLite it also sets the file's last time back to now, since that time
            would stamp every later record.

            The allocator decides it before all waiting records, and refuses it if its own clock is
            more than 30 s from this machine's.
            """,
        options: [
            partitionOption,
            Option(
                "offset", "N",
                "the first of the bids; the allocator's alarm names it (required)"),
            Option("to", "N", "the last of the bids (default: the last in the log)"),
        ] + commonOptions,
        examples: ["fairfill topics clock --partition 0 --offset 4711"]
    ) { arguments throws(Failure) in
        let connection = try arguments.connect()
        let partition = try partition(arguments, connection)
        let bids = connection.partition(.bids, partition)
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: [bids], .written)[0]
        }
        guard let first = try arguments.integer("offset") else {
            throw Failure(
                .usage, "--offset is missing: the first bid that was stamped ahead, as the "
                    + "allocator's alarm names it")
        }
        let last = try arguments.integer("to") ?? max(first, bounds.end.rawValue - 1)
        guard first <= last, last < bounds.end.rawValue else {
            throw Failure(
                .usage,
                first <= last
                    ? "\(bids) has no offset \(last): it ends at \(bounds.end)"
                    : "--to \(last) lies before --offset \(first)")
        }
        let now = Timestamp.now
        if let log = connection.log as? any AdjustableLog {
            try logged { () throws(LogError) in try log.lowerClock(to: now.rawValue) }
        }
        return try submit(
            .correctClock(
                ClockCorrection(
                    first: Offset(rawValue: first), last: Offset(rawValue: last), at: now)),
            "clock", to: partition, arguments, connection)
    }

    static let paymentsRecommand = Command(
        words: ["payments", "recommand"],
        summary: "command all payments again that have no final result",
        description: """
            For when the topic payment-commands was lost. The allocator appends every payment and
            recall of the partition without a final result again, in the order of its decisions and
            under the same ids. No payment gets a new number, and the payer ignores a command that
            its journal already has.
            """,
        options: [partitionOption] + commonOptions,
        examples: ["fairfill payments recommand --partition 0"]
    ) { arguments throws(Failure) in
        let connection = try arguments.connect()
        return try submit(
            .recommandPayments, "recommand", to: partition(arguments, connection), arguments,
            connection)
    }

    private static let partitionOption = Option(
        "partition", "N", "the partition (default 0 if there is only one)")

    private static let commonOptions = [
        Option("command", "ID", "the command's own id (default: a new one)"),
        Option("no-wait", nil, "don't wait for the decision"),
    ]

    private static func partition(
        _ arguments: Arguments, _ connection: LogConnection
    ) throws(Failure) -> Partition {
        let count = connection.environment.partitions
        guard let number = try arguments.integer("partition") else {
            guard count == 1 else {
                throw Failure(.usage, "--partition is missing: a number from 0 to \(count - 1)")
            }
            return 0
        }
        guard number < count else {
            throw Failure(.usage, "--partition \(number): a number from 0 to \(count - 1)")
        }
        return Partition(number)
    }

    private static func submit(
        _ action: PartitionCommand.Action, _ word: String, to partition: Partition,
        _ arguments: Arguments, _ connection: LogConnection
    ) throws(Failure) -> ExitCode {
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        let command = try arguments.identifier("command")
            ?? Identifier(parsing: "\(word)-\(random)")!
        let kind = Submission.Kind(
            topic: .offeringCommands, input: .offeringCommands, one: "command", many: "commands",
            advice: "run it again with --command \(command): if it is there, that changes nothing")
        let isFollowed = !arguments.has("no-wait")
        let submission = try Submission(
            arguments, connection, kind, Output(), printsReceipts: !isFollowed, waits: isFollowed)
        let record = PartitionCommand(command: command, action: action)
        submission.add(command, to: partition) { RecordEncoder.encode(record, into: $0) }
        return try submission.finish() ? .done : .no
    }
}
