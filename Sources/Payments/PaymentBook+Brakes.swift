import Vocabulary

// Operators' brakes: pauses and daily limits. What they hold was never sent, or is in doubt;
// lookups go on, and recalls are granted (Payments.md, Brakes).
extension PaymentBook {
    /// What an operator holds.
    package struct Pause: Hashable, Sendable {
        /// Nil: over any channel.
        package var channel: Identifier?
        /// Nil: for any purpose.
        package var kind: PaymentCommand.Kind?
        package var actor: Identifier
        package var reason: String
    }

    /// What is paid out of a currency in a day, and what may be.
    package struct Outflow: Hashable, Sendable {
        package var currency: CurrencyCode
        package var amounts: OutflowLimit.Amounts?
        /// Days of UTC since 1970.
        package var day: Int64 = 0
        /// First sends of that day.
        package var spent: MinorUnits = 0
    }

    /// Why a command that waits is held.
    package enum Hold: Hashable, Sendable {
        case paused(Pause)
        case overLimit(Outflow)
        /// More than is due is paid, reserved or in doubt: a command came to be paid after all.
        case overdrawn
        /// Two people agreed on what becomes of it, and it waits until nothing can be under way.
        case agreed
    }

    mutating func hear(
        _ kind: PaymentBrake.Kind, _ source: Offset, _ now: Timestamp, _ step: inout PayerStep
    ) {
        switch kind {
        case .pause(let pause):
            if pauses.contains(where: { $0.channel == pause.channel && $0.kind == pause.kind }) {
                return
            }
        case .resumption(let pause):
            guard pauses.contains(where: { $0.isCovered(by: pause) }) else { return }
        case .limit, .refusedResumption: break
        }
        record(.brake(PaymentBrake(kind: kind, source: source, at: now)), &step)
        switch kind {
        case .pause: break
        case .resumption:
            for index in payments.indices where payments[index].state.waitsToBeSent {
                follow(index, now, &step)
            }
        case .limit:
            for index in payments.indices where payments[index].state == .ready {
                noticeIfTooLarge(index, &step)
            }
        case .refusedResumption(let resumption):
            for index in payments.indices
            where payments[index].state == .parked(.rejected)
                && (resumption.channel == nil || resumption.channel == payments[index].channel)
            {
                readmit(index, now, &step)
            }
        }
    }

    /// Takes up again what the provider refused by its form, as if it were new: a recall that waits
    /// comes first, then the cap, then the lane.
    private mutating func readmit(_ index: Int, _ now: Timestamp, _ step: inout PayerStep) {
        guard let command = command(index) else { return }
        if let recall = sayings[index]?.recall { return grant(recall, index, now, &step) }
        guard fits(command) else {
            let result = result(index, becoming: .parked(.overObligation))
            record(
                .parked(
                    PaymentParking(
                        command: command.id, reason: .overObligation, result: result, at: now)),
                &step)
            return notice(.parked(.overObligation), index, &step)
        }
        record(.admitted(PaymentAdmission(command: command.id, at: now)), &step)
        settled(index, now, &step)
    }

    mutating func apply(_ entry: PaymentBrake) {
        lastResolution = entry.source
        switch entry.kind {
        case .pause(let pause):
            pauses.append(
                Pause(
                    channel: pause.channel, kind: pause.kind, actor: pause.actor,
                    reason: pause.reason))
        case .resumption(let pause): pauses.removeAll { $0.isCovered(by: pause) }
        case .limit(let limit): change(limit.currency) { $0.amounts = limit.amounts }
        case .refusedResumption: break
        }
    }

    /// Counts the first sending of a payout.
    mutating func spend(_ index: Int, at: Timestamp) {
        guard let command = command(index), command.kind.direction == .payout else { return }
        change(command.currency) {
            let day = Self.day(at)
            if day > $0.day {
                $0.day = day
                $0.spent = 0
            }
            let (spent, isTooMuch) = $0.spent.rawValue.addingReportingOverflow(
                command.amount.rawValue)
            $0.spent = MinorUnits(rawValue: isTooMuch ? .max : spent)
        }
    }

