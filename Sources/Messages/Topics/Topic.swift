/// The topics of an environment: the one place that lists them all (TheLog.md, The topics).
package enum Topic: String, Sendable, CaseIterable {
    case bids = "bids"
    case offeringCommands = "offering-commands"
    case paymentResults = "payment-results"
    case decisions = "decisions"
    case paymentCommands = "payment-commands"
    case paymentJournal = "payment-journal"
    case paymentResolutions = "payment-resolutions"
    case paymentMarks = "payment-marks"
    case attention = "attention"
    case invalid = "invalid"
    case progress = "progress"
    case environment = "environment"

    /// What a record's key is, and so which partition it goes to.
    package enum Key: Hashable, Sendable {
        case offering
        case account
        case offeringOrAccount
        /// The number of the partition.
        case partition
        case accountOrPartition
        /// That of the record that could not be read.
        case original
        /// The word `environment`: there is one record.
        case environment
    }

    /// How many partitions it has.
    package enum Partitions: Hashable, Sendable {
        /// As many as the environment record says.
        case environment
        case one
    }

    /// What becomes of old records.
    package enum Cleanup: Hashable, Sendable {
        case delete
        /// At least the last record of each key is kept.
        case compact
    }

    /// Who has to do with a topic; access rights follow from it.
    package enum Role: String, Hashable, Sendable, CaseIterable {
        case frontEnd = "frontEnd", `operator` = "operator", allocator = "allocator"
        case payer = "payer"
        /// Makes the topics.
        case installer = "installer"
        /// Those that only read: analysts, auditors, dashboards.
        case reader = "reader"
    }

    /// The name without its environment.
    package var name: String { rawValue }

    /// The name in the log: topics of several environments may share one.
    package func fullName(environment: String) -> String { "\(environment).\(name)" }

    /// The topic of that name in the log; nil where it is none of the environment's.
    package init?(fullName: String, environment: String) {
        guard let topic = Topic.allCases.first(where: {
            $0.fullName(environment: environment) == fullName
        }) else { return nil }
        self = topic
    }

    package var key: Key { entry.key }
    package var partitions: Partitions { entry.partitions }
    package var cleanup: Cleanup { entry.cleanup }

    /// How long records are kept at least; nil: without limit. Replay needs every input and every
    /// decision, so nothing is dropped unless the installer says so.
    package var retentionMilliseconds: Int64? { nil }

    /// Whether the installer may limit how long it is kept. Not where forgetting would
    /// lose the book of record, or that a payment was sent: a payer that doesn't know it would send
    /// it again.
    package var mayBeForgotten: Bool {
        switch self {
        case .bids, .offeringCommands, .paymentResults, .attention, .invalid: true
        case .decisions, .paymentCommands, .paymentJournal, .paymentResolutions,
            .paymentMarks, .progress, .environment:
            false
        }
    }

    /// Largest batch of a client, compressed, in bytes. It limits batches and not records:
    /// clients at their defaults send batches far larger than a record may be.
    package var maxMessageBytes: Int { 1_024 * 1_024 }

    package var writers: [Role] { entry.writers }
    package var readers: [Role] { entry.readers }
}

extension Topic {
    private struct Entry {
        var key: Key
        var writers: [Role]
        var readers: [Role]
        var partitions = Partitions.environment
        var cleanup = Cleanup.delete
    }

    /// Every topic's line of the table.
    private var entry: Entry {
        switch self {
        case .bids:
            Entry(key: .offering, writers: [.frontEnd], readers: [.allocator, .reader])
        case .offeringCommands:
            Entry(key: .offering, writers: [.operator], readers: [.allocator, .reader])
        case .paymentResults:
            Entry(
                key: .offering, writers: [.payer],
                readers: [.allocator, .payer, .operator, .reader])
        case .decisions:
            Entry(
                key: .offering, writers: [.allocator],
                readers: [.allocator, .frontEnd, .operator, .reader])
        case .paymentCommands:
            Entry(key: .account, writers: [.allocator], readers: [.payer, .operator, .reader])
        case .paymentJournal:
            Entry(key: .account, writers: [.payer], readers: [.payer, .operator, .reader])
        case .paymentResolutions:
            Entry(
                key: .accountOrPartition, writers: [.operator],
                readers: [.payer, .operator, .reader])
        case .paymentMarks:
            Entry(
                key: .partition, writers: [.payer], readers: [.payer, .operator, .reader],
                cleanup: .compact)
        case .attention:
            Entry(
                key: .offeringOrAccount, writers: [.allocator, .payer],
                readers: [.operator, .reader])
        case .invalid:
            Entry(
                key: .original, writers: [.allocator, .payer], readers: [.operator, .reader])
        case .progress:
            Entry(
                key: .offering, writers: [.allocator], readers: [.frontEnd, .operator, .reader],
                cleanup: .compact)
        case .environment:
            Entry(
                key: .environment, writers: [.installer],
                readers: [.allocator, .payer, .frontEnd, .operator, .installer, .reader],
                partitions: .one,
                cleanup: .compact)
        }
    }
}
