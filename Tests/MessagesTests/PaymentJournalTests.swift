import Testing

import Messages
import Vocabulary

/// The records of a payer: what they look like, and that they read back as they were written.
@Suite struct PaymentJournalTests {
    static let id = PaymentID(offering: "loan-7", bid: "b-1", number: 1)

    static let golden: [(String, JournalEntry)] = [
        (
            #"{"type":"epoch","epoch":3,"at":1795464049394,"number":17}"#,
            .epoch(PayerEpoch(epoch: 3, at: 1_795_464_049_394))
        ),
        (
            #"{"type":"intent","command":"loan-7/b-1/1","kind":"collect","partition":4,"#
                + #""account":"a-42","amount":3000000,"currency":"CNY","due":3000000,"#
                + #""key":"3f1c","channel":"bank","token":"acc_9","body":"{\"amount\":1}","#
                + #""sourcePartition":2,"sourceOffset":17,"sourceAt":4,"at":5,"number":17}"#,
            .intent(
                PaymentIntent(
                    command: PaymentCommand(
                        id: id, partition: 4, account: "a-42",
                        amount: 3_000_000, currency: "CNY", due: 3_000_000),
                    key: "3f1c", channel: "bank", accountToken: "acc_9",
                    body: #"{"amount":1}"#, source: CommandSource(partition: 2, offset: 17, at: 4),
                    at: 5))
        ),
        (
            #"{"type":"sending","command":"loan-7/b-1/1","attempt":2,"isRepeat":true,"#
                + #""epoch":3,"channel":"bank","key":"3f1c","windowEndsAt":5006,"at":6,"#
                + #""number":17}"#,
            .sending(
                PaymentSending(
                    command: id, attempt: 2, isRepeat: true, epoch: 3, channel: "bank",
                    key: "3f1c", windowEndsAt: 5_006, at: 6))
        ),
        (
            #"{"type":"outcome","command":"loan-7/b-1/1","attempt":2,"class":"paid","#
                + #""reference":"pay_01","result":2,"at":7,"number":17}"#,
            .outcome(
                PaymentOutcome(
                    command: id, attempt: 2, class: .paid, reference: "pay_01", result: 2, at: 7))
        ),
        (
            #"{"type":"outcome","command":"loan-7/b-1/1","attempt":1,"class":"notExecuted","#
                + #""retryAt":9,"at":7,"number":17}"#,
            .outcome(
                PaymentOutcome(command: id, attempt: 1, class: .notExecuted, retryAt: 9, at: 7))
        ),
        (
            #"{"type":"lookup","command":"loan-7/b-1/1","class":"notFound","at":8,"number":17}"#,
            .lookup(PaymentLookup(command: id, class: .notFound, at: 8))
        ),
        (
            #"{"type":"parked","command":"loan-7/b-1/1","reason":"keyExpired","result":3,"#
                + #""at":8,"number":17}"#,
            .parked(PaymentParking(command: id, reason: .keyExpired, result: 3, at: 8))
        ),
        (
            #"{"type":"admitted","command":"loan-7/b-1/1","at":8,"number":17}"#,
            .admitted(PaymentAdmission(command: id, at: 8))
        ),
        (
            #"{"type":"waiting","command":"loan-7/b-1/1","behind":"loan-7/b-1/1","#
                + #""result":1,"at":8,"number":17}"#,
            .waiting(PaymentWaiting(command: id, behind: id, result: 1, at: 8))
        ),
        (
            #"{"type":"recalled","command":"loan-7/b-1/1","offering":"loan-7","partition":4,"#
                + #""account":"a-42","sourcePartition":2,"sourceOffset":18,"sourceAt":4,"#
                + #""result":1,"at":8,"number":17}"#,
            .recalled(
                PaymentRecalled(
                    recall: PaymentRecall(command: id, partition: 4, account: "a-42"),
                    source: CommandSource(partition: 2, offset: 18, at: 4), result: 1, at: 8))
        ),
        (
            #"{"type":"conflict","command":"loan-7/b-1/1","sourcePartition":2,"#
                + #""sourceOffset":19,"sourceAt":4,"at":8,"number":17}"#,
            .conflict(
                PaymentConflict(
                    command: id, source: CommandSource(partition: 2, offset: 19, at: 4), at: 8))
        ),
        (
            #"{"type":"channel","channel":"bank","origin":"https://bank.example","path":"/a","#
                + #""merchant":"m-1","at":8,"number":17}"#,
            .channel(
                PaymentChannelBinding(
                    channel: PaymentChannel(
                        name: "bank", origin: "https://bank.example", path: "/a",
                        merchant: "m-1"), at: 8))
        ),
        (
            #"{"type":"redrafted","command":"loan-7/b-1/1","channel":"bank","token":"acc_9","#
                + #""body":"{}","at":8,"number":17}"#,
            .redrafted(
                PaymentRedraft(
                    command: id, channel: "bank", accountToken: "acc_9", body: "{}", at: 8))
        ),
        (
            #"{"type":"rebuilt","partition":2,"last":8,"mark":12,"isRestarted":false,"#
                + #""proposedBy":"anna","approvedBy":"ben","resolution":1,"at":8,"number":17}"#,
            .rebuilt(
                PaymentRebuilt(
                    rebuild: ApprovedRebuild(
                        damage: JournalDamage(
                            partition: 2, last: 8, mark: 12, isRestarted: false),
                        proposedBy: "anna", approvedBy: "ben", resolution: 1), at: 8))
        ),
        (
            #"{"type":"lost","command":"loan-7/b-1/1","class":"paid","answered":2,"#
                + #""reference":"pay_01","at":8,"number":17}"#,
            .lost(
                PaymentLost(command: id, class: .paid, answered: 2, reference: "pay_01", at: 8))
        ),
        (
            #"{"type":"outcome","command":"loan-7/b-1/1","attempt":1,"class":"rejected","#
                + #""status":400,"problem":"validation","cause":"amount","at":7,"number":17}"#,
            .outcome(
                PaymentOutcome(
                    command: id, attempt: 1, class: .rejected,
                    words: ProviderWords(status: 400, problem: "validation", cause: "amount"),
                    at: 7))
        ),
    ] + ResolutionRecordTests.entries

    @Test func journalEntriesLookLikeThis() {
        var reader = Reader()
        for (text, entry) in Self.golden {
            #expect(journalLine(entry) == text)
            #expect(reader.journal(text) == .record(entry))
        }
    }
}

func journalLine(_ entry: JournalEntry) -> String {
    written(room: RecordEncoder.largestJournalEntry) {
        RecordEncoder.encode(entry, number: 17, into: $0)
    }
}

extension Reader {
    mutating func journal(_ text: String) -> Reading<JournalEntry> {
        read(text.utf8) { (decoder, value) throws(Malformation) in
            let record = try decoder.decodeJournal(value)
            // The number that `journalLine` gives to every entry.
            #expect(record.number == 17)
            return record.entry
        }
    }

    mutating func order(_ text: String) -> Reading<PaymentOrder> {
        read(text.utf8) { try $0.decodePaymentOrder($1) }
    }
}
