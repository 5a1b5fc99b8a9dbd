import Vocabulary

// What operators ask of a whole partition: `clock.correct` and `payments.recommand` (TheLog.md).

/// The commands of a partition by their ids, few of them: each is decided once. One that was
/// refused spends its id, as an offering's does: delivered again it must not act.
struct PartitionCommandTable: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        var action: PartitionCommand.Action
        /// The decision about it.
        var sequence: DecisionNumber
        /// Why it was refused; nil where it was not.
        var refusal: Reason?
    }

    private var entries: [Identifier: Entry] = [:]

    func find(_ command: Identifier) -> Entry? { entries[command] }

    mutating func add(
        _ command: PartitionCommand, _ sequence: DecisionNumber, refused refusal: Reason? = nil
    ) {
        entries[command.command] = Entry(
            action: command.action, sequence: sequence, refusal: refusal)
    }
}

extension PartitionBook {
    /// Whether a command of the partition with this id was decided: it acted, or was refused.
    package func hasDecided(_ command: Identifier) -> Bool {
        partitionCommands.find(command) != nil
    }

    mutating func decidePartitionCommand(
        _ command: PartitionCommand, into group: inout DecisionGroup
    ) {
        func reject(_ reason: Reason, member: Member? = nil) {
            self.reject(
                Rejection(.partitionCommand(command), reason, member: member), of: command,
                into: &group)
        }
        if let known = partitionCommands.find(command.command) {
            guard known.action == command.action else { return reject(.conflictingDuplicate) }
            let repetition = Repetition.command(
                command.command, of: known.sequence, refused: known.refusal)
            return group.append(.repeated(repetition), of: nil, nil)
        }
        switch command.action {
        case .correctClock(let correction):
            guard correction.first <= correction.last else {
                return reject(.badTerms, member: .to)
            }
            correct(correction, by: command, sequence: group.nextSequence)
            group.append(
                .partition(.clockCorrected(command: command.command, correction)), of: nil, nil)
        case .recommandPayments:
            let open = openPayments
            partitionCommands.add(command, group.nextSequence)
            group.append(
                .partition(.paymentsRecommanded(
                    command: command.command, payments: open.payments, recalls: open.recalls)),
                of: nil, nil)
        }
    }

    /// Refuses a command, which spends its id unless that is spent already.
    mutating func reject(
        _ rejection: Rejection, of command: PartitionCommand, into group: inout DecisionGroup
    ) {
        if rejection.reason == .badTerms {
            partitionCommands.add(command, group.nextSequence, refused: .badTerms)
        }
        group.append(.rejected(rejection), of: nil, nil)
    }

    private mutating func correct(
        _ correction: ClockCorrection, by command: PartitionCommand, sequence: DecisionNumber
    ) {
        corrections.append(correction)
        partitionCommands.add(command, sequence)
    }

    /// Takes up a decision about the partition; false where it is none.
    mutating func restorePartitionCommand(of decision: Decision) throws(Mismatch) -> Bool {
        let command: PartitionCommand
        switch decision.event {
        case .partition(.clockCorrected(let id, let correction)):
            command = PartitionCommand(command: id, action: .correctClock(correction))
            guard correction.first <= correction.last else {
                throw Mismatch("it corrects no bid")
            }
        case .partition(.paymentsRecommanded(let id, let payments, let recalls)):
            command = PartitionCommand(command: id, action: .recommandPayments)
            guard openPayments == (payments, recalls) else {
                throw Mismatch("another number of payments has no final result")
            }
        case .repeated(.command(let id, let first, let refusal)):
            guard let known = partitionCommands.find(id), known.sequence == first,
                known.refusal == refusal, decision.counters == nil
            else { throw Mismatch("decision \(first) was not so about command \(id)") }
            return true
        case .rejected(let rejection):
            guard decision.counters == nil else { return false }
            try restoreRejection(rejection, sequence: decision.sequence)
            return true
        default: return false
        }
        guard decision.counters == nil, partitionCommands.find(command.command) == nil else {
            throw Mismatch("command \(command.command) was decided before")
        }
        if case .correctClock(let correction) = command.action {
            correct(correction, by: command, sequence: decision.sequence)
        } else {
            partitionCommands.add(command, decision.sequence)
        }
        return true
    }

    /// What was refused for what it asks has spent its id; all else that names no offering spends
    /// nothing.
    private mutating func restoreRejection(
        _ rejection: Rejection, sequence: DecisionNumber
    ) throws(Mismatch) {
        guard case .partitionCommand(let command) = rejection.subject else {
            if case .command(let id, _) = rejection.subject, rejection.reason == .badTerms {
                throw Mismatch(
                    "command \(id) is refused, and what it asked for is not said: it was written "
                        + "by an earlier build")
            }
            return
        }
        let known = partitionCommands.find(command.command)
        switch rejection.reason {
        case .badTerms where known == nil:
            partitionCommands.add(command, sequence, refused: .badTerms)
        case .conflictingDuplicate where known != nil && known?.action != command.action: break
        case .wrongEnvironment: break
        default: throw Mismatch("command \(command.command) was decided before")
        }
    }
}
