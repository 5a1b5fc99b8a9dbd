import Vocabulary

/// Something wrong in the arithmetic.
struct Fault {
    var code: AuditFinding.Code
    var offering: Identifier?
    var bid: Identifier?
    var sentence: String
}

/// All offerings of a partition, added up from the decisions alone; and that each input is decided
/// once, in one whole group.
struct BookAudit {
    let partition: Partition
    /// Hears of every order that the decisions must have caused.
    let payments: PaymentsAudit?
    var faults: [Fault] = []
    private var bookIndices: [Identifier: Int] = [:]
    private var books: [OfferingAudit] = []
    /// The source of the group at hand.
    private var source: Source?
    private var n: Int64 = 0
    /// The offering that the group at hand is about.
    private var current: Int?
    /// The largest append time of a bid, or deadline, so far.
    private var bookTime: Timestamp = 0
    /// What operators asked of the partition, and the bids that they had counted anew.
    private var partitionCommands: [Identifier: DecidedCommand] = [:]
    private var corrections: [ClockCorrection] = []
    /// The highest offset decided of each input; of the clock, the last deadline.
    private var highest: [Int64] = Array(repeating: -1, count: InputTopic.allCases.count)

    init(partition: Partition, payments: PaymentsAudit?) {
        self.partition = partition
        self.payments = payments
    }

    /// Follows the decision whose record stands at `offset`.
    mutating func follow(_ decision: borrowing Decision, at offset: Offset) {
        followSource(decision)
        checkMalformed(decision)
        guard let offering = decision.offering else {
            if decision.counters != nil { fault(.wrongCounters, decision, "counters of nothing") }
            followPartition(decision)
            return
        }
        switch decision.event {
        case .offering(.opened(let command, let terms)):
            open(offering, terms, by: command, decision, isScheduled: false)
        case .offering(.scheduled(let command, let terms)):
            open(offering, terms, by: command, decision, isScheduled: true)
        // They are about an offering that is known.
        case .offering(.amended), .offering(.paused), .offering(.resumed),
            .offering(.fullyReserved), .offering(.reopened), .offering(.filled),
            .offering(.closing), .offering(.closedShort), .offering(.cancelling),
            .offering(.offeringCancelled), .offering(.certificate), .offering(.archived), .bid,
            .money, .partition, .rejected, .repeated:
            break
        }
        guard let index = bookIndices[offering] else {
            followUnknown(decision)
            return
        }
        if let current, current != index { books[current].endGroup(&faults) }
        current = index
        books[index].follow(decision, at: bookTime, &faults)
        guard let payments else { return }
        let sequence = decision.sequence
        books[index].orders(of: decision, partition) {
            payments.expect($0, of: sequence, at: offset)
        }
    }

    /// The group at hand is whole: nobody may be left waiting who could be served.
    mutating func endGroup() {
        if let current { books[current].endGroup(&faults) }
        current = nil
    }

    private mutating func followSource(_ decision: borrowing Decision) {
        let next = decision.source
        if decision.n == 0 {
            endGroup()
            let topic = Int(next.topic.rawValue)
            let last = decision.event.lastOfBatch ?? next.offset
            // Its records' own time is not known, so it must not move the book's.
            if decision.event.lastOfBatch != nil, last < next.offset || next.at != bookTime {
                fault(
                    .wrongSource, decision,
                    "a batch of the offsets \(next.offset) to \(last) is decided at "
                        + "\(next.at), where the book's time is \(bookTime)")
            }
            if next.topic == .clock { bookTime = max(bookTime, next.at) }
            if next.topic == .bids { bookTime = max(bookTime, timeOfBid(next)) }
            if next.topic == .clock, next.offset.rawValue != next.at.rawValue {
                fault(.wrongSource, decision, "a deadline has the offset \(next.offset)")
            }
            if next.offset.rawValue <= highest[topic] {
                fault(
                    .wrongSource, decision,
                    "\(next.topic.name)/\(next.offset) is decided after "
                        + "\(next.topic.name)/\(highest[topic])")
            }
            highest[topic] = max(highest[topic], last.rawValue)
        } else if next != source || decision.n != n + 1 {
            fault(
                .wrongSource, decision,
                "the group of \(next.topic.name)/\(next.offset) has gaps: \(decision.n) follows "
                    + "\(n)")
        }
        source = next
        n = decision.n
    }

    private mutating func open(
        _ offering: Identifier, _ terms: OfferingTerms, by command: Identifier,
        _ decision: borrowing Decision, isScheduled: Bool
    ) {
        if let index = bookIndices[offering] {
            if books[index].state == .scheduled, !isScheduled { return }
            fault(.wrongRepeat, decision, "\(offering) is opened twice")
            return
        }
        bookIndices[offering] = books.count
        books.append(
            OfferingAudit(
                offering, terms, opened: decision.sequence, by: command, isScheduled: isScheduled))
        if isScheduled != (terms.opensAt.map { $0 > bookTime } ?? false) {
            fault(.wrongState, decision, "\(offering) is opened at another time than its own")
        }
        for member in TermsAudit(terms, at: max(bookTime, decision.source.at)).wrong {
            fault(
                .againstTerms, decision,
                "\(offering) is opened, and its \(member.rawValue) can't be")
        }
    }

