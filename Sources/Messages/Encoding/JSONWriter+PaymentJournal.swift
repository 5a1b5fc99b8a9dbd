import Vocabulary

// The members of journal entries after `type`, whose closing quote they bring.
extension JSONWriter {
    mutating func intent(_ entry: PaymentIntent) {
        precondition(
            entry.body.utf8.count <= RecordLimits.paymentBody
                && (entry.accountToken?.utf8.count ?? 0) <= RecordLimits.providerText,
            "the body or the account token of a payment is too long")
        let command = entry.command
        member("\",\"command\":\"", command.id)
        member(",\"kind\":\"", word: command.kind.rawValue)
        member(",\"partition\":", command.partition)
        member(",\"account\":\"", command.account)
        member(",\"amount\":", command.amount)
        member(",\"currency\":\"", command.currency)
        member(",\"due\":", command.due)
        optionalMember(",\"original\":", command.original.map(Int64.init))
        member(",\"key\":\"", entry.key)
        member(",\"channel\":\"", entry.channel)
        if let token = entry.accountToken {
            literal(",\"token\":")
            text(token)
        }
        literal(",\"body\":")
        text(entry.body)
        source(entry.source)
        if let parked = entry.parked { member(",\"parked\":\"", word: parked.rawValue) }
        optionalMember(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }

    mutating func sending(_ entry: PaymentSending) {
        member("\",\"command\":\"", entry.command)
        member(",\"attempt\":", entry.attempt)
        member(",\"isRepeat\":", entry.isRepeat)
        member(",\"epoch\":", entry.epoch)
        member(",\"windowEndsAt\":", entry.windowEndsAt)
        member(",\"at\":", entry.at)
    }

    mutating func outcome(_ entry: PaymentOutcome) {
        member("\",\"command\":\"", entry.command)
        member(",\"attempt\":", entry.attempt)
        member(",\"class\":\"", word: entry.class.rawValue)
        reference(entry.reference)
        optionalMember(",\"retryAt\":", entry.retryAt)
        optionalMember(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }

    mutating func lookup(_ entry: PaymentLookup) {
        member("\",\"command\":\"", entry.command)
        member(",\"class\":\"", word: entry.class.rawValue)
        reference(entry.reference)
        optionalMember(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }

    mutating func recall(_ recall: PaymentRecall) {
        member("\",\"command\":\"", recall.command)
        member(",\"offering\":\"", recall.command.offering)
        member(",\"partition\":", recall.partition)
        member(",\"account\":\"", recall.account)
    }

    mutating func source(_ source: CommandSource) {
        member(",\"sourcePartition\":", source.partition)
        member(",\"sourceOffset\":", source.offset)
    }

    mutating func reference(_ reference: String?) {
        guard let reference else { return }
        precondition(
            reference.utf8.count <= RecordLimits.providerText, "a reference is too long")
        literal(",\"reference\":")
        text(reference)
    }
}
