import JSON
import Messages
import Vocabulary

extension RecordSchema {
    /// A record of `payment-results`.
    static func paymentResult(_ kind: PaymentResult.Kind) -> RecordSchema {
        var members: [SchemaMember] = [
            .type(kind.rawValue),
            .required("command", Form.derived("The payment command that it answers.")),
            .required("result", Form.integer(
                "1, 2, ... within the command: a later answer has a higher number.", from: 1)),
            .required("offering", Form.id("The offering, which is the record's key, too.")),
            .required("account", Form.id("Whose payment it is.")),
        ]
        let amount = Form.money("What was paid.")
        members.append(kind == .paid ? .required("amount", amount) : .optional("amount", amount))
        members.append(
            .optional("reference", Form.anyText(
                "The provider's id of the payment: the payer writes at most "
                    + "\(RecordLimits.providerText) bytes, and no rule reads it.")))
        members.append(.optional("reason", reason))
        members.append(
            .optional("proven", Form.flag(
                "A closed statement, or two people, confirm that nothing moved.")))
        let own =
            switch kind {
            case .paid: #","amount":3000000,"reference":"pay_01""#
            case .inDoubt: #","reason":"outcomeUnknown""#
            case .declined: #","proven":true"#
            case .recalled, .failedByPerson, .conflict, .returned: ""
            }
        return RecordSchema(
            topic: .paymentResults, type: kind.rawValue, summary: summary(kind), members: members,
            examples: [
                #"{"type":"\#(kind.rawValue)","command":"loan-7/b-1/1","result":1,"#
                    + #""offering":"loan-7","account":"a-42"\#(own)}"#
            ])
    }

    /// For people: no answer about money is refused for it.
    private static var reason: JSONValue {
        let words = PaymentDoubt.allCases.map(\.rawValue).joined(separator: ", ")
        return [
            "description": .string(
                "Why it is not settled, as the payer puts it: \(words). No rule reads it.")
        ]
    }

    private static func summary(_ kind: PaymentResult.Kind) -> String {
        switch kind {
        case .paid: "The money has moved."
        case .declined: "The provider refused; for a payout that still leaves a doubt."
        case .recalled: "The command was taken back and never sent."
        case .failedByPerson: "Operators found that nothing moved and nothing will."
        case .inDoubt: "It is not known yet whether money moved; shares and money stay held."
        case .conflict: "Money moved after all, contrary to an earlier answer."
        case .returned: "The bank took back what was paid."
        }
    }
}
