import Allocation
import EventLog
import Messages
import Vocabulary

/// The loop of a live lane: read, ask, decide the inputs whose turn it is, commit. One batch is
/// decided while the one before it commits.
extension AllocatorLane {
    mutating func live(_ event: LaneEvent, now: Timestamp) throws(LaneEnd) -> LaneAction {
        switch event {
        case .polled(let ends):
            if let ends {
                let ends: InputMerge.Ends = [ends[0].rawValue, ends[1].rawValue, ends[2].rawValue]
                compareWithRead(ends, now: now)
                merge.answered(ends)
                deadlineClock.answered(ends)
            }
            isPolled = true
        case .bounds(let decisions, _):
            recommanding?.begin(upTo: decisions.end)
        case .bookRead(let position):
            try readCommandedPayments(upTo: position)
        case .writerOpened:
            lease.opened()
        case .bookEnd(let end):
            guard isOwnBook(endingAt: end) else { return beginAgainFromBook(now: now) }
        case .handedOver:
            isInFlight = true
            deadlineClock.handedOver(at: now)
            standstill.handedOver(at: now)
            // The next batch is read and decided while this one is written.
            isPolled = false
        case .committed(let lastAppendTime):
            isInFlight = false
            isPolled = false
            compareClocks(lastAppendTime)
            noteCommitted()
            lease.used(at: now)
            if let since = standstill.slowCommit(now: now) { noteTrouble(since: since) }
            noteWork(now: now)
            notices.append(.decided(book.sequence, now))
            try endIfTooLarge()
        case .commitFailed(let failure):
            return try recoverAfter(failure, now: now)
        case .failed(let error) where error.code == .offsetOutOfRange,
            .failed(let error) where error.code == .unknownTopic:
            doubt = error
        case .failed(let error):
            isPolled = false
            return try retry(error, now: now)
        default:
            isPolled = false
        }
        guard doubt == nil else { return startOver(now: now) }
        standstill.look(at: now)
        return try proceed(now: now)
    }

    /// What was read must still be there.
    private mutating func compareWithRead(_ ends: InputMerge.Ends, now: Timestamp) {
        standstill.asked(at: now)
        for input in 0..<3 {
            let position = merge.inputs[input].position
            let topic = configuration.inputs[input]
            if ends[input] < position {
                doubt = LogError(
                    .offsetOutOfRange,
                    "\(topic) ends at offset \(ends[input]), though it was read up to \(position)")
            }
        }
        noteWork(now: now)
    }

    /// What was handed over last is in the book for sure.
    mutating func noteCommitted() { lastCommitted = max(lastCommitted, handedOver) }

    /// The log does what it is asked to.
    private mutating func noteWork(now: Timestamp) {
        guard doubt == nil, let since = troubledSince else { return }
        troubledSince = nil
        notices.append(.atWorkAgain(milliseconds: now.rawValue - since.rawValue))
    }

    private mutating func proceed(now: Timestamp) throws(LaneEnd) -> LaneAction {
        deadlineClock.look(at: now, for: book.nextDeadline)
        let blocked = try decideReady(now: now)
        if isFull { return isInFlight ? .awaitCommit : commit() }
        // What came while the last batch was being committed goes into this one.
        if !isPolled, !isStopping { return pollEmptyInputs() }
        if deadlineClock.mustCompare(book.nextDeadline, at: now), let offering = book.anyOffering {
            // Its progress is published once more: a commit whose stamp tells the log's time.
            progress.note(offering)
        }
        publishProgress(now: now, all: isAtEnd)
        if !batch.isEmpty { return isInFlight ? .awaitCommit : commit() }
        if isInFlight { return .awaitCommit }
        if isAtEnd {
            phase = .stopped
            return .stop(.finished)
        }
        if let action = recommanding?.next { return action }
        switch blocked {
        case .take:
            preconditionFailure("an input whose turn it is was not decided")
        case .ask:
            return pollEmptyInputs()
        case .read(let input):
            // What an end promised but can't be read yet is behind an open transaction. That
            // another input brought nothing says nothing about this one, which may have records
            // at hand and more to come.
            if hasReadNothing[input] { return wait(now: now, mostMilliseconds: 5) }
            return .poll(inputs: [input])
        case .nothing:
            // A deadline is past: everything that came before it is looked for.
            if deadlineClock.isDue { return pollEmptyInputs() }
            // There is something to read, but its time has not come.
            if isClockBehind { return .pause(leastMilliseconds: 50, mostMilliseconds: 50) }
            if lease.isIdle(at: now) { return giveWriterBack() }
            return wait(now: now, mostMilliseconds: 1_000)
        }
    }

    private var isFull: Bool {
        batch.decisions >= configuration.largestBatch || batch.records.byteCount >= 64 << 20
    }

    /// Whether nothing is left that the lane was asked to do.
    private var isAtEnd: Bool {
        if isInsideGroup { return false }
        if isStopping { return true }
        guard let targets else { return false }
        for input in 0..<3 where merge.inputs[input].decided < targets[input] { return false }
        return true
    }

