import EventLog
import Messages
import Payments
import Vocabulary

/// The way from the journal to a live payer (Payments.md: fence first, then ask for the end of the
/// journal, read to it, only then act).
extension PayerLane {
    package mutating func recover(
        _ event: Event, now: Timestamp
    ) throws(LaneEnd) -> Action {
        switch event {
        case .outcome(.bounds(let mark, let journal, let commands, let resolutions)):
            markCovers = misfits > 0 && mark >= lastNumber
            self.mark = mark
            resolutionBounds = resolutions
            return try beginReading(journal, commands, now: now)
        case .bookRead(let position):
            try readJournal(upTo: position)
            try endIfTooLarge(bookEndsAt: journalEnd)
            return try goOnReading(now: now)
        case .outcome(.commandRead(let appendTime)):
            try checkSource(appendTime)
            return try goOnReading(now: now)
        case .outcome(.answerFound(let found)):
            answer = found
            return try goOnReading(now: now)
        case .outcome(.rebuildFound(let found)):
            guard let found else { throw .invariant(damageSentence) }
            rebuild = found
            return try goOnReading(now: now)
        case .outcome(.lostCollected(let lost)):
            return takeOver(lost, now: now)
        case .writerOpened:
            isFenced = true
        case .failed(let error):
            let action = try retry(error, now: now)
            drop()
            return action
        case .outcome(.gathered(let answers, _)):
            for answer in answers { note(answer) }
        default:
            break
        }
        if isStopping { throw .finished }
        return .work(.askBounds(isFenced: isFenced))
    }

    /// The epoch's first commit: from here on the lane is the payer that counts, and knows the
    /// log's time.
    package mutating func startEpoch(
        _ event: Event, now: Timestamp
    ) throws(LaneEnd) -> Action {
        switch event {
        case .committed(let appendTime):
            outgoing.records.removeAll()
            let logNow = appendTime > 0 ? Timestamp(rawValue: appendTime) : journalTime
            clockOffset = Milliseconds(logNow.rawValue - now.rawValue)
            phase = .live
            lease.used(at: logNow)
            memoryWatch.noteThatItFits()
            lastEpoch = book.epoch
            counts.isChanged = true
            notices.append(.live(epoch: book.epoch, commands: book.payments.count))
            let configuration = configuration
            book.hasHeardPeople = resolutionPosition >= resolutionBounds.end
            write(book.goOn(at: logNow, draft: configuration.draft), now: logNow)
            return outgoing.records.isEmpty ? try beginOrWait(now: logNow) : commit()
        case .commitFailed(let failure):
            return try recoverAfter(failure, now: now)
        case .failed(let error):
            let action = try retry(error, now: now)
            drop()
            return action
        default:
            return commit()
        }
    }

    private mutating func beginReading(
        _ journal: Bounds, _ commands: Bounds, now: Timestamp
    ) throws(LaneEnd) -> Action {
        journalEnd = journal.end
        if journal.start > 0 {
            throw .invariant(
                "\(configuration.journal) begins at offset \(journal.start): its first records are "
                    + "gone, so nobody can tell what was sent; restore it from a backup")
        }
        if journal.end < journalPosition {
            throw .invariant(
                "\(configuration.journal) ends at offset \(journal.end), though it was read up to "
                    + "\(journalPosition): history was lost; " + journalWayOn)
        }
        try memoryWatch.endIfKnownTooLarge(bookEndsAt: journal.end)
        if isFenced, configuration.stopsAtEnd, target == nil { target = commands.end }
        commandBounds = commands
        return try goOnReading(now: now)
    }

    private mutating func goOnReading(now: Timestamp) throws(LaneEnd) -> Action {
        if isStopping { throw .finished }
        guard journalPosition >= journalEnd else { return .readBook(from: journalPosition) }
        if let lost = worries.lostEpoch, book.epoch > lost {
            throw .fenced(
                "another payer has taken over partition \(configuration.partition): epoch "
                    + "\(book.epoch) is in the journal, ours was \(lost)")
        }
        if mayBeUnderWay {
            misfits += 1
            return .pause(leastMilliseconds: 100, mostMilliseconds: 300)
        }
        // Before the fence the journal's end may lie before what was committed a moment ago.
        guard !isFenced || book.epoch >= lastEpoch || rebuild != nil || mark > lastNumber else {
            throw .invariant(
                "the journal of partition \(configuration.partition) ends in epoch \(book.epoch), "
                    + "though epoch \(lastEpoch) was committed: what was paid is forgotten; "
                    + "restore \(configuration.journal.topic) from a backup")
        }
        guard book.epoch.rawValue < largestInteger, lastNumber < largestInteger - 1_000_000 else {
            throw .invariant(
                "\(configuration.journal) has epoch \(book.epoch) and entry \(lastNumber): no "
                    + "payer has come that far; " + journalWayOn)
        }
        if let fault = book.channelFault { throw .log(fault.error(configuration.partition)) }
        if let action = checkCommands() { return action }
        if lastNumber == 0, mark == 0, !hasAskedForAnswer {
            hasAskedForAnswer = true
            return .work(.findAnswer)
        }
        let damage = damage
        if !damage.isNone, rebuild?.damage != damage { return .work(.findRebuild(damage)) }
        guard isFenced else { return .openWriter }
        guard !damage.losesEntries else {
            return .work(
                .collectLost(from: damage.isRestarted ? commandBounds.start : commandPosition))
        }
        return takeOver(LostOrders(), now: now)
    }

