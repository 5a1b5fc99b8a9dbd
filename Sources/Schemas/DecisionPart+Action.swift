import JSON
import Messages
import Vocabulary

// What an offering command asked for, in the decision about it.
extension DecisionPart {
    /// Any action but `offering.open`, whose terms nobody needs again.
    static func action(_ description: String) -> JSONValue {
        [
            "description": .string(description),
            "anyOf": .array(ofOfferings + ofPartition),
        ]
    }

    private static let ofOfferings: [JSONValue] = [
        Form.object("Nothing more.", [
            .required("type", Form.word(
                "What was asked for.",
                ["offering.close", "offering.pause", "offering.resume"]))
        ]),
        Form.object("To let it close later.", [
            .type("offering.amend"), .required("closesAt", Form.time("The new time.")),
        ]),
        Form.object("To give everything back.", [
            .type("offering.cancel"),
            .optional("reason", Form.text(
                "Why, in words.", largest: RecordLimits.cancellationReason)),
        ]),
        Form.object("To pay again.", [
            .type("offering.repay"),
            .optional("payment", Form.derived(
                "What was to be paid, as the command named it: the obligation, or a "
                    + "command of it. Left out if it is not an id of a payment.")),
        ]),
        Form.object("To pay those who hold shares.", [
            .type("offering.distribute"),
            .required("distribution", Form.id("The distribution.")),
            .required("kind", Form.word("What is paid.", of: DistributionKind.self)),
            .required("amount", Form.money("What all holders get together.")),
        ]),
    ]

    /// The actions of commands of a whole partition, whose refusals name no offering.
    private static let ofPartition: [JSONValue] = [
        Form.object("To have bids count from another moment.", [
            .type("clock.correct"), .required("from", Form.integer("The first bid's offset.")),
            .required("to", Form.integer("The last bid's offset.")),
            .required("at", Form.time("The moment.")),
        ]),
        Form.object("To have payments commanded again.", [.type("payments.recommand")]),
    ]

    /// The action of `repaying`: how the command named what is paid again.
    static let repayment = Form.object("What the command asked for.", [
        .type("offering.repay"),
        .required("payment", Form.matching(
            "(" + PaymentCommand.Kind.allCases.map(Form.Pattern.obligation)
                .joined(separator: "|") + ")(/\(Form.Pattern.number))?",
            "The obligation, or its last command, as the command named it.")),
    ])
}
