import Vocabulary

/// The values of `type` in `offering-commands`.
enum OfferingCommandType: String, CaseIterable {
    case open = "offering.open"
    case close = "offering.close"
    case pause = "offering.pause"
    case resume = "offering.resume"
    case amend = "offering.amend"
    case cancel = "offering.cancel"
    case repay = "offering.repay"
    case distribute = "offering.distribute"
    case correctClock = "clock.correct"
    case recommandPayments = "payments.recommand"

    static let table = WordTable<OfferingCommandType>()

    /// The members that a command of this type lists, besides type, command and offering.
    var members: MemberNames {
        switch self {
        case .open: OfferingTerms.members
        case .close, .pause, .resume: []
        case .amend: [.closesAt]
        case .cancel: [.reason]
        case .repay: [.payment]
        case .distribute: [.distribution, .kind, .amount]
        case .correctClock: [.from, .to, .at]
        case .recommandPayments: []
        }
    }

    init(_ action: PartitionCommand.Action) {
        self =
            switch action {
            case .correctClock: .correctClock
            case .recommandPayments: .recommandPayments
            }
    }

    /// Whether it is about the whole partition, and so names no offering.
    var isOfPartition: Bool { self == .correctClock || self == .recommandPayments }
}

extension DistributionKind {
    static let table = WordTable<DistributionKind>()
}

extension RecordDecoder {
    /// Reads a record of `offering-commands`. A member that its type doesn't list makes it
    /// malformed: a term that nobody read is a sale under other terms.
    ///
    /// For the lines of a file of offerings, `defaultCommand` stands for a `command` that is left
    /// out, with `typeMayBeAbsent` a record without a `type` opens an offering, and with
    /// `takesDates` a moment may be RFC 3339. With `isTimed` an `at` stands besides, which the
    /// caller judges.
    public mutating func decodeOfferingCommand(
        _ value: UnsafeRawBufferPointer?, typeMayBeAbsent: Bool = false,
        defaultCommand: Identifier? = nil, isTimed: Bool = false, takesDates: Bool = false
    ) throws(Malformation) -> InputRecord {
        try read(value, refusesUnlisted: true)
        members.takesDates = takesDates
        defer { members.takesDates = false }
        let type = try members.type(
            among: OfferingCommandType.table, absent: typeMayBeAbsent ? .open : nil)
        try members.checkListed(
            [.type, .command] + (type.isOfPartition ? [] : [.offering]) + type.members
                + (isTimed ? [.at] : []))
        let command: Identifier
        if let defaultCommand, !members.has(.command) {
            command = defaultCommand
        } else {
            command = try members.identifier(.command)
        }
        if type.isOfPartition {
            return .partitionCommand(
                PartitionCommand(
                    command: command, action: try Self.partitionAction(type, of: members)))
        }
        let offering = try members.identifier(.offering)
        return .command(
            OfferingCommand(command: command, offering: offering, action: try action(type)))
    }

    private mutating func action(
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
    mutating func refusedCommand() throws(Malformation) -> Rejection.Subject {
        let command = try members.identifier(.command)
        guard members.has(.action) else { return .command(command) }
        let type = try actionType()
        guard type.isOfPartition else { return .command(command, try nestedAction(type)) }
        return .partitionCommand(
            PartitionCommand(
                command: command, action: try Self.partitionAction(type, of: nested)))
    }
}
