import Vocabulary

// Payments that wait: for people, for another one, or for good.

extension PaymentDoubt {
    static let table = WordTable<PaymentDoubt>()
}

extension RecordDecoder {
    func parked() throws(Malformation) -> PaymentParking {
        try members.checkListed([.type, .command, .reason, .result, .at, .number])
        return PaymentParking(
            command: try members.derivedPaymentID(.command),
            reason: try members.choice(.reason, among: PaymentDoubt.table),
            result: try members.optionalInteger(.result),
            at: try members.quantity(.at))
    }

    func admitted() throws(Malformation) -> PaymentAdmission {
        try members.checkListed([.type, .command, .at, .number])
        return PaymentAdmission(
            command: try members.derivedPaymentID(.command),
            at: try members.quantity(.at))
    }

    func waiting() throws(Malformation) -> PaymentWaiting {
        try members.checkListed([
            .type, .command, .behind, .result, .at, .number,
        ])
        return PaymentWaiting(
            command: try members.derivedPaymentID(.command),
            behind: try members.derivedPaymentID(.behind),
            result: try members.integer(.result), at: try members.quantity(.at))
    }

    func recalled() throws(Malformation) -> PaymentRecalled {
        try members.checkListed([
            .type, .command, .offering, .partition, .account, .sourcePartition,
            .sourceOffset, .sourceAt, .result, .at, .number,
        ])
        return PaymentRecalled(
            recall: try recall(), source: try commandSource(),
            result: try members.integer(.result), at: try members.quantity(.at))
    }

    func conflict() throws(Malformation) -> PaymentConflict {
        try members.checkListed([
            .type, .command, .sourcePartition, .sourceOffset, .sourceAt, .at, .number,
        ])
        return PaymentConflict(
            command: try members.derivedPaymentID(.command),
            source: try commandSource(), at: try members.quantity(.at))
    }
}

extension JSONWriter {
    mutating func parked(_ entry: PaymentParking) {
        member(",\"command\":\"", entry.command)
        member(",\"reason\":\"", word: entry.reason.rawValue)
        optionalMember(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }

    mutating func admitted(_ entry: PaymentAdmission) {
        member(",\"command\":\"", entry.command)
        member(",\"at\":", entry.at)
    }

    mutating func waiting(_ entry: PaymentWaiting) {
        member(",\"command\":\"", entry.command)
        member(",\"behind\":\"", entry.behind)
        member(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }

    mutating func recalled(_ entry: PaymentRecalled) {
        recall(entry.recall)
        source(entry.source)
        member(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }

    mutating func conflict(_ entry: PaymentConflict) {
        member(",\"command\":\"", entry.command)
        source(entry.source)
        member(",\"at\":", entry.at)
    }
}
