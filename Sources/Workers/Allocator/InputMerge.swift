import Vocabulary

/// Which input's next record is decided next (TheLog.md, Merging).
///
/// The three inputs are separate topics, and nothing in a log says how their records interleave.
/// The smallest append time goes first; an input without a record at hand may be passed only once
/// it is known that it had none: its end was asked for after the record that wants to pass had
/// arrived, and has been read up to there. Without these rules a bid can overtake the acknowledged
/// command that opened its offering.
///
/// A value without I/O: it hears what arrived and what was answered, and says what to do.
package struct InputMerge {
    /// One input. Offsets are those of its topic partition.
    package struct Input {
        /// Offset and append time of the record at hand, if there is one.
        package var head: (offset: Int64, time: Int64)?
        /// Everything below has arrived.
        package var position: Int64 = 0
        /// The moment, on the merge's own count, at which what is at hand arrived.
        package var arrival: UInt64 = 0
        /// The ends of all inputs by the first question after that moment.
        package var fence: Ends?

        /// Everything below is decided.
        var decided: Int64 { head?.offset ?? position }
    }

    /// An offset for each input.
    package typealias Ends = PerInput<Int64>

    /// What to do next.
    package enum Choice: Equatable, Sendable {
        /// Decide the record at hand of this input.
        case take(InputTopic)
        /// Ask for the ends of all inputs, also of those with a record at hand.
        case ask
        /// Read this input: an answer says that there is more to come.
        case read(InputTopic)
        /// No input has a record at hand.
        case nothing
    }

    package var inputs = PerInput<Input>(repeating: Input())
    private var moment: UInt64 = 0
    private var askedAt: UInt64 = 0
    private var ends = Ends(repeating: 0)
    /// Commands below this offset go before anything else: one of them opens the offering of a
    /// bid that would otherwise be refused.
    private var commandsFirstBelow: Int64 = 0

    package init() {}

    /// Something arrived at `input`; its position is now `position`.
    package mutating func arrived(_ input: InputTopic, position: Int64) {
        moment += 1
        inputs[input].arrival = moment
        inputs[input].position = position
        inputs[input].fence = nil
    }

    /// The ends, asked for after everything that arrived so far.
    package mutating func answered(_ ends: Ends) {
        moment += 1
        askedAt = moment
        self.ends = ends
        for input in InputTopic.inputs
        where inputs[input].head != nil && inputs[input].fence == nil {
            inputs[input].fence = ends
        }
    }

    /// Lets the commands below `offset` go first.
    package mutating func putCommandsFirst(below offset: Int64) { commandsFirstBelow = offset }

    /// What to do next. The input `held` has a record at hand that waits for something else, and
    /// holds up none of the others.
    package func next(holding held: InputTopic? = nil) -> Choice {
        if let head = inputs[.offeringCommands].head, head.offset < commandsFirstBelow {
            return .take(.offeringCommands)
        }
        if let starving = firstThatWaitedLongEnough(held) { return .take(starving) }
        guard let candidate = smallest(held) else { return .nothing }
        let passed = mustLookFurther(by: inputs[candidate].arrival, except: candidate)
        return passed ?? .take(candidate)
    }

    /// nil where the commands that were there when the bids at hand arrived are all at hand or
    /// decided; else what to do to get there. Only then may a bid be refused for want of a command.
    package func missingCommands() -> Choice? {
        guard askedAt > inputs[.bids].arrival else { return .ask }
        let commands = InputTopic.offeringCommands
        return inputs[commands].position >= ends[commands] ? nil : .read(commands)
    }

    /// The input with the smallest append time at hand.
    private func smallest(_ held: InputTopic?) -> InputTopic? {
        var found: InputTopic?
        for input in InputTopic.inputs where input != held {
            guard let head = inputs[input].head else { continue }
            if let best = found, inputs[best].head!.time <= head.time { continue }
            found = input
        }
        return found
    }

    /// nil where every other input without a record at hand is known to have had none at `moment`.
    private func mustLookFurther(by moment: UInt64, except candidate: InputTopic) -> Choice? {
        for other in InputTopic.inputs where other != candidate && inputs[other].head == nil {
            guard askedAt > moment else { return .ask }
            guard inputs[other].position >= ends[other] else { return .read(other) }
        }
        return nil
    }

    /// An input whose record is newer by its stamp than what is at hand elsewhere, though all that
    /// was there when it arrived is decided: a broker's clock that runs ahead must not keep it
    /// waiting forever.
    private func firstThatWaitedLongEnough(_ held: InputTopic?) -> InputTopic? {
        for input in InputTopic.inputs where input != held {
            guard inputs[input].head != nil, let fence = inputs[input].fence else { continue }
            var isDone = true
            for other in InputTopic.inputs
            where other != input && other != held && inputs[other].decided < fence[other] {
                isDone = false
            }
            if isDone { return input }
        }
        return nil
    }
}
