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

    init(_ action: OfferingCommand.Action) {
        switch action {
        case .open: self = .open
        case .close: self = .close
        case .pause: self = .pause
        case .resume: self = .resume
        case .amend: self = .amend
        case .cancel: self = .cancel
        case .repay: self = .repay
        case .distribute: self = .distribute
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

extension InputRecord {
    /// The value of `type` that its topic has for such a record.
    package var type: String {
        switch self {
        case .bid: BidType.bid.rawValue
        case .cancellation: BidType.cancel.rawValue
        case .command(let command): OfferingCommandType(command.action).rawValue
        case .partitionCommand(let command): OfferingCommandType(command.action).rawValue
        case .paymentResult(let result): result.kind.rawValue
        }
    }
}

extension RecordDecoder {
    /// Reads a record of `offering-commands`. A member that its type doesn't list makes it
    /// malformed: a term that nobody read is a sale under other terms.
    ///
    /// For the lines of a file of offerings, `defaultCommand` stands for a `command` that is left
    /// out, with `typeMayBeAbsent` a record without a `type` opens an offering, and with
    /// `takesDates` a moment may be RFC 3339. With `isTimed` an `at` stands besides, which the
    /// caller judges.
    package mutating func decodeOfferingCommand(
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
}

extension RecordEncoder {
    /// Writes a record of `offering-commands`. A reason has at most 1,024 bytes, and a `repay`
    /// names a payment that this system derived.
    ///
    /// Lists of distributions may make a command longer than a record may be; what comes from
    /// people is looked at before (`SubmissionCheck.swift`).
    package static func encode(
        _ command: OfferingCommand, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(
            type: OfferingCommandType(command.action).rawValue, in: buffer, largest: largestRecord)
        writer.member(",\"command\":\"", command.command)
        writer.member(",\"offering\":\"", command.offering)
        if case .repay(payment: nil) = command.action {
            preconditionFailure("a repay names a payment")
        }
        writer.members(of: command.action)
        return writer.end()
    }
}
