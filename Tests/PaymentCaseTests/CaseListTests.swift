import Foundation
import TestRun
import Testing

/// The list of all cases is true: what it names is there, and it leaves out none.
@Suite struct CaseListTests {
    private static let tests = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: tests.appending(path: path), encoding: .utf8)
    }

    /// The numbers of the cases that tests of this suite name, with their words.
    private static func here() throws -> [Int: String] {
        var found: [Int: String] = [:]
        let folder = tests.appending(path: "PaymentCaseTests")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        where name.hasSuffix("Cases.swift") {
            let text = try text("PaymentCaseTests/\(name)")
            let pattern = #/@Test\("case (\d\d)[:,] (.+)"\)\n    func case(\d\d)/#
            for match in text.matches(of: pattern) {
                let (_, number, words, function) = match.output
                #expect(number == function, "\(name)")
                if let number = Int(number), found[number] == nil { found[number] = String(words) }
            }
        }
        return found
    }

    @Test("all 58 cases: which are shown, where, and what is open")
    func list() throws {
        let here = try Self.here()
        #expect(CaseList.all.map(\.number) == Array(1...58))
        #expect(Set(here.keys).isSubset(of: 1...58))
        var lines: [String] = []
        var open: [Int] = []
        for entry in CaseList.all {
            for other in entry.elsewhere {
                let text = try? Self.text("\(other.file).swift")
                #expect(
                    text?.contains("func \(other.test)(") == true,
                    "case \(entry.number): \(other.file).\(other.test) is not there")
            }
            let isShown = here[entry.number] != nil || !entry.elsewhere.isEmpty
            #expect(
                isShown || entry.open != nil, "case \(entry.number) has no test, and isn't open")
            let places = (here[entry.number] == nil ? [] : ["here"])
                + entry.elsewhere.map { "\($0.file).\($0.test)" }
            var line = "case \(entry.number), \(entry.fault): "
                + (isShown ? places.joined(separator: ", ") : "no test")
            if let words = entry.open {
                line += "; open: \(words)"
                open.append(entry.number)
            }
            lines.append(line)
        }
        lines.append("open, in part or whole: \(open.map(String.init).joined(separator: ", "))")
        note(lines.joined(separator: "\n"))
    }
}
