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

// Commands of a whole partition, and the first part of decisions about them.
extension RecordEncoder {
    /// Writes a command of a partition as a record of `offering-commands`; it needs room for
    /// `largestRecord` bytes.
    package static func encode(
        _ command: PartitionCommand, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(
            type: OfferingCommandType(command.action).rawValue, in: buffer, largest: largestRecord)
        writer.member(",\"command\":\"", command.command)
        writer.members(of: command.action)
        return writer.end()
    }
}

extension JSONWriter {
    /// `at` of a decision is its source's, so the moment has its own name here.
    mutating func partitionEvent(_ event: PartitionEvent, _ sequence: DecisionNumber) {
        switch event {
        case .clockCorrected(let command, let correction):
            head("{\"type\":\"clockCorrected\",\"seq\":", sequence, nil)
            member(",\"command\":\"", command)
            member(",\"from\":", correction.first)
            member(",\"to\":", correction.last)
            member(",\"countsAt\":", correction.at)
        case .paymentsRecommanded(let command, let payments, let recalls):
            head("{\"type\":\"paymentsRecommanded\",\"seq\":", sequence, nil)
            member(",\"command\":\"", command)
            member(",\"payments\":", payments)
            member(",\"recalls\":", recalls)
        }
    }

    /// What a command of a partition asked for.
    mutating func action(_ action: PartitionCommand.Action) {
        beginAction(OfferingCommandType(action))
        members(of: action)
        literal("}")
    }

    /// The members that an action has besides its type.
    mutating func members(of action: PartitionCommand.Action) {
        guard case .correctClock(let correction) = action else { return }
        member(",\"from\":", correction.first)
        member(",\"to\":", correction.last)
        member(",\"at\":", correction.at)
    }
}
