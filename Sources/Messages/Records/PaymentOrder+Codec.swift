import Vocabulary

extension PaymentCommand.Kind {
    static let table = WordTable<PaymentCommand.Kind>()
}

extension OfferingState {
    static let table = WordTable<OfferingState>()
}

extension Environment.Purpose {
    static let table = WordTable<Environment.Purpose>()
}

extension Attention.Kind {
    static let table = WordTable<Attention.Kind>()
}

/// The values of `type` in `payment-commands`.
enum PaymentCommandType: String, CaseIterable {
    case payment, recall

    static let table = WordTable<PaymentCommandType>()
}

// What the allocator writes beside its decisions, and the environment.
extension RecordDecoder {
    /// Reads a record of `payment-commands` that must be a payment.
    public mutating func decodePaymentCommand(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> PaymentCommand {
        guard case .payment(let command) = try decodePaymentOrder(value) else {
            throw members.fault(.unknownType, .type, try members.required(.type))
        }
        return command
    }

    /// Reads a record of `payment-commands`. Offering, bid and obligation must be those of the
    /// command's id.
    public mutating func decodePaymentOrder(
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

    /// Reads a record of `progress`.
    public mutating func decodeProgress(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> Progress {
        try read(value, largest: RecordLimits.ownValue)
        try members.checkListed([
            .offering, .state, .shares, .free, .reserved, .settled, .waiting, .served, .bids,
            .accounts, .at, .seq, .epoch,
        ])
        return Progress(
            offering: try members.identifier(.offering),
            state: try members.choice(.state, among: OfferingState.table),
            shares: try members.quantity(.shares),
            counters: Counters(
                free: try members.quantity(.free), reserved: try members.quantity(.reserved),
                settled: try members.quantity(.settled)),
            waiting: try members.quantity(.waiting), served: try members.quantity(.served),
            bids: try members.integer(.bids), accounts: try members.integer(.accounts),
            at: try members.quantity(.at), sequence: try members.quantity(.seq),
            epoch: try members.quantity(.epoch))
    }

    /// Reads the record of `environment`.
    public mutating func decodeEnvironment(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> Environment {
        try read(value, largest: RecordLimits.ownValue)
        try members.checkListed([
            .env, .cluster, .partitions, .purpose, .clockGrace, .archiveAfter, .writers,
            .commandGrace, .edition,
        ])
        let edition = try members.optionalInteger(.edition) ?? 0
        return Environment(
            name: try members.text(.env, largest: RecordLimits.environmentText),
            cluster: try members.text(.cluster, largest: RecordLimits.environmentText),
            partitions: try members.integer(.partitions),
            purpose: try members.choice(.purpose, among: Environment.Purpose.table),
            clockGraceMilliseconds: try members.integer(.clockGrace),
            archiveAfterMilliseconds: try members.integer(.archiveAfter),
            writers: try members.integer(.writers),
            commandGraceMilliseconds: try members.optionalInteger(.commandGrace), edition: edition)
    }
}
