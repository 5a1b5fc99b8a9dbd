import EventLog
import Vocabulary

/// What only an allocator's lane wants done; what comes of it is an `AllocatorOutcome`.
package enum AllocatorWork: Sendable {
    /// Ask for the bounds of `decisions` and of the inputs. -> `.bounds`
    ///
    /// Once the writer before is fenced, `decisions` is read to the end of what is written: what
    /// it committed at last may be visible only a moment later. Before that, to the end of what
    /// is committed: an open transaction of a writer that hangs would never end.
    case askBounds(isFenced: Bool)
    /// Ask for the ends of what allocators write: whether there is a history that `decisions` has
    /// lost. -> `.outputs`
    case askOutputs
    /// Fill the source buffer with the one record of this input at this offset. -> `.sourceRead`
    case readSource(InputTopic, LogOffset)
    /// Fill these inputs' queues, and tell the lane of each (`noteRead`); then ask for the ends of
    /// all inputs, if that is wanted in any case or a record was read. -> `.polled`
    case poll(inputs: [InputTopic], mustAsk: Bool)
    /// Take the batch and commit it, after the one before was answered. -> `.handedOver`, and
    /// later `LaneEvent.committed`, or `.commitFailed` instead
    case commit
    /// Wait for the answer to the batch handed over. -> `LaneEvent.committed` or `.commitFailed`
    case awaitCommit
}

/// What came of an `AllocatorWork`.
package enum AllocatorOutcome: Sendable {
    case bounds(decisions: Bounds, inputs: PerInput<Bounds>)
    /// Up to where the outputs are written: every partition of `decisions` and
    /// `payment-commands`, and the lane's own of `progress`.
    case outputs(decisions: [LogOffset], paymentCommands: [LogOffset], progress: LogOffset)
    /// Whether the record was found.
    case sourceRead(found: Bool)
    /// The ends of all inputs, if they were asked for.
    case polled(ends: PerInput<LogOffset>?)
    case handedOver
}
