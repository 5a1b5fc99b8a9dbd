import JSON
import Messages
import Vocabulary

// Decisions about money that is in doubt, given back or paid out.
extension DecisionPart {
    static let refunding = DecisionPart(
        summary: "Money of a bid is given back: a refund is commanded.", source: .results,
        members: bidder + [
            shares, collection,
            .required("refund", Form.integer(
                "The n of the obligation `<offering>/<bid>/refund/<n>`.", from: 1,
                to: Int64(Int32.max))),
            amount,
            .optional("result", Form.integer(
                "The number of the result that brought money for which there were no "
                    + "shares; left out where paid shares are given up.")),
        ],
        examples: [
            #""bid":"b-1","account":"a-42","shares":300,"payment":"loan-7/b-1/1","#
                + #""refund":1,"amount":3000000,"result":4"#
        ])

    static let refunded = DecisionPart(
        summary: "A refund is paid.", source: .results,
        members: bidder + [
            .required("payment", Form.payment("The refund.", [.refund])), amount, number,
        ],
        examples: [exampleRefund])

    static let paymentReturned = DecisionPart(
        summary: "The bank took back what was paid. It moves no share; people look at "
            + "it. A payout is owed again; a refund of what was taken back is not, and its "
            + "command is recalled.",
        source: .results, members: payout, conditions: [whosePayment],
        examples: [
            #""bid":"b-1","account":"a-42","payment":"loan-7/b-1/1","#
                + #""amount":416700,"result":2"#
        ])

    static let paidOut = DecisionPart(
        summary: "A holder's part of a distribution, or the proceeds, is paid.",
        source: .results,
        members: [
            .required("account", Form.id("Who is paid.")),
            .required("payment", Form.payment(
                "The payment.", [.interest, .principal, .disburse])), amount, number,
        ],
        examples: [examplePayout])

    static let payoutDeclined = DecisionPart(
        summary: "A refund or a payout was declined. `offering.repay` commands it again.",
        source: .results,
        members: payout + [
            .required("reason", Form.word(
                "Why.",
                ReleaseReason.allCases.filter { $0 != .returned }.map(\.rawValue))),
            .optional("proven", Form.flag("It is certain that nothing moved.")),
        ],
        conditions: [whosePayment],
        examples: [examplePayout + #","reason":"declined","proven":true"#])

    static let repaying = DecisionPart(
        summary: "A refund or a payout that was declined, or came back, is commanded "
            + "again.",
        source: .commands,
        members: [
            .required("command", Form.id("The command that asked for it.")),
            .required("action", repayment),
        ] + payout,
        conditions: [whosePayment],
        examples: [
            #""command":"c-6","action":{"type":"offering.repay","#
                + #""payment":"loan-7/b-1/refund/1"},"bid":"b-1","account":"a-42","#
                + #""payment":"loan-7/b-1/refund/1/2","amount":416700"#
        ])

    static let distributed = DecisionPart(
        summary: "A holder's part of a distribution; its payment is commanded.",
        source: .commands,
        members: [
            .required("command", Form.id("The command that asked for it.")),
            .required("distribution", Form.id("The distribution.")),
            .required("kind", Form.word("What is paid.", of: DistributionKind.self)),
            .required("total", Form.money("What all holders get together.")),
            .required("account", Form.id("The holder.")),
            .required("amount", Form.money("What this one gets.")),
        ],
        examples: [
            #""command":"c-4","distribution":"2026-12","kind":"interest","#
                + #""total":416700,"account":"a-42","amount":1250"#
        ])

    private static let amount = SchemaMember.required("amount", Form.money("How much."))
    private static let number = SchemaMember.optional("result", Form.integer(
        "The number of the payment result; left out if no result is about it."))

    /// One payment of any kind.
    private static let payout: [SchemaMember] = [
        .optional("bid", Form.ownBid("Of collections and refunds: the bid.")),
        .required("account", Form.id("Whose payment it is.")),
        .required("payment", Form.payment("The payment.")), amount, number,
    ]

    /// A bid's payment names the bid.
    private static let whosePayment = JSONValue.Member.anyOf(
        .having("of a bid", ["bid"]), ofHolder([]))

    private static func ofHolder(_ required: [String]) -> JSONValue {
        let pattern = Form.Pattern.payment([.interest, .principal, .disburse])
        return [
            "title": "of a holder or the payee", "required": .strings(required),
            "properties": ["payment": ["pattern": .string("^\(pattern)$")]],
        ]
    }

    static let inDoubt = DecisionPart(
        summary: "It is not known yet whether the money of a payment moved. Nothing else moves "
            + "until it is known, however long that takes.",
        source: .results,
        members: [
            .optional("bid", Form.ownBid("Of collections and refunds: the bid.")),
            .required("account", Form.id("Whose payment it is.")),
            .optional("shares", Form.shares("Of a collection: the part.")),
            .required("payment", Form.payment("The payment.")),
            .optional("amount", Form.money("Of what is paid out: how much.")),
            .optional("result", result),
        ],
        conditions: [
            .anyOf(
                .having("a collection", ["bid", "shares", "result"]),
                .having("a refund", ["bid", "amount"]),
                ofHolder(["amount"]))
        ],
        examples: [
            #""bid":"b-1","account":"a-42","shares":300,"payment":"loan-7/b-1/1","result":1"#,
            examplePayout,
        ])

    private static let exampleRefund =
        #""bid":"b-1","account":"a-42","payment":"loan-7/b-1/refund/1/1","#
        + #""amount":416700,"result":2"#
    private static let examplePayout =
        #""account":"a-42","payment":"loan-7/payee/disburse/a-42/1","#
        + #""amount":416700,"result":2"#
}
