import Testing

import Messages
import Vocabulary

/// What people, brakes and statements say: in `payment-resolutions`, and as the journal has it.
@Suite struct ResolutionRecordTests {
    static let id = PaymentID(offering: "loan-7", bid: "b-1", number: 1)

    static let proposal = ResolutionProposal(
        resolution: "r-1", partition: 2, command: id, account: "a-42", verdict: .paid, version: 4,
        evidence: "line \"17\"", reference: "pay_01", actor: "anna", at: 8)

    static let records: [(String, PaymentResolution)] = [
        (
            #"{"type":"rebuild.propose","partition":2,"last":8,"mark":12,"isRestarted":false,"#
                + #""actor":"anna","at":8}"#,
            .rebuild(
                RebuildResolution(
                    kind: .proposed,
                    damage: JournalDamage(partition: 2, last: 8, mark: 12, isRestarted: false),
                    actor: "anna", at: 8))
        ),
        (
            #"{"type":"resolve","resolution":"r-1","partition":2,"command":"loan-7/b-1/1","#
                + #""account":"a-42","decision":"paid","version":4,"#
                + #""evidence":"line \"17\"","reference":"pay_01","actor":"anna","at":8}"#,
            .proposal(proposal)
        ),
        (
            #"{"type":"resolve.approve","resolution":"r-1","partition":2,"#
                + #""command":"loan-7/b-1/1","version":4,"actor":"ben","at":8}"#,
            .approval(
                ResolutionApproval(
                    resolution: "r-1", partition: 2, command: id, version: 4, actor: "ben",
                    at: 8))
        ),
        (
            #"{"type":"statement","partition":2,"command":"loan-7/b-1/1","channel":"bank","#
                + #""key":"3f1c","line":"booked","amount":5,"currency":"EUR","#
                + #""direction":"payout","statement":"s-1","reference":"pay_01","closed":true,"#
                + #""actor":"anna","at":8}"#,
            .line(
                StatementLine(
                    partition: 2, command: id, channel: "bank", key: "3f1c", kind: .booked,
                    amount: 5, currency: "EUR", direction: .payout, statement: "s-1",
                    reference: "pay_01", isClosed: true, actor: "anna", at: 8))
        ),
        (
            #"{"type":"statement.absent","partition":2,"command":"loan-7/b-1/1","#
                + #""channel":"bank","statement":"s-1","from":1,"to":9,"actor":"anna","at":10}"#,
            .absence(
                StatementAbsence(
                    partition: 2, command: id, channel: "bank", statement: "s-1", from: 1, to: 9,
                    actor: "anna", at: 10))
        ),
        (
            #"{"type":"pause","partition":2,"kind":"refund","actor":"anna","reason":"so","at":8}"#,
            .pause(
                PaymentPause(partition: 2, kind: .refund, actor: "anna", reason: "so", at: 8))
        ),
        (
            #"{"type":"resume","partition":2,"channel":"bank","actor":"anna","reason":"","#
                + #""at":8}"#,
            .resumption(
                PaymentPause(partition: 2, channel: "bank", actor: "anna", reason: "", at: 8))
        ),
        (
            #"{"type":"limit","partition":2,"currency":"EUR","amount":5,"whole":40,"#
                + #""actor":"anna","at":8}"#,
            .limit(
                OutflowLimit(
                    partition: 2, currency: "EUR",
                    amounts: OutflowLimit.Amounts(share: 5, whole: 40), actor: "anna", at: 8))
        ),
        (
            #"{"type":"limit","partition":2,"currency":"EUR","actor":"anna","at":8}"#,
            .limit(
                OutflowLimit(partition: 2, currency: "EUR", amounts: nil, actor: "anna", at: 8))
        ),
        (
            #"{"type":"resume.refused","partition":2,"actor":"anna","at":8}"#,
            .refusedResumption(RefusedResumption(partition: 2, actor: "anna", at: 8))
        ),
        (
            #"{"type":"ack","partition":2,"offset":77,"actor":"anna","at":8}"#,
            .acknowledgement(
                AttentionAcknowledgement(partition: 2, offset: 77, actor: "anna", at: 8))
        ),
    ]

