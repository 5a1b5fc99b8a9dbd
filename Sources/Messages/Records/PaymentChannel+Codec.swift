import Vocabulary

// Where payments go, and what is sent to another place than it was written for.

extension RecordDecoder {
    func channel() throws(Malformation) -> PaymentChannelBinding {
        try members.checkListed([
            .type, .channel, .origin, .path, .merchant, .at, .number,
        ])
        let largest = RecordLimits.providerText
        return PaymentChannelBinding(
            channel: PaymentChannel(
                name: try members.identifier(.channel),
                origin: try members.text(.origin, largest: largest),
                path: try members.text(.path, largest: largest),
                merchant: try members.optionalText(.merchant, largest: largest)),
            at: try members.quantity(.at))
    }

    func redrafted() throws(Malformation) -> PaymentRedraft {
        try members.checkListed([
            .type, .command, .channel, .token, .body, .at, .number,
        ])
        return PaymentRedraft(
            command: try members.derivedPaymentID(.command),
            channel: try members.identifier(.channel),
            accountToken: try members.text(.token, largest: RecordLimits.providerText),
            body: try members.text(.body, largest: RecordLimits.paymentBody),
            at: try members.quantity(.at))
    }
}

extension JSONWriter {
    mutating func channel(_ entry: PaymentChannelBinding) {
        let channel = entry.channel
        precondition(
            channel.origin.utf8.count <= RecordLimits.providerText
                && channel.path.utf8.count <= RecordLimits.providerText
                && (channel.merchant?.utf8.count ?? 0) <= RecordLimits.providerText,
            "the address or the merchant of a channel is too long")
        member(",\"channel\":\"", channel.name)
        literal(",\"origin\":")
        text(channel.origin)
        literal(",\"path\":")
        text(channel.path)
        if let merchant = channel.merchant {
            literal(",\"merchant\":")
            text(merchant)
        }
        member(",\"at\":", entry.at)
    }

    mutating func redrafted(_ entry: PaymentRedraft) {
        member(",\"command\":\"", entry.command)
        member(",\"channel\":\"", entry.channel)
        draft(token: entry.accountToken, body: entry.body)
        member(",\"at\":", entry.at)
    }
}
