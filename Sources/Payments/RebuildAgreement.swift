import Vocabulary

/// Whether two people agree on a rebuild of exactly this damage: one proposes it, and after that
/// another one approves (Payments.md). The newest approval counts.
public struct RebuildAgreement: Sendable {
    private let damage: JournalDamage
    /// Who proposed it, in their order.
    public private(set) var proposers: [Identifier] = []
    public private(set) var approved: ApprovedRebuild?

    public init(_ damage: JournalDamage) { self.damage = damage }

    /// Takes a record in that stands at this offset of `payment-resolutions`; one about another
    /// damage changes nothing.
    public mutating func hear(_ record: RebuildResolution, at offset: Offset) {
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