    static let entries: [(String, JournalEntry)] = [
        (
            #"{"type":"proposed","resolution":"r-1","partition":2,"command":"loan-7/b-1/1","#
                + #""account":"a-42","decision":"paid","version":4,"#
                + #""evidence":"line \"17\"","reference":"pay_01","actor":"anna","offset":3,"#
                + #""at":8,"number":17}"#,
            .proposed(PaymentProposed(proposal: proposal, source: 3, at: 8))
        ),
        (
            #"{"type":"agreed","command":"loan-7/b-1/1","resolution":"r-1","actor":"ben","#
                + #""offset":4,"at":8,"number":17}"#,
            .agreed(
                PaymentAgreed(command: id, resolution: "r-1", actor: "ben", source: 4, at: 8))
        ),
        (
            #"{"type":"resolved","command":"loan-7/b-1/1","resolution":"r-1","#
                + #""decision":"notExecuted","proposedBy":"anna","approvedBy":"ben","#
                + #""key":"4a2d","channel":"bank","token":"acc_9","body":"{}","offset":4,"#
                + #""at":8,"number":17}"#,
            .resolved(
                PaymentResolved(
                    command: id, resolution: "r-1", verdict: .notExecuted, proposedBy: "anna",
                    approvedBy: "ben",
                    revision: PaymentResolved.Revision(
                        key: "4a2d", channel: "bank", accountToken: "acc_9", body: "{}"),
                    source: 4, at: 8))
        ),
        (
            #"{"type":"unresolved","command":"loan-7/b-1/1","resolution":"r-1","#
                + #""reason":"sameActor","offset":4,"at":8,"number":17}"#,
            .unresolved(
                PaymentUnresolved(
                    command: id, resolution: "r-1", reason: .sameActor, source: 4, at: 8))
        ),
        (
            #"{"type":"statement","command":"loan-7/b-1/1","class":"returned","#
                + #""line":"returned","statement":"s-1","offset":5,"result":3,"at":8,"#
                + #""number":17}"#,
            .statement(
                PaymentStatement(
                    command: id, class: .returned, line: .returned, statement: "s-1", source: 5,
                    result: 3, at: 8))
        ),
        (
            #"{"type":"proven","command":"loan-7/b-1/1","statement":"s-1","offset":6,"#
                + #""result":3,"at":8,"number":17}"#,
            .proven(
                PaymentProven(command: id, statement: "s-1", source: 6, result: 3, at: 8))
        ),
        (
            #"{"type":"paused","partition":2,"actor":"anna","reason":"so","offset":7,"at":8,"#
                + #""number":17}"#,
            .brake(
                PaymentBrake(
                    kind: .pause(PaymentPause(partition: 2, actor: "anna", reason: "so", at: 8)),
                    source: 7, at: 8))
        ),
        (
            #"{"type":"resumed","partition":2,"kind":"collect","actor":"anna","reason":"","#
                + #""offset":7,"at":8,"number":17}"#,
            .brake(
                PaymentBrake(
                    kind: .resumption(
                        PaymentPause(
                            partition: 2, kind: .collect, actor: "anna", reason: "", at: 8)),
                    source: 7, at: 8))
        ),
        (
            #"{"type":"limited","partition":2,"currency":"EUR","amount":5,"whole":40,"#
                + #""actor":"anna","offset":7,"at":8,"number":17}"#,
            .brake(
                PaymentBrake(
                    kind: .limit(
                        OutflowLimit(
                            partition: 2, currency: "EUR",
                            amounts: OutflowLimit.Amounts(share: 5, whole: 40), actor: "anna",
                            at: 8)),
                    source: 7, at: 8))
        ),
        (
            #"{"type":"refusedResumed","partition":2,"channel":"bank","actor":"anna","#
                + #""offset":7,"at":8,"number":17}"#,
            .brake(
                PaymentBrake(
                    kind: .refusedResumption(
                        RefusedResumption(partition: 2, channel: "bank", actor: "anna", at: 8)),
                    source: 7, at: 8))
        ),
        (
            #"{"type":"recallNoted","command":"loan-7/b-1/1","offering":"loan-7","#
                + #""partition":4,"account":"a-42","sourcePartition":2,"sourceOffset":18,"#
                + #""sourceAt":4,"at":8,"number":17}"#,
            .recallNoted(
                PaymentRecallNoted(
                    recall: PaymentRecall(command: id, partition: 4, account: "a-42"),
                    source: CommandSource(partition: 2, offset: 18, at: 4), at: 8))
        ),
        (
            #"{"type":"invalid","command":"loan-7/b-1/1","partition":4,"account":"a-42","#
                + #""sourcePartition":2,"sourceOffset":20,"sourceAt":4,"result":1,"at":8,"#
                + #""number":17}"#,
            .invalid(
                PaymentInvalid(
                    command: id, partition: 4, account: "a-42",
                    source: CommandSource(partition: 2, offset: 20, at: 4), result: 1, at: 8))
        ),
    ]

    @Test func resolutionsLookLikeThis() {
        var reader = Reader()
        for (text, record) in Self.records {
            let written = written(room: RecordEncoder.largestResolution) {
                RecordEncoder.encode(record, into: $0)
            }
            #expect(written == text)
            #expect(reader.resolution(text) == .record(record))
        }
    }

    @Test func whatIsTooLongIsNoEvidence() {
        var reader = Reader()
        let long = String(repeating: "x", count: RecordLimits.evidence + 1)
        let text = Self.records[1].0.replacing(#"line \"17\""#, with: long)
        #expect(reader.resolution(text).fault?.code == .badValue)
        let unknown = Self.records[1].0.replacing(#""paid""#, with: #""maybe""#)
        #expect(reader.resolution(unknown).fault?.code == .badValue)
    }
}

extension Reader {
    mutating func resolution(_ text: String) -> Reading<PaymentResolution> {
        read(text.utf8) { try $0.decodeResolution($1) }
    }
}
