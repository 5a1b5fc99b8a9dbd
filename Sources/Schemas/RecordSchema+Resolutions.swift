import JSON
import Messages
import Vocabulary

// What people, brakes and statements say: in `payment-resolutions`, and as the journal has it.
extension RecordSchema {
    /// The records of `payment-resolutions`.
    static let paymentResolutions = RebuildResolution.Kind.allCases.map { kind in
        resolution(
            kind.rawValue,
            kind == .proposed
                ? "One person proposes to go on behind what a journal lost."
                : "Another person approves exactly that proposal.",
            damage.filter { $0.name != "partition" },
            example: #""partition":2,"last":812,"mark":840,"isRestarted":false,"actor":"anna""#)
    } + [
        resolution(
            "resolve", "A person says what became of a payment; another one has to approve it.",
            proposal,
            example: #""resolution":"r-5c1f","partition":2,"command":"loan-7/b-1/1","#
                + #""account":"a-42","decision":"paid","version":4,"#
                + #""evidence":"line 17 of the statement of 24 November","reference":"pay_01","#
                + #""actor":"anna""#),
        resolution(
            "resolve.approve", "Another person approves it: it acts.",
            [
                named,
                .required("command", Form.payment("The payment command.")),
                .required("version", Form.integer("That of the proposal.")),
            ],
            example: #""resolution":"r-5c1f","partition":2,"command":"loan-7/b-1/1","#
                + #""version":4,"actor":"ben""#),
        resolution(
            "statement", "A line of a provider's statement: proof that money moved.",
            [
                .required("command", Form.payment("The payment command.")),
                .required("channel", Form.id("The channel whose statement it is.")),
                .required("key", Form.id("The provider's idempotency key.")),
                line,
                .required("amount", Form.money("How much moved.")),
                .required("currency", Form.currency("Of the amount.")),
                .required("direction", Form.word(
                    "Which way it moved.", of: MoneyDirection.self)),
                statement, reference,
                .required("closed", Form.flag("The statement says that no line is missing.")),
            ],
            example: #""partition":2,"command":"loan-7/b-1/1","channel":"default","#
                + #""key":"3f1c","line":"booked","amount":3000000,"currency":"CNY","#
                + #""direction":"collect","statement":"bank-2026-11-24","reference":"pay_01","#
                + #""closed":true,"actor":"anna""#),
        resolution(
            "statement.absent",
            "A closed statement covers a command's time and has no line of it: a decline of the "
                + "provider's own is proven.",
            [
                .required("command", Form.payment("The payment command.")),
                .required("channel", Form.id("The channel whose statement it is.")),
                statement,
                .required("from", Form.time("It covers the time from here.")),
                .required("to", Form.time("Up to here, without a gap.")),
            ],
            example: #""partition":2,"command":"loan-7/b-1/refund/1/1","channel":"default","#
                + #""statement":"bank-2026-11-24","from":1795392000000,"to":1795478400000,"#
                + #""actor":"anna""#),
        resolution(
            "pause", "An operator holds payments: none is sent, lookups go on.",
            pause + [reason],
            example: #""partition":2,"channel":"default","kind":"refund","actor":"anna","#
                + #""reason":"the bank asked us to wait""#),
        resolution(
            "resume", "An operator lets go what a pause holds that is not wider than this.",
            pause + [reason],
            example: #""partition":2,"channel":"default","kind":"refund","actor":"ben","#
                + #""reason":"the bank is ready""#),
        resolution(
            "limit",
            "How much of a currency may be paid out in a day of UTC; without amounts: any.",
            limit,
            example: #""partition":2,"currency":"CNY","amount":50000000,"whole":400000000,"#
                + #""actor":"anna""#),
        resolution(
            "resume.refused", "What the provider refused by its form takes its turn again.",
            [.optional("channel", Form.id("Those over this channel; left out: over any."))],
            example: #""partition":2,"channel":"default","actor":"anna""#),
        resolution(
            "ack", "A person has looked at a record of attention; no payer acts on it.",
            [.required("offset", Form.integer("Its offset in that partition of attention."))],
            example: #""partition":2,"offset":77,"actor":"anna""#),
    ]

    /// The entries of `payment-journal` that come of them, and of orders that are left out.
    static let peoplesEntries = [
        entry(
            "proposed", "A person says what became of it; another one has to approve it.",
            [partition] + proposal.filter { $0.name != "command" } + [actor, offset],
            example: #""resolution":"r-5c1f","partition":2,"account":"a-42","decision":"paid","#
                + #""version":4,"evidence":"line 17","reference":"pay_01","actor":"anna","#
                + #""offset":3"#),
        entry(
            "agreed", "Two people agree; it acts once nothing of it can be under way.",
            [named, actor, offset],
            example: #""resolution":"r-5c1f","actor":"ben","offset":4"#),
        entry(
            "resolved", "What two people say acts.",
            [
                named, verdict,
                .required("proposedBy", Form.id("Who proposed it.")),
                .required("approvedBy", Form.id("Who approved it: another person.")),
                reference,
                .optional("key", Form.id("With notExecuted: the key from here on.")),
                .optional("channel", Form.id("With key: the channel from here on.")),
                .optional("token", Form.text(
                    "With key: the account as that provider knows it.",
                    largest: RecordLimits.providerText)),
                .optional("body", Form.text(
                    "With key: the request's body from here on.",
                    largest: RecordLimits.paymentBody)),
                offset, maybeResult,
            ],
            example: #""resolution":"r-5c1f","decision":"paid","proposedBy":"anna","#
                + #""approvedBy":"ben","reference":"pay_01","offset":4,"result":3"#),
        entry(
            "unresolved", "A record of payment-resolutions that changes nothing.",
            [
                .optional("resolution", Form.id("The name of the resolution.")),
                .required("reason", Form.word("Why.", of: ResolutionRefusal.self)), offset,
            ],
            example: #""resolution":"r-5c1f","reason":"wrongVersion","offset":4"#),
        entry(
            "statement", "What a line of a provider's statement shows.",
            [
                .required("class", Form.word(
                    "What it comes to.", of: PaymentStatement.Class.self)),
                line, statement, reference, offset, maybeResult,
            ],
            example: #""class":"paid","line":"booked","statement":"bank-2026-11-24","#
                + #""reference":"pay_01","offset":5,"result":3"#),
        entry(
            "proven", "A closed statement proves the provider's decline.",
            [statement, offset, maybeResult],
            example: #""statement":"bank-2026-11-24","offset":6,"result":3"#),
        entry(
            "paused", "Payments are held.", [partition] + pause + [actor, reason, offset],
            example: #""partition":2,"channel":"default","kind":"refund","actor":"anna","#
                + #""reason":"the bank asked us to wait","offset":7"#,
            namesCommand: false),
        entry(
            "resumed", "They are held no longer.", [partition] + pause + [actor, reason, offset],
            example: #""partition":2,"channel":"default","kind":"refund","actor":"ben","#
                + #""reason":"the bank is ready","offset":8"#,
            namesCommand: false),
        entry(
            "limited", "How much may be paid out in a day.",
            [partition] + limit + [actor, offset],
            example: #""partition":2,"currency":"CNY","amount":50000000,"whole":400000000,"#
                + #""actor":"anna","offset":9"#,
            namesCommand: false),
        entry(
            "refusedResumed", "What the provider refused by its form is taken up again.",
            [
                partition, .optional("channel", Form.id("Those over this channel.")), actor,
                offset,
            ],
            example: #""partition":2,"channel":"default","actor":"anna","offset":10"#,
            namesCommand: false),
        entry(
            "recallNoted", "A recall of a command that was sent waits for its outcome.",
            recall + commandSource,
            example: #""command":"loan-7/b-1/1","offering":"loan-7","partition":4,"#
                + #""account":"a-42","sourcePartition":2,"sourceOffset":18,"#
                + #""sourceAt":1795464049391"#,
            namesCommand: false),
        entry(
            "invalid", "A command whose currency or amount can't be: it is never taken up.",
            [
                .required("partition", Form.integer("The partition to answer to.")),
                .required("account", Form.id("The account that it names.")),
            ] + commandSource + [result],
            example: #""partition":4,"account":"a-42","sourcePartition":2,"sourceOffset":20,"#
                + #""sourceAt":1795464049391,"result":1"#),
    ]

    private static func resolution(
        _ type: String, _ summary: String, _ members: [SchemaMember], example: String
    ) -> RecordSchema {
        RecordSchema(
            topic: .paymentResolutions, type: type, summary: summary,
            members: [.type(type), partition] + members + [
                actor, .required("at", Form.time("By the clock of the command that wrote it.")),
            ],
            examples: [#"{"type":"\#(type)",\#(example),"at":1795464049394}"#])
    }

    private static let partition = SchemaMember.required(
        "partition", Form.integer("The partition."))
    private static let actor = SchemaMember.required("actor", Form.id("Who says so."))
    private static let named = SchemaMember.required(
        "resolution", Form.id("The name of the resolution."))
    private static let offset = SchemaMember.required(
        "offset", Form.integer("The offset of the record in payment-resolutions."))
    private static let statement = SchemaMember.required(
        "statement", Form.id("The statement's name or hash."))
    private static let verdict = SchemaMember.required(
        "decision", Form.word("What became of it.", of: PaymentVerdict.self))
    private static let line = SchemaMember.required(
        "line", Form.word("Whether the money moved, or came back.", of: StatementLine.Kind.self))
    private static let reason = SchemaMember.required(
        "reason", Form.text("Why.", largest: RecordLimits.evidence))

    private static let proposal: [SchemaMember] = [
        named,
        .required("command", Form.payment("The payment command.")),
        .required("account", Form.id("The payment's account.")),
        verdict,
        .required("version", Form.integer(
            "How many entries of the journal were about it when it was looked at.")),
        .required("evidence", Form.text(
            "What was seen where.", largest: RecordLimits.evidence)),
        reference,
        .optional("channel", Form.id("With notExecuted: the channel to send it over.")),
    ]

    private static let pause: [SchemaMember] = [
        .optional("channel", Form.id("Those over this channel; left out: over any.")),
        .optional("kind", Form.word(
            "Those for this purpose; left out: for any.", of: PaymentCommand.Kind.self)),
    ]

    private static let limit: [SchemaMember] = [
        .required("currency", Form.currency("Of the amounts.")),
        .optional("amount", Form.money("The partition's share.")),
        .optional("whole", Form.money("What all partitions have together.")),
    ]
}