    /// Starts the epoch; behind what was lost, where something was.
    private mutating func takeOver(_ lost: LostOrders, now: Timestamp) -> Action {
        count()
        // By the log's clock: how much time has passed since shows with the commit.
        let time = journalTime > 0 ? journalTime : now
        if let rebuild {
            let configuration = configuration
            let step = book.rebuild(rebuild, lost, now: time, draft: configuration.draft)
            notices.append(.rebuilt(rebuild, commands: step.lostCount))
            write(step, now: time)
            commandPosition = book.lastOffset.map { LogOffset($0.rawValue + 1) }
                ?? commandBounds.start
        }
        resolutionPosition = firstResolution
        write(book.takeOver(epoch: Epoch(rawValue: book.epoch.rawValue + 1), now: time), now: time)
        phase = .startingEpoch
        return commit()
    }

    /// The first resolution that the journal doesn't know. A topic that ends before it was made
    /// anew, and is read from its beginning.
    private var firstResolution: LogOffset {
        guard let last = book.lastResolution else { return resolutionBounds.start }
        let next = LogOffset(last.rawValue + 1)
        return next > resolutionBounds.end
            ? resolutionBounds.start : max(next, resolutionBounds.start)
    }

    // MARK: Whether the journal is whole

    /// Whether journal and mark may differ only because another payer is writing: its mark may be
    /// visible before its entries, entries that came after the mark was asked for are newer, and
    /// an answer that is found beside an empty journal may be of its first commit.
    private var mayBeUnderWay: Bool {
        guard !isFenced, misfits < Self.largestMisfits else { return false }
        return lastNumber < mark || lastNumber > mark && !markCovers || isEmptied
    }

    /// Whether neither journal nor marks know of the answer that was found.
    private var isEmptied: Bool { answer != nil && lastNumber == 0 && mark == 0 }

    private static let largestMisfits = 10

    /// How journal and commands differ from what they should be.
    private var damage: JournalDamage {
        if isEmptied { return .emptied(configuration.partition) }
        // Unfenced, a journal ahead of a mark that covered it is only newer.
        let isNewer = !isFenced && markCovers && lastNumber > mark
        return JournalDamage(
            partition: configuration.partition, last: lastNumber,
            mark: isNewer ? lastNumber : mark, isRestarted: isRestarted)
    }

    /// What to do about a journal that can't be gone on with.
    private var journalWayOn: String {
        "nothing is sent; restore \(configuration.journal.topic) from a backup (fairfill copy "
            + "--help)"
    }

    private var damageSentence: String {
        let wayOn =
            "two people can agree to go on without ever sending any of it again: "
            + "fairfill payments rebuild --partition \(configuration.partition)"
        let damage = damage
        if let answer, damage.isEmptied {
            return "\(configuration.journal) and \(configuration.marks) are empty, though "
                + "\(answer.partition) holds an answer for this partition at offset "
                + "\(answer.offset): both were deleted or made anew, and nobody can tell what was "
                + "sent. Nothing is sent. Restore \(configuration.journal.topic) from a backup, or "
                + wayOn
        }
        if damage.last < damage.mark {
            return "\(configuration.journal) ends with entry \(damage.last), though entry "
                + "\(damage.mark) was written: its tail is lost, and nobody can tell what was "
                + "sent. Nothing is sent. Restore \(configuration.journal.topic) from a backup, or "
                + wayOn
        }
        if damage.last > damage.mark {
            return "\(configuration.marks) says that \(configuration.journal) ends with entry "
                + "\(damage.mark), but it ends with \(damage.last): marks are lost, and entries "
                + "may be lost, too; nothing is sent. Restore \(configuration.marks.topic) from a "
                + "backup, or " + wayOn
        }
        let last = book.lastOffset.map { "\($0)" } ?? "-"
        return "\(configuration.commands) holds offsets \(commandBounds.start) to "
            + "\(commandBounds.end), but not the command that the journal took up at offset "
            + "\(last): the topic was cut or made anew; nothing is sent. Restore "
            + "\(configuration.commands.topic) from a backup. Or have the payments commanded "
            + "again: fairfill payments recommand --partition \(configuration.partition); then "
            + wayOn
    }

