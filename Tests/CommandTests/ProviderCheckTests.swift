import CommandRunning
import Testing

/// What `provider check` sees of a sandbox bank: one that keeps what its profile claims, and some
/// that don't.
@Suite struct ProviderCheckTests {
    private static func check(
        _ faults: String = "[]", profile: String? = nil, forgetsKeys: Bool = false
    ) throws -> (run: Run, claims: [[String: Any]]) {
        let folder = try Folder()
        let bank = try Bank(in: folder, faults: faults, forgetsKeys: forgetsKeys)
        if let profile { try folder.write(profile, to: "profile.json") }
        // A bank that nobody names any more is killed.
        return try withExtendedLifetime(bank) {
            let run = try Run.fairfill(
                ["provider", "check", "--account", "anna", "--json"] + bank.options, in: folder)
            return (run, try run.objects())
        }
    }

    private static func verdicts(_ claims: [[String: Any]], _ claim: String) -> Set<String> {
        Set(
            claims.filter { $0["claim"] as? String == claim }
                .compactMap { $0["verdict"] as? String })
    }

    @Test func aBankThatKeepsItsWordPasses() throws {
        let (run, claims) = try Self.check()
        #expect(run.exitCode == 0, "\(run)")
        for claim in [
            "lookupByKey", "notFoundIsFinal", "lookupVisibilityDelay", "idempotent", "contract",
            "honoursExpiry", "validationProblems",
        ] {
            #expect(Self.verdicts(claims, claim) == ["holds"], "\(claim): \(run)")
        }
        #expect(Self.verdicts(claims, "limiterBeforeExecution") == ["unchecked"])
    }

    /// Case 40: a bank that ignores keys under a profile that says idempotent.
    @Test func aBankThatForgetsKeysIsNotIdempotent() throws {
        let (run, claims) = try Self.check(
            #"[{"action":"forget"}]"#,
            profile: #"{"idempotent":true,"lookupByKey":true,"lookupVisibilityDelay":"0s"}"#)
        #expect(run.exitCode == 1, "\(run)")
        #expect(Self.verdicts(claims, "idempotent").contains("broken"), "\(run)")
        #expect(run.errors.contains("leave it out"), "\(run)")
    }

    /// It claims nothing that isn't so: nothing is broken.
    @Test func aModestProfileIsNotRefused() throws {
        let (run, claims) = try Self.check(
            #"[{"action":"forget"}]"#,
            profile: #"{"lookupByKey":true,"lookupVisibilityDelay":"0s"}"#)
        #expect(run.exitCode == 0, "\(run)")
        #expect(!claims.contains { $0["verdict"] as? String == "broken" }, "\(run)")
    }

    @Test func aBankThatIsNotThereIsSaid() throws {
        let folder = try Folder()
        let run = try Run.fairfill(
            [
                "provider", "check", "--account", "anna", "--provider", "http://127.0.0.1:1",
                "--profile", "sandbox",
            ], in: folder)
        #expect(run.exitCode == 1, "\(run)")
        #expect(run.output.contains("connectionRefused"), "\(run)")
        #expect(run.lines.allSatisfy { $0.count <= 80 }, "\(run)")
    }
}
