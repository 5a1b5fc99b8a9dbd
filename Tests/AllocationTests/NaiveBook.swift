import Allocation
import Vocabulary

/// The rules of one offering once more, as plainly as they can be written: lists that are gone
/// through from the front, sums that are formed anew each time. It shares no code with the book.
struct NaiveBook {
    struct Entry {
        var bid: Bid
        var first: DecisionNumber
        var was: DecisionType
        var reason: Reason?
        var cut: Int64 = 0
        var parts: [Part] = []
        var waits: Int64 = 0
        /// The number of the record, if the bid passed the check of its account's rate.
        var passedAt: Int?

        func sum(_ state: Part.State) -> Int64 {
            parts.filter { $0.state == state }.reduce(0) { $0 + $1.shares }
        }
        /// A part stays settled when the bank takes its money back.
        var settled: Int64 { sum(.settled) + sum(.returned) }
    }

    struct Part {
        enum State { case reserved, settled, released, refunded, returned }
        var shares: Int64
        /// What its command was for.
        var commanded: Int64
        var state = State.reserved
        var isRecalled = false
        var lastResult: Int64 = 0
    }

    struct Refund {
        struct Command {
            enum State { case commanded, paid, declined, proven, returned }
            var state = State.commanded
            var lastResult: Int64 = 0
        }

        var entry: Int
        var n: Int32
        var shares: Int64
        var of: Int32
        /// By number, from 1.
        var commands = [Command()]
        /// The bank took back the collection whose money it is.
        var isCalledOff = false
        var isPaid: Bool { commands.contains { $0.state == .paid } }
        var isUnderWay: Bool { commands.last!.state == .commanded }
        var isForgone: Bool { isCalledOff && !isPaid && !isUnderWay }
        var mayBeRepaid: Bool { !isPaid && !isCalledOff && !isUnderWay }
    }

    struct Answer: Equatable {
        var event: DecisionEvent
        var counters: Counters
    }

    /// What a deliberately wrong book does, to see that it is found out.
    enum Fault: CaseIterable {
        /// A cut is taken off and not told.
        case forgetsCuts
        /// Late money brings an account above its cap.
        case forgetsTheCapOfLateMoney
        /// Late money of what is not split takes a part of it.
        case splitsLateMoney
        /// What was refused acts when it comes again.
        case forgetsRefusedCommands
        /// What the bank took back is refunded with the offering.
        case refundsWhatCameBack
        /// What its account took back is recalled once more with the offering.
        case recallsTwice
        /// What is heard of any command of a refund is taken for the first one's.
        case mistakesRepaidCommands
    }

    let terms: OfferingTerms
    var fault: Fault?
    /// Records that were told, a second apart.
    var told = 0
    var state = OfferingState.open
    /// In order of arrival, refused ones too.
    var entries: [Entry] = []
    var queued: Int64 = 0
    var sequence: DecisionNumber = 1
    var answers: [Answer] = []
    var payments: [PaymentCommand] = []
    var recalls: [PaymentRecall] = []
    var isPaused = false
    var commands: [Known] = []
    /// What was decided of a command.
    struct Known {
        var id: Identifier
        var action: OfferingCommand.Action
        var of: DecisionNumber
        var refused: Reason?
    }
    var lastPause: DecisionNumber?
    var closedBy: DecisionNumber = 0
    var refunds: [Refund] = []
    /// Shares of parts that came back and were given up.
    var returned: Int64 = 0
    var refusals: [Reason: Int64] = [:]
    var isCertified = false
    var hasBackstop = false

    var shares: Int64 { terms.shares.rawValue }
    var lot: Int64 { terms.lot?.rawValue ?? 1 }
    var reserved: Int64 { entries.reduce(0) { $0 + $1.sum(.reserved) } }
    var settled: Int64 { entries.reduce(0) { $0 + $1.settled } }
    var free: Int64 { shares - reserved - settled }
    var waiting: Int64 { entries.reduce(0) { $0 + $1.waits } }

    /// Decides one record after the offering was opened.
    mutating func tell(_ record: InputRecord) {
        answers = []
        payments = []
        recalls = []
        told += 1
        switch record {
        case .bid(let bid): decide(bid)
        case .paymentResult(let result): decide(result)
        case .cancellation(let cancellation): decide(cancellation)
        case .command(let command): decide(command)
        case .partitionCommand: preconditionFailure("a ledger is about an offering")
        }
        if case .rejected(let rejection) = answers[0].event {
            refusals[rejection.reason, default: 0] += 1
        }
        finish()
    }

