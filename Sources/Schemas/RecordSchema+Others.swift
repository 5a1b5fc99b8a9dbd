import JSON
import Messages
import Vocabulary

extension RecordSchema {
    /// The record of `attention`: of an allocator about a decision, of a payer about a payment, or
    /// of either about a partition that it can't work on.
    static let attention = RecordSchema(
        topic: .attention, type: "attention",
        summary: "Something that an operator must look at: a decision, a payment, a worker, "
            + "or a topic.",
        members: [
            .type("attention"),
            .required("kind", Form.word(
                "What happened.",
                Attention.Kind.allCases.map(\.rawValue)
                    + PaymentAttentionWord.allCases.map(\.rawValue)
                    + StandstillAttentionWord.allCases.map(\.rawValue)
                    + TopicAttention.Kind.allCases.map(\.rawValue))),
            .optional("offering", Form.id("The offering.")),
            .optional("seq", Form.integer("`seq` of the decision about it.")),
            .optional("expectedPartition", Form.integer(
                "With misrouted: the partition that the offering lives in.")),
            .optional("command", Form.payment("The payment command.")),
            .optional("account", Form.id("The payment's account.")),
            .optional("amount", Form.money("With refunds and payouts: what is to be paid.")),
            .optional("currency", Form.currency("Of the amount.")),
            .optional("error", DecisionPart.malformation(
                "With malformed: what is wrong with the record.")),
            .optional("reason", Form.word(
                "With paymentParked and paymentUnresolved: why.",
                PaymentDoubt.allCases.map(\.rawValue)
                    + ResolutionRefusal.allCases.map(\.rawValue).filter {
                        PaymentDoubt(rawValue: $0) == nil
                    })),
            .optional("whole", Form.money(
                "With paymentOverLimit: the daily limit that would let it go.")),
            .optional("class", Form.word(
                "With paymentLateAnswer: what the answer proves.",
                of: PaymentOutcome.Class.self)),
            .optional("worker", Form.word(
                "With laneStandsStill: which worker of the partition can't go on. It tries again "
                    + "by itself.", of: StandstillAttention.Worker.self)),
            .optional("detail", Form.text(
                "With laneStandsStill, openTransaction and partitionsAdded: why, and what to do "
                    + "about it.", largest: StandstillAttention.largestDetail)),
            .optional("since", Form.time(
                "With openTransaction and partitionsAdded: since when, by the worker's clock, as "
                    + "far as it knows.")),
            .required("at", Form.time("The append time of the input, or the worker's clock.")),
            .optional("topic", Form.word(
                "Of a decision: the topic of the record that caused it; clock: a deadline. With "
                    + "openTransaction and partitionsAdded: the topic. Without the environment.",
                Topic.allCases.map(\.name) + ["\(InputTopic.clock.name)"])),
        ] + sourceMembers.filter { $0.name != "topic" }.map { .optional($0.name, $0.form) },
        conditions: [
            .init("oneOf", [
                about(
                    "a decision", Attention.Kind.allCases.map(\.rawValue),
                    ["seq", "topic", "partition", "offset"]),
                about(
                    "a payment", PaymentAttentionWord.allCases.map(\.rawValue),
                    ["offering", "command", "account"]),
                about(
                    "a worker", StandstillAttentionWord.allCases.map(\.rawValue),
                    ["worker", "partition", "detail"]),
                about(
                    "a topic", [TopicAttention.Kind.partitionsAdded.rawValue],
                    ["topic", "partition", "since", "detail"]),
                about(
                    "a transaction", [TopicAttention.Kind.openTransaction.rawValue],
                    ["topic", "partition", "offset", "since", "detail"]),
            ])
        ],
        examples: [
            #"{"type":"attention","kind":"misrouted","offering":"loan-7","seq":812,"#
                + #""topic":"bids","partition":0,"offset":512,"at":1795464049394,"#
                + #""expectedPartition":4}"#,
            #"{"type":"attention","kind":"malformed","seq":813,"topic":"bids","partition":0,"#
                + #""offset":513,"at":1795464049394,"#
                + #""error":{"code":"wrongType","member":"shares","at":61}}"#,
            #"{"type":"attention","kind":"payoutDeclined","offering":"loan-7","seq":815,"#
                + #""topic":"payment-results","partition":0,"offset":77,"at":1795464049394,"#
                + #""command":"loan-7/b-1/refund/1/1","account":"a-42","amount":3000000,"#
                + #""currency":"CNY"}"#,
            #"{"type":"attention","kind":"paymentParked","reason":"outcomeUnknown","#
                + #""offering":"loan-7","command":"loan-7/b-1/1","account":"a-42","#
                + #""at":1795464049394}"#,
            #"{"type":"attention","kind":"laneStandsStill","worker":"allocator","partition":3,"#
                + #""detail":"prod.bids[3] holds offsets 0 to 9, but the next one to decide is "#
                + #"12: the topic was cut or made anew","at":1795464049394}"#,
            #"{"type":"attention","kind":"openTransaction","topic":"decisions","partition":0,"#
                + #""offset":812,"since":1795464046394,"detail":"a transaction on it has been "#
                + #"open for 3 s","at":1795464049394}"#,
        ])

