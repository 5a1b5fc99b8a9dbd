import Allocation
import Foundation
import Testing
import Vocabulary

/// Writes what the rules say about the inputs of golden books, where it is asked for.
///
///     FAIRFILL_WRITE_GOLDEN=$PWD/Tests/GoldenTests/Golden/rules-1 \
///         swift test --disable-xctest --filter '^GoldenTests\.WritingTests'
///
/// The files of a released version are never written again: a difference is a fault of the rules.
@Suite struct WritingTests {
    private static let folder = ProcessInfo.processInfo.environment["FAIRFILL_WRITE_GOLDEN"]

    @Test(.enabled(if: folder != nil)) func writeWhatIsDecided() throws {
        let folder = URL(filePath: try #require(Self.folder))
        try #require(
            folder.lastPathComponent == "rules-\(RulesByVersion.released.newest)",
            "only books of the current rules are written")
        let books = try GoldenBook.books(of: folder)
        try #require(!books.isEmpty, "no folder with \(GoldenBook.inputs) in \(folder.path)")
        var heads = GoldenHeads()
        for book in books {
            let run = try GoldenRun(book.story(), limit: 1_000)
            try write(run.decisions, GoldenBook.decisions, of: book)
            try write(run.commands, GoldenBook.commands, of: book)
            heads[book] = try book.records().last.map { "\($0.hash)" }
        }
        try heads.text.write(
            to: folder.appending(path: GoldenHeads.file), atomically: true, encoding: .utf8)
    }

    private func write(_ lines: [String], _ file: String, of book: GoldenBook) throws {
        try lines.map { $0 + "\n" }.joined().write(
            to: book.folder.appending(path: file), atomically: true, encoding: .utf8)
    }
}
