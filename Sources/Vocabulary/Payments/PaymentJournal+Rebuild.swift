/// How far a partition's journal goes: a record of `payment-marks`, written in each of the
/// journal's transactions. A journal that ends below its mark has lost its tail.
public struct JournalMark: Hashable, Sendable {
    public var partition: Partition
    /// The number of the transaction's last entry.
    public var number: Int64
    public var epoch: Epoch
    public var at: Timestamp

    public init(partition: Partition, number: Int64, epoch: Epoch, at: Timestamp) {
        self.partition = partition
        self.number = number
        self.epoch = epoch
        self.at = at
    }
}

/// How a journal was found to be damaged; what people agree to rebuild is this and nothing else.
public struct JournalDamage: Hashable, Sendable {
    public var partition: Partition
    /// The number of the journal's last entry; 0 where it is empty.
    public var last: Int64
    /// The number that its mark says; 0 where there is none.
    public var mark: Int64
    /// Whether `payment-commands` was made anew or cut: it is read from its beginning again.
    public var isRestarted: Bool

    public init(partition: Partition, last: Int64, mark: Int64, isRestarted: Bool) {
        self.partition = partition
        self.last = last
        self.mark = mark
        self.isRestarted = isRestarted
    }

    /// Whether there is nothing to rebuild.
    public var isNone: Bool { last == mark && !isRestarted }

    /// A journal that is gone with all its marks, though there was one: what was answered for it is
    /// there.
    public static func emptied(_ partition: Partition) -> JournalDamage {
        JournalDamage(partition: partition, last: 0, mark: 0, isRestarted: true)
    }

    /// Whether all of the journal is gone, and its marks: an empty one that has begun with other
    /// commands there can't be.
    public var isEmptied: Bool { last == 0 && mark == 0 && isRestarted }

    /// Whether entries are lost, or may be.
    public var losesEntries: Bool { last != mark || isEmptied }
}

/// What people decide about a journal: a record of `payment-resolutions`. One person proposes,
/// another one approves; names are claims.
public struct RebuildResolution: Hashable, Sendable {
    /// The raw values are the values of `type` on the wire.
    public enum Kind: String, Sendable, CaseIterable {
        case proposed = "rebuild.propose"
        case approved = "rebuild.approve"
    }

    public var kind: Kind
    public var damage: JournalDamage
    public var actor: Identifier
    public var at: Timestamp

    public init(kind: Kind, damage: JournalDamage, actor: Identifier, at: Timestamp) {
        self.kind = kind
        self.damage = damage
        self.actor = actor
        self.at = at
    }
}

/// A rebuild that two people agreed on, with the offset of the approval.
public struct ApprovedRebuild: Hashable, Sendable {
    public var damage: JournalDamage
    public var proposedBy: Identifier
    public var approvedBy: Identifier
    public var resolution: Offset

    public init(
        damage: JournalDamage, proposedBy: Identifier, approvedBy: Identifier,
        resolution: Offset
    ) {
        self.damage = damage
        self.proposedBy = proposedBy
        self.approvedBy = approvedBy
        self.resolution = resolution
    }
}

/// The journal goes on behind what it lost: the first of the entries that say what becomes of it.
/// Its own number follows on the larger one of journal and mark.
public struct PaymentRebuilt: Hashable, Sendable {
    public var rebuild: ApprovedRebuild
    public var at: Timestamp

    public init(rebuild: ApprovedRebuild, at: Timestamp) {
        self.rebuild = rebuild
        self.at = at
    }
}

/// A command whose entries may be lost: it counts as sent once, and no payer sends it.
public struct PaymentLost: Hashable, Sendable {
    /// What its last answer says, as the value of `class` on the wire.
    public enum Class: String, Sendable, CaseIterable {
        case paid = "paid", declined = "declined", recalled = "recalled"
        case failedByPerson = "failedByPerson", conflict = "conflict", returned = "returned"
        /// None, or one that settles nothing: the provider is asked, or people decide.
        case inDoubt = "inDoubt"
    }

    public var command: PaymentID
    public var `class`: Class
    /// The number of its last answer in `payment-results`; 0 where there is none.
    public var answered: Int64
    public var reference: String?
    public var result: Int64?
    public var at: Timestamp

    public init(
        command: PaymentID, class: Class, answered: Int64, reference: String? = nil,
        result: Int64? = nil, at: Timestamp
    ) {
        self.command = command
        self.`class` = `class`
        self.answered = answered
        self.reference = reference
        self.result = result
        self.at = at
    }
}
