import Allocation
import EventLog
import Messages
import Vocabulary

/// The loop of a live lane: read, ask, decide the inputs whose turn it is, commit. One batch is
/// decided while the one before it commits.
extension AllocatorLane {
    package mutating func live(_ event: Event, now: Timestamp) throws(LaneEnd) -> Action {
        switch event {
        case .outcome(.polled(let ends)):
            if let ends {
                let ends = InputMerge.Ends { ends[$0].rawValue }
                compareWithRead(ends, now: now)
                merge.answered(ends)
                deadlineClock.answered(ends)
            }
            isPolled = true
        case .outcome(.bounds(let decisions, _)):
            recommandScan?.begin(upTo: decisions.end)
        case .bookRead(let position):
            try readCommandedPayments(upTo: position)
        case .writerOpened:
            lease.opened()
        case .bookEnd(let end):
            guard isOwnBook(endingAt: end) else { return beginAgainFromBook(now: now) }
        case .outcome(.handedOver):
            isInFlight = true
            deadlineClock.handedOver(at: now)
            worries.standstill.handedOver(at: now)
            // The next batch is read and decided while this one is written.
            isPolled = false
        case .committed(let lastAppendTime):
            isInFlight = false
            isPolled = false
            compareClocks(lastAppendTime)
            noteCommitted()
            lease.used(at: now)
            if let since = worries.standstill.slowCommit(now: now) {
                worries.noteTrouble(at: since)
            }
            noteWork(now: now)
            notices.append(.decided(book.sequence, now))
            try endIfTooLarge(bookEndsAt: nil)
        case .commitFailed(let failure):
            return try recoverAfter(failure, now: now)
        case .failed(let error) where error.code == .offsetOutOfRange,
            .failed(let error) where error.code == .unknownTopic:
            worries.doubt = error
        case .failed(let error):
            isPolled = false
            return try retry(error, now: now)
        default:
            isPolled = false
        }
        guard worries.doubt == nil else { return startOver(now: now) }
        worries.standstill.look(at: now)
        return try proceed(now: now)
    }

    /// What was read must still be there.
    private mutating func compareWithRead(_ ends: InputMerge.Ends, now: Timestamp) {
        worries.standstill.asked(at: now)
        for input in InputTopic.inputs {
            let position = merge.inputs[input].position
            if ends[input] < position {
                worries.doubt = LogError(
                    .offsetOutOfRange,
                    "\(configuration.inputs[input]) ends at offset \(ends[input]), "
                        + "though it was read up to \(position)")
            }
        }
        noteWork(now: now)
    }

    /// What was handed over last is in the book for sure.
    mutating func noteCommitted() { lastCommitted = max(lastCommitted, handedOver) }

    /// The log does what it is asked to.
    private mutating func noteWork(now: Timestamp) {
        guard worries.doubt == nil, let since = worries.trouble?.since else { return }
        worries.forgetTrouble()
        notices.append(.atWorkAgain(milliseconds: now.rawValue - since.rawValue))
    }

    private mutating func proceed(now: Timestamp) throws(LaneEnd) -> Action {
        deadlineClock.look(at: now, for: book.nextDeadline)
        let blocked = try decideReady(now: now)
        if isFull { return isInFlight ? .work(.awaitCommit) : commit() }
        // What came while the last batch was being committed goes into this one.
        if !isPolled, !isStopping { return pollEmptyInputs() }
        if deadlineClock.mustCompare(book.nextDeadline, at: now), let offering = book.anyOffering {
            // Its progress is published once more: a commit whose stamp tells the log's time.
            progress.note(offering)
        }
        publishProgress(now: now, all: isAtEnd)
        if !batch.isEmpty { return isInFlight ? .work(.awaitCommit) : commit() }
        if isInFlight { return .work(.awaitCommit) }
        if isAtEnd {
            phase = .stopped
            return .stop(.finished)
        }
        if let action = recommandScan?.next { return action }
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
            return poll([input])
        case .nothing:
            // A deadline is past: everything that came before it is looked for.
            if deadlineClock.isDue { return pollEmptyInputs() }
            // There is something to read, but its time has not come.
            if worries.isClockBehind { return .pause(leastMilliseconds: 50, mostMilliseconds: 50) }
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
        return InputTopic.inputs.allSatisfy { merge.inputs[$0].decided >= targets[$0] }
    }

    private func pollEmptyInputs() -> Action {
        poll(InputTopic.inputs.filter { queues[$0].isEmpty })
    }

