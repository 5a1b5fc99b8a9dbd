import Vocabulary

// Commands about an offering that exists: which rule decides each.

extension OfferingBook {
    mutating func decideCommand(
        _ command: OfferingCommand, _ moment: Moment, into group: inout DecisionGroup
    ) {
        if answerSpentID(of: command, into: &group) { return }
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

    /// A command is refused for what it asks, and has spent its id: delivered again it must not act
    /// on an offering that has moved on since.
    mutating func reject(
        spending command: OfferingCommand, _ reason: Reason, member: Member? = nil,
        into group: inout DecisionGroup
    ) {
        reject(command.command, command.action, reason, sequence: group.nextSequence)
        reject(command, reason, member: member, into: &group)
    }

    /// A rejection that spends nothing: of an `open`, and of what comes under an id that is spent.
    mutating func reject(
        _ command: OfferingCommand, _ reason: Reason, member: Member? = nil,
        into group: inout DecisionGroup
    ) {
        reject(Rejection(.init(command), reason, member: member), into: &group)
    }
}
