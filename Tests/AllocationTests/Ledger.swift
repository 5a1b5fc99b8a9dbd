import Testing

import Allocation
import Vocabulary

/// A book that is told records in words and answers decisions in words, so that a test reads like
/// a ledger. After every record the whole book is rebuilt from decisions and compared, and every
/// invariant is recomputed.
struct Ledger {
    private(set) var book = PartitionBook(partition: 3, archiveAfter: 100_000)
    /// Built from the decisions alone.
    private(set) var rebuilt = PartitionBook(partition: 3, archiveAfter: 100_000)
    private(set) var decisions: [Decision] = []
    private var group = DecisionGroup()
    private var offset: Int64 = 0
    /// How many decisions a call may make.
    var limit = 1_000
    /// The append time of what comes next; `at` moves it, and brings the deadlines up to it.
    private(set) var now: Timestamp = 1_000

    static let offering: Identifier = "loan"

    /// The decisions and payments that `lines`, a record each, cause: one line each.
    mutating func tell(_ lines: String) throws -> String {
        var answers: [String] = []
        for line in lines.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words[0] == "at" {
                now = Timestamp(Int64(words[1])!)
                while let deadline = book.nextDeadline, deadline <= now {
                    answers += try tell(Input.deadline)
                }
            } else {
                answers += try tell(Input.record(parse(String(line))))
            }
        }
        return answers.joined(separator: "\n")
    }

    mutating func tell(_ input: Input) throws -> [String] {
        let source =
            input == .deadline
            ? book.source(ofDeadline: book.nextDeadline!)
            : Source(topic: topic(of: input), partition: 3, offset: Offset(offset), at: now)
        offset += 1
        var made: [Decision] = []
        var paid: [PaymentCommand] = []
        var recalled: [PaymentRecall] = []
        group.removeAll()
        var progress = try book.decide(input, from: source, into: &group, limit: limit)
        made += group.decisions
        paid += group.payments
        recalled += group.recalls
        while progress == .more {
            group.removeAll()
            progress = try book.resume(into: &group, limit: limit)
            made += group.decisions
            paid += group.payments
            recalled += group.recalls
        }
        try check(made, from: source)
        return made.map(describe) + paid.map(describe) + recalled.map(describe)
    }

    private func topic(of input: Input) -> InputTopic {
        guard case .record(let record) = input else { return .bids }
        switch record {
        case .bid, .cancellation: return .bids
        case .command, .partitionCommand: return .offeringCommands
        case .paymentResult: return .paymentResults
        }
    }

    /// What every group has in common, whatever it is about.
    private mutating func check(_ made: [Decision], from source: Source) throws {
        #expect(!made.isEmpty, "every input has a decision")
        for (n, decision) in made.enumerated() {
            #expect(decision.sequence == DecisionNumber(decisions.count + 1))
            #expect(decision.n == Int64(n))
            #expect(decision.source == source)
            decisions.append(decision)
            try rebuilt.restore(decision)
        }
        #expect(book.sequence == DecisionNumber(decisions.count))
        #expect(rebuilt == book)
        try book.checkInvariants()
        try rebuilt.checkInvariants()
    }
}

// Records in words.

/// `open [term value]...`, `bid ID ACCOUNT SHARES [whole]`, or `RESULT BID/K #N ACCOUNT [AMOUNT]`;
/// `@ID` at the end names another offering.
func parse(_ line: String) -> InputRecord {
    var words = line.split(separator: " ").map(String.init)
    var offering = Ledger.offering
    if let last = words.last, last.hasPrefix("@") {
        offering = Identifier(parsing: last.dropFirst())!
        words.removeLast()
    }
    switch words[0] {
    case "open":
        return .command(
            OfferingCommand(
                command: Identifier(parsing: words[1])!, offering: offering,
                action: .open(parseTerms(words.dropFirst(2)))))
    case "pause", "resume", "close", "cancel-all", "amend", "repay", "distribute":
        return .command(
            OfferingCommand(
                command: Identifier(parsing: words[1])!, offering: offering,
                action: parseAction(words, offering)))
    case "bid":
        return .bid(
            Bid(
                bid: Identifier(parsing: words[1])!, offering: offering,
                account: Identifier(parsing: words[2])!, shares: Shares(Int64(words[3])!),
                allOrNone: words.dropFirst(4).first == "whole"))
    case "cancel":
        return .cancellation(
            BidCancellation(
                bid: Identifier(parsing: words[1])!, offering: offering,
                account: Identifier(parsing: words[2])!))
    default:
        var path = "\(offering)/\(words[1])"
        let amount = words.count > 4 ? Int64(words[4]).map { MinorUnits($0) } : nil
        return .paymentResult(
            PaymentResult(
                kind: PaymentResult.Kind(rawValue: words[0])!,
                payment: path.withUTF8 { PaymentID(UnsafeRawBufferPointer($0)) },
                result: Int64(words[2].dropFirst())!, offering: offering,
                account: Identifier(parsing: words[3])!, amount: amount,
                isProven: words.last == "proven"))
    }
}

