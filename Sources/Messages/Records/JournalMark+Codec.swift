import Vocabulary

extension PaymentLost.Class {
    static let table = WordTable<PaymentLost.Class>()
}

extension RebuildResolution.Kind {
    static let table = WordTable<RebuildResolution.Kind>()
}

/// The one value of `type` in `payment-marks`.
enum JournalMarkType: String, CaseIterable {
    case mark

    static let table = WordTable<JournalMarkType>()
}

extension RecordDecoder {
    /// Reads a record of `payment-marks`.
    public mutating func decodeMark(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> JournalMark {
        try read(value, largest: RecordLimits.ownValue)
        _ = try members.type(among: JournalMarkType.table)
        try members.checkListed([.type, .partition, .number, .epoch, .at])
        return JournalMark(
            partition: try members.quantity(.partition), number: try members.integer(.number),
            epoch: try members.quantity(.epoch), at: try members.quantity(.at))
    }

    /// Reads a record of `payment-resolutions`.
    public mutating func decodeResolution(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> RebuildResolution {
        try read(value)
        let kind = try members.type(among: RebuildResolution.Kind.table)
        try members.checkListed([
            .type, .partition, .last, .mark, .isRestarted, .actor, .at,
        ])
        return RebuildResolution(
            kind: kind, damage: try damage(), actor: try members.identifier(.actor),
            at: try members.quantity(.at))
    }

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

    func redraft() throws(Malformation) -> PaymentRedraft {
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

    func rebuilt() throws(Malformation) -> PaymentRebuilt {
        try members.checkListed([
            .type, .partition, .last, .mark, .isRestarted, .proposedBy, .approvedBy,
            .resolution, .at, .number,
        ])
        return PaymentRebuilt(
            rebuild: ApprovedRebuild(
                damage: try damage(), proposedBy: try members.identifier(.proposedBy),
                approvedBy: try members.identifier(.approvedBy),
                resolution: try members.quantity(.resolution)),
            at: try members.quantity(.at))
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

    private func damage() throws(Malformation) -> JournalDamage {
        JournalDamage(
            partition: try members.quantity(.partition), last: try members.integer(.last),
            mark: try members.integer(.mark), isRestarted: try members.boolean(.isRestarted))
    }
}

// What guards a journal's tail, and what people decide about it. Each needs room for
// `largestSmallRecord` bytes.
extension RecordEncoder {
    /// Writes a record of `payment-marks`.
    public static func encode(
        _ mark: JournalMark, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.literal("{\"type\":\"mark\"")
        writer.member(",\"partition\":", mark.partition)
        writer.member(",\"number\":", mark.number)
        writer.member(",\"epoch\":", mark.epoch)
        writer.member(",\"at\":", mark.at)
        writer.literal("}")
        return writer.count
    }

    /// Writes a record of `payment-resolutions`.
    public static func encode(
        _ resolution: RebuildResolution, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.member("{\"type\":\"", word: resolution.kind.rawValue)
        writer.member(",\"partition\":", resolution.damage.partition)
        writer.damage(resolution.damage)
        writer.member(",\"actor\":\"", resolution.actor)
        writer.member(",\"at\":", resolution.at)
        writer.literal("}")
        return writer.count
    }
}