    /// The inputs' ends are asked for where a record is at hand or will be, a deadline is past, or
    /// the last look was long ago.
    private func poll(_ inputs: [InputTopic]) -> Action {
        let isAnythingAtHand = !InputTopic.inputs.allSatisfy { queues[$0].isEmpty }
        return .work(
            .poll(
                inputs: inputs,
                mustAsk: isAnythingAtHand || deadlineClock.isDue || worries.standstill.isDue))
    }

    private mutating func wait(now: Timestamp, mostMilliseconds: Int) -> Action {
        hasReadNothing = PerInput(repeating: false)
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
                try decideDeadline(at: deadline)
                deadlineClock.look(at: now, for: book.nextDeadline)
                continue
            }
            let choice = merge.next(holding: inputHeld(now: now))
            guard case .take(let input) = choice else { return choice }
            if let blocked = try decideHead(of: input, now: now) { return blocked }
        }
        return .nothing
    }

    /// Decides the record at hand of `input`; where that must wait, answers for what.
    private mutating func decideHead(
        of input: InputTopic, now: Timestamp
    ) throws(LaneEnd) -> InputMerge.Choice? {
        let cursor = queues[input].cursor
        let admitted = judge(
            admission.admit(queues[input].batch, cursor, from: input), now: now)
        let offset = queues[input].batch.offset(cursor)
        let last = queues[input].batch.unreadable(cursor)
        let at = last == nil ? queues[input].batch.appendTime(cursor) : book.bookTime.rawValue
        let countedTime = merge.inputs[input].head!.time
        // A deadline goes before the first bid at or past it.
        if input == .bids, let deadline = book.nextDeadline, deadline.rawValue <= countedTime {
            try decideDeadline(at: deadline)
            return nil
        }
        if input == .bids, case .record(let record) = admitted,
            let helps = book.commandWanted(for: record)
        {
            if let missing = merge.missingCommands() { return missing }
            if let offset = commandAtHand(helps.kind, of: helps.offering, before: countedTime) {
                merge.putCommandsFirst(below: offset + 1)
                return nil
            }
        }
        let source = Source(
            topic: input, partition: configuration.partition,
            offset: Offset(rawValue: offset.rawValue),
            at: Timestamp(rawValue: at))
        if mustReadCommandedPayments(for: admitted) { return .nothing }
        headers.follow(queues[input].batch.headers(cursor))
        if case .rejected(let rejection, _) = admitted, rejection.reason == .malformed {
            let whole = queues[input].batch.whole(cursor)
            keepInvalid(
                key: queues[input].batch.key(cursor), value: queues[input].batch.value(cursor),
                whole, last, source, rejection)
            if let last { notices.append(.unreadable(input, from: offset, through: last)) }
        }
        try decide(consume admitted, from: source)
        try commandPaymentsAgain()
        decided[input] = DecidedInput(source, batchUpTo: last?.rawValue)
        queues[input].cursor += 1
        noteHead(of: input)
        // A correction changes what the bid at hand counts with.
        if input == .offeringCommands { noteHead(of: .bids) }
        return nil
    }

    /// Decides what the clock brings about at `deadline`.
    private mutating func decideDeadline(at deadline: Timestamp) throws(LaneEnd) {
        headers.forgetTrace()
        try decide(.deadline, from: book.source(ofDeadline: deadline))
    }

    /// The offset of such a command at hand, if it is stamped at most the command grace later than
    /// a bid of `time`.
    private mutating func commandAtHand(
        _ kind: CommandsAtHand.Kind, of offering: Identifier, before time: Int64
    ) -> Int64? {
        guard !queues[.offeringCommands].isEmpty else { return nil }
        let first = queues[.offeringCommands].cursor
        if !commandsAtHand.isKnown {
            var commands: [(OfferingCommand, CommandsAtHand.Position)] = []
            for index in first..<queues[.offeringCommands].batch.count {
                guard
                    case .record(.command(let command)) = admission.admit(
                        queues[.offeringCommands].batch, index, from: .offeringCommands)
                else { continue }
                let position = CommandsAtHand.Position(
                    offset: queues[.offeringCommands].batch.offset(index).rawValue,
                    at: queues[.offeringCommands].batch.appendTime(index))
                commands.append((command, position))
            }
            commandsAtHand.know(commands)
        }
        return commandsAtHand.first(
            kind, of: offering, from: queues[.offeringCommands].batch.offset(first).rawValue,
            until: time + configuration.environment.commandGraceMilliseconds)
    }
}
