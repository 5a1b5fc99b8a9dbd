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
            "intent", "A command was taken up, with all that it takes to send it.", intent,
            example: #""kind":"collect","partition":4,"account":"a-42","amount":3000000,"#
                + #""currency":"CNY","due":3000000,"key":"3f1c","channel":"bank","#
                + #""token":"acc_9","body":"{\"amount\":3000000}","#
                + #""sourcePartition":2,"sourceOffset":17"#),
        entry(
            "sending", "The command may be sent once; written before the first byte leaves.",
            [
                attempt,
                .required("isRepeat", Form.flag("An attempt before it may have moved money.")),
                .required("epoch", Form.integer("Which payer of the partition it is.")),
                .required("windowEndsAt", Form.time("After it the first byte must not leave.")),
            ],
            example: #""attempt":1,"isRepeat":false,"epoch":3,"windowEndsAt":1795464054394"#),
        entry(
            "outcome", "What came of sending it.",
            [
                attempt,
                .required("class", Form.word(
                    "What the answer proves.", of: PaymentOutcome.Class.self)),
                reference,
                .optional("retryAt", Form.time("With notExecuted: when to try again.")),
                maybeResult,
            ],
            example: #""attempt":1,"class":"paid","reference":"pay_01","result":2"#),
        entry(
            "lookup", "What the provider's record says.",
            [
                .required("class", Form.word(
                    "What the answer proves.", of: PaymentLookup.Class.self)),
                reference, maybeResult,
            ],
            example: #""class":"notFound""#),
        entry(
            "parked", "The command is never sent again by itself: people decide.",
            [.required("reason", Form.word("Why.", of: PaymentDoubt.self)), maybeResult],
            example: #""reason":"keyExpired","result":3"#),
        entry(
            "admitted", "Room was made under the cap of its obligation: it takes its turn.", [],
            example: ""),
        entry(
            "waiting", "The command waits behind one of its account that is in doubt.",
            [.required("behind", Form.payment("The one in doubt.")), result],
            example: #""behind":"loan-7/b-1/2","result":1"#),
        entry(
            "recalled", "The command was never sent and never will be.",
            recall + source + [result],
            example: #""command":"loan-7/b-1/1","offering":"loan-7","partition":4,"#
                + #""account":"a-42","sourcePartition":2,"sourceOffset":18,"result":1"#,
            namesCommand: false),
        entry(
            "conflict", "A command of the same id and of other content came; the first goes on.",
            source,
            example: #""sourcePartition":2,"sourceOffset":19"#),
    ]

    private static func entry(
        _ type: String, _ summary: String, _ members: [SchemaMember], example: String,
        namesCommand: Bool = true
    ) -> RecordSchema {
        let command = SchemaMember.required("command", Form.payment("The payment command."))
        let own = (namesCommand ? [#""command":"loan-7/b-1/1""#] : [])
            + (example.isEmpty ? [] : [example])
        return RecordSchema(
            topic: .paymentJournal, type: type, summary: summary,
            members: [.type(type)] + (namesCommand ? [command] : []) + members + [
                .required("at", Form.time("By the clock of the payer that wrote it."))
            ],
            examples: [
                #"{"type":"\#(type)",\#(own.joined(separator: ",")),"at":1795464049394}"#
            ])
    }

    private static let attempt = SchemaMember.required(
        "attempt", Form.integer("1, 2, ... within the command."))
    private static let reference = SchemaMember.optional("reference", Form.text(
        "The provider's id of the payment.", largest: RecordLimits.providerText))
    private static let result = SchemaMember.required(
        "result", Form.integer("The number of the answer written with it."))
    private static let maybeResult = SchemaMember.optional(
        "result", Form.integer("The number of the answer written with it, if one is."))

    private static let source: [SchemaMember] = [
        .required("sourcePartition", Form.integer("Where the order stands in payment-commands.")),
        .required("sourceOffset", Form.integer("Its offset there.")),
    ]

    private static let intent: [SchemaMember] = [
        .required("kind", Form.word("What the money is for.", of: PaymentCommand.Kind.self)),
        .required("partition", Form.integer("The partition of payment-results to answer to.")),
        .required("account", Form.id("Who pays or is paid; the record's key, too.")),
        .required("amount", Form.money("How much.")),
        .required("currency", Form.currency("Of what.")),
        .required("due", Form.money("What the obligation's commands together may come to.")),
        .optional("original", Form.integer(
            "Of a refund: the number of the collection whose money it returns.")),
        .required("key", Form.id("The provider's idempotency key, kept for every attempt.")),
        .required("channel", Form.id("The channel that it is bound to.")),
        .optional("token", Form.text(
            "The account as the provider knows it; left out where nobody knows.",
            largest: RecordLimits.providerText)),
        .required("body", Form.text(
            "The request's body: the same bytes in every attempt.",
            largest: RecordLimits.paymentBody)),
    ] + source + [
        .optional("parked", Form.word(
            "Why it is not to be sent, known from the beginning.", of: PaymentDoubt.self)),
        maybeResult,
    ]
}
