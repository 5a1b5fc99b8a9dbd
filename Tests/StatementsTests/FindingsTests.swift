import Statements
import Testing
import Vocabulary

/// What of a comparison the payer must be told.
@Suite struct FindingsTests {
    private static func findings(
        _ payments: [ReconciledPayment], _ lines: [ProviderLine], isBroken: Bool = false
    ) -> StatementFindings {
        let outcome = Scene.reconcile(payments, lines)
        var findings = StatementFindings()
        outcome.breaks.forEach { findings.take($0) }
        var statement = CheckTests.statement(0, 10)
        statement.isBroken = isBroken
        statement.isClosed = !isBroken
        findings.end(statement, digest: "d1")
        outcome.absences.forEach { findings.take($0) }
        return findings
    }

    /// Of a line with several breaks the payer is told once, and of what it knows never.
    @Test func linesThatSayWhatIsNotKnown() {
        let payments = [
            Scene.payment(.inDoubt), Scene.payment(.paid, id: "o/b2/1", key: "k2"),
            Scene.payment(.declined, id: "o/b3/1", key: "k3"),
            Scene.payment(.inDoubt, id: "o/b4/1", key: "k4", isDecline: true),
            Scene.payment(.inDoubt, id: "o/b5/1", key: "k5"),
        ]
        let lines = [
            Scene.line("k1", 2, amount: 299), Scene.line("k2", 3), Scene.line("k9", 4),
            Scene.line("k3", 5), Scene.line("k2", 6, "CNY", .collect, .returned),
            Scene.line("k2", 7),
        ]
        let found = Self.findings(payments, lines)
        #expect(found.presences.map(\.line.number) == [2, 5, 6])
        #expect(found.presences.map { "\($0.payment.id)" } == ["o/b1/1", "o/b3/1", "o/b2/1"])
        #expect(found.presences.allSatisfy { $0.statement == "d1" && $0.isClosed })
        // Of a payment in doubt without a decline the absence is for people alone.
        #expect(found.absences.map { "\($0.payment.id)" } == ["o/b4/1"])
    }

    @Test func aBrokenStatementTellsNothing() {
        let found = Self.findings([Scene.payment(.inDoubt)], [Scene.line()], isBroken: true)
        #expect(found.presences.isEmpty)
    }
}
