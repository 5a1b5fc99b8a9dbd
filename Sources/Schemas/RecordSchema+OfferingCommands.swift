import Messages
import Vocabulary

extension RecordSchema {
    /// The records of `offering-commands`.
    static let offeringCommands = [
        offeringCommand(
            "open", "Opens an offering, now or at a later time, under these terms.",
            terms(haveDefaults: false),
            examples: [
                #""shares":100000,"price":10000,"currency":"CNY""#,
                #""shares":100000,"price":10000,"currency":"CNY","lot":10,"#
                    + #""maxSharesPerAccount":5000,"closesAt":1795465000000,"remainder":"hold","#
                    + #""backstop":{"account":"rich-1","maxShares":20000},"#
                    + #""distributions":{"interest":["2026-12"],"principal":["end"]}"#,
            ]),
        offeringCommand("close", "Takes no more bids; who waits keeps the claim."),
        offeringCommand("pause", "Takes no bids for now; serving and payments go on."),
        offeringCommand("resume", "Takes bids again after a pause."),
        offeringCommand(
            "amend", "Lets an offering close later.",
            [.required("closesAt", Form.time("The new time; not before the old one."))],
            examples: [#""closesAt":1795464049394"#]),
        offeringCommand(
            "cancel", "Gives everything back.",
            [
                .optional("reason", Form.text(
                    "Why, in words.", largest: RecordLimits.cancellationReason))
            ],
            examples: [#""reason":"borrower withdrew""#]),
        offeringCommand(
            "repay", "Commands a refund or a payout again that was declined, or came back.",
            [
                .required("payment", Form.derived(
                    "What is to be paid: the id of the obligation, or of its last command."))
            ],
            examples: [#""payment":"loan-7/b-1/refund/1""#]),
        offeringCommand(
            "distribute",
            "Pays an amount to those who hold shares, in proportion to them and to the last unit.",
            [
                .required("distribution", Form.id("One of the ids that the terms allow.")),
                .required("kind", Form.word("What is paid.", of: DistributionKind.self)),
                .required("amount", Form.money("What all holders get together.")),
            ],
            examples: [#""distribution":"2026-12","kind":"interest","amount":416700"#]),
    ] + partitionCommands

    private static func offeringCommand(
        _ word: String, _ summary: String, _ members: [SchemaMember] = [], examples: [String] = []
    ) -> RecordSchema {
        let type = "offering.\(word)"
        let beginning = #"{"type":"\#(type)","command":"c-1","offering":"loan-7""#
        return RecordSchema(
            topic: .offeringCommands, type: type, summary: summary,
            members: [
                .type(type),
                .required("command", Form.id(
                    "The command's id, chosen by the operator, unique within its offering.")),
                .required("offering", Form.id("The offering, which is the record's key, too.")),
            ] + members,
            examples: examples.isEmpty
                ? [beginning + "}"] : examples.map { "\(beginning),\($0)}" })
    }

    /// The terms of an offering, as a command gives them or as a decision repeats them.
    static func terms(haveDefaults: Bool) -> [SchemaMember] {
        // In a decision a term that was left out is left out, too, but for the certificate's.
        func left(_ what: String) -> String { haveDefaults ? "" : " Left out: \(what)." }
        return [
            .required("shares", Form.shares("The offering's size.")),
            .required("price", Form.money("The price of a share.")),
            .required("currency", Form.currency("What the price is in.")),
            .optional("lot", Form.shares("Each bid is a multiple of it.\(left("1"))")),
            .optional("minShares", Form.shares("A bid asks for at least these.\(left("lot"))")),
            .optional("maxSharesPerAccount", Form.shares(
                "An account's cap: reserved, settled and waiting together.\(left("none"))")),
            .optional("maxBidsPerAccount", Form.integer(
                "How many bids of an account are taken.\(left("no limit"))")),
            .optional("bidsPerMinutePerAccount", Form.integer(
                "How many bids of an account are looked at within 60 s.\(left("no limit"))")),
            .optional("opensAt", Form.time(
                "From then on bids are taken; at most a day ago, or 100 years ahead."
                    + left("at once"))),
            .optional("closesAt", Form.time(
                "Until just before then; at most 100 years ahead.\(left("no end"))")),
            .optional("remainder", Form.word(
                "What becomes of a bid that is larger than what is free.\(left("split"))",
                RemainderRule.allCases.map { "\($0.name)" })),
            .optional("waitlistShares", Form.shares(
                "How many shares may wait.\(left("as many as are offered"))")),
            .optional("minimumShares", Form.shares(
                "Paid for at close, from these on the offering stands.\(left("all of them"))")),
            .optional("backstop", Form.object("Takes what is left at close.", [
                .required("account", Form.id("Who takes it.")),
                .required("maxShares", Form.shares("How much at most.")),
            ], isClosed: true)),
            .optional("payee", Form.id("The account that the proceeds are paid to.")),
            .optional("distributions", Form.object("The distributions that are allowed.", [
                .optional("interest", Form.ids("Ids of payments of interest.")),
                .optional("principal", Form.ids("Ids of payments of principal.")),
            ], isClosed: true)),
            .optional("rules", Form.integer(
                "The version of the rules for the offering's life.\(left("the current one"))")),
        ]
    }
}
