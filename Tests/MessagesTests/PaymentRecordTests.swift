import Testing

import Messages
import Vocabulary

/// What a payer reads and answers.
@Suite struct PaymentRecordTests {
    @Test(arguments: [
        (PaymentResult.Kind.paid, 5, "pay_01", nil, #","amount":5,"reference":"pay_01"}"#),
        (.declined, nil, nil, nil, "}"),
        (.recalled, nil, nil, nil, "}"),
        (.inDoubt, nil, nil, .behindDoubt, #","reason":"behindDoubt"}"#),
        (.conflict, nil, nil, nil, "}"),
    ] as [(PaymentResult.Kind, MinorUnits?, String?, PaymentDoubt?, String)])
    func answersAreReadByTheAllocator(
        _ kind: PaymentResult.Kind, _ amount: MinorUnits?, _ reference: String?,
        _ reason: PaymentDoubt?, _ ending: String
    ) {
        let result = PaymentResult(
            kind: kind, payment: PaymentJournalTests.id, result: 2, offering: "loan-7",
            account: "a-42", amount: amount)
        let answer = PaymentAnswer(
            result: result, partition: 4, reference: reference, reason: reason)
        let text = written(room: RecordEncoder.largestJournalEntry) {
            RecordEncoder.encode(answer, into: $0)
        }
        let beginning =
            #"{"type":"\#(kind)","command":"loan-7/b-1/1","result":2,"offering":"loan-7","#
            + #""account":"a-42""#
        #expect(text == beginning + ending)
        var reader = Reader()
        let reading = reader.input(text, from: .paymentResults)
        #expect(reading == .record(.paymentResult(result)))
    }

    @Test func recallsAreOrders() {
        let recall = PaymentRecall(
            command: PaymentJournalTests.id, partition: 4, account: "a-42")
        let text = written(room: RecordEncoder.largestSmallRecord) {
            RecordEncoder.encode(recall, into: $0)
        }
        let expected =
            #"{"type":"recall","command":"loan-7/b-1/1","offering":"loan-7","partition":4,"#
            + #""account":"a-42"}"#
        #expect(text == expected)
        var reader = Reader()
        #expect(reader.order(text) == .record(.recall(recall)))
        let foreign = text.replacing(#""loan-7","#, with: #""loan-8","#)
        #expect(reader.order(foreign).fault?.code == .badValue)
    }
}

extension RandomRecords {
    mutating func doubt() -> PaymentDoubt { one(of: PaymentDoubt.allCases) }

    mutating func words() -> String {
        (0..<pick(40)).map { _ in one(of: ["a", "\"", "\\", "\u{1}", "\u{fc}", "{", "\n"]) }
            .joined()
    }

    mutating func commandSource() -> CommandSource {
        CommandSource(partition: quantity(), offset: quantity(), at: quantity())
    }

    mutating func intent() -> JournalEntry {
        var id = payment()
        id.kind = .collection
        let command = PaymentCommand(
            id: id, partition: quantity(), account: self.id(),
            amount: quantity(), currency: "EUR", due: quantity())
        return .intent(
            PaymentIntent(
                command: command, key: self.id(), channel: self.id(),
                accountToken: maybe(words()), body: words(), source: commandSource(),
                parked: maybe(doubt()), result: maybe(integer()), at: quantity()))
    }

    mutating func damage() -> JournalDamage {
        JournalDamage(
            partition: quantity(), last: integer(), mark: integer(), isRestarted: chance(2))
    }

    mutating func journalEntry() -> JournalEntry {
        let command = payment()
        switch pick(24) {
        case 0: return .epoch(PayerEpoch(epoch: quantity(), at: quantity()))
        case 1: return intent()
        case 2:
            return .sending(
                PaymentSending(
                    command: command, attempt: integer(), isRepeat: chance(2),
                    epoch: quantity(), channel: id(), key: id(), windowEndsAt: quantity(),
                    at: quantity()))
        case 3:
            return .outcome(
                PaymentOutcome(
                    command: command, attempt: integer(),
                    class: one(of: PaymentOutcome.Class.allCases), reference: maybe(words()),
                    retryAt: maybe(quantity()),
                    words: ProviderWords(
                        status: maybe(integer()), problem: maybe(words()), cause: maybe(words())),
                    result: maybe(integer()), at: quantity()))
        case 4:
            return .lookup(
                PaymentLookup(
                    command: command, class: one(of: PaymentLookup.Class.allCases),
                    reference: maybe(words()), result: maybe(integer()), at: quantity()))
        case 5:
            return .parked(
                PaymentParking(
                    command: command, reason: doubt(), result: maybe(integer()),
                    at: quantity()))
        case 6: return .admitted(PaymentAdmission(command: command, at: quantity()))
        case 7:
            return .waiting(
                PaymentWaiting(
                    command: command, behind: payment(), result: integer(), at: quantity()))
        case 8:
            let recall = PaymentRecall(
                command: command, partition: quantity(), account: id())
            return .recalled(
                PaymentRecalled(
                    recall: recall, source: commandSource(), result: integer(), at: quantity()))
        case 9:
            return .conflict(
                PaymentConflict(
                    command: command, source: commandSource(), at: quantity()))
        case 10:
            return .channel(
                PaymentChannelBinding(
                    channel: PaymentChannel(
                        name: id(), origin: words(), path: words(), merchant: maybe(words())),
                    at: quantity()))
        case 11:
            return .redrafted(
                PaymentRedraft(
                    command: command, channel: id(), accountToken: words(), body: words(),
                    at: quantity()))
        case 12:
            let rebuild = ApprovedRebuild(
                damage: damage(), proposedBy: id(), approvedBy: id(), resolution: quantity())
            return .rebuilt(PaymentRebuilt(rebuild: rebuild, at: quantity()))
        case 13...22: return peoplesEntry()
        default:
            return .lost(
                PaymentLost(
                    command: command, class: one(of: PaymentLost.Class.allCases),
                    answered: integer(), reference: maybe(words()), result: maybe(integer()),
                    at: quantity()))
        }
    }
}

extension RandomRecords {
    mutating func peoplesEntry() -> JournalEntry {
        let command = payment()
        switch pick(12) {
        case 0:
            return .proposed(
                PaymentProposed(proposal: proposal(), source: quantity(), at: quantity()))
        case 1:
            return .agreed(
                PaymentAgreed(
                    command: command, resolution: id(), actor: id(), source: quantity(),
                    at: quantity()))
        case 2:
            let revision = PaymentResolved.Revision(
                key: id(), channel: id(), accountToken: words(), body: words())
            return .resolved(
                PaymentResolved(
                    command: command, resolution: id(),
                    verdict: one(of: PaymentVerdict.allCases), proposedBy: id(),
                    approvedBy: id(), reference: maybe(words()), revision: maybe(revision),
                    source: quantity(), result: maybe(integer()), at: quantity()))
        case 3:
            return .unresolved(
                PaymentUnresolved(
                    command: command, resolution: maybe(id()),
                    reason: one(of: ResolutionRefusal.allCases), source: quantity(),
                    at: quantity()))
        case 4:
            return .statement(
                PaymentStatement(
                    command: command, class: one(of: PaymentStatement.Class.allCases),
                    line: one(of: StatementLine.Kind.allCases), statement: id(),
                    reference: maybe(words()), source: quantity(), result: maybe(integer()),
                    at: quantity()))
        case 5:
            return .proven(
                PaymentProven(
                    command: command, statement: id(), source: quantity(),
                    result: maybe(integer()), at: quantity()))
        case 6: return brake(.pause(pause()))
        case 7: return brake(.resumption(pause()))
        case 8: return brake(.limit(limit()))
        case 9:
            return brake(
                .refusedResumption(
                    RefusedResumption(
                        partition: quantity(), channel: maybe(id()), actor: id(), at: 0)))
        case 10:
            let recall = PaymentRecall(command: command, partition: quantity(), account: id())
            return .recallNoted(
                PaymentRecallNoted(recall: recall, source: commandSource(), at: quantity()))
        default:
            return .invalid(
                PaymentInvalid(
                    command: command, partition: quantity(), account: id(),
                    source: commandSource(), result: integer(), at: quantity()))
        }
    }

    private mutating func brake(_ kind: PaymentBrake.Kind) -> JournalEntry {
        .brake(PaymentBrake(kind: kind, source: quantity(), at: quantity()))
    }

    mutating func proposal() -> ResolutionProposal {
        ResolutionProposal(
            resolution: id(), partition: quantity(), command: payment(), account: id(),
            verdict: one(of: PaymentVerdict.allCases), version: integer(), evidence: words(),
            reference: maybe(words()), channel: maybe(id()), actor: id(), at: quantity())
    }

    mutating func pause() -> PaymentPause {
        PaymentPause(
            partition: quantity(), channel: maybe(id()),
            kind: maybe(one(of: PaymentCommand.Kind.allCases)), actor: id(), reason: words(),
            at: quantity())
    }

    mutating func limit() -> OutflowLimit {
        let amounts = OutflowLimit.Amounts(share: quantity(), whole: quantity())
        return OutflowLimit(
            partition: quantity(), currency: "EUR", amounts: maybe(amounts), actor: id(),
            at: quantity())
    }
}
