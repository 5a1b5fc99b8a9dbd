import Vocabulary

/// Whether two people agree on a rebuild of exactly this damage: one proposes it, and after that
/// another one approves (Payments.md). The newest approval counts.
package struct RebuildAgreement: Sendable {
    private let damage: JournalDamage
    /// Who proposed it, in their order.
    package private(set) var proposers: [Identifier] = []
    package private(set) var approved: ApprovedRebuild?

    package init(_ damage: JournalDamage) { self.damage = damage }

    /// Takes a record in that stands at this offset of `payment-resolutions`; one about another
    /// damage changes nothing.
    package mutating func hear(_ record: RebuildResolution, at offset: Offset) {
        guard record.damage == damage else { return }
        switch record.kind {
        case .proposed:
            if !proposers.contains(record.actor) { proposers.append(record.actor) }
        case .approved:
            guard let proposer = proposers.last(where: { $0 != record.actor }) else { return }
            approved = ApprovedRebuild(
                damage: damage, proposedBy: proposer, approvedBy: record.actor,
                resolution: offset)
        }
    }
}
