import CommandLine
import Foundation
import Testing
import fairfill

/// The options that the pages and README name are there, and belong to the commands that they are
/// shown with.
@Suite struct PageOptionTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.folder.appending(path: path), encoding: .utf8)
    }

    @Test(arguments: [
        "README.md", "Sources/CommandLine/CommandLine.docc/CommandLine.md",
        "Sources/CommandLine/CommandLine.docc/Operating.md",
        "Sources/Payments/Payments.docc/Payments.md",
        "Sources/Allocation/Allocation.docc/Rules.md",
    ])
    func theyAreDeclared(_ path: String) throws {
        for (mention, fault) in Self.faults(in: try text(path)) {
            Issue.record("\(path): \(mention): \(fault)")
        }
    }

    /// The pages name enough for the check to mean something.
    @Test func theyAreFound() throws {
        let page = try text("Sources/CommandLine/CommandLine.docc/CommandLine.md")
        #expect(Self.mentions(in: page).filter { $0.contains("--") }.count > 40)
    }

    /// Who takes `--log-format` stands in the page by name.
    @Test func daemons() throws {
        let page = try text("Sources/CommandLine/CommandLine.docc/CommandLine.md")
        let sentence = try #require(
            page.firstMatch(of: #/Daemons \(([^)]*)\)\s+also\s+take `--log-format/#))
        let named = sentence.output.1.matches(of: #/`([^`]+)`/#).map { String($0.output.1) }
        let declared = Main.commands
            .filter { $0.allOptions.contains { $0.name == "log-format" } }.map(\.name)
        #expect(named.sorted() == declared.sorted())
    }

    @Test(arguments: [
        ("`--shares N` and `bid --offering o`", []),
        ("`--sharse N`", ["--sharse"]),
        ("`cancel-bid --shares 2`", ["--shares"]),
        ("`fairfill offering open --price 1 --to x`", ["--to"]),
        ("```sh\n$ fairfill bid \\\n    --offerng o | sort --unique\n```", ["--offerng"]),
        ("```sh\nkafka-topics.sh --create\n```", []),
    ])
    func findsThoseThatAreNot(page: String, wrong: [String]) {
        #expect(Self.faults(in: page).map(\.option) == wrong)
    }

    // MARK: Reading a page

    /// The options that are not declared where the page has them.
    private static func faults(in page: String) -> [(option: String, fault: String)] {
        mentions(in: page).flatMap { mention -> [(option: String, fault: String)] in
            var words = mention.split { $0 == " " || $0 == "\n" }.map(String.init)
            if words.first == "fairfill" { words.removeFirst() }
            let command = Main.commands.filter { words.starts(with: $0.words) }
                .max { $0.words.count < $1.words.count }
            // A program of another project.
            if command == nil, words.first?.hasPrefix("-") == false { return [] }
            let options = command?.allOptions ?? Main.commands.flatMap(\.allOptions)
            // `--name VALUE` stands for all of them.
            let known = Set(options.flatMap { [$0.name] + $0.otherNames } + ["name"])
            return words.compactMap { word in
                guard let name = word.wholeMatch(of: #/\[?--([a-z-]+)(?:[=|\]].*)?/#)?.output.1,
                    !known.contains(String(name))
                else { return nil }
                return ("--\(name)", "\(command?.name ?? "no command") has no such option")
            }
        }
    }

    /// What stands in code voice, and the calls of `fairfill` in blocks of code.
    private static func mentions(in page: String) -> [String] {
        var found: [String] = []
        for (index, piece) in page.components(separatedBy: "```").enumerated() {
            if index % 2 == 0 {
                found += piece.matches(of: #/`([^`]+)`/#).map { String($0.output.1) }
            } else {
                let lines = piece.replacing("\\\n", with: " ")
                found += lines.matches(of: #/\bfairfill ([^|;&#\n]*)/#).map { String($0.output.1) }
            }
        }
        return found
    }
}
