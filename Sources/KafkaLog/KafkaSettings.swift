import Kafka

/// librdkafka's properties that are ours: those on which exactness depends, and those without
/// which a commit or a read waits for nothing (TheLog.md, A batch).
///
/// The operator's own come first, so none of them can undo one of these.
package enum KafkaSettings {
    /// Properties of librdkafka, in the order in which they are set.
    package typealias List = [(name: String, value: String)]

    /// Timestamp after which a transaction that nobody ends is aborted by its coordinator.
    static let transactionTimeoutMilliseconds: Int32 = 30_000

    /// What every client has.
    package static func common(_ brokers: String, _ operators: List) -> List {
        [
            ("client.id", "fairfill"),
            // A broker that was away is tried again soon: a sale stands still meanwhile.
            ("reconnect.backoff.ms", "50"),
            ("reconnect.backoff.max.ms", "1000"),
            // A broker that hangs, or whose machine lost its power, keeps its connections: until
            // a request to it is given up, nobody looks for the partition's new leader. By its
            // default of a minute a sale would stand still for that minute. Where an answer of
            // some megabytes takes longer than this on the way, an operator sets more.
            ("socket.timeout.ms", "6000"),
            ("socket.keepalive.enable", "true"),
        ] + operators + [
            ("bootstrap.servers", brokers),
            ("socket.nagle.disable", "true"),
            ("allow.auto.create.topics", "false"),
        ]
    }

    /// For questions about ends: the isolation level of the client that asks decides which end.
    package static func asker(isolation: String) -> List { [("isolation.level", isolation)] }

    /// A record that waits takes some 500 bytes beside its own.
    static let queueCapacity = QueueCapacity(records: 100_000, kilobytes: 32_768)

    private static let fetchedBytes = 1 << 20

    /// Readers see committed records only, hear when they stand at the end, and never move
    /// to another offset by themselves.
    package static let reader: List = [
        ("group.id", "fairfill"),
        ("isolation.level", "read_committed"),
        ("enable.auto.commit", "false"),
        ("enable.auto.offset.store", "false"),
        ("auto.offset.reset", "error"),
        ("enable.partition.eof", "true"),
        ("fetch.min.bytes", "1"),
        // The end of a partition is reported with the next empty answer, so this long after it.
        ("fetch.wait.max.ms", "10"),
        // What a partition's answer may hold, packed: the writers of a topic decide what it
        // unpacks to.
        ("fetch.message.max.bytes", "\(fetchedBytes)"),
        ("fetch.max.bytes", "\(8 * fetchedBytes)"),
        ("message.max.bytes", "\(fetchedBytes)"),
        // A zstd batch that unpacks to more is not unpacked; the client asks again at once where
        // it is told to pass it.
        ("receive.message.max.bytes", "\(16 * fetchedBytes)"),
        ("fetch.error.backoff.ms", "20"),
        ("queued.min.messages", "\(queueCapacity.records)"),
        ("queued.max.messages.kbytes", "\(queueCapacity.kilobytes)"),
    ] + (Library.hasQueueBackoff ? [("fetch.queue.backoff.ms", "10")] : [])

    /// For lanes, which share one consumer: each request for more names every partition of every
    /// lane, so that a hundred of them without traffic took 3 % of a core. What comes ends a
    /// request at once; only the end behind markers is reported as much later as this is longer.
    package static let sharedReader: List = reader + [("fetch.wait.max.ms", "30")]

    /// Members of a group only learn which partitions are theirs; what they read, they read by
    /// readers. An operator's own time-outs win.
    static func member(of group: String, _ operators: List) -> List {
        // How long the partitions of a process that died stand still.
        let chosen = operators.last { $0.name == "session.timeout.ms" }
        let timeout = chosen.flatMap { Int($0.value) } ?? 10_000
        let ours: List = [
            ("session.timeout.ms", "\(timeout)"),
            // One that is lost must not count, however short the time-out.
            ("heartbeat.interval.ms", "\(max(1, min(2_000, timeout / 3)))"),
        ]
        return ours.filter { setting in !operators.contains { $0.name == setting.name } } + [
            ("group.id", group),
            // Partitions that stay where they are go on while others move.
            ("partition.assignment.strategy", "cooperative-sticky"),
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
            ("auto.offset.reset", "latest"),
        ]
    }

    /// For telling how far a group is.
    static func offsets(of group: String) -> List {
        [
            ("group.id", group),
            ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"),
        ]
    }

    private static let producer: List = [
        ("enable.idempotence", "true"),
        ("acks", "all"),
        // Without its report, nobody knows where a record stands.
        ("delivery.report.only.error", "false"),
        ("linger.ms", "0"),
        ("batch.size", "1000000"),
        ("batch.num.messages", "100000"),
        ("queue.buffering.max.messages", "1000000"),
        ("queue.buffering.max.kbytes", "1048576"),
        ("compression.codec", "lz4"),
    ]

    /// Resends are recognised by the brokers, and everything is acknowledged by all in sync.
    /// What was not taken by then is refused: long enough to outlast a broker that is started
    /// again.
    package static let appender: List = producer + [("message.timeout.ms", "60000")]

    /// A copy goes on where its target ends, so nothing may be left out before what was taken: an
    /// error ends the client.
    static let importer: List =
        producer + [("message.timeout.ms", "120000"), ("enable.gapless.guarantee", "true")]

    /// The one writer behind a transactional id.
    package static func writer(_ transactionalID: String) -> List {
        producer + [
            ("transactional.id", transactionalID),
            ("transaction.timeout.ms", "\(transactionTimeoutMilliseconds)"),
        ]
    }

    /// What a topic is made with, beside what its specification says.
    ///
    /// `compression.type=producer`: a broker that packs anew unpacks each batch before it
    /// looks at its size, and one small record may then take all of its memory.
    package static let topic: List = [
        ("message.timestamp.type", "LogAppendTime"), ("compression.type", "producer"),
    ]

    /// What a topic has while a copy is brought into it: the records are as old as they are, so
    /// any retention would let the brokers drop what has just come.
    static let importedTopic: List = [
        ("message.timestamp.type", "CreateTime"), ("cleanup.policy", "delete"),
        ("retention.ms", "-1"), ("retention.bytes", "-1"),
        ("compression.type", "producer"),
    ]

    /// Settings as people write them.
    static func text(_ settings: List) -> String {
        settings.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
    }
}

/// How long a transaction is waited for at its end.
package struct CommitPatience: Sendable {
    /// In all, from the first time that it is asked to end: then its writer is given up, and the
    /// book tells what became of it (TheLog.md, A batch).
    package var endMilliseconds = 30_000
    /// One call. Longer than failover takes (16 s) when the broker that died led the partition, the
    /// coordinator and the cluster: a commit that is asked about twice costs a new writer and
    /// another look at the book.
    package var callMilliseconds = 20_000

    package init() {}
}
