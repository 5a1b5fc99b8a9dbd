import EventLog
import Messages
import Payments
import Vocabulary

/// The loop of a live payer: gather, decide, commit, and only then let anything leave.
extension PayerLane {
    /// Commands taken up in one transaction: each may be a few KiB in the journal.
    static let largestTake = 500

    package mutating func live(
        _ event: Event, now: Timestamp
    ) throws(LaneEnd) -> Action {
        let driverNow = now
        let now = logTime(now)
        noteWork(after: event, now: driverNow)
        switch event {
        case .outcome(.gathered(let answers, let positions)):
            for answer in answers { hear(answer, now: now) }
            if let positions {
                hasReadNothing =
                    commandBuffer.isEmpty && resolutionBuffer.isEmpty
                    && positions.commands == commandPosition
                    && positions.resolutions == resolutionPosition
                takeResolutions(upTo: positions.resolutions, now: now)
                book.hasHeardPeople = resolutionPosition >= resolutionBounds.end
                takeCommands(upTo: positions.commands, now: now)
            } else {
                hasReadNothing = true
            }
            let configuration = configuration
            while roomForPayments > 0, let id = deadlines.takeDue(now) {
                write(book.resume(id, now: now, draft: configuration.draft), now: now)
            }
            // What is held is known once all is read that was there at the start.
            if !isEnding, book.hasHeardPeople {
                let room = roomForPayments
                if room > 0 { write(book.begin(atMost: room, now: now), now: now) }
            }
            guard outgoing.records.isEmpty else { return commit() }
            return try beginOrWait(now: now)
        case .committed:
            outgoing.records.removeAll()
            lease.used(at: now)
            lookAtMemory()
            return try beginOrWait(now: now)
        case .writerOpened:
            lease.opened()
            return commit()
        case .bookEnd(let end):
            guard isOwnJournal(endingAt: end) else {
                return beginAgainFromJournal(now: driverNow)
            }
            return outgoing.records.isEmpty ? gather() : commit()
        case .commitFailed(let failure):
            return try recoverAfter(failure, now: driverNow)
        case .failed(let error):
            return try retry(error, now: driverNow)
        default:
            return gather()
        }
    }

    /// Tells that trouble with the log is over, once a while has gone well.
    private mutating func noteWork(after event: Event, now: Timestamp) {
        switch event {
        case .failed, .commitFailed: return
        default: break
        }
        guard let (since, last) = worries.trouble, now.rawValue - last.rawValue > 3_000 else {
            return
        }
        worries.forgetTrouble()
        notices.append(.atWorkAgain(milliseconds: last.rawValue - since.rawValue))
    }

    private func gather() -> Action {
        .work(
            .gather(
                isEnding
                    ? nil
                    : PayerPositions(commands: commandPosition, resolutions: resolutionPosition)))
    }

    /// Begins what is committed; where there is nothing, waits.
    mutating func beginOrWait(now: Timestamp) throws(LaneEnd) -> Action {
        var ready: [PayerAction] = []
        for action in actions {
            switch action {
            case .wait(let id, let until): deadlines.set(id, until)
            case .lookUp(let id, _, _): lookups.add(action, of: id)
            case .send(let id, let attempt, let request, let windowEndsAt, let channel):
                ready.append(
                    .send(
                        id, attempt: attempt, request: request,
                        windowEndsAt: windowEndsAt - clockOffset, over: channel))
                sendsUnderWay += 1
            }
        }
        actions.removeAll(keepingCapacity: true)
        if !isEnding {
            ready += lookups.take(atMost: configuration.largestInFlight - sendsUnderWay)
        }
        if !ready.isEmpty { return .work(.begin(ready)) }
        if counts.isChanged {
            counts.isChanged = false
            notices.append(
                .settled(
                    paid: counts.paid, declined: counts.declined, inDoubt: counts.inDoubt.count))
        }
        if isAtEnd(now: now) {
            if let overMemory, !isStopping { throw .overMemory(overMemory) }
            phase = .stopped
            return .stop(.finished)
        }
        guard hasReadNothing else { return gather() }
        if isAtRest, lease.isIdle(at: now) { return giveWriterBack() }
        // Without room nothing can be done about what is due before an answer comes.
        let next = roomForPayments > 0 ? deadlines.next : nil
        let pause = next.map { $0.rawValue - now.rawValue } ?? 1_000
        return .wait(milliseconds: Int(max(1, min(pause, 1_000))))
    }

    /// How many payments may be begun, first sends and repeats alike. Lookups count as well, and a
    /// quarter is kept for those that wait: a crowd of new payments must not keep old doubts open.
    private var roomForPayments: Int {
        let most = configuration.largestInFlight
        let wanted = min(lookups.underWay + lookups.waitingCount, max(1, most / 4))
        return most - book.sendingCount - max(lookups.underWay, wanted)
    }

