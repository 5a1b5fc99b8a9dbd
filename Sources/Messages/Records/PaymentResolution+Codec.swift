import Vocabulary

/// The values of `type` in `payment-resolutions`.
enum PaymentResolutionType: String, CaseIterable {
    case rebuildProposed = "rebuild.propose", rebuildApproved = "rebuild.approve"
    case proposal = "resolve", approval = "resolve.approve"
    case line = "statement", absence = "statement.absent"
    case pause = "pause", resumption = "resume", limit = "limit"
    case refusedResumption = "resume.refused", acknowledgement = "ack"

    static let table = WordTable<PaymentResolutionType>()

    init(_ record: PaymentResolution) {
        switch record {
        case .rebuild(let record):
            self = record.kind == .proposed ? .rebuildProposed : .rebuildApproved
        case .proposal: self = .proposal
        case .approval: self = .approval
        case .line: self = .line
        case .absence: self = .absence
        case .pause: self = .pause
        case .resumption: self = .resumption
        case .limit: self = .limit
        case .refusedResumption: self = .refusedResumption
        case .acknowledgement: self = .acknowledgement
        }
    }
}

/// Where what people say stands: as they say it, or as an entry of the journal, which has its own
/// number and the offset of the record besides.
enum ResolutionPlace {
    case resolutions
    case journal

    /// The members that an entry has besides.
    var members: MemberNames { self == .journal ? [.offset, .number] : [] }
}

extension PaymentVerdict {
    static let table = WordTable<PaymentVerdict>()
}

extension ResolutionRefusal {
    static let table = WordTable<ResolutionRefusal>()
}

extension RecordDecoder {
    /// Reads a record of `payment-resolutions`.
    package mutating func decodeResolution(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> PaymentResolution {
        try read(value)
        switch try members.type(among: PaymentResolutionType.table) {
        case .rebuildProposed: return .rebuild(try rebuildResolution(.proposed))
        case .rebuildApproved: return .rebuild(try rebuildResolution(.approved))
        case .proposal: return .proposal(try proposal(.resolutions))
        case .approval: return .approval(try approval())
        case .line: return .line(try statementLine())
        case .absence: return .absence(try statementAbsence())
        case .pause: return .pause(try pause(.resolutions))
        case .resumption: return .resumption(try pause(.resolutions))
        case .limit: return .limit(try limit(.resolutions))
        case .refusedResumption:
            return .refusedResumption(try refusedResumption(.resolutions))
        case .acknowledgement: return .acknowledgement(try acknowledgement())
        }
    }

    func proposal(_ place: ResolutionPlace) throws(Malformation) -> ResolutionProposal {
        try members.checkListed(
            [
                .type, .resolution, .partition, .command, .account, .decision, .version,
                .evidence, .reference, .channel, .actor, .at,
            ] + place.members)
        let verdict = try members.choice(.decision, among: PaymentVerdict.table)
        return ResolutionProposal(
            resolution: try members.identifier(.resolution),
            partition: try members.quantity(.partition),
            command: try members.derivedPaymentID(.command),
            account: try members.identifier(.account), verdict: verdict,
            version: try members.integer(.version),
            evidence: try members.text(.evidence, largest: RecordLimits.evidence),
            reference: try members.optionalText(.reference, largest: RecordLimits.providerText),
            channel: try members.optionalIdentifier(.channel),
            actor: try members.identifier(.actor), at: try members.quantity(.at))
    }

    private func approval() throws(Malformation) -> ResolutionApproval {
        try members.checkListed([
            .type, .resolution, .partition, .command, .version, .actor, .at,
        ])
        return ResolutionApproval(
            resolution: try members.identifier(.resolution),
            partition: try members.quantity(.partition),
            command: try members.derivedPaymentID(.command),
            version: try members.integer(.version), actor: try members.identifier(.actor),
            at: try members.quantity(.at))
    }

    private func acknowledgement() throws(Malformation) -> AttentionAcknowledgement {
        try members.checkListed([.type, .partition, .offset, .actor, .at])
        return AttentionAcknowledgement(
            partition: try members.quantity(.partition), offset: try members.quantity(.offset),
            actor: try members.identifier(.actor), at: try members.quantity(.at))
    }
}

extension RecordEncoder {
    /// Room for the largest record of `payment-resolutions`: its texts, if they were of control
    /// characters only.
    package static let largestResolution =
        6 * (RecordLimits.evidence + RecordLimits.providerText) + 2 * 1_024

    /// Writes a record of `payment-resolutions`; needs room for `largestResolution` bytes.
    package static func encode(
        _ resolution: PaymentResolution, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(
            type: PaymentResolutionType(resolution).rawValue, in: buffer,
            largest: largestResolution)
        switch resolution {
        case .rebuild(let record): writer.rebuildResolution(record)
        case .proposal(let record):
            writer.proposal(record)
            writer.member(",\"at\":", record.at)
        case .approval(let record): writer.approval(record)
        case .line(let record): writer.statementLine(record)
        case .absence(let record): writer.statementAbsence(record)
        case .pause(let record), .resumption(let record):
            writer.pause(record)
            writer.member(",\"at\":", record.at)
        case .limit(let record):
            writer.limit(record)
            writer.member(",\"at\":", record.at)
        case .refusedResumption(let record):
            writer.refusedResumption(record)
            writer.member(",\"at\":", record.at)
        case .acknowledgement(let record):
            writer.member(",\"partition\":", record.partition)
            writer.member(",\"offset\":", record.offset)
            writer.member(",\"actor\":\"", record.actor)
            writer.member(",\"at\":", record.at)
        }
        return writer.end()
    }
}

extension JSONWriter {
    mutating func proposal(_ record: ResolutionProposal) {
        member(",\"resolution\":\"", record.resolution)
        member(",\"partition\":", record.partition)
        member(",\"command\":\"", record.command)
        member(",\"account\":\"", record.account)
        member(",\"decision\":\"", word: record.verdict.rawValue)
        member(",\"version\":", record.version)
        optionalText(",\"evidence\":", record.evidence, RecordLimits.evidence)
        reference(record.reference)
        if let channel = record.channel { member(",\"channel\":\"", channel) }
        member(",\"actor\":\"", record.actor)
    }

    fileprivate mutating func approval(_ record: ResolutionApproval) {
        member(",\"resolution\":\"", record.resolution)
        member(",\"partition\":", record.partition)
        member(",\"command\":\"", record.command)
        member(",\"version\":", record.version)
        member(",\"actor\":\"", record.actor)
        member(",\"at\":", record.at)
    }
}