    /// Everything that follows from how it stands now.
    mutating func finish() {
        if sells {
            serve()
            if state == .open && free == 0 {
                answer(.offering(.fullyReserved), state: .fullyReserved)
            }
            if state == .fullyReserved && free > 0 { answer(.offering(.reopened), state: .open) }
            if settled == shares {
                answer(.offering(.filled), state: .filled)
                isPaused = false
                expireAll()
            }
        }
        if state == .closing && reserved == 0 { endSale() }
        if state == .cancelling { giveBack() }
        if [.filled, .closedShort, .cancelled].contains(state) && !isCertified {
            isCertified = true
            answer(.offering(.certificate(certificate)))
        }
    }

    var sells: Bool { [.open, .fullyReserved, .closing].contains(state) }

    mutating func answer(_ event: DecisionEvent, state: OfferingState? = nil) {
        if let state { self.state = state }
        let counters = Counters(
            free: Shares(free), reserved: Shares(reserved), settled: Shares(settled))
        answers.append(Answer(event: event, counters: counters))
        sequence += 1
    }

    mutating func decide(_ bid: Bid) {
        let subject = Rejection.Subject.bid(
            bid: bid.bid, account: bid.account, asked: bid.shares, allOrNone: bid.allOrNone)
        if let known = entries.first(where: { $0.bid.bid == bid.bid }) {
            guard known.bid == bid else {
                return answer(.rejected(Rejection(subject, .conflictingDuplicate)))
            }
            let now = Standing(
                reserved: Shares(known.sum(.reserved)), settled: Shares(known.settled),
                waiting: Shares(known.waits))
            return answer(
                .repeated(
                    .bid(
                        bid: bid.bid, account: bid.account, of: known.first, was: known.was,
                        reason: known.reason, now: now)))
        }
        var entry = Entry(bid: bid, first: sequence + 1, was: .rejected)
        if let reason = refusal(bid) ?? passRate(&entry) ?? fit(&entry) {
            entry.reason = reason
            entry.parts = []
            entry.waits = 0
            entries.append(entry)
            return answer(.rejected(Rejection(subject, reason)))
        }
        entries.append(entry)
    }

    var rule: RemainderRule { terms.remainder ?? .split }

    mutating func decide(_ cancellation: BidCancellation) {
        func refuse(_ reason: Reason) -> DecisionEvent {
            .rejected(
                Rejection(
                    .cancellation(bid: cancellation.bid, account: cancellation.account), reason))
        }
        guard let index = entries.firstIndex(where: { $0.bid.bid == cancellation.bid }) else {
            return answer(refuse(.unknownBid))
        }
        let entry = entries[index]
        if entry.bid.account != cancellation.account { return answer(refuse(.notYourBid)) }
        if !sells || entry.was == .rejected { return answer(refuse(.alreadyOver)) }
        let asked = entry.parts.indices.filter {
            entry.parts[$0].state == .reserved && !entry.parts[$0].isRecalled
        }
        if entry.waits > 0 {
            let part = waitingPart(index)
            entries[index].waits = 0
            answer(.bid(.cancelled(part)))
        }
        for number in asked { recall(index, number) }
        if entry.waits > 0 || !asked.isEmpty { return }
        if entry.sum(.reserved) == 0 {
            return answer(refuse(entry.settled > 0 ? .tooLate : .alreadyOver))
        }
        let now = Standing(
            reserved: Shares(entry.sum(.reserved)), settled: Shares(entry.settled),
            waiting: 0)
        answer(
            .repeated(
                .bid(
                    bid: entry.bid.bid, account: entry.bid.account, of: entry.first,
                    was: entry.was, reason: nil, now: now)))
    }

