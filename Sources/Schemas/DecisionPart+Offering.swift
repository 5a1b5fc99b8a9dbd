import Messages
import Vocabulary

// Decisions about an offering.
extension DecisionPart {
    static let opened = DecisionPart(
        summary: "An offering was opened, under these terms.", source: .commands,
        members: [command] + RecordSchema.terms(haveDefaults: true),
        examples: [exampleCommand + "," + exampleTerms])

    static let scheduled = DecisionPart(
        summary: "An offering will be opened at its time, under these terms.",
        source: .commands, members: [command] + RecordSchema.terms(haveDefaults: true),
        examples: [exampleCommand + "," + exampleTerms + #","opensAt":1795464060000"#])

    static let amended = DecisionPart(
        summary: "An offering closes later.", source: .commands,
        members: [command, .required("closesAt", Form.time("The new time."))],
        examples: [exampleCommand + #","closesAt":1795465000000"#])

    static let paused = ofCommand("Bids are refused for now; serving and payments go on.")

    static let resumed = ofCommand("Bids are taken again.")

    static let fullyReserved = DecisionPart(
        summary: "No share is free any more. Not all are paid.", source: .bids)

    static let reopened = DecisionPart(
        summary: "Shares became free, and no bid that waits can take them.",
        source: .results)

    static let closing = DecisionPart(
        summary: "No bids are taken any more; the waitlist keeps its claim.", source: .clock,
        members: [
            .optional("command", Form.id(
                "The command that asked for it; left out where its time has come."))
        ])

    static let filled = DecisionPart(summary: "Every share is paid.", source: .results)

    static let closedShort = DecisionPart(
        summary: "It ended with fewer shares paid than offered, and enough to stand.",
        source: .results)

    static let cancelling = DecisionPart(
        summary: "Everything is given back.", source: .commands,
        members: [
            .optional("command", Form.id(
                "The command that asked for it; left out where too little is paid.")),
            .optional("reason", Form.text(
                "What the operator said; `shortfall` where too little is paid.",
                largest: RecordLimits.cancellationReason)),
        ],
        conditions: [
            .anyOf(
                .having("asked for", ["command"]),
                [
                    "title": "too little is paid", "required": ["reason"],
                    "properties": ["reason": ["const": "shortfall"]],
                ])
        ],
        examples: [exampleCommand + #","reason":"borrower withdrew""#])

    static let offeringCancelled = DecisionPart(
        summary: "Everything was given back.", source: .results)

    static let certificate = DecisionPart(
        summary: "A summary of an offering that has ended.", source: .results,
        members: certified,
        examples: [
            #""state":"closedShort","# + exampleTerms + ","
                + #""bids":70,"accounts":42,"refunded":0,"returned":0,"#
                + #""firstOffsets":{"offering-commands":0,"bids":17},"#
                + #""lastOffsets":{"offering-commands":3,"bids":912},"#
                + #""refusals":{"closed":5,"waitlistFull":1},"head":"\#(exampleHead)""#
        ])

    static let archived = DecisionPart(
        summary: "Its ids are dropped; its holdings are kept.", source: .clock)

    private static func ofCommand(_ summary: String) -> DecisionPart {
        DecisionPart(
            summary: summary, source: .commands, members: [command], examples: [exampleCommand])
    }

    private static let command = SchemaMember.required(
        "command", Form.id("The command that asked for it."))

    private static let certified: [SchemaMember] = [
        .required("state", Form.word("How it ended.", of: OfferingState.self))
    ] + RecordSchema.terms(haveDefaults: true) + [
        .required("bids", Form.integer("Bids ever reserved or waitlisted.")),
        .required("accounts", Form.integer("Accounts of those bids.")),
        .required("refunded", Form.shares(
            "Paid for and given back, money that came too late included.")),
        .required("returned", Form.shares(
            "Given up without a refund, since the bank had taken their money back.")),
        .required("firstOffsets", Form.counts(
            "By input, the offset of the first record about it.", by: inputs)),
        .required("lastOffsets", Form.counts(
            "By input, the offset of the last record about it, of the same inputs.", by: inputs)),
        .required("refusals", Form.counts(
            "How many records were refused, by reason.", by: Reason.allCases.map(\.rawValue))),
        .optional("head", Form.hash("The hash of the decision before it.")),
    ]

    private static let inputs = InputTopic.allCases.map { "\($0.name)" }

    private static let exampleCommand = #""command":"c-1""#
    private static let exampleTerms = #""shares":100000,"price":10000,"currency":"CNY""#
    private static let exampleHead =
        "a4b073569f2c1d8ea4b073569f2c1d8ea4b073569f2c1d8ea4b073569f2c1d8e"
}
