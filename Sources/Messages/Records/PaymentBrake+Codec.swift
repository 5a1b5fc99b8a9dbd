import Vocabulary

// Pauses and limits: as operators say them, and as the journal has them.

extension RecordDecoder {
    func pause(_ place: ResolutionPlace) throws(Malformation) -> PaymentPause {
        try members.checkListed(
            [.type, .partition, .channel, .kind, .actor, .reason, .at] + place.members)
        return PaymentPause(
            partition: try members.quantity(.partition),
            channel: try members.optionalIdentifier(.channel),
            kind: try members.optionalChoice(.kind, among: PaymentCommand.Kind.table),
            actor: try members.identifier(.actor),
            reason: try members.text(.reason, largest: RecordLimits.evidence),
            at: try members.quantity(.at))
    }

    func limit(_ place: ResolutionPlace) throws(Malformation) -> OutflowLimit {
        try members.checkListed(
            [.type, .partition, .currency, .amount, .whole, .actor, .at] + place.members)
        let share: MinorUnits? = try members.optionalQuantity(.amount)
        let whole: MinorUnits? = try members.optionalQuantity(.whole)
        // A limit without a share lets nothing go.
        let amounts = share == nil && whole == nil
            ? nil : OutflowLimit.Amounts(share: share ?? 0, whole: whole ?? share ?? 0)
        return OutflowLimit(
            partition: try members.quantity(.partition),
            currency: try members.currency(.currency), amounts: amounts,
            actor: try members.identifier(.actor), at: try members.quantity(.at))
    }

    func refusedResumption(_ place: ResolutionPlace) throws(Malformation) -> RefusedResumption {
        try members.checkListed(
            [.type, .partition, .channel, .actor, .at] + place.members)
        return RefusedResumption(
            partition: try members.quantity(.partition),
            channel: try members.optionalIdentifier(.channel),
            actor: try members.identifier(.actor), at: try members.quantity(.at))
    }

    func brake(_ kind: PaymentBrake.Kind) throws(Malformation) -> PaymentBrake {
        PaymentBrake(
            kind: kind, source: try members.quantity(.offset), at: try members.quantity(.at))
    }
}

extension JSONWriter {
    mutating func pause(_ record: PaymentPause) {
        member(",\"partition\":", record.partition)
        if let channel = record.channel { member(",\"channel\":\"", channel) }
        if let kind = record.kind { member(",\"kind\":\"", word: kind.rawValue) }
        member(",\"actor\":\"", record.actor)
        optionalText(",\"reason\":", record.reason, RecordLimits.evidence)
    }

    mutating func limit(_ record: OutflowLimit) {
        member(",\"partition\":", record.partition)
        member(",\"currency\":\"", record.currency)
        optionalMember(",\"amount\":", record.amounts?.share)
        optionalMember(",\"whole\":", record.amounts?.whole)
        member(",\"actor\":\"", record.actor)
    }

    mutating func refusedResumption(_ record: RefusedResumption) {
        member(",\"partition\":", record.partition)
        if let channel = record.channel { member(",\"channel\":\"", channel) }
        member(",\"actor\":\"", record.actor)
    }

    mutating func brake(_ entry: PaymentBrake) {
        switch entry.kind {
        case .pause(let record), .resumption(let record): pause(record)
        case .limit(let record): limit(record)
        case .refusedResumption(let record): refusedResumption(record)
        }
        member(",\"offset\":", entry.source)
        member(",\"at\":", entry.at)
    }
}
