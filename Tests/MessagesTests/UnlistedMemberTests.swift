import Testing

import Messages
import Vocabulary

/// A member that a record's type does not list: a term that nobody read in an operator's command,
/// and in a worker's own records what a newer build knew; elsewhere nobody minds.
@Suite struct UnlistedMemberTests {
    private static let open =
        #"{"type":"offering.open","command":"c","offering":"o","shares":9,"price":1,"#
        + #""currency":"CNY""#

    /// What stands in the command, the name that is found, and where its value begins.
    @Test(arguments: [
        (open + #","minShare":2}"#, "minShare", #"2}"#),
        (open + #","closedAt":17,"shares2":3}"#, "closedAt", "17,"),
        (open + #","reason":"x"}"#, "reason", #""x""#),
        (open + #","backstop":{"account":"a","maxShares":1,"price":7}}"#, "price", "7}}"),
        (open + #","distributions":{"dividend":["d"]}}"#, "dividend", #"["d"]"#),
        (#"{"type":"offering.close","command":"c","offering":"o","force":true}"#, "force", "true"),
        (#"{"type":"offering.cancel","command":"c","offering":"o","shares":1}"#, "shares", "1}"),
        (#"{"type":"payments.recommand","command":"c","offering":"o"}"#, "offering", #""o""#),
    ])
    func makesACommandMalformed(_ text: String, _ name: String, _ value: String) throws {
        var reader = Reader()
        let start = try #require(text.ranges(of: value).last).lowerBound
        #expect(
            reader.input(text, from: .offeringCommands).fault
                == Malformation(
                    .unlistedMember, unlisted: Identifier(parsing: name),
                    at: text.utf8.distance(from: text.startIndex, to: start)), "\(text)")
        // The same command without it is fine, and what comes next is judged by itself.
        #expect(reader.input(Self.open + "}", from: .offeringCommands).fault == nil)
    }

    /// A name that is no word of any id is told by its place alone.
    @Test func ofAnyName() {
        var reader = Reader()
        let long = String(repeating: "x", count: 65)
        for name in ["", "a b", #"\u0000"#, "\u{e9}", long] {
            let text = Self.open + #","\#(name)":1}"#
            #expect(
                reader.input(text, from: .offeringCommands).fault
                    == Malformation(.unlistedMember, at: text.utf8.count - 2), "\(text)")
        }
        let escaped = Self.open + #","\u006dinShare":1}"#
        #expect(
            reader.input(escaped, from: .offeringCommands).fault?.unlisted == "minShare")
    }

    /// `at` belongs into a file's line, and into no record.
    @Test func linesOfFilesHaveATime() throws {
        let text = Self.open + #","at":5}"#
        var reader = Reader()
        #expect(reader.input(text, from: .offeringCommands).fault?.unlisted == "at")
        var decoder = RecordDecoder()
        for (line, name) in [(text, nil), (Self.open + #","at":5,"to":1}"#, "to")] {
            var line = line
            line.withUTF8 { bytes in
                do throws(TimedFault) {
                    let timed = try decoder.decodeTimed(
                        UnsafeRawBufferPointer(bytes), from: .offeringCommands)
                    #expect(name == nil && timed.at == 5)
                } catch {
                    guard case .record(let fault) = error else {
                        Issue.record("\(error)")
                        return
                    }
                    #expect(fault.unlisted.map { "\($0)" } == name)
                }
            }
        }
    }

    @Test func isIgnoredInBidsAndResults() {
        var reader = Reader()
        let bid = #"{"type":"bid","bid":"b","offering":"o","account":"a","shares":1,"channel":"x"}"#
        #expect(reader.input(bid).fault == nil)
        let paid = #"{"type":"paid","command":"o/b/1","result":1,"offering":"o","account":"a","#
            + #""amount":1,"settledBy":"x"}"#
        #expect(reader.input(paid, from: .paymentResults).fault == nil)
    }

    // MARK: What workers wrote

    /// Everything that this build writes it also reads as strictly.
    @Test func whatThisBuildWritesHasNone() {
        var reader = Reader()
        for (decision, _) in goldenDecisions {
            let reading = reader.read(sealed(decision).utf8) {
                try $0.decodeDecision($1, refusesUnlisted: true)
            }
            #expect(reading.fault == nil, "\(decision)")
        }
        for (text, _) in PaymentJournalTests.golden {
            let reading = reader.read(text.utf8) {
                try $0.decodeJournal($1, refusesUnlisted: true)
            }
            #expect(reading.fault == nil, "\(text)")
        }
    }

    @Test func isFoundWhereAWorkerReads() {
        var reader = Reader()
        for (decision, _) in goldenDecisions {
            let text = sealed(decision)
                .replacing(#"{"type":"#, with: #"{"ruling":[{}],"type":"#, maxReplacements: 1)
            let strict = reader.read(text.utf8) {
                try $0.decodeDecision($1, refusesUnlisted: true)
            }
            #expect(strict.fault == Malformation(.unlistedMember, unlisted: "ruling", at: 10))
            #expect(reader.read(text.utf8) { try $0.decodeDecision($1) }.fault == nil, "\(text)")
        }
        for (text, _) in PaymentJournalTests.golden {
            let text = text.dropLast() + #","ruling":1}"#
            let strict = reader.read(text.utf8) {
                try $0.decodeJournal($1, refusesUnlisted: true)
            }
            #expect(strict.fault?.unlisted == "ruling", "\(text)")
            #expect(reader.read(text.utf8) { try $0.decodeJournal($1) }.fault == nil, "\(text)")
        }
    }

    /// In the parts of a decision, too.
    @Test func isFoundInAPart() {
        var reader = Reader()
        let text = sealed(goldenDecisions[1].0)
            .replacing(#""cut":{"#, with: #""cut":{"by":"x","#)
        let strict = reader.read(text.utf8) { try $0.decodeDecision($1, refusesUnlisted: true) }
        #expect(strict.fault?.unlisted == "by", "\(text)")
    }
}