    mutating func decide(_ command: OfferingCommand) {
        func known(_ of: DecisionNumber, refused: Reason? = nil) -> Known {
            Known(id: command.command, action: command.action, of: of, refused: refused)
        }
        func rejected(_ reason: Reason) -> DecisionEvent {
            .rejected(Rejection(.command(command.command, command.action), reason))
        }
        func refuse(_ reason: Reason) -> DecisionEvent {
            if fault != .forgetsRefusedCommands {
                commands.append(known(sequence + 1, refused: reason))
            }
            return rejected(reason)
        }
        if command.command == Comparison.opening { return answer(rejected(.conflictingDuplicate)) }
        if let known = commands.first(where: { $0.id == command.command }) {
            guard known.action == command.action else {
                return answer(rejected(.conflictingDuplicate))
            }
            return answer(
                .repeated(.command(command.command, of: known.of, refused: known.refused)))
        }
        let acted = known(sequence + 1)
        switch command.action {
        case .pause, .resume:
            if state != .open && state != .fullyReserved { return answer(refuse(.wrongState)) }
            if isPaused == (command.action == .pause) {
                guard let lastPause else { return answer(refuse(.wrongState)) }
                commands.append(known(lastPause))
                return answer(.repeated(.command(command.command, of: lastPause)))
            }
            isPaused = command.action == .pause
            lastPause = sequence + 1
            commands.append(acted)
            answer(
                isPaused
                    ? .offering(.paused(command: command.command))
                    : .offering(.resumed(command: command.command)))
        case .close:
            if state == .closing {
                commands.append(known(closedBy))
                return answer(.repeated(.command(command.command, of: closedBy)))
            }
            if state != .open && state != .fullyReserved { return answer(refuse(.wrongState)) }
            closedBy = sequence + 1
            isPaused = false
            commands.append(acted)
            answer(.offering(.closing(command: command.command)), state: .closing)
        case .cancel(let reason):
            if state == .cancelling || state == .cancelled { return answer(refuse(.wrongState)) }
            isPaused = false
            isCertified = false
            commands.append(acted)
            answer(
                .offering(.cancelling(.command(command.command, reason: reason))),
                state: .cancelling)
        case .repay(let payment):
            guard let payment,
                let index = refunds.indices.first(where: {
                    id($0, 0) == payment.obligation
                        && (payment.number == 0 || payment.number == refunds[$0].commands.count)
                }), refunds[index].mayBeRepaid
            else { return answer(refuse(.wrongState)) }
            commands.append(acted)
            refunds[index].commands.append(Refund.Command())
            let k = Int32(refunds[index].commands.count)
            answer(
                .money(.repaying(command: command.command, named: payment, outcome(index, k, 0))))
            self.command(index)
        default: preconditionFailure("not in the model")
        }
    }

    func refusal(_ bid: Bid) -> Reason? {
        let asked = bid.shares.rawValue
        if isPaused { return .paused }
        if state == .filled { return .filled }
        if state != .open && state != .fullyReserved { return .closed }
        if asked == 0 || asked < terms.minShares?.rawValue ?? lot { return .belowMinimum }
        if asked % lot != 0 { return .notALot }
        if (bid.allOrNone || rule != .split) && asked > shares { return .tooLarge }
        let made = entries.count { $0.bid.account == bid.account && $0.was != .rejected }
        if let most = terms.maxBidsPerAccount, made >= most { return .tooManyBids }
        return nil
    }

    /// Whether `account` has nothing by bids of its own, and as many others as may have something.
    func isOneAccountTooMany(_ account: Identifier) -> Bool {
        guard let most = terms.maxAccounts else { return false }
        let having = entries.filter {
            !$0.bid.bid.isDerived && $0.sum(.reserved) + $0.settled + $0.waits > 0
        }
        let accounts = Set(having.map(\.bid.account))
        return !accounts.contains(account) && accounts.count >= most
    }

    /// Whether too many bids of the account passed this check in the minute before.
    func passRate(_ entry: inout Entry) -> Reason? {
        guard let rate = terms.bidsPerMinutePerAccount else { return nil }
        let recent = entries.count {
            $0.bid.account == entry.bid.account && ($0.passedAt ?? -60) > told - 60
        }
        if recent >= rate { return .rateLimited }
        entry.passedAt = told
        return nil
    }

    /// Answers the placement, or says why there is none.
    mutating func fit(_ entry: inout Entry) -> Reason? {
        let bid = entry.bid
        let asked = bid.shares.rawValue
        let has = entries.filter { $0.bid.account == bid.account }
            .reduce(0) { $0 + $1.sum(.reserved) + $1.settled + $1.waits }
        var eligible = asked
        var reason: Reason?
        if let cap = terms.maxSharesPerAccount?.rawValue, has + asked > cap {
            eligible = cap - has
            reason = .overAccountCap
        }
        if bid.allOrNone && eligible < asked || eligible == 0 { return reason }
        if isOneAccountTooMany(bid.account) { return .tooManyAccounts }
        let isWhole = bid.allOrNone || rule != .split
        let fits = eligible <= free && (rule != .hold || waiting == 0)
        let gets = fits ? eligible : isWhole ? 0 : free
        var rest = eligible - gets
        let waitlist = (terms.waitlistShares ?? terms.shares).rawValue
        let room = isWhole ? waitlist - waiting : (waitlist - waiting) / lot * lot
        if rest > room {
            reason = .waitlistFull
            if isWhole { return reason }
            rest = room
        }
        if gets + rest == 0 { return reason }
        place(&entry, gets: gets, waits: rest, cut: asked - gets - rest, reason: reason)
        return nil
    }

    mutating func place(
        _ entry: inout Entry, gets: Int64, waits: Int64, cut: Int64, reason: Reason?
    ) {
        let bid = entry.bid
        queued += gets + waits
        entry.waits = waits
        entry.cut = cut
        entry.was = gets > 0 ? .reserved : .waitlisted
        let placement = Placement(
            bid: bid.bid, account: bid.account, asked: bid.shares, allOrNone: bid.allOrNone,
            shares: Shares(gets), waiting: Shares(waits), queued: waits > 0 ? Shares(queued) : 0,
            cut: cut > 0 && fault != .forgetsCuts
                ? Cut(shares: Shares(cut), reason: reason!) : nil)
        if gets > 0 { reserve(gets, &entry) }
        entries.append(entry)
        answer(gets > 0 ? .bid(.reserved(placement)) : .bid(.waitlisted(placement)))
        entries.removeLast()
    }

