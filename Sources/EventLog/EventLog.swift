/// A log of topics: what Kafka, the SQLite file and the memory log have in common (TheLog.md).
///
/// The protocol in one paragraph. A *topic* has partitions; a partition is a sequence of records,
/// each with an offset and an append time that the log gave it. Front ends *append* and get
/// receipts. A single writer appends in *transactions* over several topics, which appear whole or
/// not at all; opening a writer under the same transactional ids *fences* the one before.
/// *Readers* see committed records only, in order of offsets, and know how far they have come.
/// An *asked-for end* answers: up to where must I read to have seen all that was there when I
/// asked?
///
/// An `EventLog` may be used from several threads at once; what it opens belongs to one thread
/// each.
package protocol EventLog: AnyObject, Sendable {
    /// What `--log` would open again, for messages.
    var url: String { get }

    /// Identifies this log: another file, cluster or process has another id.
    var clusterID: String { get }

    /// Every topic there is, in order of name.
    func topics() throws(LogError) -> [TopicDescription]

    /// Those of these topics that are there, in order of name. One that may be there and may not
    /// be looked at is `.notPermitted`; others are of no concern.
    func topics(named names: [String]) throws(LogError) -> [TopicDescription]

    /// Makes a topic. One that exists already is `.alreadyExists`.
    func create(_ topic: TopicSpecification) throws(LogError)

    /// The offset of the oldest record still kept, and one past the newest, of each partition.
    ///
    /// Never too low: a record whose append was acknowledged, or that a reader has seen, before
    /// the call lies below `end`. With `.committed` the end is that of the records that readers
    /// can see by now; with `.written`, of those that may yet become visible, too. A commit may be
    /// answered a moment before its records are visible: only the end of what is written is sure
    /// to lie past them.
    func bounds(
        of partitions: [TopicPartition], _ end: EndKind
    ) throws(LogError) -> [Bounds]

    /// The ends alone, for callers that ask often.
    func ends(of partitions: [TopicPartition], _ end: EndKind) throws(LogError) -> [LogOffset]

    /// Whether all bounds that one call of `bounds` answers are of one moment: then a transaction
    /// over several partitions lies below all of their ends, or above.
    var boundsAreOfOneMoment: Bool { get }

    /// Whether one clock stamps all records of the log: then an append that began after another
    /// one was answered is never stamped earlier.
    var stampsWithOneClock: Bool { get }

    /// How far the clocks of the processes that write to the log now differ, in milliseconds, as
    /// far as the log knows; 0 where the log's own clock is another one than theirs. For any
    /// thread, and cheap.
    var clockSpreadMilliseconds: Int64 { get }

    /// A reader of committed records that stands at the given offsets.
    func openReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader

    /// The same for a reader that lives as long as the process, beside many others: they
    /// may share what a log needs for it.
    func openSharedReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader

    /// Appends outside any transaction: for front ends and operators.
    func openAppender() throws(LogError) -> any LogAppender

    /// A writer of transactions under these ids, which are fenced first: a transaction that an
    /// older writer left open is ended, and none of its later ones can commit.
    func openWriter(transactionalIDs: [String]) throws(LogError) -> any LogWriter
}

extension EventLog {
    /// A log of several machines asks each for its own.
    package var boundsAreOfOneMoment: Bool { false }

    package var stampsWithOneClock: Bool { false }

    package var clockSpreadMilliseconds: Int64 { 0 }

    package func ends(
        of partitions: [TopicPartition], _ end: EndKind
    ) throws(LogError) -> [LogOffset] {
        try bounds(of: partitions, end).map(\.end)
    }

    /// A log whose readers cost little.
    package func openSharedReader(_ starts: [ReadStart]) throws(LogError) -> any LogReader {
        try openReader(starts)
    }

    /// A log that hides no topic from anybody.
    package func topics(named names: [String]) throws(LogError) -> [TopicDescription] {
        try topics().filter { names.contains($0.specification.name) }
    }
}

/// Which end is asked for.
package enum EndKind: Sendable {
    /// One past the last record that is decided upon: the last stable offset.
    case committed
    /// One past the last record written, in an open transaction or not: the high watermark.
    case written
}

/// The offsets that a partition holds: `start` up to, but not including, `end`.
package struct Bounds: Hashable, Sendable {
    package var start: LogOffset
    package var end: LogOffset
    package init(start: LogOffset, end: LogOffset) {
        self.start = start
        self.end = end
    }
}

/// Reads records of one or more partitions, each with its own queue, so that a backlog in
/// one does not hide what came in another. Partitions are named by their index in the list that
/// the reader was opened with.
///
/// Used by one thread, but for `wake`.
package protocol LogReader: AnyObject {
    /// Appends to `batch` what there is from the reader's position on, at most `limit` records and
    /// none once it `isFull`, and moves the position past it. Returns how many; 0 says that nothing
    /// is there now. Never waits for more to come. A position that is no longer kept, or past the
    /// end, is `.offsetOutOfRange`.
    ///
    /// What is there and can't be unpacked costs its own offsets: one entry of the batch stands for
    /// them all (`RecordBatch.unreadable`), and the read goes on behind it. Finding out where it
    /// ends takes a log some questions, so this read may take a while.
    @discardableResult
    func read(_ input: Int, into batch: inout RecordBatch, limit: Int) throws(LogError) -> Int

    /// Where the next record is looked for. It passes what readers never see (markers, aborted
    /// records), so it reaches an asked-for end.
    func position(_ input: Int) -> LogOffset

    /// Stands at another offset; records read are not given back.
    func seek(_ input: Int, to offset: LogOffset) throws(LogError)

    /// Returns once a read may give something, `wake` was called, or the time is over. Some other
    /// reason may end it too: read and see.
    func wait(timeoutMilliseconds: Int) throws(LogError)

    /// Ends a `wait` under way, or the next one. From any thread.
    nonisolated func wake()

    /// Gives up what it holds. Twice is harmless.
    func close()
}

/// Where a reader begins: a partition, and the offset of the first record wanted of it.
package struct ReadStart: Hashable, Sendable {
    package var partition: TopicPartition
    package var offset: LogOffset
    package init(_ partition: TopicPartition, from offset: LogOffset) {
        self.partition = partition
        self.offset = offset
    }
}

/// Appends records one batch at a time. Used by one thread.
package protocol LogAppender: AnyObject {
    /// Appends all records, in order, and returns once they are durable, with an answer for each.
    /// A log may take some and refuse others; those of one partition that were taken keep their
    /// order. Throws only where nothing was appended.
    func append(_ records: borrowing OutgoingRecords) throws(LogError) -> [AppendOutcome]

    func close()
}

/// What became of one record that was to be appended.
package enum AppendOutcome: Sendable {
    case appended(Receipt)
    case refused(LogError)
}

/// Where an appended record stands.
package struct Receipt: Hashable, Sendable {
    package var partition: TopicPartition
    package var offset: LogOffset
    /// Timestamp since 1970 UTC, by the log's clock.
    package var appendTime: Int64
    package init(partition: TopicPartition, offset: LogOffset, appendTime: Int64) {
        self.partition = partition
        self.offset = offset
        self.appendTime = appendTime
    }
}
