import Vocabulary

// The members of journal entries after `type`, whose closing quote they bring.
extension JSONWriter {
    mutating func intent(_ entry: PaymentIntent) {
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
        draft(token: entry.accountToken, body: entry.body)
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
        member(",\"channel\":\"", entry.channel)
        member(",\"key\":\"", entry.key)
        member(",\"windowEndsAt\":", entry.windowEndsAt)
        member(",\"at\":", entry.at)
    }

    mutating func draft(token: String?, body: String) {
        precondition(
            body.utf8.count <= RecordLimits.paymentBody
                && (token?.utf8.count ?? 0) <= RecordLimits.providerText,
            "the body or the account token of a payment is too long")
        if let token {
            literal(",\"token\":")
            text(token)
        }
        literal(",\"body\":")
        text(body)
    }

    mutating func channel(_ channel: PaymentChannel) {
        precondition(
            channel.origin.utf8.count <= RecordLimits.providerText
                && channel.path.utf8.count <= RecordLimits.providerText
                && (channel.merchant?.utf8.count ?? 0) <= RecordLimits.providerText,
            "the address or the merchant of a channel is too long")
        member("\",\"channel\":\"", channel.name)
        literal(",\"origin\":")
        text(channel.origin)
        literal(",\"path\":")
        text(channel.path)
        if let merchant = channel.merchant {
            literal(",\"merchant\":")
            text(merchant)
        }
    }

    mutating func damage(_ damage: JournalDamage) {
        member(",\"last\":", damage.last)
        member(",\"mark\":", damage.mark)
        member(",\"isRestarted\":", damage.isRestarted)
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
        member(",\"sourceAt\":", source.at)
    }

    mutating func reference(_ reference: String?) {
        guard let reference else { return }
        precondition(
            reference.utf8.count <= RecordLimits.providerText, "a reference is too long")
        literal(",\"reference\":")
        text(reference)
    }
}
