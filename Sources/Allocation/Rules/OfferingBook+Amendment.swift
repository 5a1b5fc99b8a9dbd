import Vocabulary

// The end of the sale is put off (Rules.md, Commands of an offering).

extension OfferingBook {
    /// `closesAt` moves to a later time that is to come, at most 100 years ahead; nothing else
    /// can be amended, and an offering without an end gets none.
    mutating func decideAmendment(
        _ command: OfferingCommand, closesAt: Timestamp, _ moment: Moment,
        into group: inout DecisionGroup
    ) {
        guard state.isBeforeClose else {
            return reject(spending: command, .wrongState, into: &group)
        }
        guard let end = self.closesAt, closesAt > end, closesAt > moment.latest,
            closesAt <= moment.latestDeadline
        else { return reject(spending: command, .badTerms, member: .closesAt, into: &group) }
        amend(closesAt, by: command.command, sequence: group.nextSequence)
        record(.offering(.amended(command: command.command, closesAt: closesAt)), into: &group)
    }
}
