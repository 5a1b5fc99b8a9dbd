import Vocabulary

/// A partition of a topic whose records nobody can read, or nobody reads: a record of `attention`,
/// of whichever worker found it.
package struct TopicAttention: Hashable, Sendable {
    /// What is wrong with it.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A transaction on it stays open, and every reader waits.
        case openTransaction = "openTransaction"
        /// It was added to the topic since the environment was made, and those behind it.
        case partitionsAdded = "partitionsAdded"

        static let table = WordTable<Kind>()
    }

    package var kind: Kind
    package var topic: Topic
    package var partition: Partition
    /// Of an open transaction: the first offset that can't be read.
    package var offset: Offset?
    /// Since when, by the worker's own clock, as far as it knows.
    package var since: Timestamp
    /// What happened and what to do about it: at most `StandstillAttention.largestDetail` bytes,
    /// without control characters.
    package private(set) var detail: String
    /// The worker's own clock.
    package var at: Timestamp

    /// A longer detail is cut, and its control characters become spaces.
    package init(
        _ kind: Kind, topic: Topic, partition: Partition, offset: Offset? = nil,
        since: Timestamp, detail: String, at: Timestamp
    ) {
        self.kind = kind
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.since = since
        self.detail = StandstillAttention.plain(detail)
        self.at = at
    }
}

extension Topic {
    static let table = WordTable<Topic>()
}
