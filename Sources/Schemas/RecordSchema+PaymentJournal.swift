import Messages
import Vocabulary

extension RecordSchema {
    /// The records of `payment-journal`.
    static let paymentJournal = [
        entry(
            "epoch", "A payer took the partition over: what was being sent is in doubt now.",
            [.required("epoch", Form.integer("Which payer of the partition it is."))],
            example: #""epoch":3"#, namesCommand: false),
        entry(
            "intent", "A command was taken up, with everything that is needed to send it.", intent,
            example: #""kind":"collect","partition":4,"account":"a-42","amount":3000000,"#
                + #""currency":"CNY","due":3000000,"key":"3f1c","channel":"bank","#
                + #""token":"acc_9","body":"{\"amount\":3000000}","#
                + #""sourcePartition":2,"sourceOffset":17,"sourceAt":1795464049391"#),
        entry(
            "sending", "The command may be sent once; written before the first byte leaves.",
            [
                attempt,
                .required("isRepeat", Form.flag("An attempt before it may have moved money.")),
                .required("epoch", Form.integer("Which payer of the partition it is.")),
                .required("channel", Form.id("What it is sent over, and asked for afterwards.")),
                .required("key", Form.id("The provider's idempotency key.")),
                .required("windowEndsAt", Form.time("After it the first byte must not leave.")),
            ],
            example: #""attempt":1,"isRepeat":false,"epoch":3,"channel":"default","#
                + #""key":"3f1c","windowEndsAt":1795464054394"#),
        entry(
            "outcome", "The outcome of sending it.",
            [
                attempt,
                .required("class", Form.word(
                    "What the answer proves.", of: PaymentOutcome.Class.self)),
                reference,
                .optional("retryAt", Form.time("With notExecuted: when to try again.")),
                .optional("status", Form.integer("The status of the provider's answer.")),
                .optional("problem", Form.text(
                    "The problem type that the provider named.",
                    largest: RecordLimits.providerText)),
                .optional("cause", Form.text(
                    "Why, in a few words.", largest: RecordLimits.providerText)),
                maybeResult,
            ],
            example: #""attempt":1,"class":"paid","reference":"pay_01","status":201,"result":2"#),
        entry(
            "lookup", "What the provider's record says.",
            [
                .required("class", Form.word(
                    "What the answer proves.", of: PaymentLookup.Class.self)),
                reference, maybeResult,
            ],
            example: #""class":"notFound""#),
        entry(
            "parked", "No payer sends the command again by itself: operators decide.",
            [.required("reason", Form.word("Why.", of: PaymentDoubt.self)), maybeResult],
            example: #""reason":"keyExpired","result":3"#),
        entry(
            "admitted", "There is room again under its obligation's cap: it takes its turn.", [],
            example: ""),
        entry(
            "waiting", "The command waits behind one of its account that is in doubt.",
            [.required("behind", Form.payment("The one in doubt.")), result],
            example: #""behind":"loan-7/b-1/2","result":1"#),
        entry(
            "recalled", "The command was never sent and never will be.",
            recall + commandSource + [result],
            example: #""command":"loan-7/b-1/1","offering":"loan-7","partition":4,"#
                + #""account":"a-42","sourcePartition":2,"sourceOffset":18,"#
                + #""sourceAt":1795464049391,"result":1"#,
            namesCommand: false),
        entry(
            "conflict", "Another command came with this id and other content; the first goes on.",
            commandSource,
            example: #""sourcePartition":2,"sourceOffset":19,"sourceAt":1795464049391"#),
        entry(
            "channel", "From here on the name of a channel always means this provider.",
            [
                .required("channel", Form.id("The name.")),
                .required("origin", Form.text(
                    "The provider's scheme, host and port.", largest: RecordLimits.providerText)),
                .required("path", Form.text(
                    "The path before /v1, or nothing.", largest: RecordLimits.providerText)),
                .optional("merchant", Form.text(
                    "Who owns the account at the provider.", largest: RecordLimits.providerText)),
            ],
            example: #""channel":"default","origin":"https://bank.example","path":"/api""#,
            namesCommand: false),
        entry(
            "redrafted", "A command that was never sent goes over another channel.",
            [
                .required("channel", Form.id("The channel.")),
                .required("token", Form.text(
                    "The account as that provider knows it.",
                    largest: RecordLimits.providerText)),
                .required("body", Form.text(
                    "The request's body.", largest: RecordLimits.paymentBody)),
            ],
            example: #""channel":"second","token":"acc_9","body":"{\"amount\":3000000}""#),
        entry(
            "rebuilt", "The journal had lost entries and goes on behind them.",
            damage + [
                .required("proposedBy", Form.id("Who proposed it.")),
                .required("approvedBy", Form.id("Who approved it: another person.")),
                .required("resolution", Form.integer(
                    "The offset of the approval in payment-resolutions.")),
            ],
            example: #""partition":2,"last":812,"mark":840,"isRestarted":false,"#
                + #""proposedBy":"anna","approvedBy":"ben","resolution":1"#,
            namesCommand: false),
        entry(
            "lost", "A command whose entries may be lost: it counts as sent once.",
            [
                .required("class", Form.word(
                    "What its last answer says.", of: PaymentLost.Class.self)),
                .required("answered", Form.integer("The number of that answer; 0 without one.")),
                reference, maybeResult,
            ],
            example: #""class":"inDoubt","answered":0,"result":1"#),
    ] + peoplesEntries

    /// What guards the journal's tail: the record of `payment-marks`.
    static let paymentMark = RecordSchema(
        topic: .paymentMarks, type: "mark",
        summary: "How far a partition's journal goes; written in each of its transactions.",
        members: [
            .type("mark"),
            .required("partition", Form.integer("The partition, which is the key, too.")),
            .required("number", Form.integer("The number of the journal's last entry.")),
            .required("epoch", Form.integer("Which payer of the partition wrote it.")),
            .required("at", Form.time("When, by the log as well as the payer knows.")),
        ],
        examples: [
            #"{"type":"mark","partition":2,"number":840,"epoch":3,"at":1795464049394}"#
        ])

    static let damage: [SchemaMember] = [
        .required("partition", Form.integer("The partition.")),
        .required("last", Form.integer("The number of the journal's last entry; 0: none.")),
        .required("mark", Form.integer("The number in its mark; 0: none.")),
        .required("isRestarted", Form.flag(
            "payment-commands was made anew, or with last and mark 0 all of the journal is gone: "
                + "the commands are read from their beginning.")),
    ]

    static func entry(
        _ type: String, _ summary: String, _ members: [SchemaMember], example: String,
        namesCommand: Bool = true
    ) -> RecordSchema {
        let command = SchemaMember.required("command", Form.payment("The payment command."))
        let own = (namesCommand ? [#""command":"loan-7/b-1/1""#] : [])
            + (example.isEmpty ? [] : [example])
        return RecordSchema(
            topic: .paymentJournal, type: type, summary: summary,
            members: [.type(type)] + (namesCommand ? [command] : []) + members + [
                .required("at", Form.time("When, by the log as well as the payer knows.")),
                .required("number", Form.integer("1, 2, ... within the partition.")),
            ],
            examples: [
                #"{"type":"\#(type)",\#(own.joined(separator: ",")),"at":1795464049394,"#
                    + #""number":17}"#
            ])
    }

    private static let attempt = SchemaMember.required(
        "attempt", Form.integer("1, 2, ... within the command."))
    static let reference = SchemaMember.optional("reference", Form.text(
        "The provider's id of the payment.", largest: RecordLimits.providerText))
    static let result = SchemaMember.required(
        "result", Form.integer("The number of the answer written with it."))
    static let maybeResult = SchemaMember.optional(
        "result", Form.integer("The number of the answer written with it, if one is."))

    static let commandSource: [SchemaMember] = [
        .required("sourcePartition", Form.integer("Where the order stands in payment-commands.")),
        .required("sourceOffset", Form.integer("Its offset there.")),
        .required("sourceAt", Form.time("And its append time.")),
    ]

    private static let intent: [SchemaMember] = [
        .required("kind", Form.word("What the money is for.", of: PaymentCommand.Kind.self)),
        .required("partition", Form.integer("The partition of payment-results to answer to.")),
        .required("account", Form.id("Who pays or is paid; the record's key, too.")),
        .required("amount", Form.money("How much.")),
        .required("currency", Form.currency("Of the amount.")),
        .required("due", Form.money("What the obligation's commands together may come to.")),
        .optional("original", Form.integer(
            "Of a refund: the number of the collection whose money it returns.")),
        .required("key", Form.id("The provider's idempotency key, kept for every attempt.")),
        .required("channel", Form.id("The channel that it was drafted for.")),
        .optional("token", Form.text(
            "The account as the provider knows it; left out if it is not known.",
            largest: RecordLimits.providerText)),
        .required("body", Form.text(
            "The request's body: the same bytes in every attempt.",
            largest: RecordLimits.paymentBody)),
    ] + commandSource + [
        .optional("parked", Form.word(
            "Why it is not to be sent, known from the beginning.", of: PaymentDoubt.self)),
        maybeResult,
    ]
}
