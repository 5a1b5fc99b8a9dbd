import Vocabulary

// What people decide about a journal that lost its tail.

extension RebuildResolution.Kind {
    static let table = WordTable<RebuildResolution.Kind>()
}

extension RecordDecoder {
    /// Reads a record of `payment-resolutions`.
    package mutating func decodeResolution(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> RebuildResolution {
        try read(value)
        let kind = try members.type(among: RebuildResolution.Kind.table)
        try members.checkListed([
            .type, .partition, .last, .mark, .isRestarted, .actor, .at,
        ])
        return RebuildResolution(
            kind: kind, damage: try damage(), actor: try members.identifier(.actor),
            at: try members.quantity(.at))
    }

    func rebuilt() throws(Malformation) -> PaymentRebuilt {
        try members.checkListed([
            .type, .partition, .last, .mark, .isRestarted, .proposedBy, .approvedBy,
            .resolution, .at, .number,
        ])
        return PaymentRebuilt(
            rebuild: ApprovedRebuild(
                damage: try damage(), proposedBy: try members.identifier(.proposedBy),
                approvedBy: try members.identifier(.approvedBy),
                resolution: try members.quantity(.resolution)),
            at: try members.quantity(.at))
    }

    private func damage() throws(Malformation) -> JournalDamage {
        JournalDamage(
            partition: try members.quantity(.partition), last: try members.integer(.last),
            mark: try members.integer(.mark), isRestarted: try members.boolean(.isRestarted))
    }
}

// A resolution needs room for `largestSmallRecord` bytes.
extension RecordEncoder {
    /// Writes a record of `payment-resolutions`.
    package static func encode(
        _ resolution: RebuildResolution, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(
            type: resolution.kind.rawValue, in: buffer, largest: largestSmallRecord)
        writer.member(",\"partition\":", resolution.damage.partition)
        writer.damage(resolution.damage)
        writer.member(",\"actor\":\"", resolution.actor)
        writer.member(",\"at\":", resolution.at)
        return writer.end()
    }
}

extension JSONWriter {
    mutating func rebuilt(_ entry: PaymentRebuilt) {
        member(",\"partition\":", entry.rebuild.damage.partition)
        damage(entry.rebuild.damage)
        member(",\"proposedBy\":\"", entry.rebuild.proposedBy)
        member(",\"approvedBy\":\"", entry.rebuild.approvedBy)
        member(",\"resolution\":", entry.rebuild.resolution)
        member(",\"at\":", entry.at)
    }

    mutating func damage(_ damage: JournalDamage) {
        member(",\"last\":", damage.last)
        member(",\"mark\":", damage.mark)
        member(",\"isRestarted\":", damage.isRestarted)
    }
}
