import Testing

import Messages
import SeededNumbers
import Vocabulary

/// What a journal must not hold, and what random entries become.
@Suite struct PaymentJournalStrictnessTests {
    /// Each member of each golden entry, left out, twice, or of another type.
    @Test func everyListedMemberIsHeldToItsForm() throws {
        var reader = Reader()
        let optional: Set<String> = [
            "token", "parked", "result", "reference", "retryAt", "merchant", "status", "problem",
            "cause", "resolution", "channel", "kind", "amount", "whole",
        ]
        for (text, entry) in PaymentJournalTests.golden {
            for (name, member) in members(of: text) {
                let without = text.replacing("," + member, with: "", maxReplacements: 1)
                let wrong = text.replacing(member, with: #""\#(name)":[]"#, maxReplacements: 1)
                if name != "type" {
                    let reading = reader.journal(without)
                    let isMissing = reading.fault?.code == .missingMember
                    let mayMiss = optional.contains(name) && !(Self.needsResult(entry))
                    #expect(isMissing || mayMiss && reading.fault == nil, "\(without)")
                }
                let expected: Malformation.Code = .wrongType
                #expect(reader.journal(wrong).fault?.code == expected, "\(wrong)")
                let twice = text.dropLast() + "," + member + "}"
                #expect(reader.journal(String(twice)).fault?.code == .duplicateMember, "\(twice)")
            }
        }
    }

    private static func needsResult(_ entry: JournalEntry) -> Bool {
        switch entry {
        case .waiting, .recalled: true
        default: false
        }
    }

    /// The members of an object without arrays or objects, with their names.
    private func members(of text: String) -> [(String, String)] {
        let pattern = /"([a-zA-Z]+)":("(?:[^"\\]|\\.)*"|[0-9]+|true|false)/
        return text.matches(of: pattern).map { (String($0.1), String($0.0)) }
    }

    @Test(arguments: [
        #"{"type":"lost","command":"loan-7/b-1/1","class":"pending","answered":1,"at":8,"#
            + #""number":17}"#,
        #"{"type":"sent","at":1,"number":17}"#,
        #"{"type":"parked","command":"loan-7/b-1/1","reason":"tired","at":8,"number":17}"#,
        #"{"type":"lookup","command":"loan-7/b-1/1","class":"conflict","at":8,"number":17}"#,
        #"{"type":"admitted","command":"loan-7","at":8,"number":17}"#,
        #"{"type":"recalled","command":"loan-7/b-1/1","offering":"loan-8","partition":4,"#
            + #""account":"a-42","sourcePartition":2,"sourceOffset":18,"sourceAt":4,"#
            + #""result":1,"at":8,"number":17}"#,
    ])
    func whatNoPayerWritesIsRefused(_ text: String) {
        var reader = Reader()
        #expect(reader.journal(text).fault != nil)
    }

    @Test(arguments: [9, 99, 999] as [UInt64])
    func entriesReadBackAsTheyWereWritten(_ seed: UInt64) {
        var random = RandomRecords(generator: SeededGenerator(seed: seed))
        var reader = Reader()
        for index in 0..<20_000 {
            let entry = random.journalEntry()
            let text = journalLine(entry)
            if reader.journal(text) != .record(entry) {
                Issue.record("seed \(seed), entry \(index): \(text)")
                return
            }
        }
    }

    @Test func theLargestIntentFitsIntoARecord() {
        var reader = Reader()
        var random = RandomRecords(generator: SeededGenerator(seed: 1))
        let name = Identifier(parsing: String(repeating: "x", count: 64))!
        guard case .intent(var intent) = random.intent() else { return }
        intent.command.id = PaymentID(offering: name, bid: name, number: .max)
        intent.command.account = name
        (intent.key, intent.channel) = (name, name)
        intent.body = String(repeating: "\u{1}", count: RecordLimits.paymentBody)
        intent.accountToken = String(repeating: "\u{2}", count: RecordLimits.providerText)
        #expect(reader.journal(journalLine(.intent(intent))) == .record(.intent(intent)))
    }
}
