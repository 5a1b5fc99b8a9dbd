import Audit
import Messages
import Testing
import Vocabulary

/// Smallest inputs about the edges of the rules, from the bytes of the records to those of the
/// decisions; and the auditor, who has the decisions alone, agrees with each.
@Suite struct SmallInputTests {
    @Test(arguments: SmallInput.all)
    func isDecidedAsTheRulesSay(_ input: SmallInput) throws {
        let run = try GoldenRun(input.story(), limit: 1_000)
        let told = run.decisions.filter { !$0.contains("epochStarted") }.map(short)
        #expect(told.count == input.expected.count, "\(told)")
        for (line, expected) in zip(told, input.expected) {
            #expect(matches(line, expected), "decided: \(line)\nexpected: \(expected)")
        }
        let commands = run.commands.map { line in
            let words = line.split(separator: "\"").map(String.init)
            return words[3] + " " + words[7]
        }
        #expect(commands == input.commands)
    }

    @Test(arguments: SmallInput.all)
    func theAuditorAgrees(_ input: SmallInput) throws {
        var audit = PartitionAudit(partition: 0, levels: Set(AuditLevel.allCases))
        for (offset, line) in try GoldenRun(input.story(), limit: 1_000).decisions.enumerated() {
            Array(line.utf8).withUnsafeBytes { audit.examine(offset: Offset(offset), value: $0) }
        }
        let report = audit.finish()
        #expect(report.totalFindings == 0, "\(report.findings.map(\.sentence))")
        #expect(report.passed(.chain) && report.passed(.arithmetic))
    }

    /// However few decisions a call makes, and from the decisions alone.
    @Test(arguments: SmallInput.all)
    func isRebuiltFromDecisions(_ input: SmallInput) throws {
        let whole = try GoldenRun(input.story(), limit: 1_000)
        #expect(try GoldenRun(input.story(), limit: 2).decisions == whole.decisions)
        var rebuilt = GoldenRun.emptyBook(try input.story())
        var decoder = RecordDecoder()
        for line in whole.decisions {
            let record = try Array(line.utf8).withUnsafeBytes { try decoder.decodeDecision($0) }
            if case .decision(let decision) = record.content { try rebuilt.restore(decision) }
        }
        #expect(rebuilt == whole.book)
    }

