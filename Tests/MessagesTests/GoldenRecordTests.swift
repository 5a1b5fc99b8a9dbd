import Foundation
import Testing

import Messages
import Vocabulary

@Suite struct GoldenRecordTests {
    @Test func inputsAreWrittenAndReadBackToTheByte() {
        var reader = Reader()
        for (topic, record, text) in goldenInputs {
            #expect(line(record) == text)
            #expect(reader.input(text, from: topic) == .record(record))
        }
    }

    @Test func everyInputTypeHasItsLine() {
        let types = Set(goldenInputs.map { $0.2.split(separator: "\"")[2...3].last ?? "" })
        #expect(types.isSuperset(of: ["bid", "cancel", "offering.open", "offering.distribute"]))
        #expect(types.count == 14)
    }

    @Test func decisionsAreWrittenAndReadBackToTheByte() throws {
        let ending = #","epoch":3,"hash":"\#(someHash)"}"#
        var reader = Reader()
        for (decision, text) in goldenDecisions {
            #expect(sealed(decision) == text + ending)
            let expected = DecisionRecord(
                content: .decision(decision), epoch: 3, hash: try #require(HashText(someHash)),
                hashedCount: text.utf8.count)
            #expect(reader.decision(text + ending) == .record(expected))
        }
    }

    @Test func everyDecisionTypeHasItsLine() {
        let types = Set(goldenDecisions.map { $0.0.event.type })
        #expect(types == Set(DecisionType.allCases).subtracting([.epochStarted]))
    }