    /// Whether nothing is left that the lane was asked to do.
    private mutating func isAtEnd(now: Timestamp) -> Bool {
        if isEnding { return sendsUnderWay == 0 }
        guard let target, commandPosition >= target, hasReadNothing, sendsUnderWay == 0,
            resolutionPosition >= resolutionBounds.end, lookups.isIdle
        else { return false }
        let payments = book.payments
        let book = book
        while finalCount < payments.count, payments[finalCount].state.isFinal { finalCount += 1 }
        return payments[finalCount...].allSatisfy { payment in
            if case .parked = payment.state { return !book.hasAgreement(on: payment) }
            return payment.state.isFinal
                || payment.state == .ready && payment.lastReason == .behindDoubt
                || book.hold(on: payment, now: now) != nil
        }
    }

    // MARK: Answers

    private mutating func hear(_ answer: ProviderAnswer, now: Timestamp) {
        note(answer)
        switch answer {
        case .sent(let id, let attempt, let answer):
            write(book.hear(answer, to: id, attempt: attempt, now: now), now: now)
            noteDoubt(id)
        case .lookedUp(let id, let askedAt, let answer):
            if case .failed = answer { notices.append(.cannotAsk(id)) }
            write(
                book.hear(answer, of: id, askedAt: logTime(askedAt), now: now), now: now)
        }
    }

    /// Takes note that something is no longer under way.
    mutating func note(_ answer: ProviderAnswer) {
        switch answer {
        case .sent: sendsUnderWay -= 1
        case .lookedUp(let id, _, _): lookups.answered(id)
        }
    }

    private mutating func noteDoubt(_ id: PaymentID) {
        guard let state = book[id]?.state, state.doubt != nil || isRetry(state) else { return }
        notices.append(.doubtful(id, state))
    }

    private func isRetry(_ state: PaymentState) -> Bool {
        if case .retryWait = state { true } else { false }
    }

    // MARK: Commands

    private mutating func takeCommands(upTo position: LogOffset, now: Timestamp) {
        for index in 0..<commandBuffer.count { takeCommand(index, now: now) }
        commandBuffer.removeAll()
        commandPosition = position
    }

    private mutating func takeCommand(_ index: Int, now: Timestamp) {
        let offset = commandBuffer.offset(index)
        let (key, value) = (commandBuffer.key(index), commandBuffer.value(index))
        if let last = commandBuffer.unreadable(index) {
            outgoing.keepInvalid(
                key: nil, value: nil, at: offset,
                reason: Malformation.Code.unreadable.rawValue, upTo: last)
            notices.append(.unpackable(configuration.commands, from: offset, through: last))
            return
        }
        let order: PaymentOrder
        do throws(Malformation) {
            order = try decoder.decodePaymentOrder(value)
        } catch {
            outgoing.keepInvalid(
                key: key, value: value, at: offset, reason: error.code.rawValue)
            notices.append(.unreadable(offset, error))
            return leaveOut(index, now: now)
        }
        let environment = configuration.environment.name.utf8
        guard commandBuffer.headers(index).allow(environment: environment) else {
            outgoing.keepInvalid(
                key: key, value: value, at: offset, reason: "wrongEnvironment")
            notices.append(.wrongEnvironment(offset))
            return
        }
        let source = CommandSource(
            partition: configuration.partition, offset: Offset(rawValue: offset.rawValue),
            at: Timestamp(rawValue: commandBuffer.appendTime(index)))
        guard configuration.isHome(of: order.account) else {
            // Its own lane must not find its number taken, so nobody answers it here.
            outgoing.keepInvalid(key: key, value: value, at: offset, reason: "misrouted")
            tellOfMalformed(order, at: offset, now: now)
            return
        }
        let isMalformed = !configuration.hasPartition(order.partition)
        if isMalformed {
            outgoing.keepInvalid(key: key, value: value, at: offset, reason: "unknownPartition")
        }
        switch order {
        case .payment(let command):
            let configuration = configuration
            let step = book.take(
                command, from: source, now: now, isMalformed: isMalformed,
                draft: configuration.draft)
            write(step, now: now)
        case .recall(let recall):
            if isMalformed, book[recall.command] == nil {
                tellOfMalformed(order, at: offset, now: now)
            } else {
                write(book.take(recall, from: source, now: now), now: now)
            }
        }
    }

    /// A payment that can't be read whole, and says whom it is about: its allocator must not wait
    /// for it without a word.
    private mutating func leaveOut(_ index: Int, now: Timestamp) {
        let environment = configuration.environment.name.utf8
        guard let address = try? decoder.decodePaymentAddress(commandBuffer.value(index)),
            commandBuffer.headers(index).allow(environment: environment),
            configuration.isHome(of: address.account)
        else { return }
        let source = CommandSource(
            partition: configuration.partition,
            offset: Offset(rawValue: commandBuffer.offset(index).rawValue),
            at: Timestamp(rawValue: commandBuffer.appendTime(index)))
        write(book.leaveOut(address, from: source, now: now), now: now)
    }

    /// Tells people of an order that nobody answers.
    private mutating func tellOfMalformed(
        _ order: PaymentOrder, at offset: LogOffset, now: Timestamp
    ) {
        outgoing.add(
            PaymentAttention(
                kind: .parked(.malformed), command: order.command, account: order.account),
            at: now)
        notices.append(.misplaced(offset, order.command))
    }
}
