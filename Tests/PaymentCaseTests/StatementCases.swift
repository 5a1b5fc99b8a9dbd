import Foundation
import Payments
import Statements
import Testing
import Vocabulary

/// The bank's own statements, with lines that are wrong.
@Suite struct StatementCases {
    private struct Found {
        var breaks: [StatementBreak.Kind] = []
        var matched: Int64 = 0
        var lines = 0
        /// Whether lines and balances agree.
        var isRight = true
    }

    /// Two payments are paid, and the statements of three days compared with them, while lines of
    /// the second one's account go wrong like this.
    private func reconcile(_ action: String?) throws -> Found {
        let fault = action.map { #"{"match":{"account":"ben","nth":1},"action":"\#($0)"}"# }
        let bench = try CaseBench("[\(fault ?? "")]")
        let ids = ["o/b-1/1", "o/b-2/1"]
        try bench.order(ids[0], "anna")
        try bench.order(ids[1], "ben")
        let payer = bench.payer(stopsAtEnd: false)
        try bench.run(payer) { ids.allSatisfy { payer.payment(CaseBench.id($0))?.state == .paid } }
        let start = try #require(bench.gateway.sendings.first).at
        var found = Found()
        var reconciliation = Reconciliation(
            try ids.map { id in
                let payment = try #require(payer.payment(CaseBench.id(id)))
                var known = ReconciledPayment(
                    id: payment.id, account: payment.account, key: CaseBench.key(id),
                    reference: payment.reference, channel: "default", amount: 100,
                    currency: CurrencyCode("CNY")!, direction: .collect, due: 100,
                    standing: .paid, isDecline: false, firstSentAt: payment.firstSentAt,
                    quietFrom: payment.lastSending?.windowEndsAt)
                known.decided = .settled
                return known
            }, channel: "default", bookingDelay: Milliseconds(rawValue: 86_400_000))
        try bench.pass(4 * 86_400_000)
        for day in 0..<3 {
            let at = Date(timeIntervalSince1970: Double(start) / 1_000 + Double(day) * 86_400)
            let text = at.ISO8601Format().prefix(10)
            let answer = try bench.client.send("GET /v1/statements/\(text)?format=camt053")
            try #require(answer.status == 200, "\(answer)")
            let items = try Self.items(answer.body)
            var check = StatementCheck(balancesComeFirst: true)
            for line in items.compactMap({ check.take($0) }) {
                reconciliation.take(line) { found.breaks.append($0.kind) }
            }
            let statement = check.finish()
            if statement.isBroken || !check.remarks.isEmpty { found.isRight = false }
        }
        // As if what was covered had been closed whole.
        let coverage = StatementChain.Coverage(
            from: Timestamp(rawValue: start - 86_400_000),
            to: Timestamp(rawValue: start + 3 * 86_400_000), currency: CurrencyCode("CNY")!)
        reconciliation.finish(coverage) { found.breaks.append($0.kind) } absent: { _ in }
        found.matched = Int64(reconciliation.matched.count)
        found.lines = reconciliation.lineCount
        // Whatever a statement says, nothing is sent.
        try bench.expectPaid(ids, requests: 1)
        return found
    }

    private static func items(_ text: String) throws -> [StatementItem] {
        final class Items { var items: [StatementItem] = [] }
        let found = Items()
        _ = try CamtStatement.read(Array(text.utf8), zone: 0) { found.items.append($0) }
        return found.items
    }

    @Test("case 53: each wrong line of a statement is a break of its own type")
    func case53() throws {
        let expected: [(String?, [StatementBreak.Kind], lines: Int, isRight: Bool)] = [
            (nil, [], 2, true), ("lineMissing", [.missingThere], 1, false),
            ("lineExtra", [.unknown], 3, false), ("lineDouble", [.twice], 3, false),
            ("lineWrongAmount", [.otherAmount], 2, false), ("lineNextDay", [], 2, true),
        ]
        for (action, breaks, lines, isRight) in expected {
            let found = try reconcile(action)
            let name = action ?? "all right"
            #expect(found.breaks == breaks, "\(name)")
            #expect(found.lines == lines, "\(name)")
            #expect(found.isRight == isRight, "\(name)")
            #expect(found.matched == (breaks.isEmpty ? 2 : found.matched), "\(name)")
        }
    }

    @Test("case 53, the sandbox's own rows are read without a mapping")
    func case53Rows() throws {
        let bench = try CaseBench()
        try bench.order("o/b-1/1")
        try bench.payAll()
        let day = Date(timeIntervalSince1970: Double(bench.clock.now) / 1_000)
            .ISO8601Format().prefix(10)
        try bench.pass(2 * 86_400_000)
        for (name, form) in [("csv", LinedStatement.Form.csv), ("ndjson", .ndjson)] {
            let answer = try bench.client.send("GET /v1/statements/\(day)?format=\(name)")
            try #require(answer.status == 200)
            var lines = 0
            var reader = LinedStatement(form, StatementMapping())
            let bytes = Array(answer.body.utf8)
            try reader.take(bytes[...]) { if case .line = $0 { lines += 1 } }
            try reader.finish { if case .line = $0 { lines += 1 } }
            #expect(lines == 1, "\(name)")
        }
    }

    @Test("case 53, what is doubled at the bank is shown to people and paid no third time")
    func case53ExecutedTwice() throws {
        let bench = try CaseBench(#"[{"action":"executeTwice"}]"#)
        try bench.order("o/b-1/1")
        try bench.payAll()
        #expect(try bench.client.ledger().movements.count == 2, "the case shows nothing")
        for _ in 1...2 { try bench.showLine("o/b-1/1") }
        try bench.payAll()
        #expect(try bench.posts("o/b-1/1") == 1)
        #expect(try bench.results(of: "o/b-1/1") == ["paid"])
    }
}
