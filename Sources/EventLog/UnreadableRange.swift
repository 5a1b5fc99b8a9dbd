/// What stands in a log and can't be unpacked, for messages about topics that only this system
/// writes: there it is damage.
package struct UnreadableRange: Hashable, Sendable {
    package var partition: TopicPartition
    package var first: LogOffset
    package var last: LogOffset

    package init(_ partition: TopicPartition, _ first: LogOffset, _ last: LogOffset) {
        self.partition = partition
        self.first = first
        self.last = last
    }

    /// Which offsets of what, and what to do.
    package var sentence: String {
        "the records at \(offsets) can't be unpacked: keep everything as it is, "
            + "and restore \(partition.topic) from a backup (fairfill copy brings one in), or let "
            + "a replica that holds it whole lead the partition"
    }

    /// Which offsets of what.
    package var offsets: String {
        first == last
            ? "\(partition), offset \(first)" : "\(partition), offsets \(first) to \(last)"
    }
}
