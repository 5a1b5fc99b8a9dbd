import Digest
import Foundation
import SandboxBank
import Testing

/// The statement of a day, as it is and as faults have it.
@Suite struct StatementTests {
    /// Yesterday's, once the day is over: two collections and a payout.
    private func scene(_ faults: String = "[]") throws -> (Scene, day: String) {
        let scene = try Scene(faults)
        // Not at the end of a day, which the test could reach.
        try scene.advance("1d")
        let day = try scene.today()
        _ = try scene.pay("k1")
        _ = try scene.pay("k2", amount: 200, account: "ben")
        _ = try scene.pay("k3", amount: 50, direction: "payout")
        guard try scene.today() == day else { return try self.scene(faults) }
        return (scene, day)
    }

    private func lines(_ answer: String) throws -> [[String: Any]] {
        try Scene.body(answer).split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(object as? [String: Any])
        }
    }

    private func balance(_ line: [String: Any]) -> Int? {
        ["opening", "closing"].contains(line["line"] as? String) ? line["amount"] as? Int : nil
    }

    /// What the lines come to.
    private func sum(_ lines: [[String: Any]]) -> Int {
        lines.filter { $0["key"] != nil }.reduce(0) { sum, line in
            let isCredit = (line["direction"] as? String == "collect")
                == (line["line"] as? String == "booked")
            return sum + (isCredit ? 1 : -1) * (line["amount"] as? Int ?? 0)
        }
    }

    private func keys(_ lines: [[String: Any]]) -> [String] {
        lines.compactMap { $0["key"] as? String }
    }

    @Test func openingAndLinesComeToTheClosing() throws {
        let (scene, day) = try scene()
        #expect(try scene.statement(day).hasPrefix("HTTP/1.1 404"))
        try scene.advance("1d")
        _ = try scene.send("POST /_sandbox/payments/k2", [], #"{"to":"reversed"}"#)
        let next = try scene.today()
        try scene.advance("1d")
        let first = try lines(try scene.statement(day))
        #expect(keys(first) == ["k1", "k2", "k3"])
        #expect(balance(first[0]) ?? 0 == 0 && sum(first) == 450)
        #expect(balance(first[first.count - 1]) == 450)
        let second = try lines(try scene.statement(next))
        #expect(keys(second) == ["k2"] && second[1]["line"] as? String == "returned")
        #expect(balance(second[0]) == 450 && sum(second) == -200)
        #expect(balance(second[second.count - 1]) == 250)
    }

    @Test func theDigestIsOfTheBody() throws {
        let (scene, day) = try scene()
        try scene.advance("1d")
        let answer = try scene.statement(day)
        let digest = Array(Scene.body(answer).utf8).withUnsafeBytes { SHA256.digest(of: $0) }
        let header = "Digest: sha-256=" + Data(digest).base64EncodedString()
        #expect(answer.contains(header))
        try scene.setFaults(#"[{"action":"statementBadDigest"}]"#)
        let other = try scene.statement(day)
        #expect(Scene.body(other) == Scene.body(answer) && !other.contains(header))
        try scene.setFaults(#"[{"action":"statementTruncated"}]"#)
        let short = try scene.statement(day)
        #expect(short.contains(header) && Scene.body(short).count < Scene.body(answer).count)
    }

    @Test(arguments: [
        ("lineMissing", ["k1", "k3"], 250), ("lineDouble", ["k1", "k2", "k2", "k3"], 650),
        ("lineExtra", ["k1", "k2", "extra-k2", "k3"], 650),
        ("lineWrongAmount", ["k1", "k2", "k3"], 451), ("lineNextDay", ["k1", "k3"], 250),
    ])
    func aLineIsWrong(action: String, found: [String], sum expected: Int) throws {
        let (scene, day) = try scene(#"[{"match":{"key":"k2"},"action":"\#(action)"}]"#)
        try scene.advance("1d")
        let next = try scene.today()
        let seen = try lines(try scene.statement(day))
        #expect(keys(seen) == found && sum(seen) == expected)
        // The balances are right, but for a line that is only late: then they agree with it.
        let isLate = action == "lineNextDay"
        #expect(balance(seen[seen.count - 1]) == (isLate ? 250 : 450))
        guard isLate else { return }
        try scene.advance("1d")
        let second = try lines(try scene.statement(next))
        #expect(keys(second) == ["k2"] && balance(second[0]) == 250)
        #expect(balance(second[second.count - 1]) == 450)
    }

    /// The second line of the statement, whenever it is asked for.
    @Test func aLineIsChosenByItsPlace() throws {
        let (scene, day) = try scene(#"[{"match":{"nth":2},"action":"lineMissing"}]"#)
        try scene.advance("1d")
        for _ in 0..<3 { #expect(keys(try lines(try scene.statement(day))) == ["k1", "k3"]) }
    }

    @Test func aStatementIsLate() throws {
        let (scene, day) = try scene(#"[{"action":"statementLate","ms":172800000}]"#)
        try scene.advance("1d")
        #expect(try scene.statement(day).contains("not-closed"))
        try scene.advance("2d")
        #expect(try scene.statement(day).hasPrefix("HTTP/1.1 200"))
    }

    /// What is executed late is booked late: lines of a closed day never change.
    @Test func aClosedDayStaysAsItIs() throws {
        let (scene, day) = try scene()
        try scene.advance("1d")
        let before = try scene.statement(day)
        _ = try scene.pay("k4")
        #expect(try Scene.body(scene.statement(day)) == Scene.body(before))
    }

    @Test func csvHasARowForEach() throws {
        let (scene, day) = try scene()
        _ = try scene.pay("k4", account: "a,b")
        try scene.advance("1d")
        let answer = try scene.statement(day, "csv")
        let rows = Scene.body(answer).components(separatedBy: "\r\n")
        #expect(answer.contains("Content-Type: text/csv"))
        #expect(rows[0].hasPrefix("line,id,key,reference,direction,amount,currency,"))
        #expect(rows.contains { $0.hasPrefix("booked,pay_2,k2,r-k2,collect,200,CNY,ben,") })
        #expect(rows.contains { $0.contains(#","a,b","#) })
        #expect(rows.contains("closing,,,,,750,CNY,,\(day)"))
    }

    @Test func camtHasTheKeyAsEndToEndID() throws {
        let (scene, day) = try scene()
        let long = String(repeating: "k", count: 36)
        _ = try scene.pay(long, account: "a&b")
        try scene.advance("1d")
        let xml = Scene.body(try scene.statement(day, "camt053"))
        #expect(xml.contains("urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"))
        #expect(xml.contains("<EndToEndId>k1</EndToEndId>"))
        #expect(xml.contains("<EndToEndId>NOTPROVIDED</EndToEndId>"))
        #expect(!xml.contains("EndToEndId>" + long))
        #expect(xml.contains(#"<Amt Ccy="CNY">3.00</Amt>"#) && xml.contains("<Nm>a&amp;b</Nm>"))
        #expect(xml.contains(#"<Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">7.50</Amt>"#))
        let parser = XMLWords()
        #expect(parser.parse(xml))
        #expect(parser.count("Ntry") == 4 && parser.count("Stmt") == 1)
    }

    @Test(arguments: ["2025-02-30", "2025-1-1", "yesterday", "2025-13-01", "0000-00-00"])
    func aDayThatIsNoneIsRefused(_ day: String) throws {
        let scene = try Scene()
        #expect(try scene.statement(day).hasPrefix("HTTP/1.1 400"))
        #expect(try scene.statement("2024-02-29", "pdf").contains("format is none of ndjson"))
        #expect(try scene.statement("2024-02-29").hasPrefix("HTTP/1.1 200"))
    }
}

/// Counts elements, where text is XML.
private final class XMLWords {
    private var names: [String] = []

    func parse(_ text: String) -> Bool {
        var open: [Substring] = []
        for match in text.matches(of: #/<(/?)([A-Za-z]+)[^>]*>/#) {
            if match.output.1 == "/" {
                guard open.popLast() == match.output.2 else { return false }
            } else {
                open.append(match.output.2)
                names.append(String(match.output.2))
            }
        }
        return open.isEmpty && !names.isEmpty
    }

    func count(_ name: String) -> Int { names.count { $0 == name } }
}
