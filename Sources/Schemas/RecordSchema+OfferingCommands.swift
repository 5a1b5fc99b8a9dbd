import JSON
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
        offeringCommand("close", "Takes no more bids; the waitlist keeps its claim."),
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

    /// The terms of an offering, as a command gives them or as a decision repeats them. In a
    /// decision a term that was left out is left out, too, but for the certificate's.
    static func terms(haveDefaults: Bool) -> [SchemaMember] {
        Term.all.map { term in
            var meaning = term.meaning
            if !haveDefaults, let words = term.whenLeftOut.words {
                meaning += " Left out: \(words)."
            }
            return SchemaMember(
                name: term.member.rawValue, form: form(of: term, meaning),
                isRequired: term.whenLeftOut.words == nil)
        }
    }

    private static func form(of term: Term, _ meaning: String) -> JSONValue {
        switch term.kind {
        case .size, .shares: Form.shares(meaning)
        case .price: Form.money(meaning)
        case .count: Form.integer(meaning)
        case .moment: Form.time(meaning)
        case .currency: Form.currency(meaning)
        case .word: Form.word(meaning, RemainderRule.allCases.map { "\($0.name)" })
        case .account: Form.id(meaning)
        case .backstop:
            Form.object(meaning, [
                .required("account", Form.id("Who takes it.")),
                .required("maxShares", Form.shares("The most that it takes.")),
            ], isClosed: true)
        case .distributions:
            Form.object(meaning, [
                .optional("interest", Form.ids("Ids of payments of interest.")),
                .optional("principal", Form.ids("Ids of payments of principal.")),
            ], isClosed: true)
        }
    }
}
