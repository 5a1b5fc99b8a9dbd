import Vocabulary

// What is asked of a whole partition.
extension RecordDecoder {
    /// What a command of this type, which is one of a partition, asks for in `members`.
    static func partitionAction(
        _ type: OfferingCommandType, of members: MemberTable
    ) throws(Malformation) -> PartitionCommand.Action {
        guard type == .correctClock else { return .recommandPayments }
        return .correctClock(
            ClockCorrection(
                first: try members.quantity(.from), last: try members.quantity(.to),
                at: try members.moment(.at)))
    }

    /// A decision about the whole partition, of one of these types.
    func partitionEvent(_ type: DecisionType) throws(Malformation) -> DecisionEvent {
        let command = try members.identifier(.command)
        guard type == .clockCorrected else {
            return .paymentsRecommanded(
                command: command, payments: try members.integer(.payments),
                recalls: try members.integer(.recalls))
        }
        return .clockCorrected(
            command: command,
            ClockCorrection(
                first: try members.quantity(.from), last: try members.quantity(.to),
                at: try members.quantity(.countsAt)))
    }
}