    @Test func epochStartedRepeatsWhatStoodBefore() throws {
        let hashed = written(room: RecordEncoder.largestSeal) {
            RecordEncoder.encodeEpochStarted(sequence: 0, partition: 12, into: $0)
        }
        #expect(hashed == #"{"type":"epochStarted","seq":0,"partition":12"#)
        let text = hashed + seal(epoch: 9_007_199_254_740_991)
        #expect(
            text == #"{"type":"epochStarted","seq":0,"partition":12,"#
                + #""epoch":9007199254740991,"hash":"\#(someHash)"}"#)
        var reader = Reader()
        let expected = DecisionRecord(
            content: .epochStarted(sequence: 0, partition: 12), epoch: 9_007_199_254_740_991,
            hash: try #require(HashText(someHash)), hashedCount: hashed.utf8.count)
        #expect(reader.decision(text) == .record(expected))
    }

    @Test func payoutsAreWrittenAndReadBackToTheByte() {
        func command(
            _ kind: PaymentID.Kind, _ subject: Identifier, original: Int32? = nil
        ) -> PaymentCommand {
            PaymentCommand(
                id: PaymentID(offering: "loan-7", subject: subject, kind: kind, number: 1),
                partition: 0, account: "a-42", amount: 500, currency: "CNY", due: 500,
                original: original)
        }
        for (command, text) in [
            (
                command(.refund(2), "b-1", original: 3),
                #"{"type":"payment","command":"loan-7/b-1/refund/2/1","kind":"refund","#
                    + #""offering":"loan-7","partition":0,"bid":"b-1","account":"a-42","#
                    + #""amount":500,"currency":"CNY","obligation":"loan-7/b-1/refund/2","#
                    + #""due":500,"original":"loan-7/b-1/3"}"#
            ),
            (
                command(.distribution(.principal, "end"), "a-42"),
                #"{"type":"payment","command":"loan-7/distribution/principal/end/a-42/1","#
                    + #""kind":"principal","offering":"loan-7","partition":0,"account":"a-42","#
                    + #""amount":500,"currency":"CNY","#
                    + #""obligation":"loan-7/distribution/principal/end/a-42","due":500}"#
            ),
            (
                command(.disbursement, "a-42"),
                #"{"type":"payment","command":"loan-7/payee/disburse/a-42/1","#
                    + #""kind":"disburse","offering":"loan-7","partition":0,"account":"a-42","#
                    + #""amount":500,"currency":"CNY","#
                    + #""obligation":"loan-7/payee/disburse/a-42","due":500}"#
            ),
            (
                command(.collection, .backstop),
                #"{"type":"payment","command":"loan-7/loan-7/backstop/1","kind":"collect","#
                    + #""offering":"loan-7","partition":0,"bid":"loan-7/backstop","#
                    + #""account":"a-42","amount":500,"currency":"CNY","#
                    + #""obligation":"loan-7/loan-7/backstop","due":500}"#
            ),
        ] {
            #expect(small { RecordEncoder.encode(command, into: $0) } == text)
            #expect(read(text) { try $0.decodePaymentCommand($1) } == .record(command))
        }
    }

    @Test func paymentCommandsAreWrittenAndReadBackToTheByte() {
        let command = PaymentCommand(
            id: PaymentID(offering: "loan-7", bid: "b-1", number: 1), partition: 0,
            account: "a-42", amount: 3_000_000, currency: "CNY", due: 3_000_000)
        let text =
            #"{"type":"payment","command":"loan-7/b-1/1","kind":"collect","offering":"loan-7","#
            + #""partition":0,"bid":"b-1","account":"a-42","amount":3000000,"currency":"CNY","#
            + #""obligation":"loan-7/b-1","due":3000000}"#
        #expect(small { RecordEncoder.encode(command, into: $0) } == text)
        #expect(read(text) { try $0.decodePaymentCommand($1) } == .record(command))
        // The id says what the other members must be.
        for (right, wrong, member) in [
            (#""offering":"loan-7""#, #""offering":"loan-8""#, Member.offering),
            (#""bid":"b-1""#, #""bid":"b-2""#, .bid),
            (#""command":"loan-7/b-1/1""#, #""command":"loan-7/b-1/refund/1""#, .command),
            (#""kind":"collect""#, #""kind":"refund""#, .kind),
            (#""kind":"collect""#, #""kind":"steal""#, .kind),
        ] {
            let reading = read(text.replacing(right, with: wrong)) {
                try $0.decodePaymentCommand($1)
            }
            #expect(reading.fault?.code == .badValue)
            #expect(reading.fault?.member == member)
        }
        let reading = read(text.replacing(#"n":"loan-7/b-1""#, with: #"n":"loan-7/b-2""#)) {
            try $0.decodePaymentCommand($1)
        }
        #expect(reading.fault?.code == .badValue)
    }

    @Test func progressIsWrittenAndReadBackToTheByte() {
        let progress = Progress(
            offering: "loan-7", state: .fullyReserved, shares: 100_000,
            counters: Counters(free: 0, reserved: 100_000, settled: 0), waiting: 5,
            served: 100_000, bids: 77, accounts: 70, at: 1_795_464_049_394, sequence: 812,
            epoch: 3)
        let text =
            #"{"offering":"loan-7","state":"fullyReserved","shares":100000,"free":0,"#
            + #""reserved":100000,"settled":0,"waiting":5,"served":100000,"bids":77,"#
            + #""accounts":70,"at":1795464049394,"seq":812,"epoch":3}"#
        #expect(small { RecordEncoder.encode(progress, into: $0) } == text)
        #expect(read(text) { try $0.decodeProgress($1) } == .record(progress))
    }

    @Test func theEnvironmentIsWrittenAndReadBackToTheByte() {
        let environment = Environment(
            name: "prod", cluster: "Ünïque \"1\"", partitions: 12, purpose: .production,
            writers: 2, commandGraceMilliseconds: 0)
        let text =
            #"{"env":"prod","cluster":"Ünïque \"1\"","partitions":12,"purpose":"production","#
            + #""clockGrace":2000,"archiveAfter":604800000,"writers":2,"#
            + #""commandGrace":0,"edition":1}"#
        #expect(small { RecordEncoder.encode(environment, into: $0) } == text)
        #expect(read(text) { try $0.decodeEnvironment($1) } == .record(environment))
        // Of an earlier build; its record is written on as it was.
        let earlier = text.replacingOccurrences(of: #","commandGrace":0,"edition":1"#, with: "")
        var old = environment
        (old.edition, old.commandGraceMilliseconds) = (0, old.clockGraceMilliseconds)
        #expect(read(earlier) { try $0.decodeEnvironment($1) } == .record(old))
        #expect(small { RecordEncoder.encode(old, into: $0) } == earlier)
        let longest = Environment(
            name: String(repeating: "\u{1}", count: 255),
            cluster: String(repeating: "\u{2}", count: 255), partitions: 1, purpose: .test)
        let longestText = small { RecordEncoder.encode(longest, into: $0) }
        #expect(read(longestText) { try $0.decodeEnvironment($1) } == .record(longest))
    }

    @Test func attentionIsWrittenAndReadBackToTheByte() {
        let misrouted = Attention(
            kind: .misrouted, offering: "loan-7", sequence: 812, source: bidSource,
            expectedPartition: 4)
        let text =
            #"{"type":"attention","kind":"misrouted","offering":"loan-7","seq":812,"#
            + #""topic":"bids","partition":0,"offset":512,"at":1795464049394,"#
            + #""expectedPartition":4}"#
        #expect(small { RecordEncoder.encode(misrouted, into: $0) } == text)
        #expect(read(text) { try $0.decodeAttention($1) } == .record(.decision(misrouted)))
        let declined = Attention(
            kind: .payoutDeclined, offering: "loan-7", sequence: 815, source: resultSource,
            command: PaymentID(offering: "loan-7", bid: "b-1", kind: .refund(1), number: 1),
            account: "a-42", amount: 3_000_000, currency: "CNY")
        let words = small { RecordEncoder.encode(declined, into: $0) }
        let end =
            #","command":"loan-7/b-1/refund/1/1","account":"a-42","amount":3000000,"#
            + #""currency":"CNY"}"#
        #expect(words.hasSuffix(end), "\(words)")
        #expect(read(words) { try $0.decodeAttention($1) } == .record(.decision(declined)))
        let malformed = Attention(
            kind: .malformed, offering: nil, sequence: 813, source: bidSource,
            error: Malformation(.wrongType, member: .shares, at: 61))
        let unreadable = small { RecordEncoder.encode(malformed, into: $0) }
        let fault = #","error":{"code":"wrongType","member":"shares","at":61}}"#
        #expect(unreadable.hasSuffix(fault), "\(unreadable)")
        #expect(read(unreadable) { try $0.decodeAttention($1) } == .record(.decision(malformed)))
        for kind in Attention.Kind.allCases {
            let attention = Attention(
                kind: kind, offering: nil, sequence: 1, source: resultSource)
            let text = small { RecordEncoder.encode(attention, into: $0) }
            #expect(read(text) { try $0.decodeAttention($1) } == .record(.decision(attention)))
        }
    }

    @Test func aStandstillIsWrittenAndReadBackToTheByte() {
        let standstill = StandstillAttention(
            worker: .payer, partition: 3, detail: "the journal was cut\nor \"made anew\"", at: 5)
        let text =
            #"{"type":"attention","kind":"laneStandsStill","worker":"payer","partition":3,"#
            + #""detail":"the journal was cut or \"made anew\"","at":5}"#
        #expect(small { RecordEncoder.encode(standstill, into: $0) } == text)
        #expect(read(text) { try $0.decodeAttention($1) } == .record(.standstill(standstill)))
        let longest = StandstillAttention(
            worker: .allocator, partition: 0,
            detail: String(repeating: "\"\u{e9}\u{1}", count: 999), at: 5)
        #expect((1_021...1_024).contains(longest.detail.utf8.count))
        let longestText = small { RecordEncoder.encode(longest, into: $0) }
        #expect(
            read(longestText) { try $0.decodeAttention($1) } == .record(.standstill(longest)))
    }

    @Test func whatIsSaidOfATopicIsWrittenAndReadBackToTheByte() {
        let open = TopicAttention(
            .openTransaction, topic: .paymentJournal, partition: 3, offset: 12, since: 4,
            detail: "it is \"open\"", at: 5)
        let openText =
            #"{"type":"attention","kind":"openTransaction","topic":"payment-journal","#
            + #""partition":3,"offset":12,"since":4,"detail":"it is \"open\"","at":5}"#
        #expect(small { RecordEncoder.encode(open, into: $0) } == openText)
        #expect(read(openText) { try $0.decodeAttention($1) } == .record(.topic(open)))
        let added = TopicAttention(
            .partitionsAdded, topic: .bids, partition: 2, since: 4, detail: "nobody", at: 5)
        let addedText =
            #"{"type":"attention","kind":"partitionsAdded","topic":"bids","partition":2,"#
            + #""since":4,"detail":"nobody","at":5}"#
        #expect(small { RecordEncoder.encode(added, into: $0) } == addedText)
        #expect(read(addedText) { try $0.decodeAttention($1) } == .record(.topic(added)))
        // An open transaction is somewhere.
        let nowhere = openText.replacing(#""offset":12,"#, with: "")
        let refused = read(nowhere) { try $0.decodeAttention($1) }
        if case .record = refused { Issue.record("\(refused)") }
    }

    /// The largest room that a decision may need is enough for the longest lists that a command
    /// can bring, and the record can be read again.
    @Test func theLargestCommandBecomesADecisionThatCanBeRead() throws {
        var terms = allTerms
        terms.payee = Identifier(parsing: String(repeating: "p", count: 64))
        let longest = try #require(Identifier(parsing: String(repeating: "x", count: 64)))
        var interest: [Identifier] = []
        var command = OfferingCommand(command: longest, offering: longest, action: .pause)
        while true {
            terms.distributions = AllowedDistributions(interest: interest)
            command.action = .open(terms)
            let rest = RecordLimits.value - line(.command(command)).utf8.count
            if rest < 67 { break }
            interest.append(longest)
        }
        var reader = Reader()
        let text = line(.command(command))
        #expect(text.utf8.count <= RecordLimits.value)
        #expect(reader.input(text, from: .offeringCommands) == .record(.command(command)))
        let most = Int64(9_007_199_254_740_991)
        let decision = Decision(
            sequence: DecisionNumber(most), offering: longest,
            event: .offering(.opened(command: longest, terms)),
            counters: Counters(free: Shares(most), reserved: Shares(most), settled: Shares(most)),
            source: Source(
                topic: .offeringCommands, partition: Partition(most), offset: Offset(most),
                at: Timestamp(most)), n: most)
        let record = sealed(decision, epoch: Epoch(most))
        #expect(record.utf8.count > RecordLimits.value)
        guard case .record(let read) = reader.decision(record) else {
            Issue.record("\(reader.decision(record))")
            return
        }
        #expect(read.content == .decision(decision))
    }

    private func small(_ encode: (UnsafeMutableRawBufferPointer) -> Int) -> String {
        written(room: RecordEncoder.largestSmallRecord, encode)
    }

    private func read<Record>(
        _ text: String,
        _ body: (inout RecordDecoder, UnsafeRawBufferPointer) throws -> Record
    ) -> Reading<Record> {
        var reader = Reader()
        return reader.read(text.utf8, body)
    }
}
