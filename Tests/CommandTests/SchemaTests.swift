import CommandRunning
import Foundation
import Messages
import Schemas
import Testing

/// `fairfill schema`.
@Suite struct SchemaTests {
    @Test func itListsEveryRecordWithASentence() throws {
        let folder = try Folder()
        let run = try Run.fairfill(["schema"], in: folder).mustWork()
        let names = Topic.allCases.flatMap(\.recordSchemas).map(\.name)
        // A sentence that is longer than a line goes on, indented, on the next.
        let entries = run.output.replacing(/\n +/, with: " ").split(separator: "\n")
        #expect(entries.map { String($0.prefix { $0 != " " }) } == names)
        #expect(entries.allSatisfy { $0.hasSuffix(".") })
        let lines = try Run.fairfill(["schema", "--json"], in: folder).mustWork().objects()
        #expect(lines.map { $0["record"] as? String ?? "" } == names)
        #expect(lines.allSatisfy { ($0["schema"] as? [String: Any])?["properties"] != nil })
    }

    @Test func itPrintsOneSchemaOrAllOfATopic() throws {
        let folder = try Folder()
        let bid = try Run.fairfill(["schema", "--record", "bids.bid"], in: folder).mustWork()
        let required = #""required": ["type", "bid", "offering", "account", "shares"]"#
        #expect(bid.output.contains(required), "\(bid)")
        let line = try Run.fairfill(["schema", "--record", "bids.bid", "--json"], in: folder)
        #expect(try line.mustWork().objects().first?["title"] as? String == "bids.bid")
        let topic = try Run.fairfill(["schema", "--topic", "bids", "--json"], in: folder)
        let definitions = try topic.mustWork().objects().first?["definitions"] as? [String: Any]
        #expect(Set(definitions?.keys.map { $0 } ?? []) == ["bid", "cancel"])
    }

    /// What is kept in `deploy/` is what this command writes, to the byte.
    @Test func itWritesWhatIsKept() throws {
        let folder = try Folder()
        let run = try Run.fairfill(["schema", "--write", "out"], in: folder).mustWork()
        let kept = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "deploy")
        #expect(run.lines.count == Topic.allCases.compactMap(\.document).count + 1)
        for line in run.lines {
            let written = try Data(contentsOf: URL(filePath: "\(folder.path)/\(line)"))
            let expected = try Data(
                contentsOf: kept.appending(path: String(line.dropFirst("out/".count))))
            let isSame = written == expected
            #expect(isSame, "\(line) is not what deploy/ keeps")
        }
        let printed = try Run.fairfill(["schema", "--asyncapi"], in: folder).mustWork()
        let document = try String(
            contentsOf: kept.appending(path: "asyncapi.json"), encoding: .utf8)
        let isSame = printed.output == document
        #expect(isSame)
    }

    @Test func aFolderThatCannotBeWrittenIsNamed() throws {
        let folder = try Folder()
        try folder.write("a file", to: "taken")
        let run = try Run.fairfill(["schema", "--write", "taken"], in: folder)
        #expect(run.exitCode == 73)
        #expect(run.errors.contains("'taken' can't be written"), "\(run)")
    }
}
