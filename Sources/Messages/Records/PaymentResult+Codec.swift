import Vocabulary

extension PaymentResult.Kind {
    static let table = WordTable<PaymentResult.Kind>()
}

extension RecordDecoder {
    /// Reads a record of `payment-results`. The provider's `reference` is checked to be a string
    /// and is no part of the state.
    package mutating func decodePaymentResult(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> PaymentResult {
        try read(value)
        let kind = try members.type(among: PaymentResult.Kind.table)
        try members.checkListed([
            .type, .command, .result, .offering, .account, .amount, .reference, .reason,
            .proven,
        ])
        let payment = try members.paymentID(.command)
        let number = try members.integer(.result)
        // Results count from 1: one of 0 would be a repeat of what never came.
        guard number >= 1 else {
            throw members.fault(.outOfRange, .result, try members.required(.result))
        }
        let offering = try members.identifier(.offering)
        let account = try members.identifier(.account)
        let amount: MinorUnits? =
            kind == .paid
            ? try members.quantity(.amount) : try members.optionalQuantity(.amount)
        try members.optionalString(.reference)
        return PaymentResult(
            kind: kind, payment: payment, result: number, offering: offering, account: account,
            amount: amount, isProven: try members.optionalBoolean(.proven))
    }

    /// Reads a record of `payment-results` with the provider's id of the payment, where it has
    /// the form of one.
    package mutating func decodePaymentAnswer(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> (result: PaymentResult, reference: String?) {
        let result = try decodePaymentResult(value)
        let reference = try? members.optionalText(.reference, largest: RecordLimits.providerText)
        return (result, reference ?? nil)
    }
}

extension RecordEncoder {
    /// Writes a record of `payment-results`; it answers a command that this system derived.
    package static func encode(
        _ result: PaymentResult, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(type: result.kind.rawValue, in: buffer, largest: largestRecord)
        writer.result(result)
        if result.isProven { writer.literal(",\"proven\":true") }
        return writer.end()
    }

    /// Writes a record of `payment-results` with all that the payer says.
    package static func encode(
        _ answer: PaymentAnswer, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(
            type: answer.result.kind.rawValue, in: buffer, largest: largestJournalEntry)
        writer.result(answer.result)
        writer.reference(answer.reference)
        if let reason = answer.reason { writer.member(",\"reason\":\"", word: reason.rawValue) }
        if answer.result.isProven { writer.literal(",\"proven\":true") }
        return writer.end()
    }
}

extension JSONWriter {
    /// The members of every result after `type`.
    fileprivate mutating func result(_ result: PaymentResult) {
        guard let payment = result.payment else {
            preconditionFailure("a result answers a payment command")
        }
        member(",\"command\":\"", payment)
        member(",\"result\":", result.result)
        member(",\"offering\":\"", result.offering)
        member(",\"account\":\"", result.account)
        optionalMember(",\"amount\":", result.amount)
    }
}
