import Vocabulary

// What operators ask of a whole partition: `clock.correct` and `payments.recommand` (log.md).

/// The commands of a partition that were acted on, few of them.
struct PartitionCommandTable: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        var action: PartitionCommand.Action
        /// The decision about it.
        var sequence: Sequence
    }

    private var entries: [Identifier: Entry] = [:]

    func find(_ command: Identifier) -> Entry? { entries[command] }

    mutating func add(_ command: PartitionCommand, _ sequence: Sequence) {
        entries[command.command] = Entry(action: command.action, sequence: sequence)
    }
}

extension PartitionBook {
    /// Whether a command of the partition with this id was acted on.
    public func hasActed(on command: Identifier) -> Bool {
        partitionCommands.find(command) != nil
    }

    mutating func decide(_ command: PartitionCommand, into group: inout DecisionGroup) {
        func refuse(_ reason: Reason, member: Member? = nil) {
            let rejection = Rejection(.command(command.command), reason, member: member)
            group.append(.rejected(rejection), of: nil, nil)
        }
        if let known = partitionCommands.find(command.command) {
            guard known.action == command.action else { return refuse(.conflictingDuplicate) }
            let repetition = Repetition.command(command.command, of: known.sequence)
            return group.append(.repeated(repetition), of: nil, nil)
        }
        switch command.action {
        case .correctClock(let correction):
            guard correction.first <= correction.last else {
                return refuse(.badTerms, member: .to)
            }
            correct(correction, by: command, sequence: group.nextSequence)
            group.append(
                .clockCorrected(command: command.command, correction), of: nil, nil)
        case .recommandPayments:
            let open = openPayments
            partitionCommands.add(command, group.nextSequence)
            group.append(
                .paymentsRecommanded(
                    command: command.command, payments: open.payments, recalls: open.recalls),
                of: nil, nil)
        }
    }

    private mutating func correct(
        _ correction: ClockCorrection, by command: PartitionCommand, sequence: Sequence
    ) {
        corrections.append(correction)
        partitionCommands.add(command, sequence)
    }

    /// Takes up a decision about the partition; false where it is none.
    mutating func restorePartitionCommand(of decision: Decision) throws(Mismatch) -> Bool {
        let command: PartitionCommand
        switch decision.event {
        case .clockCorrected(let id, let correction):
            command = PartitionCommand(command: id, action: .correctClock(correction))
            guard correction.first <= correction.last else {
                throw Mismatch("it corrects no bid")
            }
        case .paymentsRecommanded(let id, let payments, let recalls):
            command = PartitionCommand(command: id, action: .recommandPayments)
            guard openPayments == (payments, recalls) else {
                throw Mismatch("another number of payments has no final result")
            }
        case .repeated(.command(let id, let first, nil)):
            guard partitionCommands.find(id)?.sequence == first, decision.counters == nil else {
                throw Mismatch("command \(id) was not acted on by decision \(first)")
            }
            return true
        default: return false
        }
        guard decision.counters == nil, partitionCommands.find(command.command) == nil else {
            throw Mismatch("command \(command.command) was acted on before")
        }
        if case .correctClock(let correction) = command.action {
            correct(correction, by: command, sequence: decision.sequence)
        } else {
            partitionCommands.add(command, decision.sequence)
        }
        return true
    }
}
