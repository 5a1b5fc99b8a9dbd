import Vocabulary

// What a command asks for: the members of its record, and the object `action` of the decisions
// about it.

extension DistributionKind {
    static let table = WordTable<DistributionKind>()
}

// MARK: Reading

extension RecordDecoder {
    mutating func action(
        _ type: OfferingCommandType
    ) throws(Malformation) -> OfferingCommand.Action {
        if type == .open { return .open(try offeringTerms()) }
        return try Self.action(type, of: members)
    }

    /// The action of a type but `open`, of which `members` are listed.
    private static func action(
        _ type: OfferingCommandType, of members: MemberTable
    ) throws(Malformation) -> OfferingCommand.Action {
        switch type {
        case .open: preconditionFailure("terms are no action's members")
        case .close: return .close
        case .pause: return .pause
        case .resume: return .resume
        case .amend: return .amend(closesAt: try members.moment(.closesAt))
        case .cancel:
            let reason = try members.optionalText(
                .reason, largest: RecordLimits.cancellationReason)
            return .cancel(reason: reason)
        case .repay: return .repay(payment: try members.obligationID(.payment))
        case .correctClock, .recommandPayments:
            preconditionFailure("a command of a partition names no offering")
        case .distribute:
            return .distribute(
                distribution: try members.identifier(.distribution),
                kind: try members.choice(.kind, among: DistributionKind.table),
                amount: try members.quantity(.amount))
        }
    }

    /// What a command asked for that a decision is about, as an object of its type and members. The
    /// payment of a `repay` is left out where it is none that this system derives.
    mutating func action() throws(Malformation) -> OfferingCommand.Action {
        let type = try actionType()
        return try nestedAction(type)
    }

    /// The same where `nested` holds it: of an offering, and no `open`.
    private func nestedAction(
        _ type: OfferingCommandType
    ) throws(Malformation) -> OfferingCommand.Action {
        guard type != .open, !type.isOfPartition else {
            throw nested.fault(.badValue, .type, try nested.required(.type))
        }
        if type == .repay, !nested.has(.payment) { return .repay(payment: nil) }
        return try Self.action(type, of: nested)
    }

    /// The type of the action of a decision, which `nested` holds from then on.
    private mutating func actionType() throws(Malformation) -> OfferingCommandType {
        try nested.read(members.object(.action), in: members.reader)
        let type = try nested.type(among: OfferingCommandType.table)
        try nested.checkListed([.type] + type.members)
        return type
    }

    /// The command that a refusal is about, of an offering or of a partition, and what it asked
    /// for.
    mutating func rejectedCommand() throws(Malformation) -> Rejection.Subject {
        let command = try members.identifier(.command)
        guard members.has(.action) else { return .command(command) }
        let type = try actionType()
        guard type.isOfPartition else { return .command(command, try nestedAction(type)) }
        return .partitionCommand(
            PartitionCommand(
                command: command, action: try Self.partitionAction(type, of: nested)))
    }
}

// MARK: Writing

extension JSONWriter {
    /// What a command asked for, but for an `open`.
    mutating func action(_ action: OfferingCommand.Action) {
        beginAction(OfferingCommandType(action))
        members(of: action)
        literal("}")
    }

    mutating func beginAction(_ type: OfferingCommandType) {
        member(",\"action\":{\"type\":\"", word: type.rawValue)
    }

    /// The members that an action has besides its type.
    mutating func members(of action: OfferingCommand.Action) {
        switch action {
        case .open(let terms): self.terms(terms)
        case .close, .pause, .resume, .repay(payment: nil), .cancel(reason: nil): break
        case .amend(let closesAt): member(",\"closesAt\":", closesAt)
        case .cancel(let reason?): cancellationReason(reason)
        case .repay(let payment?): member(",\"payment\":\"", payment)
        case .distribute(let distribution, let kind, let amount):
            member(",\"distribution\":\"", distribution)
            member(",\"kind\":\"", word: kind.rawValue)
            member(",\"amount\":", amount)
        }
    }

    mutating func cancellationReason(_ reason: String) {
        precondition(
            reason.utf8.count <= RecordLimits.cancellationReason,
            "a reason has at most 1,024 bytes")
        literal(",\"reason\":")
        text(reason)
    }
}
