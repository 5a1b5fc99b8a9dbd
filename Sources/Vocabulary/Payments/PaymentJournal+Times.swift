extension JournalEntry {
    /// When it was written. Setting it moves the moments that the entry counts from it, too.
    public var at: Timestamp {
        get {
            switch self {
            case .epoch(let entry): entry.at
            case .intent(let entry): entry.at
            case .sending(let entry): entry.at
            case .outcome(let entry): entry.at
            case .lookup(let entry): entry.at
            case .parked(let entry): entry.at
            case .admitted(let entry): entry.at
            case .waiting(let entry): entry.at
            case .recalled(let entry): entry.at
            case .conflict(let entry): entry.at
            case .channel(let entry): entry.at
            case .redrafted(let entry): entry.at
            case .rebuilt(let entry): entry.at
            case .lost(let entry): entry.at
            case .proposed(let entry): entry.at
            case .agreed(let entry): entry.at
            case .resolved(let entry): entry.at
            case .unresolved(let entry): entry.at
            case .statement(let entry): entry.at
            case .proven(let entry): entry.at
            case .brake(let entry): entry.at
            case .recallNoted(let entry): entry.at
            case .invalid(let entry): entry.at
            }
        }
        set { self = stamped(newValue) }
    }

    /// The same entry as if it had been written at `at`.
    private func stamped(_ at: Timestamp) -> JournalEntry {
        switch self {
        case .epoch(var entry):
            entry.at = at
            return .epoch(entry)
        case .intent(var entry):
            entry.at = at
            return .intent(entry)
        case .sending(var entry):
            entry.windowEndsAt = entry.windowEndsAt - entry.at + at
            entry.at = at
            return .sending(entry)
        case .outcome(var entry):
            entry.retryAt = entry.retryAt.map { $0 - entry.at + at }
            entry.at = at
            return .outcome(entry)
        case .lookup(var entry):
            entry.at = at
            return .lookup(entry)
        case .parked(var entry):
            entry.at = at
            return .parked(entry)
        case .admitted(var entry):
            entry.at = at
            return .admitted(entry)
        case .waiting(var entry):
            entry.at = at
            return .waiting(entry)
        case .recalled(var entry):
            entry.at = at
            return .recalled(entry)
        case .conflict(var entry):
            entry.at = at
            return .conflict(entry)
        case .channel(var entry):
            entry.at = at
            return .channel(entry)
        case .redrafted(var entry):
            entry.at = at
            return .redrafted(entry)
        case .rebuilt(var entry):
            entry.at = at
            return .rebuilt(entry)
        case .lost(var entry):
            entry.at = at
            return .lost(entry)
        case .proposed(var entry):
            entry.proposal.at = at
            entry.at = at
            return .proposed(entry)
        case .agreed(var entry):
            entry.at = at
            return .agreed(entry)
        case .resolved(var entry):
            entry.at = at
            return .resolved(entry)
        case .unresolved(var entry):
            entry.at = at
            return .unresolved(entry)
        case .statement(var entry):
            entry.at = at
            return .statement(entry)
        case .proven(var entry):
            entry.at = at
            return .proven(entry)
        case .brake(var entry):
            entry.kind.at = at
            entry.at = at
            return .brake(entry)
        case .recallNoted(var entry):
            entry.at = at
            return .recallNoted(entry)
        case .invalid(var entry):
            entry.at = at
            return .invalid(entry)
        }
    }

    /// The command that it is about; nil where it is about the partition.
    public var command: PaymentID? {
        switch self {
        case .epoch, .channel, .rebuilt, .brake: nil
        case .intent(let entry): entry.command.id
        case .sending(let entry): entry.command
        case .outcome(let entry): entry.command
        case .lookup(let entry): entry.command
        case .parked(let entry): entry.command
        case .admitted(let entry): entry.command
        case .waiting(let entry): entry.command
        case .recalled(let entry): entry.recall.command
        case .conflict(let entry): entry.command
        case .redrafted(let entry): entry.command
        case .lost(let entry): entry.command
        case .proposed(let entry): entry.proposal.command
        case .agreed(let entry): entry.command
        case .resolved(let entry): entry.command
        case .unresolved(let entry): entry.command
        case .statement(let entry): entry.command
        case .proven(let entry): entry.command
        case .recallNoted(let entry): entry.recall.command
        case .invalid(let entry): entry.command
        }
    }
}
