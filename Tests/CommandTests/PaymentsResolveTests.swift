import CommandRunning
import Foundation
import Testing

/// What a payer leaves to people, settled with nothing but the commands.
@Suite struct PaymentsResolveTests {
    /// Two payments that were sent to a bank that does not answer and can't be asked.
    private static func parked(_ folder: Folder) throws -> Bank {
        try PaymentSafetyTests.commanded(folder)
        let bank = try Bank(in: folder, faults: #"[{"action":"hang"}]"#)
        try folder.write(
            #"{"sendingWindow":"1s","httpDeadline":"500ms"}"#, to: "silent.json")
        try pay(folder, bank).mustWork()
        return bank
    }

    @discardableResult
    private static func pay(_ folder: Folder, _ bank: Bank) throws -> Run {
        try Run.fairfill(
            [
                "pay", "--until-end", "--quiet", "--provider", bank.url, "--profile",
                "silent.json", "--token-file", "token.txt",
            ], in: folder)
    }

    private static func resolve(_ folder: Folder, _ words: [String]) throws -> Run {
        try Run.fairfill(["payments", "resolve"] + words, in: folder)
    }

    private static func listed(_ folder: Folder) throws -> [String: [String: Any]] {
        let objects = try Run.fairfill(["payments", "list", "--json"], in: folder).objects()
        return Dictionary(
            uniqueKeysWithValues: objects.map { ($0["command"] as? String ?? "", $0) })
    }

    @Test func twoPeopleSettleWhatIsParked() throws {
        let folder = try Folder()
        let bank = try Self.parked(folder)
        let parked = try Self.listed(folder)
        #expect(parked.values.allSatisfy { $0["reason"] as? String == "noLookup" }, "\(parked)")
        let version = try #require(parked["o/b0/1"]?["version"] as? Int)
        let shown = try Run.fairfill(["payments", "show", "--command", "o/b0/1"], in: folder)
        #expect(shown.output.contains("version \(version)"))
        #expect(
            Run.unbroken(shown.output).contains("payments resolve --command o/b0/1"), "\(shown)")

        let paid = [
            "--command", "o/b0/1", "--decision", "paid", "--evidence", "line 17", "--actor", "anna",
        ]
        // Without the provider's id, and with another version, nothing is written.
        #expect(try Self.resolve(folder, paid + ["--at-version", "\(version)"]).exitCode == 64)
        let other = try Self.resolve(
            folder, paid + ["--at-version", "\(version - 1)", "--reference", "pay_01"])
        #expect(other.exitCode == 1 && other.errors.contains("version \(version)"), "\(other)")
        let proposed = try Self.resolve(
            folder, paid + ["--at-version", "\(version)", "--reference", "pay_01", "--json"]
        ).mustWork().objects()
        let name = try #require(proposed.first?["resolution"] as? String)
        let same = try Self.resolve(folder, ["--approve", "--resolution", name, "--actor", "anna"])
        #expect(same.exitCode == 64 && same.errors.contains("another person"), "\(same)")
        try Self.resolve(folder, ["--approve", "--resolution", name, "--actor", "ben"]).mustWork()

        // Many at once: number and sum first.
        try folder.write(
            #"{"command":"o/b1/1","decision":"failedByPerson","version":\#(version),"#
                + #""evidence":"no line of it"}"# + "\n", to: "many.json")
        let asked = try Self.resolve(folder, ["--from", "many.json", "--actor", "anna"])
        #expect(asked.exitCode == 64 && asked.errors.contains("1 payment over"), "\(asked)")
        let many = try Self.resolve(
            folder, ["--from", "many.json", "--actor", "anna", "--yes", "--json"]
        ).mustWork().objects()
        let second = try #require(many.first?["resolution"] as? String)
        try folder.write("{\"approve\":\"\(second)\"}\n", to: "approve.json")
        try Self.resolve(folder, ["--from", "approve.json", "--actor", "ben", "--yes"]).mustWork()

        try Self.pay(folder, bank).mustWork()
        let settled = try Self.listed(folder)
        #expect(settled["o/b0/1"]?["state"] as? String == "paid")
        #expect(settled["o/b0/1"]?["reference"] as? String == "pay_01")
        #expect(settled["o/b1/1"]?["state"] as? String == "failedByPerson")
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        #expect(try folder.settled("o") == ["a0": 3])
        #expect(try Run.fairfill(["verify"], in: folder).exitCode == 0)
        // Nothing was sent twice.
        #expect(try bank.ledger().counts.values.allSatisfy { $0 == 1 })
    }

    @Test func whatIsPausedWaits() throws {
        let folder = try Folder()
        try PaymentSafetyTests.commanded(folder)
        let bank = try Bank(in: folder)
        try Run.fairfill(
            ["payments", "pause", "--kind", "collect", "--actor", "anna", "--reason", "so"],
            in: folder
        ).mustWork()
        let pay = ["pay", "--until-end", "--quiet"] + bank.options
        try Run.fairfill(pay, in: folder).mustWork()
        #expect(try bank.ledger().movements.isEmpty)
        let shown = try Run.fairfill(["payments", "show", "--command", "o/b0/1"], in: folder)
        #expect(Run.unbroken(shown.output).contains("Held by anna (so)"), "\(shown)")
        try Run.fairfill(["payments", "resume", "--actor", "ben"], in: folder).mustWork()
        try Run.fairfill(pay, in: folder).mustWork()
        #expect(try bank.ledger().movements.count == 2)
    }

    @Test func whatAPersonHasLookedAtIsLeftOut() throws {
        let folder = try Folder()
        _ = try Self.parked(folder)
        func open() throws -> [String] {
            try Run.fairfill(["attention", "list", "--open"], in: folder).lines
        }
        #expect(try !open().isEmpty)
        let exported = try Run.fairfill(["attention", "export"], in: folder).objects()
        let places = exported.map { "\($0["partition"] ?? "")/\($0["offset"] ?? "")" }
        #expect(exported.allSatisfy { $0["actor"] == nil } && !places.isEmpty)
        try Run.fairfill(
            ["attention", "ack", "--actor", "anna"] + places.flatMap { ["--at", $0] }, in: folder
        ).mustWork()
        #expect(try open().isEmpty)
        let after = try Run.fairfill(["attention", "export"], in: folder).objects()
        #expect(after.allSatisfy { $0["actor"] as? String == "anna" }, "\(after)")
        #expect(
            try Run.fairfill(
                ["attention", "ack", "--at", "0/99", "--actor", "anna"], in: folder
            ).exitCode == 1)
    }
}
