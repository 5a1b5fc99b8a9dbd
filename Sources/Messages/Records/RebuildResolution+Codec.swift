import Vocabulary

// What people decide about a journal that lost its tail.

extension RecordDecoder {
    func rebuildResolution(
        _ kind: RebuildResolution.Kind
    ) throws(Malformation) -> RebuildResolution {
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

extension JSONWriter {
    mutating func rebuildResolution(_ record: RebuildResolution) {
        member(",\"partition\":", record.damage.partition)
        damage(record.damage)
        member(",\"actor\":\"", record.actor)
        member(",\"at\":", record.at)
    }

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
