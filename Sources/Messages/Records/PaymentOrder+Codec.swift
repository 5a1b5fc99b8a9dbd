import Vocabulary

extension PaymentCommand.Kind {
    static let table = WordTable<PaymentCommand.Kind>()
}

/// The values of `type` in `payment-commands`.
enum PaymentCommandType: String, CaseIterable {
    case payment = "payment", recall = "recall"

    static let table = WordTable<PaymentCommandType>()
}

extension RecordDecoder {
    /// Reads a record of `payment-commands` that must be a payment.
    package mutating func decodePaymentCommand(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> PaymentCommand {
        guard case .payment(let command) = try decodePaymentOrder(value) else {
            throw members.fault(.unknownType, .type, try members.required(.type))
        }
        return command
    }

    /// Reads a record of `payment-commands`. Offering, bid and obligation must be those of the
    /// command's id.
    package mutating func decodePaymentOrder(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> PaymentOrder {
        try read(value, largest: RecordLimits.ownValue)
        switch try members.type(among: PaymentCommandType.table) {
        case .payment: return .payment(try paymentCommand())
        case .recall:
            try members.checkListed([.type, .command, .offering, .partition, .account])
            return .recall(try recall())
        }
    }

    /// Reads whom a payment is about and who is to be answered, of one that can't be carried out
    /// because of what else it says.
    package mutating func decodePaymentAddress(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> PaymentRecall {
        try read(value, largest: RecordLimits.ownValue)
        guard case .payment = try members.type(among: PaymentCommandType.table) else {
            throw members.fault(.unknownType, .type, try members.required(.type))
        }
        try members.refuseRepeated([.type, .command, .offering, .partition, .account])
        return try recall()
    }

    private func paymentCommand() throws(Malformation) -> PaymentCommand {
        try members.checkListed([
            .type, .command, .kind, .offering, .partition, .bid, .account, .amount, .currency,
            .obligation, .due, .original,
        ])
        let id = try members.derivedPaymentID(.command)
        let command = PaymentCommand(
            id: id, partition: try members.quantity(.partition),
            account: try members.identifier(.account), amount: try members.quantity(.amount),
            currency: try members.currency(.currency), due: try members.quantity(.due),
            original: try original(of: id))
        guard try members.choice(.kind, among: PaymentCommand.Kind.table) == command.kind else {
            throw members.fault(.badValue, .kind, try members.required(.kind))
        }
        guard try members.identifier(.offering) == id.offering else {
            throw members.fault(.badValue, .offering, try members.required(.offering))
        }
        if let bid = id.bid, try members.bid(.bid, of: id.offering) != bid {
            throw members.fault(.badValue, .bid, try members.required(.bid))
        }
        let obligation = try members.optionalText(
            .obligation, largest: RecordLimits.derivedIdentifier)
        guard let obligation else { throw members.missing(.obligation) }
        guard obligation == id.obligation.description else {
            throw members.fault(.badValue, .obligation, try members.required(.obligation))
        }
        return command
    }

    /// The number of the collection whose money a refund returns; refunds alone have one.
    private func original(of id: PaymentID) throws(Malformation) -> Int32? {
        guard case .refund = id.kind else { return nil }
        guard let original = try members.paymentID(.original), original.kind == .collection,
            original.offering == id.offering, original.subject == id.subject
        else { throw members.fault(.badValue, .original, try members.required(.original)) }
        return original.number
    }

    /// The members of a recall; its offering must be that of the command's id.
    func recall() throws(Malformation) -> PaymentRecall {
        let id = try members.derivedPaymentID(.command)
        guard try members.identifier(.offering) == id.offering else {
            throw members.fault(.badValue, .offering, try members.required(.offering))
        }
        return PaymentRecall(
            command: id, partition: try members.quantity(.partition),
            account: try members.identifier(.account))
    }
}

extension RecordEncoder {
    /// Writes a record of `payment-commands`.
    package static func encode(
        _ command: PaymentCommand, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.member("{\"type\":\"payment\",\"command\":\"", command.id)
        writer.member(",\"kind\":\"", word: command.kind.rawValue)
        writer.member(",\"offering\":\"", command.id.offering)
        writer.member(",\"partition\":", command.partition)
        if let bid = command.id.bid {
            writer.bidder(bid, command.account, of: command.id.offering)
        } else {
            writer.member(",\"account\":\"", command.account)
        }
        writer.member(",\"amount\":", command.amount)
        writer.member(",\"currency\":\"", command.currency)
        writer.member(",\"obligation\":\"", command.id.obligation)
        writer.member(",\"due\":", command.due)
        if let original = command.original {
            writer.literal(",\"original\":\"")
            writer.collectionID(
                offering: command.id.offering, bid: command.id.subject, number: original)
            writer.literal("\"")
        }
        return writer.end()
    }

    /// Writes a recall as a record of `payment-commands`.
    package static func encode(
        _ recall: PaymentRecall, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(
            type: PaymentCommandType.recall.rawValue, in: buffer, largest: largestSmallRecord)
        writer.recall(recall)
        return writer.end()
    }
}

extension JSONWriter {
    mutating func recall(_ recall: PaymentRecall) {
        member(",\"command\":\"", recall.command)
        member(",\"offering\":\"", recall.command.offering)
        member(",\"partition\":", recall.partition)
        member(",\"account\":\"", recall.account)
    }
}
