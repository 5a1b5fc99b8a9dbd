import JSON
import Messages
import Vocabulary

extension RecordSchema {
    /// A record of `decisions`: the members of its type, between those that every decision has.
    static func decision(_ type: DecisionType) -> RecordSchema {
        if type == .epochStarted { return epochStarted }
        let part = DecisionPart.of(type)
        // What could not be read names no offering, nor does what is about the partition.
        let offering = Form.id("The offering, which is the record's key, too.")
        let isOfPartition = type.isOfPartition
        let subject: [SchemaMember] =
            isOfPartition
            ? []
            : [
                type == .rejected || type == .repeated
                    ? .optional("offering", offering) : .required("offering", offering)
            ]
        return RecordSchema(
            topic: .decisions, type: type.rawValue, summary: part.summary,
            members: [
                .type(type.rawValue), sequence,
            ] + subject + part.members + (isOfPartition ? [] : counters) + source + seal,
            conditions: (isOfPartition ? [] : [.together(counters.map(\.name))])
                + part.conditions,
            examples: part.examples.map {
                example(type, $0, part.source, isOfPartition: isOfPartition)
            })
    }

    private static let sequence = SchemaMember.required("seq", Form.integer(
        "1, 2, ... within the partition; a reader stops at a gap and drops what it has seen."))

    private static let counters: [SchemaMember] = [
        .optional("free", Form.shares(
            "The offering's free shares after this decision. The three counters add up to its "
                + "size; all are missing if the partition doesn't know the offering.")),
        .optional("reserved", Form.shares("Allocated, not yet paid.")),
        .optional("settled", Form.shares("Paid.")),
    ]

    private static let source = sourceMembers + [
        .required("n", Form.integer(
            "0, 1, ... within the group of decisions that one record, or one deadline, causes.")),
        .required("at", Form.time("The source's append time, or the deadline.")),
    ]

    /// Which record of an input something is about.
    static let sourceMembers: [SchemaMember] = [
        .required("topic", Form.word(
            "The topic of the record that caused it, without the environment; clock: a deadline.",
            InputTopic.allCases.map { "\($0.name)" })),
        .required("partition", Form.integer("The partition of that record.")),
        .required("offset", Form.integer("Its offset; of the clock the deadline.")),
    ]

    private static let seal: [SchemaMember] = [
        .required("epoch", Form.integer(
            "Which writer of the partition it is: each one that takes over has a higher number.")),
        .required("hash", Form.hash(
            "Over the hash of the decision before and this record's bytes before `,\"epoch\":`. "
                + "Epoch and hash end the record, in this order and without spaces.")),
    ]

    private static let epochStarted = RecordSchema(
        topic: .decisions, type: DecisionType.epochStarted.rawValue,
        summary: "A writer took the partition over. No decision: it does not extend the chain.",
        members: [
            .type(DecisionType.epochStarted.rawValue),
            .required("seq", Form.integer(
                "The number of the decision before, or 0 if there is none.")),
            .required("partition", Form.integer("The partition that was taken over.")),
        ] + seal,
        examples: [
            #"{"type":"epochStarted","seq":812,"partition":0,\#(exampleSeal)}"#
        ])

    private static func example(
        _ type: DecisionType, _ own: String, _ source: DecisionPart.Source, isOfPartition: Bool
    ) -> String {
        let origin =
            switch source {
            case .bids: #""topic":"bids","partition":0,"offset":512"#
            case .commands: #""topic":"offering-commands","partition":0,"offset":3"#
            case .results: #""topic":"payment-results","partition":0,"offset":7"#
            case .clock: #""topic":"clock","partition":0,"offset":1795464049394"#
            }
        return #"{"type":"\#(type.rawValue)","seq":812,"#
            + (isOfPartition ? "" : #""offering":"loan-7","#)
            + (own.isEmpty ? "" : own + ",")
            + (isOfPartition ? "" : #""free":99700,"reserved":300,"settled":0,"#)
            + #"\#(origin),"n":0,"at":1795464049394,\#(exampleSeal)}"#
    }

    private static let exampleSeal =
        #""epoch":3,"hash":"9f2c1d8ea4b07356"#
        + #"9f2c1d8ea4b073569f2c1d8ea4b073569f2c1d8ea4b07356""#
}

/// What one type of decision says beside what all say.
struct DecisionPart {
    /// The input whose records bring it about, in the example.
    enum Source { case bids, commands, results, clock }

    var summary: String
    var source: Source
    var members: [SchemaMember] = []
    var conditions: [JSONValue.Member] = []
    /// Its own members, as they stand in a record.
    var examples = [""]

    static func of(_ type: DecisionType) -> DecisionPart {
        switch type {
        case .reserved: reserved
        case .waitlisted: waitlisted
        case .promoted: promoted
        case .settled: settled
        case .released: released
        case .cancelRequested: cancelRequested
        case .cancelled: cancelled
        case .expired: expired
        case .rejected: rejected
        case .repeated: repeated
        case .inDoubt: inDoubt
        case .refunding: refunding
        case .refunded: refunded
        case .paymentReturned: paymentReturned
        case .paidOut: paidOut
        case .payoutDeclined: payoutDeclined
        case .repaying: repaying
        case .distributed: distributed
        case .opened: opened
        case .scheduled: scheduled
        case .amended: amended
        case .paused: paused
        case .resumed: resumed
        case .fullyReserved: fullyReserved
        case .reopened: reopened
        case .filled: filled
        case .closing: closing
        case .closedShort: closedShort
        case .cancelling: cancelling
        case .offeringCancelled: offeringCancelled
        case .certificate: certificate
        case .archived: archived
        case .clockCorrected: clockCorrected
        case .paymentsRecommanded: paymentsRecommanded
        case .epochStarted: preconditionFailure("a control record is no decision")
        }
    }
}
