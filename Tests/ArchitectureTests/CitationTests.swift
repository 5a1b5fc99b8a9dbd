import Testing

/// Comments cite the pages of the specification by name, and their sections: each is there.
@Suite struct CitationTests {
    @Test func everyCommentCitesAPageThatExists() throws {
        let pages = try Page.all.get()
        let files = try ["Sources", "Tests"].flatMap(Checkout.swiftFiles(under:))
        var cited = 0
        for file in files where !file.path.hasPrefix("Tests/ArchitectureTests/") {
            guard file.lines.contains(where: { $0.contains(".md") }) else { continue }
            for citation in Self.citations(in: file.lines) {
                cited += 1
                if let fault = Self.fault(citation, pages) {
                    Issue.record("\(file.path):\(citation.line): \(fault)")
                }
            }
        }
        #expect(cited > 100, "the citations were not found")
    }

    private struct Citation {
        /// Where its comment begins.
        var line: Int
        var page: String
        /// What follows it in the same comment.
        var rest: Substring
    }

    /// A comment of several lines is one text: a citation may be broken anywhere.
    private static func citations(in lines: [String]) -> [Citation] {
        var found: [Citation] = []
        var text = ""
        var start = 0
        for (index, line) in (lines + [""]).enumerated() {
            if let comment = line.firstMatch(of: #/(?:^|\s)\/{2,3} ?(.*)$/#) {
                if text.isEmpty { start = index }
                text += comment.output.1 + " "
                continue
            }
            for match in text.matches(of: #/\b([A-Za-z]+\.md)\b/#) {
                found.append(
                    Citation(
                        line: start + 1, page: String(match.output.1),
                        rest: text[match.range.upperBound...]))
            }
            text = ""
        }
        return found
    }

    private static func fault(_ citation: Citation, _ pages: [Page]) -> String? {
        let named = pages.filter { $0.name == citation.page }
        guard let page = named.first else { return "there is no page \(citation.page)" }
        guard citation.rest.firstMatch(of: #/^, \w+\.md/#) == nil,
            let match = citation.rest.firstMatch(of: #/^, ([A-Z][^).;:]*)/#)
        else { return nil }
        let isThere = page.headings.contains { match.output.1.hasPrefix($0) }
        return isThere ? nil : "\(page.name) has no section '\(match.output.1)'"
    }

    /// The check itself.
    @Test(arguments: [
        (["/// A rule (Rules.md, Serving)."], true),
        (["/// A rule (Rules.md,", "    /// Serving)."], true),
        (["let a = 1 // Rules.md, Serving and States"], true),
        (["/// A rule (Rules.md; TheLog.md, The topics, `bids`)."], true),
        (["/// A rule (rules.md, Serving)."], false),
        (["/// A rule (Rules.md, Nowhere)."], false),
        (["/// A rule (Rules.md,", "/// Nowhere)."], false),
        (["/// A table (log.md)."], false),
    ])
    func findsWhatIsNotThere(_ lines: [String], isRight: Bool) throws {
        let pages = try Page.all.get()
        let citations = Self.citations(in: lines)
        #expect(!citations.isEmpty)
        #expect(citations.allSatisfy { Self.fault($0, pages) == nil } == isRight)
    }
}
