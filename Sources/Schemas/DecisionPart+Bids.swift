import JSON
import Messages
import Vocabulary

// Decisions about a bid.
extension DecisionPart {
    static let bidder: [SchemaMember] = [
        .required("bid", Form.ownBid()), .required("account", Form.id("The bid's account.")),
    ]

    private static let exampleBidder = #""bid":"b-1","account":"a-42","#

    static let reserved = DecisionPart(
        summary: "A bid got shares at once. A part may wait.", source: .bids,
        members: placement, conditions: [whetherItWaits],
        examples: [
            exampleBidder + #""asked":300,"allOrNone":false,"shares":300,"waiting":0"#,
            exampleBidder + #""asked":300,"allOrNone":false,"shares":100,"waiting":150,"#
                + #""queued":1150,"cut":{"shares":50,"reason":"waitlistFull"}"#,
        ])

    static let waitlisted = DecisionPart(
        summary: "All of a bid waits for shares that become free.", source: .bids,
        members: placement, conditions: [whetherItWaits],
        examples: [
            exampleBidder + #""asked":300,"allOrNone":true,"shares":0,"waiting":300,"#
                + #""queued":300"#
        ])

    static let promoted = DecisionPart(
        summary: "A bid that waited got shares.", source: .results,
        members: bidder + [
            .required("shares", Form.shares("What it got.")),
            .required("waiting", Form.shares("The part that still waits.")),
        ],
        examples: [exampleBidder + #""shares":200,"waiting":100"#])

    static let settled = DecisionPart(
        summary: "A reserved part of a bid is paid.", source: .results,
        members: paidPart + [
            .optional("late", Form.flag(
                "The money came for a part that was released; `shares` is what it got "
                    + "again. Left out, it came in time."))
        ],
        examples: [exampleBidder + examplePaid])

    static let released = DecisionPart(
        summary: "A reserved part is given back: its payment failed. The bid is over. "
            + "Or, with the reason returned, a paid part of an offering that is cancelled: "
            + "the bank had taken its money back.",
        source: .results,
        members: paidPart + [
            .required("reason", Form.word("Why.", of: ReleaseReason.self))
        ],
        examples: [exampleBidder + examplePaid + #","reason":"declined""#])

    static let cancelRequested = DecisionPart(
        summary: "Its account takes a reserved part back; the payer is asked not to "
            + "collect. The shares stay reserved until the payer answers.",
        source: .bids, members: bidder + [shares, collection],
        examples: [exampleBidder + #""shares":100,"payment":"loan-7/b-1/1""#])

    static let cancelled = DecisionPart(
        summary: "The waiting part of a bid is taken back.", source: .bids,
        members: bidder + [shares], examples: [exampleBidder + #""shares":100"#])

    static let expired = DecisionPart(
        summary: "The waiting part of a bid can never be served.", source: .clock,
        members: bidder + [shares], examples: [exampleBidder + #""shares":100"#])

    /// A bid's first decision holds all of its content.
    private static let placement: [SchemaMember] = bidder + [
        .required("asked", Form.shares("What the bid asked for.")),
        .required("allOrNone", Form.flag("All or nothing.")),
        .required("shares", Form.shares("Reserved at once.")),
        .required("waiting", Form.shares("The part that waits.")),
        .optional("queued", Form.shares(
            "Ever queued in the offering up to and including this bid; present if a part waits. "
                + "Minus `served` of progress it is the most that is still ahead of the bid.")),
        .optional("cut", Form.object("What was taken off the bid.", [
            .required("shares", Form.shares("How much.")),
            .required("reason", Form.word("The rule of the last cut.", of: Reason.self)),
        ])),
    ]

    private static let whetherItWaits = JSONValue.Member.anyOf(
        ["title": "nothing waits", "properties": ["waiting": ["const": 0]]],
        .having("a part waits", ["queued"]))

    static let shares = SchemaMember.required("shares", Form.shares("The part."))
    static let collection = SchemaMember.required(
        "payment", Form.payment("The part's collection.", [.collect]))
    static let result = Form.integer("The number of the payment result.")

    static let paidPart = bidder + [shares, collection, .required("result", result)]
    private static let examplePaid = #""shares":300,"payment":"loan-7/b-1/1","result":1"#
}
