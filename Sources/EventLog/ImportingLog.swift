/// A log that can take the records of another one as they are, with their offsets and append
/// times. For copies only (TheLog.md, The SQLite log): other writers get both from the log.
///
/// A partition that takes a copy has no other writer meanwhile.
package protocol ImportingLog: EventLog {
    /// Whether offsets may be left out, as those of aborted records and markers are on Kafka.
    var takesGaps: Bool { get }

    /// Makes these topics, or makes them ready where they are there already, so that records keep
    /// the times that they bring.
    func beginImport(of topics: [TopicSpecification]) throws(LogError)

    /// Brings the records into topics that were made ready.
    func openImporter() throws(LogError) -> any LogImporter

    /// Gives the topics their final settings: from now on the log stamps the records.
    func endImport(of topics: [TopicSpecification]) throws(LogError)
}

/// Brings records of another log into this one. Used by one thread.
package protocol LogImporter: AnyObject {
    /// Appends a batch, in order, each record under the offset and with the time that it has, and
    /// returns once that is durable. All of it is taken, or a part from the beginning on.
    ///
    /// `first` is where the partition ends now; anything else is `.busy`: another process writes
    /// there. A partition that never held a record begins at it. `last` is where it ends
    /// afterwards, at least one past the last record; what lies between is a gap.
    func append(
        _ batch: borrowing RecordBatch, to partition: TopicPartition, from first: LogOffset,
        upTo last: LogOffset
    ) throws(LogError)

    func close()
}

extension LogError {
    /// The target of a copy does not end where the copy left it.
    package static func otherWriter(
        _ partition: TopicPartition, end: LogOffset, expected: LogOffset
    ) -> LogError {
        LogError(
            .busy,
            "\(partition) of the target ends at \(end), and the copy had come to \(expected): "
                + "another process writes to it; stop it, then run the copy again, which says "
                + "whether what is there can still be used")
    }
}