/// `pause ID`, `cancel-all ID [REASON]`, `amend ID TIME`, `repay ID PAYMENT`, or
/// `distribute ID KIND DISTRIBUTION AMOUNT`.
func parseAction(_ words: [String], _ offering: Identifier) -> OfferingCommand.Action {
    switch words[0] {
    case "pause": return .pause
    case "resume": return .resume
    case "close": return .close
    case "cancel-all": return .cancel(reason: words.count > 2 ? words[2] : nil)
    case "amend": return .amend(closesAt: Timestamp(Int64(words[2])!))
    case "repay":
        var path = "\(offering)/\(words[2])"
        return .repay(
            payment: path.withUTF8 {
                PaymentID(UnsafeRawBufferPointer($0))
                    ?? PaymentID(obligation: UnsafeRawBufferPointer($0))
            })
    default:
        return .distribute(
            distribution: Identifier(parsing: words[3])!,
            kind: DistributionKind(rawValue: words[2])!, amount: MinorUnits(Int64(words[4])!))
    }
}

// Decisions in words: every member that is not the same in a whole group.

func describe(_ decision: Decision) -> String {
    var text = describe(decision.event)
    if let counters = decision.counters {
        text += " | \(counters.free) \(counters.reserved) \(counters.settled)"
    }
    if decision.offering != Ledger.offering {
        text += " @\(decision.offering?.description ?? "")"
    }
    return text
}

func describe(_ event: DecisionEvent) -> String {
    let type = event.type.rawValue
    switch event {
    case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)):
        let whole = placement.allOrNone ? " whole" : ""
        let queued = placement.queued > 0 ? " queued \(placement.queued)" : ""
        let cut = placement.cut.map { " cut \($0.shares) \($0.reason.rawValue)" } ?? ""
        return "\(type) \(placement.bid) \(placement.account) \(placement.asked)\(whole): "
            + "\(placement.shares) + \(placement.waiting)\(queued)\(cut)"
    case .rejected(let rejection):
        return "\(type) \(describe(rejection))"
    case .repeated(.bid(let bid, let account, let of, let was, let reason, let now)):
        let reason = reason.map { " \($0.rawValue)" } ?? ""
        return "\(type) \(bid) \(account) of \(of) \(was.rawValue)\(reason), now "
            + "\(now.reserved) \(now.settled) \(now.waiting)"
    case .repeated(.command(let command, let of, let refused)):
        return "\(type) \(command) of \(of)" + (refused.map { " rejected \($0.rawValue)" } ?? "")
    case .repeated(.payment(let payment, let result, let last)):
        return "\(type) \(payment) #\(result) last #\(last)"
    case .bid(.promoted(let promotion)):
        return "\(type) \(promotion.bid) \(promotion.account): "
            + "\(promotion.shares) + \(promotion.waiting)"
    case .bid(.settled(let part)), .bid(.inDoubt(let part)):
        return "\(type) \(describe(part))"
    case .bid(.released(let part, let reason)):
        return "\(type) \(describe(part)) \(reason.rawValue)"
    case .bid(.cancelRequested(let request)):
        return "\(type) \(request.bid)/\(request.number) \(request.account) \(request.shares)"
    case .bid(.cancelled(let part)), .bid(.expired(let part)):
        return "\(type) \(part.bid) \(part.account) \(part.shares)"
    case .offering(.opened(let command, let terms)):
        return "\(type) \(command) \(describe(terms))"
    case .offering(.paused(let command)), .offering(.resumed(let command)):
        return "\(type) \(command)"
    case .offering(.scheduled(let command, let terms)):
        return "\(type) \(command) \(describe(terms))"
    case .offering(.fullyReserved), .offering(.reopened), .offering(.filled),
        .offering(.closedShort), .offering(.offeringCancelled), .offering(.archived):
        return type
    default:
        return "\(type) \(describeEnding(event))"
    }
}

