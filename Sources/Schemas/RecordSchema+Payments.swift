import JSON
import Messages
import Vocabulary

extension RecordSchema {
    /// The records of `payment-commands`.
    static let paymentCommands = [
        RecordSchema(
            topic: .paymentCommands, type: "payment",
            summary: "An order to collect or pay money, at most once.",
            members: [
                .type("payment"),
                .required("command", Form.payment(
                    "The command's id: its obligation's, and its number within it.")),
                .required("kind", Form.word(
                    "What the money is for.", of: PaymentCommand.Kind.self)),
                .required("offering", Form.id("The offering, as in the command's id.")),
                .required("partition", Form.integer(
                    "The partition of payment-results to answer to.")),
                .optional("bid", Form.ownBid("The bid, as in the command's id.")),
                .required("account", Form.id("Who pays or is paid; the record's key, too.")),
                .required("amount", Form.money("How much.")),
                .required("currency", Form.currency("Of the amount.")),
                .required("obligation", Form.derived("The debt that it pays, or a part of it.")),
                .required("due", Form.money(
                    "What all commands of the obligation together may come to.")),
                .optional("original", Form.payment(
                    "Of a refund: the collection whose money it returns.", [.collect])),
            ],
            conditions: [.init("oneOf", .array(PaymentCommand.Kind.allCases.map(byKind)))],
            examples: [
                #"{"type":"payment","command":"loan-7/b-1/1","kind":"collect","#
                    + #""offering":"loan-7","partition":0,"bid":"b-1","account":"a-42","#
                    + #""amount":3000000,"currency":"CNY","obligation":"loan-7/b-1","#
                    + #""due":3000000}"#,
                #"{"type":"payment","command":"loan-7/b-1/refund/2/1","kind":"refund","#
                    + #""offering":"loan-7","partition":0,"bid":"b-1","account":"a-42","#
                    + #""amount":500,"currency":"CNY","obligation":"loan-7/b-1/refund/2","#
                    + #""due":500,"original":"loan-7/b-1/3"}"#,
            ]),
        RecordSchema(
            topic: .paymentCommands, type: "recall",
            summary: "Asks the payer not to make a payment, if it was not sent yet.",
            members: [.type("recall")] + recall,
            examples: [
                #"{"type":"recall","command":"loan-7/b-1/1","offering":"loan-7","#
                    + #""partition":0,"account":"a-42"}"#
            ]),
    ]

    /// The members of a recall, in the topic and in the journal.
    static let recall: [SchemaMember] = [
        .required("command", Form.payment("The payment command.")),
        .required("offering", Form.id("The offering, as in the command's id.")),
        .required("partition", Form.integer("The partition of payment-results to answer to.")),
        .required("account", Form.id("The payment's account; the record's key, too.")),
    ]

    /// What the kind of a payment says of its ids.
    private static func byKind(_ kind: PaymentCommand.Kind) -> JSONValue {
        let required: [String] =
            switch kind {
            case .collect: ["bid"]
            case .refund: ["bid", "original"]
            case .interest, .principal, .disburse: []
            }
        let obligation = Form.Pattern.obligation(kind)
        return [
            "required": .strings(required),
            "properties": [
                "kind": ["const": .string(kind.rawValue)],
                "command": ["pattern": .string("^\(obligation)/\(Form.Pattern.number)$")],
                "obligation": ["pattern": .string("^\(obligation)$")],
            ],
        ]
    }
}
