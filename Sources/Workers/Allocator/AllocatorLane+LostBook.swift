import EventLog
import Vocabulary

/// A book that was lost must not be taken for one that has not begun (TheLog.md, Recovery of one
/// partition): the lane would decide every input again, and command every payment a second time.
extension AllocatorLane {
    /// Refuses an empty book beside outputs that only decisions can have caused.
    ///
    /// An allocator writes nothing before the epoch that begins its book, so `progress` of the
    /// partition follows its own decisions. A payment command may stand in any partition, as its
    /// account says; it proves a history where *all* books are empty, as they are once the topic
    /// was made anew. If another worker has begun the book since, it was not lost.
    func checkOutputs(
        _ decisions: [LogOffset], _ paymentCommands: [LogOffset], progress: LogOffset
    ) throws(LaneEnd) {
        guard decisions[Int(configuration.partition.rawValue)] == 0 else { return }
        let witness: String
        if progress > 0 {
            witness = "\(configuration.topicPartition(.progress)) tells of decisions"
        } else if paymentCommands.contains(where: { $0 > 0 }),
            decisions.allSatisfy({ $0 == 0 })
        {
            let topic = configuration.topicPartition(.paymentCommands).topic
            witness = "\(topic) holds payments that decisions commanded"
        } else {
            return
        }
        throw .invariant(
            "the book of partition \(configuration.partition) is empty, though \(witness): "
                + "\(configuration.decisions.topic) was deleted or made anew. Deciding its inputs "
                + "again would pay a second time; restore the topic from a backup "
                + "(fairfill copy --help)")
    }
}
