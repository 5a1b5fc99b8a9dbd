import Allocation
import EventLog
import Messages
import Vocabulary

/// The way from the book of record to a live lane (TheLog.md, Recovery of one partition).
extension AllocatorLane {
    package mutating func recover(_ event: Event, now: Timestamp) throws(LaneEnd) -> Action {
        switch event {
        case .outcome(.bounds(let book, let inputs)):
            return try beginReading(book, inputs)
        case .outcome(.outputs(let decisions, let paymentCommands, let progress)):
            try checkOutputs(decisions, paymentCommands, progress: progress)
            return try goOnReading()
        case .bookRead(let position):
            try readBook(upTo: position)
            try endIfTooLarge(bookEndsAt: recovery.end)
            return try goOnReading()
        case .outcome(.sourceRead(let found)):
            guard case .checkingSource(let input) = recovery.step else { break }
            try checkSource(input, found: found)
            return try checkSources(after: input)
        case .writerOpened:
            recovery.isFenced = true
            recovery.step = .askingBounds
        case .failed(let error):
            let action = try retry(error, now: now)
            drop()
            return action
        default:
            break
        }
        if isStopping { throw .finished }
        return .work(.askBounds(isFenced: recovery.isFenced))
    }

    /// The epoch's first commit: from here on the lane is the writer that counts.
    package mutating func startEpoch(_ event: Event, now: Timestamp) throws(LaneEnd) -> Action {
        switch event {
        case .outcome(.handedOver):
            isInFlight = true
            deadlineClock.handedOver(at: now)
            return .work(.awaitCommit)
        case .committed(let lastAppendTime):
            isInFlight = false
            compareClocks(lastAppendTime)
            noteCommitted()
            worries.contradictions = 0
            phase = .live
            lease.used(at: now)
            memoryWatch.noteThatItFits()
            // That it is live says enough.
            worries.forgetTrouble()
            notices.append(.live(epoch: chain.epoch, sequence: book.sequence))
            return try live(.woken, now: now)
        case .commitFailed(let failure):
            return try recoverAfter(failure, now: now)
        case .failed(let error):
            let action = try retry(error, now: now)
            drop()
            return action
        default:
            return .work(.commit)
        }
    }

    // MARK: Reading the book

    private mutating func beginReading(
        _ book: Bounds, _ inputs: PerInput<Bounds>
    ) throws(LaneEnd) -> Action {
        recovery.inputs = inputs
        recovery.end = book.end
        if book.start > 0 {
            throw .invariant(
                "the book of partition \(configuration.partition) begins at offset \(book.start): "
                    + "its first decisions are gone, so nobody can tell what was decided; "
                    + "restore \(configuration.decisions.topic) from a backup")
        }
        if book.end < recovery.position {
            throw .invariant(
                "the book of partition \(configuration.partition) ends at offset \(book.end), "
                    + "though it was read up to \(recovery.position): history was lost; "
                    + bookWayOn)
        }
        try memoryWatch.endIfKnownTooLarge(bookEndsAt: book.end)
        recovery.step = .readingBook
        return book.end == 0 ? .work(.askOutputs) : try goOnReading()
    }

    private mutating func goOnReading() throws(LaneEnd) -> Action {
        if isStopping { throw .finished }
        guard recovery.position < recovery.end else {
            if let lost = worries.lostEpoch, chain.epoch > lost {
                throw .fenced(
                    "another writer has taken over partition \(configuration.partition): "
                        + "epoch \(chain.epoch) is in the book, ours was \(lost)")
            }
            let last = recovery.stream.sequence
            // Only what is written is asked for to the last: what was committed may be visible
            // only a moment after its answer.
            guard !recovery.isFenced || last >= lastCommitted else {
                return try askAgain(
                    "the book of partition \(configuration.partition) ends with decision \(last), "
                        + "though decision \(lastCommitted) was committed: history was lost; "
                        + "restore \(configuration.decisions.topic) from a backup")
            }
            return try checkSources()
        }
        return .readBook(from: recovery.position)
    }

    /// What a lane that was live hears now contradicts what it saw: history was lost, or a broker
    /// that was just deposed answered with an end of before. So it is asked a few times more
    /// before people are called.
    private mutating func askAgain(_ sentence: String) throws(LaneEnd) -> Action {
        worries.contradictions += 1
        guard worries.lostEpoch != nil, worries.contradictions < LaneWorries.mostContradictions
        else {
            throw .invariant(sentence)
        }
        notices.append(.retrying(LogError(.io, sentence, isRetriable: true)))
        drop()
        return .pause(leastMilliseconds: 1_000, mostMilliseconds: 2_000)
    }

