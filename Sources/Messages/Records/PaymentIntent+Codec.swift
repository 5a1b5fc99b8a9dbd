import Vocabulary

// A payment that is to be made, and that it goes out.

extension RecordDecoder {
    func intent() throws(Malformation) -> PaymentIntent {
        try members.checkListed([
            .type, .command, .kind, .partition, .account, .amount, .currency, .due, .key,
            .channel, .token, .body, .sourcePartition, .sourceOffset, .sourceAt, .parked, .result,
            .at, .original, .number,
        ])
        let id = try members.derivedPaymentID(.command)
        let command = PaymentCommand(
            id: id, partition: try members.quantity(.partition),
            account: try members.identifier(.account), amount: try members.quantity(.amount),
            currency: try members.currency(.currency), due: try members.quantity(.due),
            original: try members.optionalInteger(.original).map(Int32.init(clamping:)))
        guard try members.choice(.kind, among: PaymentCommand.Kind.table) == command.kind else {
            throw members.fault(.badValue, .kind, try members.required(.kind))
        }
        return PaymentIntent(
            command: command, key: try members.identifier(.key),
            channel: try members.identifier(.channel),
            accountToken: try members.optionalText(.token, largest: RecordLimits.providerText),
            body: try members.text(.body, largest: RecordLimits.paymentBody),
            source: try commandSource(),
            parked: try members.optionalChoice(.parked, among: PaymentDoubt.table),
            result: try members.optionalInteger(.result), at: try members.quantity(.at))
    }

    func sending() throws(Malformation) -> PaymentSending {
        try members.checkListed([
            .type, .command, .attempt, .isRepeat, .epoch, .channel, .key, .windowEndsAt, .at,
            .number,
        ])
        return PaymentSending(
            command: try members.derivedPaymentID(.command),
            attempt: try members.integer(.attempt), isRepeat: try members.boolean(.isRepeat),
            epoch: try members.quantity(.epoch), channel: try members.identifier(.channel),
            key: try members.identifier(.key),
            windowEndsAt: try members.quantity(.windowEndsAt), at: try members.quantity(.at))
    }

    func commandSource() throws(Malformation) -> CommandSource {
        CommandSource(
            partition: try members.quantity(.sourcePartition),
            offset: try members.quantity(.sourceOffset),
            at: try members.quantity(.sourceAt))
    }
}

extension JSONWriter {
    mutating func intent(_ entry: PaymentIntent) {
        let command = entry.command
        member(",\"command\":\"", command.id)
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
        member(",\"command\":\"", entry.command)
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

    mutating func source(_ source: CommandSource) {
        member(",\"sourcePartition\":", source.partition)
        member(",\"sourceOffset\":", source.offset)
        member(",\"sourceAt\":", source.at)
    }
}