    /// Only what could not be read is refused as malformed, and says so.
    private mutating func checkMalformed(_ decision: borrowing Decision) {
        guard case .rejected(let rejection) = decision.event else { return }
        let isUnread = switch rejection.subject {
        case .unreadable, .batch: true
        case .bid, .cancellation, .command, .partitionCommand, .payment: false
        }
        if isUnread != (rejection.reason == .malformed) {
            fault(
                .wrongState, decision, "a record is refused \(rejection.reason.rawValue), and it "
                    + (isUnread ? "can't be read" : "could be read"))
        }
    }

    /// When a bid counts from: corrected, it counts with the smallest of its times.
    private func timeOfBid(_ source: Source) -> Timestamp {
        var time = source.at
        for correction in corrections
        where source.offset >= correction.first && source.offset <= correction.last {
            if correction.at < time { time = correction.at }
        }
        return time
    }

    /// A command of the partition, as it was decided first.
    private struct DecidedCommand {
        var action: PartitionCommand.Action
        var sequence: DecisionNumber
        var refusal: Reason?
    }

    /// What names no offering: a command of the partition, or what could not be read.
    private mutating func followPartition(_ decision: borrowing Decision) {
        let command: PartitionCommand
        switch decision.event {
        case .rejected(let rejection): return followRejection(rejection, decision)
        case .repeated(.command(let repeated, let first, let refused)):
            let known = partitionCommands[repeated]
            if known?.sequence != first || known?.refusal != refused {
                fault(
                    .wrongRepeat, decision, "command \(repeated) was not decided so by \(first)")
            }
            return
        case .partition(.clockCorrected(let corrector, let correction)):
            command = PartitionCommand(command: corrector, action: .correctClock(correction))
            if correction.last < correction.first {
                fault(.wrongSource, decision, "it corrects no bid")
            }
            corrections.append(correction)
        case .partition(.paymentsRecommanded(let commander, let payments, let recalls)):
            command = PartitionCommand(command: commander, action: .recommandPayments)
            orderAgain(decision, payments: payments, recalls: recalls)
        case .bid, .money, .offering, .repeated(.bid), .repeated(.payment):
            return fault(.wrongState, decision, "a decision about an offering names none")
        }
        if decision.source.topic != .offeringCommands || decision.n != 0 {
            fault(.wrongSource, decision, "command \(command.command) has another source")
        }
        note(command, decision, refused: nil)
    }

    /// A command is decided once, however often it comes: a refusal spends its id, too.
    private mutating func note(
        _ command: PartitionCommand, _ decision: borrowing Decision, refused refusal: Reason?
    ) {
        guard partitionCommands[command.command] == nil else {
            return fault(
                .wrongRepeat, decision, "command \(command.command) was decided before")
        }
        partitionCommands[command.command] = DecidedCommand(
            action: command.action, sequence: decision.sequence, refusal: refusal)
    }

    /// Whether a command was rightly refused for what it asks, as far as no clock of then is asked.
    private mutating func followRejection(
        _ rejection: Rejection, _ decision: borrowing Decision
    ) {
        guard case .partitionCommand(let command) = rejection.subject else {
            if case .command(let id, _) = rejection.subject,
                [.badTerms, .wrongState].contains(rejection.reason)
            {
                fault(
                    .wrongRepeat, decision, "command \(id) is refused, and what it asks for is not "
                        + "said")
            }
            return
        }
        switch rejection.reason {
        case .badTerms:
            note(command, decision, refused: .badTerms)
            guard case .correctClock(let correction) = command.action,
                rejection.member == .at
                    || rejection.member == .to && correction.last < correction.first
            else {
                return fault(
                    .wrongState, decision,
                    "command \(command.command) was refused badTerms, and that was not so")
            }
        case .conflictingDuplicate:
            let known = partitionCommands[command.command]
            if known == nil || known?.action == command.action {
                fault(
                    .wrongRepeat, decision,
                    "command \(command.command) was refused as another one, and is none")
            }
        case .wrongEnvironment: break
        default:
            fault(
                .wrongState, decision,
                "command \(command.command) was refused \(rejection.reason.rawValue), and that "
                    + "was not so")
        }
    }

    /// All that has no final result is ordered again.
    private mutating func orderAgain(
        _ decision: borrowing Decision, payments: Int64, recalls: Int64
    ) {
        var open = (payments: Int64(0), recalls: Int64(0))
        for book in books {
            book.openOrders(partition) { order in
                if case .payment = order { open.payments += 1 } else { open.recalls += 1 }
            }
        }
        if open != (payments, recalls) {
            fault(
                .wrongPayment, decision, "\(payments) payments and \(recalls) recalls are said to "
                    + "have no final result; the decisions leave \(open.payments) and "
                    + "\(open.recalls)")
        }
        self.payments?.expectAgain(partition) { body in
            for book in books { book.openOrders(partition, body) }
        }
    }

    /// Only a refusal may be about an offering that nobody opened.
    private mutating func followUnknown(_ decision: borrowing Decision) {
        guard case .rejected = decision.event, decision.counters == nil else {
            fault(
                .wrongState, decision,
                "a decision about \(decision.offering!), which was never opened")
            return
        }
    }

    private mutating func fault(
        _ code: AuditFinding.Code, _ decision: borrowing Decision, _ sentence: String
    ) {
        faults.append(
            Fault(code: code, offering: decision.offering, bid: nil, sentence: sentence))
    }
}
