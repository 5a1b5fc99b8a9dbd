import Audit
import Testing
import Vocabulary

/// Books whose chain is right and whose content is not: whoever can write the topic can seal it
/// again, but not make it add up.
@Suite struct ForgeryTests {
    /// Members that the decisions alone do not determine; the inputs do, which is another level's
    /// work. All others must be found, and these are free in some places only.
    private static func isFree(_ name: String, _ body: Body) -> Bool {
        let fromInputs = ["at", "price", "rules", "minShares", "minimumShares", "offset", "result"]
        return fromInputs.contains(name) || name == "asked" && body.text.contains("rejected")
    }

    /// Every number in every decision, one more and one less.
    @Test func everyChangedNumberIsFound() {
        var missed: Set<String> = []
        var tried = 0
        for (index, body) in AuditedSale.sale.enumerated() where !body.isStart {
            for match in body.text.matches(of: #/"(\w+)":(\d+)/#) {
                let name = String(match.1)
                guard let number = Int(match.2), !Self.isFree(name, body) else { continue }
                for changed in [number + 1, number - 1] where changed >= 0 {
                    var bodies = AuditedSale.sale
                    bodies[index].text.replaceSubrange(
                        match.2.startIndex..<match.2.endIndex, with: "\(changed)")
                    tried += 1
                    if audit(seal(bodies)).totalFindings == 0 {
                        missed.insert("\(name) \(number) -> \(changed) in \(body.text)")
                    }
                }
            }
        }
        for text in missed.sorted() { Issue.record("not found: \(text)") }
        #expect(tried > 300, "\(tried) numbers were changed")
    }

    /// A forgery: which record is changed, how, and what an audit must call it.
    struct Forgery: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var record: Int
        var from: String
        /// nil: the record is taken out, and those after it are numbered anew.
        var to: String?
        var code: AuditFinding.Code

        init(
            _ description: String, _ record: Int, _ from: String, _ to: String?,
            _ code: AuditFinding.Code
        ) {
            testDescription = description
            self.record = record
            self.from = from
            self.to = to
            self.code = code
        }
    }

    static let forgeries = [
        Forgery("a bid decided twice", 3, #""offset":1"#, #""offset":0"#, .wrongSource),
        Forgery("a group with a gap", 6, #""n":1"#, #""n":2"#, .wrongSource),
        Forgery("a share from nowhere", 3, #""free":2"#, #""free":3"#, .wrongCounters),
        Forgery("one share more than asked for", 3, #""shares":4"#, #""shares":5"#, .wrongParts),
        Forgery("an expired bid kept in the dark", 22, "b4", nil, .wrongParts),
        Forgery("a payment of another part", 18, "o/b3/1", "o/b3/2", .wrongPayment),
        Forgery("a payment that is settled twice", 19, "o/b3/2", "o/b3/1", .wrongPayment),
        Forgery("a release of another's shares", 15, #""ben""#, #""carl""#, .wrongParts),
        Forgery("a cap that was lower", 1, "Account\":8", "Account\":7", .overLimit),
        Forgery("a waitlist that was shorter", 1, "Shares\":12", "Shares\":11", .overLimit),
        Forgery("an untrue reason", 11, "waitlistFull", "overAccountCap", .againstTerms),
        Forgery("a cut without need", 8, "overAccountCap", "waitlistFull", .againstTerms),
        Forgery("all or none, split", 5, ":false", ":true", .againstTerms),
        Forgery("full, and nobody says so", 6, "fullyReserved", nil, .wrongState),
        Forgery("filled too early", 6, "fullyReserved", "filled", .wrongState),
        Forgery("never filled", 21, "filled", nil, .wrongState),
        Forgery("somebody waits before free shares", 17, "b5", nil, .notServed),
        Forgery(
            "somebody is passed over", 16, #""b3","account":"carl","shares":3,"waiting":0"#,
            #""b5","account":"anna","shares":3,"waiting":1"#, .wrongOrder),
        Forgery("a repeat of another decision", 4, #""of":2"#, #""of":3"#, .wrongRepeat),
        Forgery("a repeat that tells a lie", 4, #""was":"reserved""#, #""was":"waitlisted""#,
            .wrongRepeat),
        Forgery("a bid under another name", 3, #""b2""#, #""b1""#, .wrongRepeat),
        Forgery("a decision about nothing", 2, #""offering":"o""#, #""offering":"p""#, .wrongState),
    ]

    @Test(arguments: forgeries)
    func isFound(_ forgery: Forgery) throws {
        var bodies = AuditedSale.sale
        let old = bodies[forgery.record].text
        try #require(old.contains(forgery.from), "the story has changed: \(old)")
        if let to = forgery.to {
            bodies[forgery.record].text = old.replacingFirst(forgery.from, with: to)
        } else {
            bodies.remove(at: forgery.record)
            for index in forgery.record..<bodies.count {
                let match = try #require(bodies[index].text.firstMatch(of: #/"seq":(\d+)/#))
                bodies[index].text = bodies[index].text.replacingFirst(
                    String(match.0), with: #""seq":\#(Int(match.1)! - 1)"#)
            }
        }
        let report = audit(seal(bodies))
        #expect(report.passed(.chain), "the chain is right: \(report.findings)")
        #expect(!report.passed(.arithmetic))
        #expect(report.findings.map(\.code).contains(forgery.code), "\(report.findings)")
        #expect(report.findings.allSatisfy { !$0.sentence.isEmpty && $0.level == .arithmetic })
    }

    /// Every kind of finding is provoked by something above or by the tests of the chain.
    @Test func everyArithmeticFindingIsProvoked() {
        let chain: Set<AuditFinding.Code> = [
            .unreadable, .wrongHash, .wrongSequence, .wrongEpoch, .unknownEpoch, .wrongPartition,
        ]
        #expect(Set(Self.forgeries.map(\.code)).union(chain) == Set(AuditFinding.Code.allCases))
    }
}