    mutating func reserve(_ shares: Int64, _ entry: inout Entry) {
        entry.parts.append(Part(shares: shares, commanded: shares))
        let bid = entry.bid
        let due = bid.shares.rawValue - entry.cut
        payments.append(
            PaymentCommand(
                id: PaymentID(
                    offering: bid.offering, bid: bid.bid, number: Int32(entry.parts.count)),
                partition: 3, account: bid.account,
                amount: MinorUnits(shares * terms.price.rawValue), currency: terms.currency,
                due: MinorUnits(due * terms.price.rawValue)))
    }

    mutating func serve() {
        // What is paid can't be free again; once all of it is, the rest expires behind `filled`.
        if settled == shares { return }
        for index in entries.indices where entries[index].waits > 0 {
            var entry = entries[index]
            if rule == .hold && entry.waits > shares - settled {
                let part = waitingPart(index)
                entries[index].waits = 0
                answer(.bid(.expired(part)))
                continue
            }
            if free == 0 { if rule == .hold { return } else { continue } }
            if rule == .hold && entry.waits > free { return }
            if (entry.bid.allOrNone || rule == .skip) && entry.waits > free { continue }
            let gets = min(free, entry.waits)
            entry.waits -= gets
            reserve(gets, &entry)
            entries[index] = entry
            answer(
                .bid(.promoted(
                    Promotion(
                        bid: entry.bid.bid, account: entry.bid.account, shares: Shares(gets),
                        waiting: Shares(entry.waits)))))
        }
    }

    mutating func decide(_ result: PaymentResult) {
        guard let payment = result.payment, payment.offering == result.offering else {
            return reject(result, .unknownCommand)
        }
        if payment.kind != .collection { return decideRefund(payment, result) }
        guard let index = entries.firstIndex(where: { $0.bid.bid == payment.subject }),
            entries[index].bid.account == result.account,
            entries[index].parts.count >= payment.number
        else { return reject(result, .unknownCommand) }
        let number = Int(payment.number) - 1
        let part = entries[index].parts[number]
        let price = part.commanded * terms.price.rawValue
        let isMoney = result.kind == .paid || result.kind == .conflict
        if isMoney && result.amount?.rawValue != price { return reject(result, .amountMismatch) }
        if result.result <= part.lastResult {
            return answer(
                .repeated(.payment(payment, result: result.result, last: part.lastResult)))
        }
        let wasPaid = [.settled, .refunded, .returned].contains(part.state)
        if result.kind == .returned && wasPaid {
            entries[index].parts[number].lastResult = result.result
            if part.state == .settled { entries[index].parts[number].state = .returned }
            callOffRefunds(index, of: payment.number)
            return answer(
                .money(.paymentReturned(
                    PayoutResult(
                        payment: payment, account: result.account,
                        amount: result.amount ?? MinorUnits(price), result: result.result))))
        }
        if isMoney && part.state == .released { return takeLate(index, number, result) }
        if part.state != .reserved || result.kind == .returned {
            return reject(result, .wrongState)
        }
        let paid = PaidPart(
            bid: payment.subject, account: result.account, shares: Shares(part.shares),
            number: payment.number, result: result.result)
        entries[index].parts[number].lastResult = result.result
        switch result.kind {
        case .inDoubt: answer(.bid(.inDoubt(paid)))
        case .paid, .conflict:
            guard sells else {
                entries[index].parts[number].state = .refunded
                return refund(index, number, part.shares, result: result.result)
            }
            entries[index].parts[number].state = .settled
            answer(.bid(.settled(paid)))
        default:
            entries[index].parts[number].state = .released
            answer(.bid(.released(paid, ReleaseReason(rawValue: result.kind.rawValue)!)))
            if entries[index].waits > 0 {
                let rest = waitingPart(index)
                entries[index].waits = 0
                answer(.bid(.cancelled(rest)))
            }
        }
    }

    mutating func reject(
        _ result: PaymentResult, _ reason: Reason, _ member: Member? = nil
    ) {
        let subject = Rejection.Subject.payment(result.payment, result: result.result)
        answer(.rejected(Rejection(subject, reason, member: member)))
    }

    func waitingPart(_ index: Int) -> WaitingPart {
        WaitingPart(
            bid: entries[index].bid.bid, account: entries[index].bid.account,
            shares: Shares(entries[index].waits))
    }
}
