import JSON
import Messages
import Vocabulary

// What is decided about inputs of any kind: what stands in the record follows from its topic.
extension DecisionPart {
    private static let anyBidder: [SchemaMember] = [
        .optional("bid", Form.ownBid("The bid, or the one to be taken back.")),
        .optional("account", Form.id("Who asked.")),
    ]

    /// What is wrong with a record that could not be read.
    static func malformation(_ description: String) -> JSONValue {
        Form.object(description, [
            .required("code", Form.word("What.", of: Malformation.Code.self)),
            .optional("member", Form.word("In which member.", of: Vocabulary.Member.self)),
            .optional("unlisted", Form.id(
                "With unlistedMember: its name, where that has the form of an id.")),
            .required("at", Form.integer(
                "At which byte of the value, from 0; 0 where there is no value to read.")),
        ])
    }

    static let rejected = DecisionPart(
        summary: "An input was refused, and nothing else happened. `fairfill reasons` says in "
            + "words what each reason means, and whether a new try makes sense.",
        source: .bids,
        members: anyBidder + [
            .optional("asked", Form.shares("Of a bid: what it asked for.")),
            .optional("allOrNone", Form.flag("Of a bid: all or nothing.")),
            .optional("command", Form.id("The offering command.")),
            .optional("action", action(
                "Of an offering command, except offering.open: what it asked for. Where its "
                    + "offering is open, or where it is about the partition, its id is spent.")),
            .optional("payment", Form.derived("Of a payment result: the command it answers.")),
            .optional("result", Form.integer("Of a payment result: its number.")),
            .required("reason", Form.word(
                "Why: the first check that it did not pass.", of: Reason.self)),
            .optional("member", Form.word(
                "With badTerms and unsupported: the member that is wrong.",
                of: Vocabulary.Member.self)),
            .optional("expectedPartition", Form.integer(
                "With misrouted: the partition that the offering lives in.")),
            .optional("lastOffset", Form.integer(
                "With malformed and the code unreadable: the offset of the last record of the "
                    + "batch, which `offset` begins. None of its records can be read; `at` is the "
                    + "book time that stood.")),
            .optional("error", malformation(
                "With malformed: what is wrong with the record, which names its offering, bid and "
                    + "account as far as these could be read.")),
        ],
        conditions: [
            .anyOf(
                .having("a bid", ["bid", "account", "asked", "allOrNone"]),
                [
                    "title": "the cancellation of a bid", "required": ["bid", "account"],
                    "properties": ["asked": false],
                ],
                .having("an offering command", ["command"]),
                .having("a payment result", ["result"]),
                [
                    "title": "what could not be read", "required": ["error"],
                    "properties": [
                        "error": [
                            "properties": ["code": ["not": ["const": "unreadable"]]],
                        ],
                    ],
                ],
                .having("a batch that can't be unpacked", ["error", "lastOffset"]))
        ],
        examples: [
            #""bid":"b-3","account":"a-42","asked":0,"allOrNone":false,"reason":"belowMinimum""#,
            #""reason":"malformed","lastOffset":1042,"error":{"code":"unreadable","at":0}"#,
            #""bid":"b-3","account":"a-42","reason":"malformed","#
                + #""error":{"code":"wrongType","member":"shares","at":61}"#,
        ])

    static let repeated = DecisionPart(
        summary: "The same input again: what was decided the first time, and how it stands now. "
            + "It moves no counter.",
        source: .bids,
        members: anyBidder + [
            .optional("of", Form.integer("`seq` of the first decision.")),
            .optional("was", Form.word(
                "Of a bid: its type. Of an offering command: rejected, where it was.",
                of: DecisionType.self)),
            .optional("reason", Form.word(
                "Of what was refused: why.", of: Reason.self)),
            .optional("now", Form.object("Of a bid: how it stands.", [
                .required("reserved", Form.shares("Allocated, not yet paid.")),
                .required("settled", Form.shares("Paid.")),
                .required("waiting", Form.shares("Waiting.")),
            ])),
            .optional("command", Form.id("The offering command.")),
            .optional("payment", Form.payment("Of a payment result: the command it answers.")),
            .optional("result", Form.integer("Of a payment result: its number.")),
            .optional("last", Form.integer("The highest number that was acted on.")),
        ],
        conditions: [
            .anyOf(
                .having("a bid", ["bid", "account", "of", "was", "now"]),
                [
                    "title": "an offering command", "required": ["command", "of"],
                    "properties": ["was": false, "reason": false],
                ],
                [
                    "title": "an offering command that was refused",
                    "required": ["command", "of", "was", "reason"],
                    "properties": ["was": ["const": "rejected"]],
                ],
                .having("a payment result", ["payment", "result", "last"]))
        ],
        examples: [
            #""bid":"b-1","account":"a-42","of":800,"was":"reserved","#
                + #""now":{"reserved":100,"settled":200,"waiting":0}"#
        ])
}