    /// The members of a decision from its type to its counters, without the quotes.
    private func short(_ line: String) -> String {
        var text = line.replacing("\"", with: "")
        if let end = text.range(of: ",topic:") { text = String(text[..<end.lowerBound]) }
        return text.replacing("{type:", with: "", maxReplacements: 1)
            .replacing(#/,seq:\d+/#, with: "").replacing(",offering:o", with: "")
    }

    /// Whether `line` is `expected`, in which an ellipsis stands for anything.
    private func matches(_ line: String, _ expected: String) -> Bool {
        let pieces = expected.split(separator: "…", omittingEmptySubsequences: false)
        guard line.hasPrefix(pieces[0]), line.hasSuffix(pieces[pieces.count - 1]) else {
            return false
        }
        var rest = line[...]
        for piece in pieces where !piece.isEmpty {
            guard let found = rest.range(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return pieces.count > 1 || line == expected
    }
}

/// Records of one partition in the order in which they came, and what is to be decided.
struct SmallInput: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The topic, a space, and the value, a line a record.
    let records: String
    /// A line a decision, and a word and an id for each payment command.
    let expected: [String]
    let commands: [String]

    init(_ name: String, _ records: String, _ expected: String, _ commands: String...) {
        testDescription = name
        self.records = records
        self.expected = expected.split(separator: "\n").map(String.init)
        self.commands = commands
    }

    func story() throws -> GoldenStory {
        var lines = [
            #"{"partition":0,"epochs":[0],"environment":{"env":"golden","cluster":"golden","#
                + #""partitions":1,"purpose":"test","clockGrace":2000,"archiveAfter":100000,"#
                + #""writers":1}}"#
        ]
        var offsets: [Substring: Int] = [:]
        for (index, record) in records.split(separator: "\n").enumerated() {
            let words = record.split(separator: " ", maxSplits: 1)
            let at = 1_767_225_600_000 + 10 * index
            lines.append(
                #"{"topic":"\#(words[0])","offset":\#(offsets[words[0], default: 0]),"at":\#(at),"#
                    + #""record":\#(words[1])}"#)
            offsets[words[0], default: 0] += 1
        }
        return try GoldenStory(lines)
    }
}

extension SmallInput {
    static let all = [
        lateMoney, noLeastShares, malformed, collectedWhileCancelling, returned, refusedCommand,
        onePaymentACommand, resultZero,
    ]

    private static let lateMoney = SmallInput(
        "under skip late money takes the whole part or nothing",
        """
        offering-commands {"type":"offering.open","command":"c","offering":"o","shares":4,\
        "price":1,"currency":"XXX","lot":2,"remainder":"skip","maxSharesPerAccount":2,\
        "backstop":{"account":"a","maxShares":1},"minimumShares":1}
        bids {"type":"bid","bid":"b0","offering":"o","account":"a","shares":2,"allOrNone":false}
        payment-results {"type":"declined","command":"o/b0/1","result":1,"offering":"o",\
        "account":"a"}
        offering-commands {"type":"offering.close","command":"x","offering":"o"}
        payment-results {"type":"conflict","command":"o/b0/1","result":2,"offering":"o",\
        "account":"a","amount":2}
        payment-results {"type":"paid","command":"o/o/backstop/1","result":1,"offering":"o",\
        "account":"a","amount":1}
        """,
        """
        opened,command:c,…,free:4,reserved:0,settled:0
        reserved,bid:b0,account:a,asked:2,allOrNone:false,shares:2,waiting:0,free:2,reserved:2,settled:0
        released,bid:b0,account:a,shares:2,payment:o/b0/1,result:1,reason:declined,free:4,reserved:0,settled:0
        closing,command:x,free:4,reserved:0,settled:0
        reserved,bid:o/backstop,account:a,asked:1,allOrNone:false,shares:1,waiting:0,free:3,reserved:1,settled:0
        refunding,bid:b0,account:a,shares:2,payment:o/b0/1,refund:1,amount:2,result:2,free:3,reserved:1,settled:0
        settled,bid:o/backstop,account:a,shares:1,payment:o/o/backstop/1,result:1,free:3,reserved:0,settled:1
        closedShort,free:3,reserved:0,settled:1
        certificate,state:closedShort,…,refunded:2,returned:0,…,free:3,reserved:0,settled:1
        """,
        "payment o/b0/1", "payment o/o/backstop/1", "payment o/b0/refund/1/1")

    private static let noLeastShares = SmallInput(
        "a smallest bid of nothing opens nothing",
        """
        offering-commands {"type":"offering.open","command":"c","offering":"o","shares":10,\
        "price":1,"currency":"XXX","minShares":0}
        bids {"type":"bid","bid":"b","offering":"o","account":"a","shares":0,"allOrNone":false}
        bids {"type":"bid","bid":"b2","offering":"o","account":"a","shares":1,"allOrNone":false}
        """,
        """
        rejected,command:c,reason:badTerms,member:minShares
        rejected,bid:b,account:a,asked:0,allOrNone:false,reason:unknownOffering
        rejected,bid:b2,account:a,asked:1,allOrNone:false,reason:unknownOffering
        """)

    private static let malformed = SmallInput(
        "a malformed record names what of it could be read",
        """
        offering-commands {"type":"offering.open","command":"c","offering":"o","shares":10,\
        "price":1,"currency":"XXX"}
        bids {"type":"bid","bid":"b1","offering":"o","account":"a","shares":1.5}
        bids {"type":"bid","bid":"b 1","offering":"o","account":"a","account":"b","shares":1}
        bids {"type":"bid","bid":"b1","offering":"p","account":7,"shares":1}
        bids {"type":"bid","bid":"b1","offering":"o","account":"a","shares":1}
        offering-commands {"type":"offering.cancel","command":"x","offering":"o"}
        payment-results {"type":"recalled","command":"o/b1/1","result":1,"offering":"o",\
        "account":"a"}
        """,
        """
        opened,command:c,…,free:10,reserved:0,settled:0
        rejected,bid:b1,account:a,reason:malformed,error:{code:outOfRange,member:shares,at:63},free:10,reserved:0,settled:0
        rejected,reason:malformed,error:{code:duplicateMember,member:account,at:55},free:10,reserved:0,settled:0
        rejected,offering:p,bid:b1,reason:malformed,error:{code:wrongType,member:account,at:50}
        reserved,bid:b1,account:a,asked:1,allOrNone:false,shares:1,waiting:0,free:9,reserved:1,settled:0
        cancelling,command:x,free:9,reserved:1,settled:0
        cancelRequested,bid:b1,account:a,shares:1,payment:o/b1/1,free:9,reserved:1,settled:0
        released,bid:b1,account:a,shares:1,payment:o/b1/1,result:1,reason:recalled,free:10,reserved:0,settled:0
        offeringCancelled,free:10,reserved:0,settled:0
        certificate,state:cancelled,…,refusals:{malformed:2},…
        """,
        "payment o/b1/1", "recall o/b1/1")

    private static let collectedWhileCancelling = SmallInput(
        "what is collected while an offering is cancelled was given back",
        """
        offering-commands {"type":"offering.open","command":"c","offering":"o","shares":6,\
        "price":7,"currency":"XXX"}
        bids {"type":"bid","bid":"b0","offering":"o","account":"a","shares":6,"allOrNone":false}
        offering-commands {"type":"offering.cancel","command":"x","offering":"o"}
        payment-results {"type":"paid","command":"o/b0/1","result":1,"offering":"o",\
        "account":"a","amount":42}
        payment-results {"type":"paid","command":"o/b0/refund/1/1","result":1,"offering":"o",\
        "account":"a","amount":42}
        """,
        """
        opened,command:c,…,free:6,reserved:0,settled:0
        reserved,bid:b0,…,free:0,reserved:6,settled:0
        fullyReserved,free:0,reserved:6,settled:0
        cancelling,command:x,free:0,reserved:6,settled:0
        cancelRequested,bid:b0,…,free:0,reserved:6,settled:0
        refunding,bid:b0,account:a,shares:6,payment:o/b0/1,refund:1,amount:42,result:1,free:6,reserved:0,settled:0
        refunded,bid:b0,account:a,payment:o/b0/refund/1/1,amount:42,result:1,free:6,reserved:0,settled:0
        offeringCancelled,free:6,reserved:0,settled:0
        certificate,state:cancelled,…,refunded:6,returned:0,…
        """,
        "payment o/b0/1", "recall o/b0/1", "payment o/b0/refund/1/1")

    private static let returned = SmallInput(
        "what the bank took back is not given back again",
        """
        offering-commands {"type":"offering.open","command":"c","offering":"o","shares":1,\
        "price":1,"currency":"XXX"}
        bids {"type":"bid","bid":"b0","offering":"o","account":"a","shares":1,"allOrNone":false}
        payment-results {"type":"paid","command":"o/b0/1","result":1,"offering":"o",\
        "account":"a","amount":1}
        payment-results {"type":"returned","command":"o/b0/1","result":2,"offering":"o",\
        "account":"a","amount":1}
        offering-commands {"type":"offering.cancel","command":"x","offering":"o"}
        payment-results {"type":"paid","command":"o/b0/refund/1/1","result":1,"offering":"o",\
        "account":"a","amount":1}
        """,
        """
        opened,command:c,…,free:1,reserved:0,settled:0
        reserved,bid:b0,…,free:0,reserved:1,settled:0
        fullyReserved,free:0,reserved:1,settled:0
        settled,bid:b0,…,free:0,reserved:0,settled:1
        filled,free:0,reserved:0,settled:1
        certificate,state:filled,…,refunded:0,returned:0,…
        paymentReturned,bid:b0,account:a,payment:o/b0/1,amount:1,result:2,free:0,reserved:0,settled:1
        cancelling,command:x,free:0,reserved:0,settled:1
        released,bid:b0,account:a,shares:1,payment:o/b0/1,result:2,reason:returned,free:1,reserved:0,settled:0
        offeringCancelled,free:1,reserved:0,settled:0
        certificate,state:cancelled,…,refunded:0,returned:1,…
        rejected,payment:o/b0/refund/1/1,result:1,reason:unknownCommand,free:1,reserved:0,settled:0
        """,
        "payment o/b0/1")

    private static let refusedCommand = SmallInput(
        "a command that was refused never acts",
        """
        offering-commands {"type":"offering.open","command":"c","offering":"o","shares":2,\
        "price":1,"currency":"XXX","payee":"p","minimumShares":1}
        bids {"type":"bid","bid":"b0","offering":"o","account":"a","shares":1,"allOrNone":false}
        offering-commands {"type":"offering.resume","command":"r1","offering":"o"}
        offering-commands {"type":"offering.pause","command":"p1","offering":"o"}
        offering-commands {"type":"offering.resume","command":"r1","offering":"o"}
        offering-commands {"type":"offering.cancel","command":"k1","offering":"o"}
        """,
        """
        opened,command:c,…,free:2,reserved:0,settled:0
        reserved,bid:b0,…,free:1,reserved:1,settled:0
        rejected,command:r1,action:{type:offering.resume},reason:wrongState,free:1,reserved:1,settled:0
        paused,command:p1,free:1,reserved:1,settled:0
        repeated,command:r1,of:3,was:rejected,reason:wrongState,free:1,reserved:1,settled:0
        cancelling,command:k1,free:1,reserved:1,settled:0
        cancelRequested,bid:b0,…,free:1,reserved:1,settled:0
        """,
        "payment o/b0/1", "recall o/b0/1")

    private static let onePaymentACommand = SmallInput(
        "a command's id stands for one payment",
        """
        offering-commands {"type":"offering.open","command":"c","offering":"o","shares":1,\
        "price":1,"currency":"XXX"}
        bids {"type":"bid","bid":"b0","offering":"o","account":"a","shares":1,"allOrNone":false}
        offering-commands {"type":"offering.cancel","command":"k","offering":"o"}
        payment-results {"type":"paid","command":"o/b0/1","result":1,"offering":"o",\
        "account":"a","amount":1}
        payment-results {"type":"declined","command":"o/b0/refund/1/1","result":1,\
        "offering":"o","account":"a"}
        offering-commands {"type":"offering.repay","command":"r","offering":"o",\
        "payment":"o/b0/refund/1/1"}
        payment-results {"type":"declined","command":"o/b0/refund/1/2","result":1,\
        "offering":"o","account":"a"}
        offering-commands {"type":"offering.repay","command":"r","offering":"o",\
        "payment":"o/b0/refund/1/2"}
        offering-commands {"type":"offering.repay","command":"r2","offering":"o",\
        "payment":"o/b0/refund/1/1"}
        """,
        """
        opened,command:c,…,free:1,reserved:0,settled:0
        reserved,bid:b0,…,free:0,reserved:1,settled:0
        fullyReserved,free:0,reserved:1,settled:0
        cancelling,command:k,free:0,reserved:1,settled:0
        cancelRequested,bid:b0,…,free:0,reserved:1,settled:0
        refunding,bid:b0,…,free:1,reserved:0,settled:0
        payoutDeclined,bid:b0,account:a,payment:o/b0/refund/1/1,…
        repaying,command:r,action:{type:offering.repay,payment:o/b0/refund/1/1},bid:b0,account:a,payment:o/b0/refund/1/2,amount:1,free:1,reserved:0,settled:0
        payoutDeclined,bid:b0,account:a,payment:o/b0/refund/1/2,…
        rejected,command:r,action:{type:offering.repay,payment:o/b0/refund/1/2},reason:conflictingDuplicate,free:1,reserved:0,settled:0
        rejected,command:r2,action:{type:offering.repay,payment:o/b0/refund/1/1},reason:wrongState,free:1,reserved:0,settled:0
        """,
        "payment o/b0/1", "recall o/b0/1", "payment o/b0/refund/1/1", "payment o/b0/refund/1/2")

    private static let resultZero = SmallInput(
        "results count from 1",
        """
        offering-commands {"type":"offering.open","command":"c","offering":"o","shares":10,\
        "price":1,"currency":"XXX"}
        bids {"type":"bid","bid":"b","offering":"o","account":"a","shares":1,"allOrNone":false}
        payment-results {"type":"paid","command":"o/b/1","result":0,"offering":"o",\
        "account":"a","amount":1}
        payment-results {"type":"paid","command":"o/b/1","result":1,"offering":"o",\
        "account":"a","amount":1}
        """,
        """
        opened,command:c,…,free:10,reserved:0,settled:0
        reserved,bid:b,…,free:9,reserved:1,settled:0
        rejected,account:a,reason:malformed,error:{code:outOfRange,member:result,at:42},free:9,reserved:1,settled:0
        settled,bid:b,…,free:9,reserved:0,settled:1
        """,
        "payment o/b/1")
}