    /// Whether the commands fit to the journal; an action where the last one must be read again.
    private mutating func checkCommands() -> Action? {
        guard let last = book.lastSource else {
            // Nothing was taken up yet, or all is to be read again.
            commandPosition = commandBounds.start
            return nil
        }
        let next = LogOffset(last.offset.rawValue + 1)
        commandPosition = next
        guard commandBounds.start <= next, next <= commandBounds.end else {
            isRestarted = true
            return nil
        }
        // Gone by retention: what follows it is there.
        if commandBounds.start == next || checkedSource == last || isRestarted { return nil }
        return .work(.readCommand(at: LogOffset(last.offset.rawValue)))
    }

    /// Whether the last command taken up still stands where it stood.
    private mutating func checkSource(_ appendTime: Timestamp?) throws(LaneEnd) {
        guard let last = book.lastSource else { return }
        if appendTime == last.at { checkedSource = last } else { isRestarted = true }
    }

    private mutating func readJournal(upTo position: LogOffset) throws(LaneEnd) {
        for index in 0..<bookBuffer.count where bookBuffer.offset(index) < journalEnd {
            if let last = bookBuffer.unreadable(index) {
                throw .invariant(
                    UnreadableRange(configuration.journal, bookBuffer.offset(index), last)
                        .sentence + "; " + journalWayOn)
            }
            let place = "\(configuration.journal)/\(bookBuffer.offset(index))"
            var record: JournalRecord
            do throws(Malformation) {
                record = try decoder.decodeJournal(
                    bookBuffer.value(index), refusesUnlisted: true)
            } catch {
                throw error.newerBuild(place)
                    ?? .invariant(
                        "the record at \(place) can't be read: \(error.code.rawValue) at byte "
                            + "\(error.position)"
                            + (error.code == .missingMember
                                ? "; if a build wrote it whose entries had no numbers, this one "
                                    + "can't go on behind it" : "; " + journalWayOn))
            }
            guard record.number == nextNumber(of: record.entry) else {
                throw .invariant(
                    "the record at \(place) is entry \(record.number), and the one before it "
                        + "\(lastNumber): the journal has a gap; restore it from a backup")
            }
            lastNumber = record.number
            // Ages are differences of append times: the clocks of payers differ.
            let time = Timestamp(rawValue: bookBuffer.appendTime(index))
            if time > 0 { record.entry.at = time }
            journalTime = max(journalTime, record.entry.at)
            do throws(JournalFault) {
                try book.apply(record.entry)
            } catch {
                throw .invariant(
                    "the record at \(place) contradicts the journal before it: \(error.kind)"
                        + (error.command.map { " (command \($0))" } ?? "") + "; " + journalWayOn)
            }
        }
        bookBuffer.removeAll()
        journalPosition = min(position, journalEnd)
        notices.append(
            .recovering(offset: journalPosition.rawValue, of: journalEnd.rawValue))
    }

    /// The number that an entry must have where the journal stands.
    private func nextNumber(of entry: JournalEntry) -> Int64 {
        guard case .rebuilt(let entry) = entry else { return lastNumber + 1 }
        let damage = entry.rebuild.damage
        return damage.last == lastNumber ? max(damage.last, damage.mark) + 1 : -1
    }

    /// Counts how the commands of the journal stand.
    private mutating func count() {
        counts = Counts()
        for payment in book.payments {
            switch payment.state {
            case .paid, .conflict: counts.paid += 1
            case .declined, .declinedProven: counts.declined += 1
            default: if payment.lastReason != nil { counts.inDoubt.insert(payment.id) }
            }
        }
    }
}

extension PayerStep {
    /// How many commands count as sent once.
    fileprivate var lostCount: Int {
        entries.count { if case .lost = $0 { true } else { false } }
    }
}

extension ChannelFault {
    /// What the operator must know.
    fileprivate func error(_ partition: Partition) -> LogError {
        let name = journaled.name
        let others = count > commands.count ? " and \(count - commands.count) more" : ""
        let open = count == 0
            ? "no command is open on it"
            : "\(count) open command\(count == 1 ? " was" : "s were") sent over it: "
                + commands.map { "\($0)" }.joined(separator: ", ") + others
        guard let given else {
            return LogError(
                .misconfigured,
                "partition \(partition): the channel '\(name)' is \(journaled.words), and this "
                    + "payer was not given it; \(open). Nothing is sent. Start it with --channel "
                    + "\(name)=\(journaled.origin)\(journaled.path) as well as the others")
        }
        return LogError(
            .misconfigured,
            "partition \(partition): the channel '\(name)' is \(journaled.words), and this payer "
                + "was told that it is \(given.words); \(open). Nothing is sent: another provider "
                + "doesn't know what was paid. Give the new one another name, and keep the old "
                + "one: --channel NAME=\(given.origin)\(given.path) --channel "
                + "\(name)=\(journaled.origin)\(journaled.path)")
    }
}