    private mutating func change(_ currency: CurrencyCode, _ change: (inout Outflow) -> Void) {
        if let place = outflows.firstIndex(where: { $0.currency == currency }) {
            change(&outflows[place])
        } else {
            var outflow = Outflow(currency: currency)
            change(&outflow)
            outflows.append(outflow)
        }
    }

    private static func day(_ at: Timestamp) -> Int64 { at.rawValue / 86_400_000 }

    /// Whether an operator holds a command.
    func isPaused(_ index: Int) -> Bool { !pauses.isEmpty && pause(index) != nil }

    private func pause(_ index: Int) -> Pause? {
        guard let kind = command(index)?.kind else { return nil }
        let channel = payments[index].channel
        return pauses.first {
            ($0.channel == nil || $0.channel == channel) && ($0.kind == nil || $0.kind == kind)
        }
    }

    /// The limit that a first sending would exceed.
    private func exceeded(_ index: Int, _ now: Timestamp) -> Outflow? {
        guard payments[index].attempts == 0, let command = command(index),
            command.kind.direction == .payout,
            let outflow = outflows.first(where: { $0.currency == command.currency }),
            let amounts = outflow.amounts
        else { return nil }
        let spent = Self.day(now) > outflow.day ? 0 : outflow.spent
        return command.amount > amounts.share || spent > amounts.share - command.amount
            ? outflow : nil
    }

    /// Whether a command may not be sent now, neither for the first time nor again. The cap is
    /// asked here, too: a command that people or a statement show to be paid after all takes the
    /// room of one that was admitted before.
    func isStopped(_ index: Int) -> Bool {
        !hasHeardPeople || isPaused(index) || isOverdrawn(index)
            || !sayings.isEmpty && sayings[index]?.agreed != nil
            || !(payments[index].channel.map { hasChannel($0) } ?? true)
    }

    /// Whether a brake holds a command that waits for its turn.
    func isHeld(_ index: Int, _ now: Timestamp) -> Bool {
        isStopped(index) || !outflows.isEmpty && exceeded(index, now) != nil
    }

    /// What holds a command that waits to be sent; nil where nothing does.
    package func hold(on payment: Payment, now: Timestamp) -> Hold? {
        guard let index = indexByID[payment.id], payment.state.waitsToBeSent else { return nil }
        if let pause = pause(index) { return .paused(pause) }
        if isOverdrawn(index) { return .overdrawn }
        if sayings[index]?.agreed != nil { return .agreed }
        return exceeded(index, now).map { .overLimit($0) }
    }

    /// Tells people of a payout that no day's limit has room for.
    func noticeIfTooLarge(_ index: Int, _ step: inout PayerStep) {
        guard let command = command(index), command.kind.direction == .payout,
            let amounts = outflows.first(where: { $0.currency == command.currency })?.amounts,
            command.amount > amounts.share
        else { return }
        notice(.overLimit(amounts.whole(for: command.amount), command.currency), index, &step)
    }
}

extension PaymentBook.Pause {
    /// Whether lifting `pause` lifts this one: it is not wider.
    fileprivate func isCovered(by pause: PaymentPause) -> Bool {
        (pause.channel == nil || pause.channel == channel)
            && (pause.kind == nil || pause.kind == kind)
    }
}

extension OutflowLimit.Amounts {
    /// A whole limit with which the partition's share is at least `amount`.
    fileprivate func whole(for amount: MinorUnits) -> MinorUnits {
        guard share > 0 else { return max(amount, whole) }
        let product = amount.rawValue.multipliedFullWidth(by: whole.rawValue)
        guard product.high < share.rawValue else { return MinorUnits(rawValue: largestInteger) }
        let (quotient, remainder) = share.rawValue.dividingFullWidth(product)
        return MinorUnits(rawValue: min(quotient + (remainder > 0 ? 1 : 0), largestInteger))
    }
}

extension PaymentState {
    /// Whether it may be sent without a person.
    fileprivate var waitsToBeSent: Bool {
        switch self {
        case .ready, .retryWait, .unknown: true
        default: false
        }
    }
}