    private static func about(
        _ title: String, _ kinds: [String], _ required: [String]
    ) -> JSONValue {
        [
            "title": .string(title), "required": .strings(required),
            "properties": ["kind": ["enum": .strings(kinds)]],
        ]
    }

    static let progress = RecordSchema(
        topic: .progress, type: nil,
        summary: "How far an offering is, about ten times a second, and always the last state.",
        members: [
            .required("offering", Form.id("The offering, which is the record's key, too.")),
            .required("state", Form.word("Its state.", of: OfferingState.self)),
            .required("shares", Form.shares("Its size: free + reserved + settled.")),
            .required("free", Form.shares("Not allocated.")),
            .required("reserved", Form.shares("Allocated, not yet paid.")),
            .required("settled", Form.shares("Paid.")),
            .required("waiting", Form.shares("Waiting.")),
            .required("served", Form.shares(
                "All shares ever reserved. A bid's `queued` minus this is the most that is ahead "
                    + "of it.")),
            .required("bids", Form.integer("Bids ever reserved or waitlisted.")),
            .required("accounts", Form.integer("Accounts of those bids.")),
            .required("at", Form.time("The append time of the input behind the last decision.")),
            .required("seq", Form.integer("That decision's number.")),
            .required("epoch", Form.integer("And its epoch.")),
        ],
        examples: [
            #"{"offering":"loan-7","state":"open","shares":100000,"free":99700,"reserved":300,"#
                + #""settled":0,"waiting":0,"served":300,"bids":1,"accounts":1,"#
                + #""at":1795464049394,"seq":812,"epoch":3}"#
        ])

    static let environment = RecordSchema(
        topic: .environment, type: nil,
        summary: "The environment's settings: all that changes decisions and is in no other "
            + "record.",
        members: [
            .required("env", Form.text(
                "Its name, prefix of every topic.", largest: RecordLimits.environmentText)),
            .required("cluster", Form.text(
                "The id of its log, which tells a copy from its original.",
                largest: RecordLimits.environmentText)),
            .required("partitions", Form.integer("Partitions of a topic.")),
            .required("purpose", Form.word(
                "What it is for: generated load goes to a test only.",
                of: Environment.Purpose.self)),
            .required("clockGrace", Form.integer(
                "How much clocks may differ, in milliseconds.")),
            .required("archiveAfter", Form.integer(
                "How long after its end an offering is archived, in milliseconds.")),
            .required("writers", Form.integer(
                "Transactional ids that a partition's allocator has; it never changes.")),
            .optional("commandGrace", Form.integer(
                "A command that is stamped at most this many milliseconds after a bid may still "
                    + "be decided before it; 0 if one clock stamps all records.")),
            .optional("edition", Form.integer(
                "The edition of the rules that the log is written under. If it is missing, the "
                    + "rules were corrected after the log was written; workers refuse it.")),
        ],
        examples: [
            #"{"env":"prod","cluster":"Zk9c","partitions":12,"purpose":"production","#
                + #""clockGrace":2000,"archiveAfter":604800000,"writers":1,"#
                + #""commandGrace":2000,"edition":1}"#
        ])
}
