import Testing

import Messages
import SeededNumbers
import Vocabulary

/// Random records of every type, written and read back.
@Suite struct RoundTripTests {
    @Test(arguments: [7, 77, 777] as [UInt64])
    func decisionsReadBackAsTheyWereWritten(_ seed: UInt64) throws {
        var random = RandomRecords(generator: SeededGenerator(seed: seed))
        var reader = Reader()
        for index in 0..<20_000 {
            let decision = random.decision()
            let epoch = Epoch(random.integer())
            let text = sealed(decision, epoch: epoch)
            let ending = #","epoch":\#(epoch),"hash":"\#(someHash)"}"#
            let expected = DecisionRecord(
                content: .decision(decision), epoch: epoch, hash: try #require(HashText(someHash)),
                hashedCount: text.utf8.count - ending.utf8.count)
            let reading = reader.decision(text)
            if reading != .record(expected) || !text.hasSuffix(ending) {
                Issue.record("seed \(seed), decision \(index): \(text) is \(reading)")
                return
            }
        }
    }

    @Test(arguments: [8, 88, 888] as [UInt64])
    func inputsReadBackAsTheyWereWritten(_ seed: UInt64) {
        var random = RandomRecords(generator: SeededGenerator(seed: seed))
        var reader = Reader()
        for index in 0..<20_000 {
            let (topic, record) = random.input()
            let text = line(record)
            let reading = reader.input(text, from: topic)
            if reading != .record(record) {
                Issue.record("seed \(seed), record \(index): \(text) is \(reading)")
                return
            }
        }
    }

    /// Two decoders and a copy of one don't disturb each other.
    @Test func aCopyOfADecoderHasAScratchOfItsOwn() throws {
        var first = RecordDecoder()
        let bid = Array(goldenInputs[0].2.utf8)
        let expected = goldenInputs[0].1
        let before = try bid.withUnsafeBytes { try first.decodeBids($0) }
        var second = first
        let other = Array(goldenInputs[1].2.utf8)
        let copied = try other.withUnsafeBytes { try second.decodeBids($0) }
        let after = try bid.withUnsafeBytes { try first.decodeBids($0) }
        #expect(before == expected && after == expected)
        #expect(copied == goldenInputs[1].1)
    }
}

/// Any values that a record may hold, small and large ones of each.
struct RandomRecords {
    var generator: SeededGenerator

    mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

    mutating func chance(_ count: Int) -> Bool { pick(count) == 0 }

    /// The members that a refusal may name.
    private let membersOfInputs = Member.allCases.filter(\.isOfInputs)

    mutating func one<Value>(of values: [Value]) -> Value { values[pick(values.count)] }

    mutating func maybe<Value>(_ value: Value) -> Value? { chance(2) ? value : nil }

    mutating func integer() -> Int64 {
        Int64.random(in: 0...largestInteger, using: &generator) >> Int64(pick(54))
    }

    mutating func quantity<Value: Quantity>() -> Value { Value(rawValue: integer()) }

    mutating func id() -> Identifier {
        let allowed = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-".utf8)
        let count = chance(4) ? 1 + pick(64) : 1 + pick(12)
        let bytes = (0..<count).map { _ in one(of: allowed) }
        return bytes.withUnsafeBytes { Identifier(trusted: $0) }
    }

    mutating func payment(_ offering: Identifier? = nil) -> PaymentID {
        let kind: PaymentID.Kind =
            switch pick(8) {
            case 0: .refund(number())
            case 1: .distribution(one(of: DistributionKind.allCases), id())
            case 2: .disbursement
            default: .collection
            }
        return PaymentID(
            offering: offering ?? id(), subject: id(), kind: kind, number: number())
    }

    mutating func number() -> Int32 { Int32(1 + integer() % Int64(Int32.max)) }

    mutating func payout(_ offering: Identifier, _ kind: PaymentID.Kind) -> PayoutResult {
        PayoutResult(
            payment: PaymentID(offering: offering, subject: id(), kind: kind, number: number()),
            account: id(), amount: quantity(), result: 1 + integer() / 2)
    }

    mutating func certificate() -> Certificate {
        var ranges: [Certificate.Range] = []
        for topic in InputTopic.allCases.dropLast() where chance(2) {
            ranges.append(Certificate.Range(topic: topic, first: quantity(), last: quantity()))
        }
        var refusals: [Certificate.Refusals] = []
        for reason in Reason.allCases where chance(3) {
            refusals.append(Certificate.Refusals(reason: reason, count: integer()))
        }
        return Certificate(
            state: one(of: OfferingState.allCases), terms: terms(), inputs: ranges,
            refusals: refusals, bids: integer(), accounts: integer(), refunded: quantity(),
            returned: quantity())
    }