    private mutating func readBook(upTo position: LogOffset) throws(LaneEnd) {
        for index in 0..<bookBuffer.count where bookBuffer.offset(index) < recovery.end {
            if let last = bookBuffer.unreadable(index) {
                throw .invariant(
                    UnreadableRange(configuration.decisions, bookBuffer.offset(index), last)
                        .sentence + "; " + bookWayOn)
            }
            let record: DecisionRecord
            do throws(Malformation) {
                record = try decoder.decodeDecision(
                    bookBuffer.value(index), refusesUnlisted: true)
            } catch {
                let location = "\(configuration.decisions)/\(bookBuffer.offset(index))"
                throw error.newerBuild(location)
                    ?? .invariant(
                        "the decision at \(location) can't be read: \(error.code.rawValue) at byte "
                            + "\(error.position); " + bookWayOn)
            }
            try follow(record, at: bookBuffer.offset(index))
        }
        bookBuffer.removeAll()
        recovery.position = min(position, recovery.end)
        notices.append(
            .recovering(offset: recovery.position.rawValue, of: recovery.end.rawValue))
    }

    private mutating func follow(
        _ record: DecisionRecord, at offset: LogOffset
    ) throws(LaneEnd) {
        let step: DecisionStream.Step
        do throws(DecisionStreamDamage) {
            step = try recovery.stream.follow(record)
        } catch {
            throw .invariant(
                "at \(configuration.decisions)/\(offset), \(error.sentence); " + bookWayOn)
        }
        switch step {
        case .epochStarted: chain.epoch = record.epoch
        case .stale: break
        case .decision(let decision): try follow(decision, record.hash)
        }
    }

    private mutating func follow(_ decision: Decision, _ hash: HashText) throws(LaneEnd) {
        if let last = recovery.lastGroup.last, last.source != decision.source || decision.n == 0 {
            try restoreLastGroup()
        }
        recovery.lastGroup.append(decision)
        recovery.lastHashes.append(hash)
        lastAt = decision.source.at
        if decision.source.topic != .clock {
            decided[decision.source.topic] = DecidedInput(
                decision.source, batchUpTo: decision.event.lastOfBatch?.rawValue)
        }
    }

    /// Takes the last group into the state as it stands in the book.
    private mutating func restoreLastGroup() throws(LaneEnd) {
        for decision in recovery.lastGroup {
            do throws(RestoreFailure) {
                try book.restore(decision)
            } catch {
                throw .invariant(
                    "decision \(decision.sequence) of partition \(configuration.partition) "
                        + "contradicts the book before it: \(error); " + bookWayOn)
            }
        }
        if let hash = recovery.lastHashes.last { chain.follow(hash) }
        recovery.forgetLastGroup()
    }

    // MARK: Whether the inputs fit to the book

    /// Looks at the inputs, at those only that come after one that was looked at.
    private mutating func checkSources(
        after checked: InputTopic? = nil
    ) throws(LaneEnd) -> Action {
        for input in InputTopic.inputs {
            if let checked, input.rawValue <= checked.rawValue { continue }
            let topic = configuration.inputs[input]
            let bounds = recovery.inputs[input]
            guard let last = decided[input] else {
                if bounds.start > 0 {
                    throw .invariant(
                        "\(topic) begins at offset \(bounds.start), and nothing of it was ever "
                            + "decided: its first records are gone undecided; "
                            + wayOn(topic))
                }
                continue
            }
            let next = last.last + 1
            guard bounds.start.rawValue <= next, next <= bounds.end.rawValue else {
                let sentence = "\(topic) holds offsets \(bounds.start) to \(bounds.end), but the "
                    + "next one to decide is \(next): the topic was cut or made anew; "
                    + "refusing to go on with another history; " + wayOn(topic)
                // An end may be one of before; a start only ever grows.
                if next <= bounds.end.rawValue { throw .invariant(sentence) }
                return try askAgain(sentence)
            }
            if last.offset >= bounds.start.rawValue {
                recovery.step = .checkingSource(input)
                return .work(.readSource(input, LogOffset(last.offset)))
            }
            noteGone(input, last.offset)
        }
        guard recovery.isFenced else {
            recovery.step = .openingWriter
            return .openWriter
        }
        if let source = recovery.lastGroup.last?.source, source.topic == .clock {
            try decideLastGroupAgain(source)
        }
        return try becomeLive()
    }

    /// What to do about an input that is not the one that was decided.
    private func wayOn(_ input: TopicPartition) -> String {
        "restore \(input.topic) from a backup (fairfill copy --help)"
    }

    /// What to do about a book that is not whole.
    var bookWayOn: String {
        "keep everything as it is: run fairfill verify for details, then restore "
            + "\(configuration.decisions.topic) from a backup (fairfill copy --help)"
    }

    private mutating func noteGone(_ input: InputTopic, _ offset: Int64) {
        notices.append(.sourceGone(input, LogOffset(offset)))
        if let last = recovery.lastGroup.last, last.source.topic == input {
            recovery.isLastSourceGone = true
        }
    }

