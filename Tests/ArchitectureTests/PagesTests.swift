import Foundation
import Testing

/// The pages of the specification cite what there is, and are written as the code is.
@Suite struct PagesTests {
    @Test func thePagesAreThere() throws {
        let names = try Page.all.get().map(\.name)
        for name in [
            "Rules.md", "Terms.md", "Reasons.md", "Certificate.md", "TheLog.md",
            "OpenTransactions.md", "LostTopics.md", "Records.md", "Payments.md", "Reconciling.md",
            "Client.md", "CommandLine.md", "Operating.md", "SecuredClusters.md", "Bank.md",
            "README.md",
        ] {
            #expect(names.filter { $0 == name }.count == 1, "\(name)")
        }
        #expect(names.count == 16, "a page that this test does not know: \(names)")
    }

    /// A Swift file or a page that is named exists: by its own name, or by the end of its path.
    @Test func whatIsCitedExists() throws {
        let pages = try Page.all.get()
        let files = try ["Sources", "Tests"].flatMap(Checkout.swiftFiles(under:)).map(\.path)
        let known = Set((files + pages.map(\.path)).flatMap(Self.ends))
        var cited = 0
        for page in pages {
            let folder = page.path.split(separator: "/").dropLast().joined(separator: "/")
            for (index, text) in page.lines.enumerated() {
                let links = text.contains("<doc:")
                    ? text.matches(of: #/<doc:(\w+)>/#).map { "\(folder)/\($0.output.1).md" } : []
                for name in Page.code(in: text).filter(isFile) + links {
                    cited += 1
                    guard !known.contains(name), !exists(name) else { continue }
                    Issue.record("\(page.path):\(index + 1): there is no \(name)")
                }
            }
        }
        #expect(cited > 100, "the citations were not found")
    }

    /// `A/B/C.swift`, `B/C.swift` and `C.swift`.
    private static func ends(of path: String) -> [String] {
        let parts = path.split(separator: "/")
        return parts.indices.map { parts[$0...].joined(separator: "/") }
    }

    /// `deploy/test`, `Tests/GoldenTests/Golden/rules-1`: what lies below the top of the checkout.
    private func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: Checkout.folder.appending(path: path).path)
    }

    private func isFile(_ word: String) -> Bool {
        if word.contains(" ") || word.contains("*") || word.contains("<") { return false }
        if word.hasSuffix(".swift") || word.hasSuffix(".md") { return word != ".md" }
        return ["Sources/", "Tests/", "deploy/"].contains { word.hasPrefix($0) }
    }

    @Test func theyAreTidy() throws {
        for page in try Page.all.get() {
            for (index, line) in page.lines.enumerated() {
                let location = "\(page.path):\(index + 1)"
                #expect(line.count <= Tidy.columns, "\(location): \(line.count) columns")
                #expect(
                    !line.hasSuffix(" ") && !line.contains("\t"), "\(location): a space or a tab")
            }
            #expect(page.lines.first?.hasPrefix("# ") == true, "\(page.path): no title")
            #expect(page.lines.count <= Tidy.linesOfAFile, "\(page.path): split it")
        }
    }

    /// Words that hide who does what.
    @Test func theyNameTheActor() throws {
        let words = #/(?i)\b(?:whoever|whatever|somebody|whomever|wherever|of its own|for ever)\b/#
        for page in try Page.all.get() + ["README.md", "deploy/examples/README.md"].map(Page.at) {
            for (line, text) in page.prose {
                guard let match = text.firstMatch(of: words) else { continue }
                Issue.record("\(page.path):\(line): '\(match.output)': name who or what it is")
            }
        }
    }

    @Test func headingsAreNotReserved() throws {
        // DocC takes these for lists of links.
        let reserved: Set = ["Topics", "See Also"]
        for page in try Page.all.get() where page.path.contains(".docc/") {
            #expect(reserved.isDisjoint(with: page.headings), "\(page.path)")
        }
    }
}
