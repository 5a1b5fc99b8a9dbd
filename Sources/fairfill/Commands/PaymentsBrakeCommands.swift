import CommandLine
import FairfillClient
import Messages
import Vocabulary

extension Command {
    private static let channel = Option(
        "channel", "NAME", "those over this channel (default: over any)")
    private static let kind = Option(
        "kind", "WORD", "those for this purpose (default: for any)",
        words: PaymentCommand.Kind.allCases.map(\.rawValue))
    private static let actor = Option("actor", "NAME", "who you are (required)")

    static let paymentsPause = Command(
        words: ["payments", "pause"],
        summary: "hold payments: none is sent until payments resume",
        description: """
            Every payer of the environment obeys: it sends no payment for the first time and repeats
            none. What was sent goes on: answers count, and the provider is asked about payments in
            doubt. Payments that are held were never sent, so recalls are granted.
            """,
        options: [
            channel, kind, actor, Option("reason", "TEXT", "why, for the others (required)"),
        ],
        examples: [
            "fairfill payments pause --actor anna --reason 'the bank asked us to wait'",
            "fairfill payments pause --kind refund --actor anna --reason 'checking refunds'",
        ]
    ) { arguments throws(Failure) in
        let reason = try arguments.required("reason")
        let pause = try pause(arguments, reason)
        return try brake(arguments, "held") { partition in
            var pause = pause
            pause.partition = partition
            return .pause(pause)
        }
    }

    static let paymentsResume = Command(
        words: ["payments", "resume"],
        summary: "let go what payments pause holds, or what the provider refused by its form",
        description: """
            Lifts each pause that is not wider than what is named: without --channel and --kind all
            of them.

            With --refused, payments that the provider refused by their form (rejected) take their
            turn again, once the reason is mended. A recall that waits comes first, then the cap of
            the obligation, then the lane of the account. Their bytes and keys stay the same.
            """,
        options: [
            channel, kind, actor, Option("reason", "TEXT", "why (default: none)"),
            Option("refused", nil, "take up what the provider refused by its form"),
        ],
        examples: [
            "fairfill payments resume --actor ben",
            "fairfill payments resume --refused --channel bank --actor ben",
        ]
    ) { arguments throws(Failure) in
        if arguments.has("refused") {
            try arguments.refuse(
                ["kind", "reason"], with: "refused", because: "it is about a channel")
            let actor = try arguments.requiredIdentifier("actor")
            let channel = try arguments.identifier("channel")
            return try brake(arguments, "taken up again") { partition in
                .refusedResumption(
                    RefusedResumption(
                        partition: partition, channel: channel, actor: actor, at: .now))
            }
        }
        let pause = try pause(arguments, arguments.text("reason") ?? "")
        return try brake(arguments, "held no longer") { partition in
            var pause = pause
            pause.partition = partition
            return .resumption(pause)
        }
    }

    static let paymentsLimit = Command(
        words: ["payments", "limit"],
        summary: "limit how much of a currency is paid out in a day",
        description: """
            First sends of refunds, interest, principal and proceeds count, also those that fail;
            days are those of UTC. Each partition has its share of the limit. A payment that is
            larger than its partition's share is named in attention, with the limit that would do.
            """,
        options: [
            Option("currency", "C", "of the amount, such as EUR (required)"),
            Option("amount", "N", "at most so many minor units a day (required without --none)"),
            Option("none", nil, "no limit any more"), actor,
        ],
        examples: ["fairfill payments limit --currency EUR --amount 100000000 --actor anna"]
    ) { arguments throws(Failure) in
        let text = try arguments.required("currency")
        guard let currency = CurrencyCode(text) else {
            throw Failure(.usage, "--currency \(text): three capital letters, such as EUR")
        }
        let actor = try arguments.requiredIdentifier("actor")
        if arguments.has("none") {
            try arguments.refuse(["amount"], with: "none", because: "it lifts the limit")
            return try brake(arguments, "limited no longer") { partition in
                .limit(
                    OutflowLimit(
                        partition: partition, currency: currency, amounts: nil, actor: actor,
                        at: .now))
            }
        }
        _ = try arguments.required("amount")
        let whole = try arguments.integer("amount")!
        return try brake(arguments, "limited") { (partition, count) in
            // What does not divide goes to the first ones.
            let share = whole / count + (partition.rawValue < whole % count ? 1 : 0)
            return .limit(
                OutflowLimit(
                    partition: partition, currency: currency,
                    amounts: OutflowLimit.Amounts(
                        share: MinorUnits(rawValue: share), whole: MinorUnits(rawValue: whole)),
                    actor: actor, at: .now))
        }
    }

    private static func pause(
        _ arguments: Arguments, _ reason: String
    ) throws(Failure) -> PaymentPause {
        guard reason.utf8.count <= RecordLimits.evidence else {
            throw Failure(
                .usage, "--reason has \(reason.utf8.count) bytes; at most "
                    + "\(RecordLimits.evidence) are kept")
        }
        return PaymentPause(
            partition: 0, channel: try arguments.identifier("channel"),
            kind: arguments.choice("kind"), actor: try arguments.requiredIdentifier("actor"),
            reason: reason, at: .now)
    }

    private static func brake(
        _ arguments: Arguments, _ state: String, _ make: (Partition) -> PaymentResolution
    ) throws(Failure) -> ExitCode {
        try brake(arguments, state) { (partition, _) in make(partition) }
    }

    /// Writes a brake to every partition.
    private static func brake(
        _ arguments: Arguments, _ state: String,
        _ make: (Partition, _ count: Int64) -> PaymentResolution
    ) throws(Failure) -> ExitCode {
        let writing = ResolutionAppender(connection: try arguments.connect())
        let count = writing.connection.environment.partitions
        try writing.write(writing.onEachPartition { make($0, count) })
        let output = Output()
        if arguments.isJSON {
            var line = JSONLine()
            line.add("state", state)
            line.add("partitions", count)
            try output.line(line.line)
        } else {
            try output.text(
                "\(state): written to "
                    + (count == 1 ? "the partition" : "each of the \(count) partitions")
                    + " of '\(writing.connection.name)'; every payer obeys once it has read it")
        }
        try output.flush()
        return .done
    }
}
