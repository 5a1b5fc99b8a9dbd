import Foundation
import Testing

/// A book of a release: what came in, and what was said about it, as files of a folder of its own.
struct GoldenBook: Hashable, Sendable, CustomTestStringConvertible {
    /// The folder of the book, in that of its version of the rules.
    let folder: URL

    static let inputs = "inputs.ndjson"
    static let decisions = "decisions.ndjson"
    static let commands = "payment-commands.ndjson"

    var testDescription: String { "\(rules)/\(name)" }
    var name: String { folder.lastPathComponent }
    var rules: String { folder.deletingLastPathComponent().lastPathComponent }

    /// The lines of one of its files.
    func lines(_ file: String) throws -> [String] {
        let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        #expect(text.hasSuffix("\n"), "\(self): \(file) ends inside a line")
        return text.split(separator: "\n").map(String.init)
    }

    /// What came in, as it is told to the book.
    func story() throws -> GoldenStory { try GoldenStory(lines(Self.inputs)) }

    /// The books below a folder of one version of the rules, by name.
    static func books(of rules: URL) throws -> [GoldenBook] {
        try FileManager.default.contentsOfDirectory(atPath: rules.path).sorted()
            .map { rules.appending(path: $0) }
            .filter { FileManager.default.fileExists(atPath: $0.appending(path: inputs).path) }
            .map(GoldenBook.init)
    }

    /// The books of every release, oldest first.
    static let all: [GoldenBook] = {
        let top = Bundle.module.bundleURL.appending(path: "Golden")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: top.path)) ?? []
        return versions.sorted().flatMap { (try? books(of: top.appending(path: $0))) ?? [] }
    }()
}