    mutating func ending(_ offering: Identifier) -> DecisionEvent {
        switch pick(18) {
        case 0: .bid(.settledLate(paidPart()))
        case 1:
            .money(.refunding(
                Refund(
                    bid: chance(4) ? .backstop : id(), account: id(), shares: quantity(),
                    number: number(), refund: number(), amount: quantity(),
                    result: maybe(integer()))))
        case 2: .money(.refunded(payout(offering, .refund(number()))))
        case 3: .money(.payoutInDoubt(payout(offering, .disbursement)))
        case 4: .money(.paymentReturned(payout(offering, .collection)))
        case 5: .money(.paidOut(payout(offering, .distribution(.interest, id()))))
        case 6:
            .money(.payoutDeclined(
                payout(offering, .disbursement),
                one(of: ReleaseReason.allCases.filter { $0 != .returned }),
                isProven: chance(2)))
        case 7: .offering(.scheduled(command: id(), terms()))
        case 8: .offering(.amended(command: id(), closesAt: quantity()))
        case 9: .offering(.closing(command: maybe(id())))
        case 10: .offering(.closedShort)
        case 11: .offering(.cancelling(.command(id(), reason: maybe(text()))))
        case 12: .offering(.cancelling(.shortfall))
        case 13: .offering(.offeringCancelled)
        case 14:
            .money(.distributed(
                Distributed(
                    command: id(), distribution: id(), kind: one(of: DistributionKind.allCases),
                    total: quantity(), account: id(), amount: quantity())))
        case 15: .offering(.certificate(certificate()))
        case 16: .offering(.archived)
        default:
            .money(
                .repaying(
                    command: id(), named: payment(),
                    PayoutResult(
                        payment: payment(offering).payoutOf(offering), account: id(),
                        amount: quantity(), result: 0)))
        }
    }

    mutating func terms() -> OfferingTerms {
        var terms = OfferingTerms(
            shares: quantity(), price: quantity(), currency: one(of: ["CNY", "EUR", "XXX"]))
        for term in Term.all {
            if case .required = term.whenLeftOut { continue }
            terms[term] = maybe(value(of: term))
        }
        return terms
    }

    private mutating func value(of term: Term) -> TermValue {
        switch term.kind {
        case .size, .price, .shares, .moment, .count: return .integer(integer())
        case .currency: return .currency(one(of: ["CNY", "EUR", "XXX"]))
        case .word: return .word(one(of: RemainderRule.allCases))
        case .account: return .account(id())
        case .backstop: return .backstop(Backstop(account: id(), maxShares: quantity()))
        case .distributions:
            return .distributions(
                AllowedDistributions(
                    interest: (0..<pick(4)).map { _ in id() },
                    principal: (0..<pick(3)).map { _ in id() }))
        }
    }

    mutating func input() -> (InputTopic, InputRecord) {
        switch pick(5) {
        case 4:
            return (.offeringCommands, .partitionCommand(partitionCommand()))
        case 0:
            let bid = Bid(
                bid: id(), offering: id(), account: id(), shares: quantity(), allOrNone: chance(2))
            return (.bids, .bid(bid))
        case 1:
            let cancellation = BidCancellation(bid: id(), offering: id(), account: id())
            return (.bids, .cancellation(cancellation))
        case 2:
            let command = OfferingCommand(command: id(), offering: id(), action: action())
            return (.offeringCommands, .command(command))
        default:
            let kind = one(of: PaymentResult.Kind.allCases)
            let result = PaymentResult(
                kind: kind, payment: payment(), result: 1 + integer() / 2, offering: id(),
                account: id(),
                amount: kind == .paid ? quantity() : maybe(quantity()))
            return (.paymentResults, .paymentResult(result))
        }
    }

    private mutating func partitionCommand() -> PartitionCommand {
        PartitionCommand(
            command: id(),
            action: chance(2)
                ? .recommandPayments
                : .correctClock(
                    ClockCorrection(first: quantity(), last: quantity(), at: quantity())))
    }

    private mutating func action() -> OfferingCommand.Action {
        switch pick(8) {
        case 0: .open(terms())
        case 1: .close
        case 2: .pause
        case 3: .resume
        case 4: .amend(closesAt: quantity())
        case 5: .cancel(reason: maybe(text()))
        case 6: .repay(payment: payment())
        default:
            .distribute(
                distribution: id(), kind: one(of: DistributionKind.allCases), amount: quantity())
        }
    }

    private mutating func text() -> String {
        let characters = [
            "a", "\"", "\\", "/", "\u{0}", "\n", "\u{1f}", "é", "€", "😀", "\u{10ffff}",
        ]
        return (0..<pick(200)).map { _ in one(of: characters) }.joined()
    }

    mutating func decision() -> Decision {
        if chance(12) { return partitionDecision() }
        let topic = one(of: [InputTopic.bids, .offeringCommands, .paymentResults])
        let offering = id()
        let event = event(topic, offering)
        let isUnreadable: Bool
        if case .rejected(let rejection) = event, case .unreadable = rejection.subject {
            isUnreadable = true
        } else {
            isUnreadable = false
        }
        return Decision(
            sequence: quantity(), offering: isUnreadable && chance(2) ? nil : offering,
            event: event,
            counters: maybe(Counters(free: quantity(), reserved: quantity(), settled: quantity())),
            source: Source(
                topic: topic, partition: quantity(), offset: quantity(), at: quantity()),
            n: integer())
    }

