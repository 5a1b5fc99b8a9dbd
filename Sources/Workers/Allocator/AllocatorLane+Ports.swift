import EventLog
import Vocabulary

/// What the driver may touch of a lane beside `step`, each for the one action that asks for it:
/// records are too many to pass through events.
///
/// It reads into `bookBuffer` (`fillBook`), `sourceBuffer` and `queues`, and takes the batch.
extension AllocatorLane {
    package mutating func fillBook(
        _ fill: (inout RecordBatch) throws(LogError) -> LogOffset
    ) throws(LogError) -> LogOffset {
        try fill(&bookBuffer)
    }

    /// Where each input is to be read from once the lane is live.
    func start(of input: InputTopic) -> LogOffset { LogOffset(merge.inputs[input].position) }

    /// So many records of an input were read into its queue, behind what is at hand, and its
    /// reader stands at `end`; for the driver, on `.poll`.
    mutating func noteRead(of input: InputTopic, _ count: Int, upTo end: LogOffset) {
        let position = end.rawValue
        hasReadNothing[input] = count == 0 && merge.inputs[input].position == position
        if count > 0 {
            merge.arrived(input, position: position)
            if input == .offeringCommands { commandsAtHand.forget() }
        } else {
            merge.inputs[input].position = position
        }
        noteHead(of: input)
    }

    /// Exchanges the batch for an empty one; for the driver, on `.commit`.
    mutating func exchangeBatch(_ other: inout OutgoingBatch) {
        handedOver = batch.decisions > 0 ? batch.lastSequence : 0
        swap(&batch, &other)
        batch.removeAll()
    }

    /// How far the clocks differ of the processes that are at work on the log, as far as the log
    /// knows; for the driver, before each step.
    mutating func noteClockSpread(_ milliseconds: Int64) {
        guard milliseconds != deadlineClock.spreadMilliseconds else { return }
        let wasTrusted = deadlineClock.isTrusted
        deadlineClock.spreadMilliseconds = milliseconds
        if wasTrusted, !deadlineClock.isTrusted {
            notices.append(.clocksDiffer(milliseconds: milliseconds))
        }
    }

    /// The last decision and the epoch.
    var standing: (sequence: DecisionNumber, epoch: Epoch) { (book.sequence, chain.epoch) }
}
