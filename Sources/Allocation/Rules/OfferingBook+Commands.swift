import Vocabulary

// Commands about an offering that exists: which rule decides each.

extension OfferingBook {
    /// A command is decided once: the same id and content again repeat its decision, a refusal too,
    /// and other content under the id is refused. An `open` is told by the offering's id: the same
    /// terms again are a repeat under whatever command id they come, and it spends none.
    mutating func decide(
        _ command: OfferingCommand, _ moment: Moment, into group: inout DecisionGroup
    ) {
        if case .open(let again) = command.action {
            guard rules.filledIn(again) == terms else {
                return reject(command, .conflictingDuplicate, into: &group)
            }
            return record(.repeated(.command(command.command, of: openedSequence)), into: &group)
        }
        if command.command == openingCommand {
            return reject(command, .conflictingDuplicate, into: &group)
        }
        if let known = commands.find(command.command) {
            guard known.action == command.action else {
                return reject(command, .conflictingDuplicate, into: &group)
            }
            let repetition = Repetition.command(
                command.command, of: known.sequence, refused: known.refusal)
            return record(.repeated(repetition), into: &group)
        }
        switch command.action {
        case .open: preconditionFailure("an open was decided above")
        case .pause, .resume: decidePause(command, into: &group)
        case .close: decideClose(command, into: &group)
        case .amend(let closesAt):
            decideAmendment(command, closesAt: closesAt, moment, into: &group)
        case .cancel(let reason): decideCancellation(command, reason: reason, into: &group)
        case .repay(let payment): decideRepayment(command, of: payment, into: &group)
        case .distribute(let distribution, let kind, let amount):
            decideDistribution(
                command, Distribution(identifier: distribution, kind: kind, total: amount),
                into: &group)
        }
    }

    /// What is asked for is so already, under whatever id.
    mutating func answerRepeat(
        of command: OfferingCommand, _ sequence: Sequence, into group: inout DecisionGroup
    ) {
        `repeat`(command.command, of: sequence)
        record(.repeated(.command(command.command, of: sequence)), into: &group)
    }

    /// A command is refused for what it asks, and has spent its id: delivered again it must not act
    /// on an offering that has moved on since.
    mutating func refuse(
        _ command: OfferingCommand, _ reason: Reason, member: Member? = nil,
        into group: inout DecisionGroup
    ) {
        refuse(command.command, command.action, reason, sequence: group.nextSequence)
        reject(command, reason, member: member, into: &group)
    }

    /// A refusal that spends nothing: of an `open`, and of what comes under an id that is spent.
    private mutating func reject(
        _ command: OfferingCommand, _ reason: Reason, member: Member? = nil,
        into group: inout DecisionGroup
    ) {
        reject(Rejection(.init(command), reason, member: member), into: &group)
    }
}