    /// What is about the partition names no offering.
    private mutating func partitionDecision() -> Decision {
        let correction = ClockCorrection(first: quantity(), last: quantity(), at: quantity())
        let event = one(of: [
            DecisionEvent.partition(.clockCorrected(command: id(), correction)),
            .partition(
                .paymentsRecommanded(command: id(), payments: integer(), recalls: integer())),
            .repeated(
                .command(
                    id(), of: quantity(), refused: maybe(one(of: Reason.allCases)))),
            .rejected(
                Rejection(
                    .partitionCommand(partitionCommand()), one(of: Reason.allCases),
                    member: maybe(one(of: membersOfInputs)))),
        ])
        return Decision(
            sequence: quantity(), offering: nil, event: event, counters: nil,
            source: Source(
                topic: .offeringCommands, partition: quantity(), offset: quantity(),
                at: quantity()),
            n: integer())
    }

    private mutating func event(_ topic: InputTopic, _ offering: Identifier) -> DecisionEvent {
        switch pick(24) {
        case 16...: ending(offering)
        case 0: .bid(.reserved(placement()))
        case 1: .bid(.waitlisted(placement()))
        case 2, 3: .rejected(rejection(topic))
        case 4: .repeated(repetition(topic))
        case 5:
            .bid(.promoted(
                Promotion(bid: id(), account: id(), shares: quantity(), waiting: quantity())))
        case 6: .bid(.settled(paidPart()))
        case 7: .bid(.released(paidPart(), one(of: ReleaseReason.allCases)))
        case 8: .bid(.cancelled(WaitingPart(bid: id(), account: id(), shares: quantity())))
        case 9: .bid(.expired(WaitingPart(bid: id(), account: id(), shares: quantity())))
        case 10: .bid(.inDoubt(paidPart()))
        case 11: .offering(.opened(command: id(), terms()))
        case 12: chance(2) ? .offering(.fullyReserved) : .offering(.reopened)
        case 14: chance(2) ? .offering(.paused(command: id())) : .offering(.resumed(command: id()))
        case 13:
            .bid(.cancelRequested(
                RecallRequest(
                    bid: id(), account: id(), shares: quantity(), number: paidPart().number)))
        default: .offering(.filled)
        }
    }

    private mutating func placement() -> Placement {
        let waiting: Shares = chance(2) ? 0 : quantity()
        return Placement(
            bid: id(), account: id(), asked: quantity(), allOrNone: chance(2), shares: quantity(),
            waiting: waiting, queued: waiting > 0 ? quantity() : 0,
            cut: maybe(Cut(shares: quantity(), reason: one(of: Reason.allCases))))
    }

    private mutating func paidPart() -> PaidPart {
        PaidPart(
            bid: id(), account: id(), shares: quantity(),
            number: Int32(1 + integer() % Int64(Int32.max)), result: integer())
    }

    private mutating func rejection(_ topic: InputTopic) -> Rejection {
        let subject: Rejection.Subject
        if chance(4) {
            let code = one(of: Malformation.Code.allCases)
            let fault = Malformation(
                code, member: maybe(one(of: membersOfInputs)), unlisted: maybe(id()),
                at: pick(65_536))
            let isBid = topic == .bids
            subject = code == .unreadable
                ? .batch(last: quantity())
                : .unreadable(fault, bid: isBid ? maybe(id()) : nil, account: maybe(id()))
        } else {
            switch topic {
            case .bids where chance(3): subject = .cancellation(bid: id(), account: id())
            case .bids, .clock:
                subject = .bid(bid: id(), account: id(), asked: quantity(), allOrNone: chance(2))
            case .offeringCommands: subject = .command(id(), maybe(refusedAction()))
            case .paymentResults: subject = .payment(maybe(payment()), result: integer())
            }
        }
        return Rejection(
            subject, one(of: Reason.allCases), member: maybe(one(of: membersOfInputs)),
            expectedPartition: maybe(quantity()))
    }

    private mutating func refusedAction() -> OfferingCommand.Action {
        switch pick(7) {
        case 0: .close
        case 1: .pause
        case 2: .resume
        case 3: .amend(closesAt: quantity())
        case 4: .cancel(reason: maybe(text()))
        case 5: .repay(payment: maybe(payment()))
        default:
            .distribute(
                distribution: id(), kind: one(of: DistributionKind.allCases), amount: quantity())
        }
    }

    private mutating func repetition(_ topic: InputTopic) -> Repetition {
        switch topic {
        case .bids, .clock:
            .bid(
                bid: id(), account: id(), of: quantity(), was: one(of: DecisionType.allCases),
                reason: maybe(one(of: Reason.allCases)),
                now: Standing(reserved: quantity(), settled: quantity(), waiting: quantity()))
        case .offeringCommands:
            .command(id(), of: quantity(), refused: maybe(one(of: Reason.allCases)))
        case .paymentResults: .payment(payment(), result: integer(), last: integer())
        }
    }
}

extension PaymentID {
    /// A refund in place of a collection, which is nothing to repay.
    fileprivate func payoutOf(_ offering: Identifier) -> PaymentID {
        guard kind == .collection else { return self }
        return PaymentID(offering: offering, subject: subject, kind: .refund(3), number: number)
    }
}
