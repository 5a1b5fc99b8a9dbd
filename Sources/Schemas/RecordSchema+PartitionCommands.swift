import Messages
import Vocabulary

extension RecordSchema {
    /// Records of `offering-commands` about the whole partition that they stand in.
    static let partitionCommands = [
        partitionCommand(
            "clock.correct",
            "Bids that a clock stamped ahead count from another moment. It is decided before "
                + "the bids that wait.",
            [
                .required("from", Form.integer("The first of them, as an offset of `bids`.")),
                .required("to", Form.integer("The last of them.")),
                .required("at", Form.time(
                    "They count with the smaller of it and their append time. It must be within "
                        + "30 s of the allocator's clock.")),
            ],
            example: #","from":512,"to":519,"at":1795464049394"#),
        partitionCommand(
            "payments.recommand",
            "Every payment and recall without a final result is commanded again, as it was."),
    ]

    private static func partitionCommand(
        _ type: String, _ summary: String, _ members: [SchemaMember] = [], example: String = ""
    ) -> RecordSchema {
        RecordSchema(
            topic: .offeringCommands, type: type, summary: summary,
            members: [
                .type(type),
                .required("command", Form.id(
                    "The command's id, chosen by the operator, unique within its partition.")),
            ] + members,
            examples: [#"{"type":"\#(type)","command":"c-1"\#(example)}"#])
    }
}

// Decisions about the whole partition.
extension DecisionPart {
    private static let partitionCommand = SchemaMember.required(
        "command", Form.id("The command that asked for it."))

    static let clockCorrected = DecisionPart(
        summary: "Bids that a clock stamped ahead count from another moment.",
        source: .commands,
        members: [
            partitionCommand, .required("from", Form.integer("The first bid's offset.")),
            .required("to", Form.integer("The last bid's offset.")),
            .required("countsAt", Form.time(
                "Each bid counts from this moment or its append time, the earlier of the two.")),
        ],
        examples: [#""command":"c-1","from":512,"to":519,"countsAt":1795464049394"#])

    static let paymentsRecommanded = DecisionPart(
        summary: "Payments without a final result were commanded again, as they were.",
        source: .commands,
        members: [
            partitionCommand, .required("payments", Form.integer("How many payments.")),
            .required("recalls", Form.integer("How many recalls.")),
        ],
        examples: [#""command":"c-1","payments":12,"recalls":1"#])
}
