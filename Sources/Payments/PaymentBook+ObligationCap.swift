import Vocabulary

// All commands of an obligation together never move more than is due (Payments.md, The cap of an
// obligation).

extension PaymentBook {
    /// Whether the cap has room for a command: both its own word of what is due and that of
    /// those before it count.
    func fits(_ command: PaymentCommand) -> Bool {
        guard let obligation = obligations[command.id.obligation], obligation.taken > 0 else {
            return command.amount <= command.due
        }
        let due = min(obligation.due, command.due)
        return command.amount <= due && obligation.taken <= due - command.amount
    }

    /// Whether the commands of an obligation come to more than is due, as far as they count.
    func isOverdrawn(_ index: Int) -> Bool {
        guard let command = command(index), let obligation = obligations[command.id.obligation]
        else { return false }
        return obligation.taken > obligation.due
    }

    /// Counts a command against what is due.
    mutating func reserve(_ index: Int) {
        guard let command = command(index) else { return }
        let id = command.id.obligation
        var obligation = obligations[id] ?? Obligation(due: command.due)
        obligation.due =
            obligation.taken > 0 ? min(obligation.due, command.due) : command.due
        // What a journal lost counts however much it comes to.
        let (taken, isTooMuch) = obligation.taken.rawValue.addingReportingOverflow(
            command.amount.rawValue)
        obligation.taken = MinorUnits(rawValue: isTooMuch ? .max : taken)
        obligations[id] = obligation
    }

    /// Counts a command against what is due, or no more, where its new state asks for that.
    mutating func count(_ index: Int, from before: PaymentState, to next: PaymentState) {
        guard let command = command(index) else { return }
        let direction = command.kind.direction
        let counted = before.countsAgainstDue(direction)
        guard counted != next.countsAgainstDue(direction) else { return }
        if counted {
            obligations[command.id.obligation]?.taken -= command.amount
        } else {
            reserve(index)
        }
    }
}
