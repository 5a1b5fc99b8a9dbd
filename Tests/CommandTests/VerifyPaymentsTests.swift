import CommandRunning
import Foundation
import SQLite
import Testing

/// `verify` holds payment-commands against what the decisions ordered.
@Suite struct VerifyPaymentsTests {
    private static let topic = "dev.payment-commands"

    /// Six payments in two partitions, one recall, and nothing paid.
    private func commanded() throws -> Folder {
        let folder = try Folder(isChecked: false)
        try Run.fairfill(["topics", "create", "--partitions", "2", "--quiet"], in: folder)
            .mustWork()
        try folder.open("o", shares: 18, price: 100)
        let bids = (0..<6).map {
            #"{"bid":"b\#($0)","offering":"o","account":"a\#($0)","shares":3}"# + "\n"
        }.joined()
        try Run.fairfill(["bid", "--from", "-", "--quiet"], in: folder, input: bids).mustWork()
        try Run.fairfill(
            ["cancel-bid", "--offering", "o", "--account", "a1", "--id", "b1"], in: folder
        ).mustWork()
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        return folder
    }

    private func verify(
        _ folder: Folder, _ code: Int32, _ words: [String] = [], options: [String] = []
    ) throws {
        let run = try Run.fairfill(["verify"] + options, in: folder)
        #expect(run.exitCode == code, "\(run)")
        // A sentence goes on below where it is long.
        let said = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for words in words {
            let words = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(said.contains(words), "\(words): \(run.output)")
        }
        let verdict = [0: "verified:", 1: "NOT RIGHT:", 3: "not verified:"][code]!
        #expect(run.lines.last?.hasPrefix(verdict) == true, "\(run.output)")
    }

    private func change(_ folder: Folder, _ sql: String) throws {
        let file = try Connection(path: "\(folder.path)/fairfill.db", .readWrite)
        try file.execute(sql)
    }

    private var records: String {
        "records WHERE position >> 40 IN (SELECT id FROM partitions WHERE topic = '\(Self.topic)')"
    }

    @Test func whatWasOrderedIsThere() throws {
        let folder = try commanded()
        try verify(
            folder, 0, ["\(Self.topic)  payments   right: 7 ordered by decisions, 7 records"])
        try verify(folder, 0, options: ["--level", "payments"])
        try verify(folder, 0, options: ["--partitions", "0"])
        try verify(folder, 0, options: ["--partitions", "1"])
        let lines = try Run.fairfill(["verify", "--json"], in: folder).mustWork().objects()
        #expect(lines.count == 3)
        #expect(lines.last?["topic"] as? String == Self.topic)
        #expect(lines.last?["payments"] as? String == "right")
        #expect(lines.last?["ordered"] as? Int == 7)
        // Where only the chain is asked for nothing else is read.
        let chain = try Run.fairfill(["verify", "--level", "chain"], in: folder).mustWork()
        #expect(!chain.output.contains(Self.topic))
    }

    @Test func oneThatIsMissingNamesItsDecision() throws {
        let folder = try commanded()
        let last = "(SELECT max(position) FROM \(records))"
        try change(folder, "DELETE FROM records WHERE position = \(last)")
        try verify(folder, 1, ["missing (decision ", " of partition ", "no payer will ever do it"])
        let found = try Run.fairfill(["verify", "--json"], in: folder).objects()
            .filter { $0["finding"] != nil }
        #expect(found.map { $0["finding"] as? String } == ["missing"])
        let sequence = try #require(found.first?["seq"] as? Int)
        let decision = try Run.fairfill(["export", "decisions"], in: folder).objects()
            .first { $0["seq"] as? Int == sequence && $0["topic"] as? String != nil }
        #expect(["reserved", "cancelRequested"].contains(decision?["type"] as? String ?? ""))
        #expect(decision?["offset"] != nil && found.first?["offset"] as? Int != nil)
    }