    private func pollEmptyInputs() -> LaneAction {
        .poll(inputs: (0..<3).filter { queues[$0].isEmpty })
    }

    private mutating func wait(now: Timestamp, mostMilliseconds: Int) -> LaneAction {
        hasReadNothing = InlineArray(repeating: false)
        let due = progress.millisecondsUntilDue(at: now) ?? mostMilliseconds
        let deadline =
            deadlineClock.millisecondsUntilDue(book.nextDeadline, at: now) ?? mostMilliseconds
        return .wait(milliseconds: max(1, min(due, deadline, mostMilliseconds)))
    }

    /// Decides records until the batch is full or none may go; answers what keeps the next one.
    private mutating func decideReady(
        now: Timestamp
    ) throws(LaneEnd) -> InputMerge.Choice {
        while !isFull {
            if isInsideGroup {
                try resumeGroup()
                continue
            }
            if isStopping { return .nothing }
            if let deadline = book.nextDeadline, deadlineClock.mayDecide(deadline, merge) {
                try decide(deadline)
                deadlineClock.look(at: now, for: book.nextDeadline)
                continue
            }
            let choice = merge.next(holding: inputHeld(now: now))
            guard case .take(let input) = choice else { return choice }
            if let blocked = try decide(input, now: now) { return blocked }
        }
        return .nothing
    }

    /// Decides the record at hand of `input`; where that must wait, answers for what.
    private mutating func decide(
        _ input: Int, now: Timestamp
    ) throws(LaneEnd) -> InputMerge.Choice? {
        let topic = InputTopic(rawValue: UInt8(input))!
        let cursor = queues[input].cursor
        let admitted = judge(
            admission.admit(queues[input].batch, cursor, from: topic), now: now)
        let offset = queues[input].batch.offset(cursor)
        let last = queues[input].batch.unreadable(cursor)
        let at = last == nil ? queues[input].batch.appendTime(cursor) : book.bookTime.rawValue
        let countedTime = merge.inputs[input].head!.time
        // A deadline goes before the first bid at or past it.
        if input == 2, let deadline = book.nextDeadline, deadline.rawValue <= countedTime {
            try decide(deadline)
            return nil
        }
        if input == 2, case .record(let record) = admitted,
            let helps = book.commandWanted(for: record)
        {
            if let missing = merge.missingCommands() { return missing }
            if let offset = commandAtHand(helps.kind, of: helps.offering, before: countedTime) {
                merge.putCommandsFirst(below: offset + 1)
                return nil
            }
        }
        let source = Source(
            topic: topic, partition: configuration.partition,
            offset: Offset(rawValue: offset.rawValue),
            at: Timestamp(rawValue: at))
        if mustReadCommandedPayments(for: admitted) { return .nothing }
        headers.follow(queues[input].batch.headers(cursor))
        if case .refused(let rejection, _) = admitted, rejection.reason == .malformed {
            let whole = queues[input].batch.whole(cursor)
            keepInvalid(
                key: queues[input].batch.key(cursor), value: queues[input].batch.value(cursor),
                whole, last, source, rejection)
            if let last { notices.append(.unreadable(topic, from: offset, through: last)) }
        }
        try decide(consume admitted, from: source)
        try commandPaymentsAgain()
        decided[input] = DecidedInput(source, batchUpTo: last?.rawValue)
        queues[input].cursor += 1
        merge.inputs[input].head = head(of: input)
        // A correction changes what the bid at hand counts with.
        if input == 0 { merge.inputs[2].head = head(of: 2) }
        return nil
    }

    /// Decides what the clock brings about at `deadline`.
    private mutating func decide(_ deadline: Timestamp) throws(LaneEnd) {
        headers.forgetTrace()
        try decide(.deadline, from: book.source(ofDeadline: deadline))
    }

    /// The offset of such a command at hand, if it is stamped at most the command grace later than
    /// a bid of `time`.
    private mutating func commandAtHand(
        _ kind: CommandsAtHand.Kind, of offering: Identifier, before time: Int64
    ) -> Int64? {
        guard !queues[0].isEmpty else { return nil }
        let first = queues[0].cursor
        if !commandsAtHand.isKnown {
            var commands: [(OfferingCommand, CommandsAtHand.Place)] = []
            for index in first..<queues[0].batch.count {
                guard
                    case .record(.command(let command)) = admission.admit(
                        queues[0].batch, index, from: .offeringCommands)
                else { continue }
                let place = CommandsAtHand.Place(
                    offset: queues[0].batch.offset(index).rawValue,
                    at: queues[0].batch.appendTime(index))
                commands.append((command, place))
            }
            commandsAtHand.know(commands)
        }
        return commandsAtHand.first(
            kind, of: offering, from: queues[0].batch.offset(first).rawValue,
            until: time + configuration.environment.commandGraceMilliseconds)
    }
}
