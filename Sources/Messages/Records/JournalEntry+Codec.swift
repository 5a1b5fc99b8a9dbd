import Vocabulary

/// The values of `type` in `payment-journal`.
enum JournalEntryType: String, CaseIterable {
    case epoch = "epoch", intent = "intent", sending = "sending", outcome = "outcome"
    case lookup = "lookup", parked = "parked", admitted = "admitted", waiting = "waiting"
    case recalled = "recalled", conflict = "conflict"
    case channel = "channel", redrafted = "redrafted", rebuilt = "rebuilt", lost = "lost"
    case proposed = "proposed", agreed = "agreed", resolved = "resolved"
    case unresolved = "unresolved", statement = "statement", proven = "proven"
    case paused = "paused", resumed = "resumed", limited = "limited"
    case refusedResumed = "refusedResumed", recallNoted = "recallNoted", invalid = "invalid"

    static let table = WordTable<JournalEntryType>()

    init(_ entry: JournalEntry) {
        switch entry {
        case .epoch: self = .epoch
        case .intent: self = .intent
        case .sending: self = .sending
        case .outcome: self = .outcome
        case .lookup: self = .lookup
        case .parked: self = .parked
        case .admitted: self = .admitted
        case .waiting: self = .waiting
        case .recalled: self = .recalled
        case .conflict: self = .conflict
        case .channel: self = .channel
        case .redrafted: self = .redrafted
        case .rebuilt: self = .rebuilt
        case .lost: self = .lost
        case .proposed: self = .proposed
        case .agreed: self = .agreed
        case .resolved: self = .resolved
        case .unresolved: self = .unresolved
        case .statement: self = .statement
        case .proven: self = .proven
        case .brake(let entry):
            switch entry.kind {
            case .pause: self = .paused
            case .resumption: self = .resumed
            case .limit: self = .limited
            case .refusedResumption: self = .refusedResumed
            }
        case .recallNoted: self = .recallNoted
        case .invalid: self = .invalid
        }
    }
}

// MARK: Reading

extension RecordDecoder {
    /// Reads a record of `payment-journal`. With `refusesUnlisted` a member that the type does not
    /// list is an error, as for a payer that goes on with a journal.
    package mutating func decodeJournal(
        _ value: UnsafeRawBufferPointer?, refusesUnlisted: Bool = false
    ) throws(Malformation) -> JournalRecord {
        try read(value, largest: RecordLimits.ownValue, refusesUnlisted: refusesUnlisted)
        let entry = try journalEntry()
        return JournalRecord(number: try members.integer(.number), entry: entry)
    }

    private func journalEntry() throws(Malformation) -> JournalEntry {
        switch try members.type(among: JournalEntryType.table) {
        case .epoch: .epoch(try payerEpoch())
        case .intent: .intent(try intent())
        case .sending: .sending(try sending())
        case .outcome: .outcome(try outcome())
        case .lookup: .lookup(try lookup())
        case .parked: .parked(try parked())
        case .admitted: .admitted(try admitted())
        case .waiting: .waiting(try waiting())
        case .recalled: .recalled(try recalled())
        case .conflict: .conflict(try conflict())
        case .channel: .channel(try channel())
        case .redrafted: .redrafted(try redrafted())
        case .rebuilt: .rebuilt(try rebuilt())
        case .lost: .lost(try lost())
        case .proposed: .proposed(try proposed())
        case .agreed: .agreed(try agreed())
        case .resolved: .resolved(try resolved())
        case .unresolved: .unresolved(try unresolved())
        case .statement: .statement(try statement())
        case .proven: .proven(try proven())
        case .paused: .brake(try brake(.pause(try pause(.journal))))
        case .resumed: .brake(try brake(.resumption(try pause(.journal))))
        case .limited: .brake(try brake(.limit(try limit(.journal))))
        case .refusedResumed:
            .brake(try brake(.refusedResumption(try refusedResumption(.journal))))
        case .recallNoted: .recallNoted(try recallNoted())
        case .invalid: .invalid(try invalidCommand())
        }
    }

    func payerEpoch() throws(Malformation) -> PayerEpoch {
        try members.checkListed([.type, .epoch, .at, .number])
        return PayerEpoch(epoch: try members.quantity(.epoch), at: try members.quantity(.at))
    }
}

extension MemberTable {
    /// The id of a payment command that this system derived.
    func derivedPaymentID(_ name: Member) throws(Malformation) -> PaymentID {
        guard let id = try paymentID(name) else {
            throw fault(.badValue, name, try required(name))
        }
        return id
    }
}

// MARK: Writing

extension RecordEncoder {
    /// Room for the largest record of a payer: the texts of an intent, if they were of control
    /// characters only.
    package static let largestJournalEntry =
        6 * (RecordLimits.paymentBody + 2 * RecordLimits.providerText) + 2 * 1_024

    /// Writes a record of `payment-journal`.
    package static func encode(
        _ entry: JournalEntry, number: Int64, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(
            type: JournalEntryType(entry).rawValue, in: buffer, largest: largestJournalEntry)
        switch entry {
        case .epoch(let entry): writer.payerEpoch(entry)
        case .intent(let entry): writer.intent(entry)
        case .sending(let entry): writer.sending(entry)
        case .outcome(let entry): writer.outcome(entry)
        case .lookup(let entry): writer.lookup(entry)
        case .parked(let entry): writer.parked(entry)
        case .admitted(let entry): writer.admitted(entry)
        case .waiting(let entry): writer.waiting(entry)
        case .recalled(let entry): writer.recalled(entry)
        case .conflict(let entry): writer.conflict(entry)
        case .channel(let entry): writer.channel(entry)
        case .redrafted(let entry): writer.redrafted(entry)
        case .rebuilt(let entry): writer.rebuilt(entry)
        case .lost(let entry): writer.lost(entry)
        case .proposed(let entry): writer.proposed(entry)
        case .agreed(let entry): writer.agreed(entry)
        case .resolved(let entry): writer.resolved(entry)
        case .unresolved(let entry): writer.unresolved(entry)
        case .statement(let entry): writer.statement(entry)
        case .proven(let entry): writer.proven(entry)
        case .brake(let entry): writer.brake(entry)
        case .recallNoted(let entry): writer.recallNoted(entry)
        case .invalid(let entry): writer.invalid(entry)
        }
        writer.member(",\"number\":", number)
        return writer.end()
    }
}

// The members of an entry after `type`.
extension JSONWriter {
    mutating func payerEpoch(_ entry: PayerEpoch) {
        member(",\"epoch\":", entry.epoch)
        member(",\"at\":", entry.at)
    }
}
