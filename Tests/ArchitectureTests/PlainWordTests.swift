import Testing

/// Comments, errors and descriptions name who or what acts.
@Suite struct PlainWordTests {
    @Test func theSourcesNameTheActor() throws {
        let files = try Checkout.swiftFiles(under: "Sources")
        try #require(files.count > 20, "the sources were not found")
        for file in files {
            for (line, words) in PlainWords.unclear(in: file.lines) {
                Issue.record("\(file.path):\(line): '\(words)': name who or what it is")
            }
        }
    }

    @Test(arguments: [
        (["/// Whoever reads it."], ["1 Whoever"]),
        (["// For every reader; what ever came; on its own."], []),
        (["    /// It runs on a thread of its", "    /// own."], ["1 of its own"]),
        ([#"say("it waits for ""#, #"    + "ever")"#], ["1 for ever"]),
        (["/// As it is", "/// whatever it says."], ["2 whatever"]),
        (["/// A copy for", "let ever = 1"], []),
        ([#"Form.text("Somebody's name.")"#], ["1 Somebody"]),
    ] as [([String], [String])])
    func findsThem(lines: [String], found: [String]) {
        #expect(PlainWords.unclear(in: lines).map { "\($0.line) \($0.words)" } == found)
    }
}

/// Words that hide who does what.
enum PlainWords {
    nonisolated(unsafe) static let unclear =
        #/(?i)\b(?:whoever|whatever|somebody|whomever|of its own|for ever)\b/#
        // "somebody's" is two words here.
        .wordBoundaryKind(.simple)

    /// Where they stand, by the line from 1 in which they begin: a sentence goes on behind the
    /// slashes of the next comment, or in the next piece of a text.
    static func unclear(in lines: [String]) -> [(line: Int, words: String)] {
        lines.indices.flatMap { index -> [(line: Int, words: String)] in
            let line = lines[index]
            var text = line
            if index + 1 < lines.count, let rest = continuation(of: line, in: lines[index + 1]) {
                text = line.hasSuffix("\"") ? String(line.dropLast()) : line + " "
                text += rest
            }
            return text.matches(of: unclear).compactMap { match in
                let start = text.distance(from: text.startIndex, to: match.range.lowerBound)
                return start < line.count ? (index + 1, String(match.output)) : nil
            }
        }
    }

    private static func continuation(of line: String, in next: String) -> Substring? {
        let next = next.drop { $0 == " " }
        if line.contains("//"), next.hasPrefix("//") { return next.drop { "/ ".contains($0) } }
        if line.hasSuffix("\""), next.hasPrefix("+ \"") { return next.dropFirst(3) }
        return nil
    }
}