    private mutating func checkSource(_ input: InputTopic, found: Bool) throws(LaneEnd) {
        let last = decided[input]!
        guard found else { return noteGone(input, last.offset) }
        // What nobody could unpack had no time. It may be the other way round by now: another
        // version of the library draws the line elsewhere.
        let isUnreadable = sourceBuffer.unreadable(0) != nil
        let at = sourceBuffer.appendTime(0)
        guard isUnreadable || last.at == nil || at == last.at else {
            throw .invariant(
                "\(configuration.inputs[input])/\(last.offset) was appended at \(at), but the "
                    + "decision about it says \(last.at ?? 0): the topic was made anew; "
                    + "refusing to go on with another history; "
                    + wayOn(configuration.inputs[input]))
        }
        guard recovery.isFenced, let source = recovery.lastGroup.last?.source,
            source.topic == input
        else { return }
        // What was decided about a record that nobody can unpack any more stands in the book.
        if isUnreadable, recovery.rejectedAsMalformed == nil {
            return noteGone(input, last.offset)
        }
        try decideLastGroupAgain(source)
    }

    // MARK: The last group

    /// Decides the input behind the last group again. What the book holds of the group must come
    /// out to the byte; the rest of it follows in the new epoch.
    private mutating func decideLastGroupAgain(_ source: Source) throws(LaneEnd) {
        let input: Input
        if source.topic == .clock {
            guard book.nextDeadline == source.at else {
                throw contradiction(recovery.lastGroup[0])
            }
            input = .deadline
            headers.forgetTrace()
        } else if let rejected = recovery.rejectedAsMalformed,
            sourceBuffer.unreadable(0) != nil
                || recovery.lastGroup[0].event.lastOfBatch != nil
        {
            input = rejected
            headers.forgetTrace()
        } else {
            input = judgeAgain(
                admission.admit(sourceBuffer, 0, from: source.topic), as: recovery.lastGroup[0])
            headers.follow(sourceBuffer.headers(0))
        }
        writeEpochStarted(
            after: recovery.lastGroup.last!.sequence, recovery.lastHashes.last!)
        try decide(input, from: source)
        while recovery.compared < recovery.lastHashes.count, isInsideGroup { try resumeGroup() }
        guard recovery.compared == recovery.lastHashes.count else {
            throw contradiction(recovery.lastGroup[recovery.compared])
        }
        recovery.forgetLastGroup()
    }

    /// Whether the decision of the group at hand is in the book already; then the chain goes on
    /// to it, and it must be the same.
    mutating func skipIfInBook(_ index: Int) throws(LaneEnd) -> Bool {
        guard recovery.compared < recovery.lastHashes.count else { return false }
        let hash = withUnsafeTemporaryAllocation(
            byteCount: RecordEncoder.largestDecision, alignment: 16
        ) { room in
            let count = RecordEncoder.encode(
                group.decisions[index], after: chain.head, into: room)
            return chain.hash(of: UnsafeRawBufferPointer(rebasing: room[..<count]))
        }
        guard hash == recovery.lastHashes[recovery.compared] else {
            throw contradiction(recovery.lastGroup[recovery.compared])
        }
        chain.follow(hash)
        recovery.compared += 1
        return true
    }

    private func contradiction(_ decision: Decision) -> LaneEnd {
        .invariant(
            "decision \(decision.sequence) of partition \(configuration.partition), about "
                + "\(decision.source.topic.name)/\(decision.source.offset), does not come out "
                + "again as it stands in the book; this program's rules are not those that "
                + "wrote it: go on with the build that did")
    }

    private mutating func becomeLive() throws(LaneEnd) -> Action {
        if recovery.isLastSourceGone || batch.isEmpty {
            let last = recovery.lastGroup.last
            try restoreLastGroup()
            if recovery.isLastSourceGone, let last, book.hasMoreToDecide {
                // Only its record could say what else it causes.
                throw .invariant(
                    "the group of decision \(last.sequence) in \(configuration.decisions) is not "
                        + "whole, and \(last.source.topic.name)/\(last.source.offset), which it is "
                        + "about, is no longer kept: restore that topic from a backup")
            }
            writeEpochStarted(after: book.sequence, chain.head)
        }
        for input in InputTopic.inputs {
            let next = decided[input].map { $0.last + 1 } ?? 0
            merge.inputs[input].position = next
            if configuration.stopsAtEnd, targets == nil {
                targets = InlineArray { recovery.inputs[$0].end.rawValue }
            }
        }
        // The last state of every offering is published again.
        for overview in book.overviews { progress.note(overview.offering) }
        phase = .startingEpoch
        return .work(.commit)
    }
}
