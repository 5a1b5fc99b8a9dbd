import Testing

/// Words on the wire are written out, so that whoever renames a case in Swift changes no record.
@Suite struct WireWordTests {
    /// The modules whose enumerations of strings are words of records.
    private static let modules: Set = ["Vocabulary", "Messages"]

    @Test func everyWordIsWrittenOut() throws {
        let files = try Checkout.swiftFiles(under: "Sources")
            .filter { Self.modules.contains($0.module) }
        #expect(files.map { Self.enumerations(in: $0) }.reduce(0, +) > 20, "they were not found")
        for file in files {
            for line in Self.derived(in: file) {
                Issue.record("\(file.path):\(line): write the case's word out: case a = \"a\"")
            }
        }
    }

    @Test(arguments: [
        ("enum A: String {\n    case a = \"a\", b = \"b\"\n}", []),
        ("enum A: String {\n    case a = \"a\", b\n}", [2]),
        ("public enum A: String, Sendable {\n    /// One.\n    case a\n}", [3]),
        ("enum A: String { case a, b }", [1]),
        ("enum A: UInt8 {\n    case a\n}", []),
        ("struct S {\n    enum A: String {\n        case a\n    }\n}", [3]),
        ("enum A: String {\n    enum B {\n        case b\n    }\n    case a\n}", [5]),
        (
            "enum A: String {\n    case a = \"a\"\n    var b: Int {\n        switch self {\n"
                + "        case .a: 1\n        }\n    }\n}\nenum B {\n    case b\n}", []
        ),
    ] as [(String, [Int])])
    func findsWordsThatFollowFromCases(text: String, lines: [Int]) {
        #expect(Self.derived(in: SourceFile(path: "A.swift", module: "A", text: text)) == lines)
    }

    private static func isEnumeration(_ line: String) -> Bool {
        let words = line.split { " :,{".contains($0) }
        guard let at = words.firstIndex(of: "enum"), words.count > at + 2 else { return false }
        return words[at + 2] == "String"
    }

    private static func enumerations(in file: SourceFile) -> Int {
        file.code.count { isEnumeration($0) }
    }

    /// The lines, from 1, with a case of an enumeration of strings that writes no word.
    private static func derived(in file: SourceFile) -> [Int] {
        var found: [Int] = []
        /// Whether what was declared last at a margin is such an enumeration.
        var isOfStrings: [Int: Bool] = [:]
        for (index, line) in file.code.enumerated() {
            let margin = line.prefix { $0 == " " }.count
            let words = line.split(separator: " ")
            let isDeclared = words.contains { ["enum", "struct", "extension"].contains($0) }
            if isDeclared { isOfStrings[margin] = isEnumeration(line) }
            guard let start = line.firstRange(of: "case "),
                isOfStrings[isDeclared ? margin : margin - 4] == true
            else { continue }
            // A case of a `switch` begins with a point.
            let cases = line[start.upperBound...].prefix { $0 != "}" }
            let isDerived = cases.split(separator: ",").contains { !$0.contains("=") }
            if isDerived && !cases.hasPrefix(".") { found.append(index + 1) }
        }
        return found
    }
}