    /// Made anew, and brought back by the documented way.
    @Test func aTopicThatWasMadeAnewIsNotGreenUntilItIsCommandedAgain() throws {
        let folder = try commanded()
        try folder.empty(topic: Self.topic)
        try verify(
            folder, 1,
            [
                "FAILED: 7 ordered by decisions, 0 records", "7 missing",
                "fairfill payments recommand --help",
            ])
        for partition in 0..<2 {
            try Run.fairfill(
                ["payments", "recommand", "--partition", "\(partition)", "--no-wait", "--quiet"],
                in: folder
            ).mustWork()
        }
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        try verify(folder, 0, ["right: 7 ordered by decisions, 7 records"])
        // Where they were not lost, they are there twice, and that is right, too.
        let other = try commanded()
        for partition in 0..<2 {
            try Run.fairfill(
                ["payments", "recommand", "--partition", "\(partition)", "--no-wait", "--quiet"],
                in: other
            ).mustWork()
        }
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: other).mustWork()
        try verify(other, 0, ["14 records, 7 of them ordered again"])
    }

    /// What stands in a record, where it stands, and under which key.
    @Test(arguments: [
        ("different", #"value = CAST(replace(value, '"amount":300', '"amount":301') AS BLOB)"#),
        ("different", #"value = CAST(replace(value, '"due":300', '"due":600') AS BLOB)"#),
        (
            "unknown",
            #"value = CAST(replace(replace(value, 'o/b', 'o/c'), '"bid":"b', '"bid":"c') AS BLOB)"#
        ),
        ("unreadable", #"value = CAST('{' AS BLOB)"#), ("unreadable", "value = NULL"),
        ("misplaced", "key = CAST('zz' AS BLOB)"),
    ])
    func aChangedRecordIsNamed(_ code: String, _ assignment: String) throws {
        let folder = try commanded()
        let first = "(SELECT min(position) FROM \(records))"
        try change(folder, "UPDATE records SET \(assignment) WHERE position = \(first)")
        try verify(folder, 1, ["\(code) (\(Self.topic)[", "offset 0): "])
        let found = try Run.fairfill(["verify", "--json"], in: folder).objects()
            .filter { $0["level"] as? String == "payments" }
        #expect(found.contains { $0["finding"] as? String == code }, "\(found)")
    }

    @Test func aBeginningThatIsGoneIsNotLookedAt() throws {
        let folder = try commanded()
        let first = "(SELECT min(position) FROM \(records))"
        try change(
            folder,
            """
            UPDATE partitions SET start_offset = 1 WHERE topic = '\(Self.topic)' AND id =
              (SELECT min(position) >> 40 FROM \(records));
            DELETE FROM records WHERE position = \(first);
            """)
        try verify(folder, 3, ["not looked at: \(Self.topic)[", "before offset 1"])
        let last = try Run.fairfill(["verify", "--json"], in: folder).objects().last ?? [:]
        #expect(last["payments"] as? String == "incomplete", "\(last)")
        #expect((last["notLookedAt"] as? [String])?.count == 1, "\(last)")
    }

    @Test func aTopicThatIsGoneIsNotGreen() throws {
        let folder = try commanded()
        try folder.delete(topic: Self.topic)
        try verify(folder, 1, ["there is no such topic", "7 missing"])
    }

    /// Whatever an allocator does meanwhile.
    @Test func aSaleThatGoesOnIsGreenAllTheWhile() throws {
        let folder = try Folder()
        try Run.fairfill(["topics", "create", "--partitions", "2", "--quiet"], in: folder)
            .mustWork()
        try folder.open("o", shares: 100_000, price: 100)
        let bids = (0..<6_000).map {
            #"{"bid":"b\#($0)","offering":"o","account":"a\#($0 % 50)","shares":3}"# + "\n"
        }.joined()
        try Run.fairfill(["bid", "--from", "-", "--quiet"], in: folder, input: bids).mustWork()
        let allocator = try Run.start(["allocate"], in: folder)
        defer { allocator.kill() }
        for _ in 0..<5 {
            let run = try Run.fairfill(["verify", "--quiet"], in: folder)
            #expect(run.exitCode == 0 || run.exitCode == 3 && run.output.contains("no decision"))
        }
    }
}
