import EventLog
import Messages
import Payments
import Vocabulary

/// The way from the journal to a live payer (payments.md: fence first, then ask for the end of the
/// journal, read to it, only then act).
extension PayerLane {
    mutating func recover(
        _ event: PayerLaneEvent, now: Milliseconds
    ) throws(LaneEnd) -> PayerLaneAction {
        switch event {
        case .bounds(let journal, let commands):
            return try beginReading(journal, commands, now: now)
        case .journalRead(let position):
            try readJournal(upTo: position)
            return try goOnReading(now: now)
        case .writerOpened:
            isFenced = true
        case .failed(let error):
            let action = try retry(error)
            drop()
            return action
        case .gathered(let answers, _):
            for answer in answers { note(answer) }
        default:
            break
        }
        if isStopping { throw .finished }
        return .askBounds(isFenced: isFenced)
    }

    /// The epoch's first commit: from here on the lane is the payer that counts.
    mutating func startEpoch(
        _ event: PayerLaneEvent, now: Milliseconds
    ) throws(LaneEnd) -> PayerLaneAction {
        switch event {
        case .committed:
            phase = .live
            lastEpoch = book.epoch
            counts.isChanged = true
            notices.append(.live(epoch: book.epoch, commands: book.payments.count))
            return try live(event, now: now)
        case .commitFailed(let failure):
            return try recoverAfter(failure)
        case .failed(let error):
            let action = try retry(error)
            drop()
            return action
        default:
            return .commit
        }
    }

    private mutating func beginReading(
        _ journal: Bounds, _ commands: Bounds, now: Milliseconds
    ) throws(LaneEnd) -> PayerLaneAction {
        journalEnd = journal.end
        if journal.start > 0 {
            throw .invariant(
                "\(configuration.journal) begins at offset \(journal.start): its first records are "
                    + "gone, so nobody can tell what was sent; restore it from a backup")
        }
        if journal.end < journalPosition {
            throw .invariant(
                "\(configuration.journal) ends at offset \(journal.end), though it was read up to "
                    + "\(journalPosition): history was lost")
        }
        if isFenced, configuration.stopsAtEnd, target == nil { target = commands.end }
        commandBounds = commands
        return try goOnReading(now: now)
    }

    private mutating func goOnReading(now: Milliseconds) throws(LaneEnd) -> PayerLaneAction {
        if isStopping { throw .finished }
        guard journalPosition >= journalEnd else { return .readJournal(from: journalPosition) }
        if let lost = lostEpoch, book.epoch > lost {
            throw .fenced(
                "another payer has taken over partition \(configuration.partition): epoch "
                    + "\(book.epoch) is in the journal, ours was \(lost)")
        }
        // Before the fence the journal's end may lie before what was committed a moment ago.
        guard !isFenced || book.epoch >= lastEpoch else {
            throw .invariant(
                "the journal of partition \(configuration.partition) ends in epoch \(book.epoch), "
                    + "though epoch \(lastEpoch) was committed: what was paid is forgotten; "
                    + "restore \(configuration.journal.topic) from a backup")
        }
        try checkCommands()
        guard isFenced else { return .openWriter }
        count()
        write(book.takeOver(epoch: Epoch(rawValue: book.epoch.rawValue + 1), now: now), now: now)
        phase = .startingEpoch
        return .commit
    }

    /// Whether the commands fit to the journal.
    private mutating func checkCommands() throws(LaneEnd) {
        let next = book.lastOffset.map { LogOffset($0.rawValue + 1) } ?? 0
        guard commandBounds.start <= next, next <= commandBounds.end else {
            throw .invariant(
                "\(configuration.commands) holds offsets \(commandBounds.start) to "
                    + "\(commandBounds.end), but the next one to take up is \(next): the topic was "
                    + "cut or made anew; refusing to pay by another history")
        }
        commandPosition = next
    }

    private mutating func readJournal(upTo position: LogOffset) throws(LaneEnd) {
        for index in 0..<journalBuffer.count where journalBuffer.offset(index) < journalEnd {
            if let last = journalBuffer.unreadable(index) {
                throw .invariant(
                    UnreadableRange(configuration.journal, journalBuffer.offset(index), last)
                        .sentence)
            }
            let place = "\(configuration.journal)/\(journalBuffer.offset(index))"
            let entry: JournalEntry
            do throws(Malformation) {
                entry = try decoder.decodeJournalEntry(journalBuffer.value(index))
            } catch {
                throw .invariant(
                    "the record at \(place) can't be read: \(error.code.rawValue) at byte "
                        + "\(error.position)")
            }
            do throws(JournalFault) {
                try book.apply(entry)
            } catch {
                throw .invariant(
                    "the record at \(place) contradicts the journal before it: \(error.kind)"
                        + (error.command.map { " (command \($0))" } ?? ""))
            }
        }
        journalBuffer.removeAll()
        journalPosition = min(position, journalEnd)
        notices.append(
            .recovering(offset: journalPosition.rawValue, of: journalEnd.rawValue))
    }

    /// Counts how the commands of the journal stand.
    private mutating func count() {
        counts = Counts()
        for payment in book.payments {
            switch payment.state {
            case .paid: counts.paid += 1
            case .declined: counts.declined += 1
            default: if payment.lastReason != nil { counts.inDoubt.insert(payment.id) }
            }
        }
    }
}
