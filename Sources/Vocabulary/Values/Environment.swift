/// What an environment is: the one record of `environment`, written by `topics create` and
/// checked at every start. It holds all that changes decisions and is not in the records.
public struct Environment: Hashable, Sendable {
    /// What it is for: generated load goes to a test environment only.
    public enum Purpose: String, Sendable, CaseIterable {
        case production = "production", test = "test"
    }

    /// The environment's name, prefix of every topic.
    public var name: String
    /// The id of the log it lives on, so that a copy differs from its original.
    public var cluster: String
    public var partitions: Int64
    public var purpose: Purpose
    /// How much clocks may differ, in milliseconds (TheLog.md, Book time).
    public var clockGraceMilliseconds: Int64
    /// How long after its end an offering is archived, in milliseconds.
    public var archiveAfterMilliseconds: Int64
    /// Transactional ids a partition of the allocator has; it never changes.
    public var writers: Int64
    /// How much later than a bid a command may be stamped that goes before it nevertheless, in
    /// milliseconds; 0 where one clock stamps all records (TheLog.md, Merging).
    public var commandGraceMilliseconds: Int64
    /// The edition of the rules that the log is written under; 0 where the record says none, as
    /// those of builds did that decided by rules which were mended since.
    public var edition: Int64

    /// The edition of this program's rules. It grows whenever a rule is mended so that a log
    /// written before would be decided otherwise now.
    public static let currentEdition: Int64 = 1

    public init(
        name: String, cluster: String, partitions: Int64, purpose: Purpose,
        clockGraceMilliseconds: Int64 = 2_000,
        archiveAfterMilliseconds: Int64 = 7 * 24 * 3_600_000, writers: Int64 = 1,
        commandGraceMilliseconds: Int64? = nil, edition: Int64 = currentEdition
    ) {
        self.name = name
        self.cluster = cluster
        self.partitions = partitions
        self.purpose = purpose
        self.clockGraceMilliseconds = clockGraceMilliseconds
        self.archiveAfterMilliseconds = archiveAfterMilliseconds
        self.writers = writers
        self.commandGraceMilliseconds = commandGraceMilliseconds ?? clockGraceMilliseconds
        self.edition = edition
    }
}
