import Vocabulary

// What is known of a payment that went out.

extension PaymentOutcome.Class {
    static let table = WordTable<PaymentOutcome.Class>()
}

extension PaymentLookup.Class {
    static let table = WordTable<PaymentLookup.Class>()
}

extension PaymentLost.Class {
    static let table = WordTable<PaymentLost.Class>()
}

extension RecordDecoder {
    func outcome() throws(Malformation) -> PaymentOutcome {
        try members.checkListed([
            .type, .command, .attempt, .class, .reference, .retryAt, .status, .problem, .cause,
            .result, .at, .number,
        ])
        return PaymentOutcome(
            command: try members.derivedPaymentID(.command),
            attempt: try members.integer(.attempt),
            class: try members.choice(.class, among: PaymentOutcome.Class.table),
            reference: try members.optionalText(.reference, largest: RecordLimits.providerText),
            retryAt: try members.optionalQuantity(.retryAt),
            words: ProviderWords(
                status: try members.optionalInteger(.status),
                problem: try members.optionalText(.problem, largest: RecordLimits.providerText),
                cause: try members.optionalText(.cause, largest: RecordLimits.providerText)),
            result: try members.optionalInteger(.result), at: try members.quantity(.at))
    }

    func lookup() throws(Malformation) -> PaymentLookup {
        try members.checkListed([
            .type, .command, .class, .reference, .result, .at, .number,
        ])
        return PaymentLookup(
            command: try members.derivedPaymentID(.command),
            class: try members.choice(.class, among: PaymentLookup.Class.table),
            reference: try members.optionalText(.reference, largest: RecordLimits.providerText),
            result: try members.optionalInteger(.result), at: try members.quantity(.at))
    }

    func lost() throws(Malformation) -> PaymentLost {
        try members.checkListed([
            .type, .command, .class, .answered, .reference, .result, .at, .number,
        ])
        return PaymentLost(
            command: try members.derivedPaymentID(.command),
            class: try members.choice(.class, among: PaymentLost.Class.table),
            answered: try members.integer(.answered),
            reference: try members.optionalText(.reference, largest: RecordLimits.providerText),
            result: try members.optionalInteger(.result), at: try members.quantity(.at))
    }
}

extension JSONWriter {
    mutating func outcome(_ entry: PaymentOutcome) {
        member(",\"command\":\"", entry.command)
        member(",\"attempt\":", entry.attempt)
        member(",\"class\":\"", word: entry.class.rawValue)
        reference(entry.reference)
        optionalMember(",\"retryAt\":", entry.retryAt)
        optionalMember(",\"status\":", entry.words.status)
        optionalText(",\"problem\":", entry.words.problem, RecordLimits.providerText)
        optionalText(",\"cause\":", entry.words.cause, RecordLimits.providerText)
        optionalMember(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }

    mutating func lookup(_ entry: PaymentLookup) {
        member(",\"command\":\"", entry.command)
        member(",\"class\":\"", word: entry.class.rawValue)
        reference(entry.reference)
        optionalMember(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }

    mutating func lost(_ entry: PaymentLost) {
        member(",\"command\":\"", entry.command)
        member(",\"class\":\"", word: entry.class.rawValue)
        member(",\"answered\":", entry.answered)
        reference(entry.reference)
        optionalMember(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }

    mutating func reference(_ reference: String?) {
        optionalText(",\"reference\":", reference, RecordLimits.providerText)
    }

    /// A text of at most `largest` bytes, where there is one.
    mutating func optionalText(_ name: StaticString, _ value: String?, _ largest: Int) {
        guard let value else { return }
        precondition(value.utf8.count <= largest, "a text is too long")
        literal(name)
        text(value)
    }
}
