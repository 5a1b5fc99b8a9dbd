import Vocabulary

extension PaymentOutcome.Class {
    static let table = WordTable<PaymentOutcome.Class>()
}

extension PaymentLookup.Class {
    static let table = WordTable<PaymentLookup.Class>()
}

extension PaymentDoubt {
    static let table = WordTable<PaymentDoubt>()
}

extension RecordDecoder {
    /// Reads a record of `payment-journal`. With `refusesUnlisted` a member that the type does not
    /// list is an error, as a worker that goes on with a journal needs.
    public mutating func decodeJournal(
        _ value: UnsafeRawBufferPointer?, refusesUnlisted: Bool = false
    ) throws(Malformation) -> JournalRecord {
        try read(value, largest: RecordLimits.ownValue, refusesUnlisted: refusesUnlisted)
        let entry = try journalEntry()
        return JournalRecord(number: try members.integer(.number), entry: entry)
    }

    private func journalEntry() throws(Malformation) -> JournalEntry {
        switch try members.type(among: JournalEntryType.table) {
        case .epoch:
            try members.checkListed([.type, .epoch, .at, .number])
            return .epoch(
                PayerEpoch(epoch: try members.quantity(.epoch), at: try members.quantity(.at)))
        case .intent: return .intent(try intent())
        case .sending: return .sending(try sending())
        case .outcome: return .outcome(try outcome())
        case .lookup: return .lookup(try lookup())
        case .parked:
            try members.checkListed([.type, .command, .reason, .result, .at, .number])
            return .parked(
                PaymentParking(
                    command: try members.derivedPaymentID(.command),
                    reason: try members.choice(.reason, among: PaymentDoubt.table),
                    result: try members.optionalInteger(.result),
                    at: try members.quantity(.at)))
        case .admitted:
            try members.checkListed([.type, .command, .at, .number])
            return .admitted(
                PaymentAdmission(
                    command: try members.derivedPaymentID(.command),
                    at: try members.quantity(.at)))
        case .waiting:
            try members.checkListed([
                .type, .command, .behind, .result, .at, .number,
            ])
            return .waiting(
                PaymentWaiting(
                    command: try members.derivedPaymentID(.command),
                    behind: try members.derivedPaymentID(.behind),
                    result: try members.integer(.result), at: try members.quantity(.at)))
        case .recalled:
            try members.checkListed([
                .type, .command, .offering, .partition, .account, .sourcePartition,
                .sourceOffset, .sourceAt, .result, .at, .number,
            ])
            return .recalled(
                PaymentRecalled(
                    recall: try recall(), source: try commandSource(),
                    result: try members.integer(.result), at: try members.quantity(.at)))
        case .conflict:
            try members.checkListed([
                .type, .command, .sourcePartition, .sourceOffset, .sourceAt, .at, .number,
            ])
            return .conflict(
                PaymentConflict(
                    command: try members.derivedPaymentID(.command),
                    source: try commandSource(), at: try members.quantity(.at)))
        case .channel: return .channel(try channel())
        case .redrafted: return .redrafted(try redraft())
        case .rebuilt: return .rebuilt(try rebuilt())
        case .lost: return .lost(try lost())
        }
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

    private func commandSource() throws(Malformation) -> CommandSource {
        CommandSource(
            partition: try members.quantity(.sourcePartition),
            offset: try members.quantity(.sourceOffset),
            at: try members.quantity(.sourceAt))
    }
}

// The larger entries.
extension RecordDecoder {
    private func intent() throws(Malformation) -> PaymentIntent {
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

    private func sending() throws(Malformation) -> PaymentSending {
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

    private func outcome() throws(Malformation) -> PaymentOutcome {
        try members.checkListed([
            .type, .command, .attempt, .class, .reference, .retryAt, .result, .at, .number,
        ])
        return PaymentOutcome(
            command: try members.derivedPaymentID(.command),
            attempt: try members.integer(.attempt),
            class: try members.choice(.class, among: PaymentOutcome.Class.table),
            reference: try members.optionalText(.reference, largest: RecordLimits.providerText),
            retryAt: try members.optionalQuantity(.retryAt),
            result: try members.optionalInteger(.result), at: try members.quantity(.at))
    }

    private func lookup() throws(Malformation) -> PaymentLookup {
        try members.checkListed([
            .type, .command, .class, .reference, .result, .at, .number,
        ])
        return PaymentLookup(
            command: try members.derivedPaymentID(.command),
            class: try members.choice(.class, among: PaymentLookup.Class.table),
            reference: try members.optionalText(.reference, largest: RecordLimits.providerText),
            result: try members.optionalInteger(.result), at: try members.quantity(.at))
    }
}

extension MemberTable {
    /// The id of a payment command that this system derived.
    func derivedPaymentID(_ name: MemberName) throws(Malformation) -> PaymentID {
        guard let id = try paymentID(name) else {
            throw fault(.badValue, name, try required(name))
        }
        return id
    }
}