private func describeEnding(_ event: DecisionEvent) -> String {
    switch event {
    case .bid(.settledLate(let part)): return "\(describe(part)) late"
    case .money(.refunding(let refund)):
        let late = refund.result.map { " late #\($0)" } ?? ""
        return "\(refund.bid)/\(refund.number) \(refund.account) \(refund.shares): "
            + "refund \(refund.refund) \(refund.amount)\(late)"
    case .money(.refunded(let result)), .money(.payoutInDoubt(let result)),
        .money(.paymentReturned(let result)),
        .money(.paidOut(let result)):
        return describe(result)
    case .money(.payoutDeclined(let result, let reason, let isProven)):
        return "\(describe(result)) \(reason.rawValue)\(isProven ? " proven" : "")"
    case .money(.repaying(let command, _, let result)): return "\(command) \(describe(result))"
    case .offering(.amended(let command, let closesAt)): return "\(command) to \(closesAt)"
    case .offering(.closing(let command)): return command.map { "\($0)" } ?? "by the clock"
    case .offering(.cancelling(.shortfall)): return "shortfall"
    case .offering(.cancelling(.command(let command, let reason))):
        return "\(command)" + (reason.map { " \($0)" } ?? "")
    case .money(.distributed(let part)):
        return "\(part.command) \(part.kind.rawValue) \(part.distribution) \(part.total): "
            + "\(part.account) \(part.amount)"
    case .offering(.certificate(let certificate)):
        let inputs = certificate.inputs.map { "\($0.topic.name) \($0.first)-\($0.last)" }
        let refusals = certificate.refusals.map { "\($0.reason.rawValue) \($0.count)" }
        return ([
            certificate.state.rawValue, "bids \(certificate.bids)",
            "accounts \(certificate.accounts)", "refunded \(certificate.refunded)",
        ] + (certificate.returned > 0 ? ["returned \(certificate.returned)"] : []) + inputs
            + refusals).joined(separator: ", ")
    default: preconditionFailure("\(event.type) is not described")
    }
}

private func describe(_ result: PayoutResult) -> String {
    let number = result.result > 0 ? " #\(result.result)" : ""
    return "\(result.payment)\(number) \(result.account) \(result.amount)"
}

func describe(_ recall: PaymentRecall) -> String {
    "recall \(recall.command) \(recall.account)"
}

func describe(_ part: PaidPart) -> String {
    "\(part.bid)/\(part.number) #\(part.result) \(part.account) \(part.shares)"
}

func describe(_ rejection: Rejection) -> String {
    let subject =
        switch rejection.subject {
        case .bid(let bid, let account, let asked, let allOrNone):
            "\(bid) \(account) \(asked)\(allOrNone ? " whole" : "")"
        case .cancellation(let bid, let account): "cancel \(bid) \(account)"
        case .command(let command, _): "\(command)"
        case .partitionCommand(let command): "\(command.command)"
        case .payment(let payment, let result):
            "\(payment.map(\.description) ?? "?") #\(result)"
        case .batch(let last): "a batch up to \(last)"
        case .unreadable(let malformation, let bid, let account):
            "unreadable at \(malformation.position)" + (bid.map { " \($0)" } ?? "")
                + (account.map { " of \($0)" } ?? "")
        }
    let member = rejection.member.map { " \($0.rawValue)" } ?? ""
    let partition = rejection.expectedPartition.map { " to \($0)" } ?? ""
    return "\(subject): \(rejection.reason.rawValue)\(member)\(partition)"
}

func describe(_ payment: PaymentCommand) -> String {
    let where_ = payment.partition == 3 ? "" : " to partition \(payment.partition)"
    return "\(payment.kind.rawValue) \(payment.id) \(payment.account) \(payment.amount) "
        + "\(payment.currency) due \(payment.due)\(where_)"
        + (payment.original.map { " of \($0)" } ?? "")
}
