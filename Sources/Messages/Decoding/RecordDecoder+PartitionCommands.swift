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

    func clockCorrected() throws(Malformation) -> PartitionEvent {
        .clockCorrected(
            command: try members.identifier(.command),
            ClockCorrection(
                first: try members.quantity(.from), last: try members.quantity(.to),
                at: try members.quantity(.countsAt)))
    }

    func paymentsRecommanded() throws(Malformation) -> PartitionEvent {
        .paymentsRecommanded(
            command: try members.identifier(.command), payments: try members.integer(.payments),
            recalls: try members.integer(.recalls))
    }
}
