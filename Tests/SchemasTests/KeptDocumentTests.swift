import Foundation
import JSON
import Messages
import SchemaConformance
import Schemas
import Testing

/// What is kept in `deploy/` for those who have no binary at hand.
@Suite struct KeptDocumentTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "deploy")

    @Test func theSchemasKeptAreThoseOfTheCode() throws {
        var expected: Set<String> = []
        for topic in Topic.allCases {
            guard let document = topic.document else { continue }
            expected.insert("\(topic.name).json")
            try expect(document, keptAs: "schemas/\(topic.name).json")
        }
        let kept = try FileManager.default.contentsOfDirectory(
            atPath: Self.folder.appending(path: "schemas").path)
        #expect(Set(kept) == expected)
    }

    @Test func theAsyncAPIDocumentKeptIsThatOfTheCode() throws {
        let kept = try text("asyncapi.json")
        let version = try #require(Node(parsing: kept)["info"]?["version"]?.text)
        try expect(AsyncAPI.document(version: version), keptAs: "asyncapi.json")
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.folder.appending(path: path), encoding: .utf8)
    }

    private func expect(_ document: JSONValue, keptAs path: String) throws {
        // Compared outside of #expect, which would print both.
        let isSame = try text(path) == document.page() + "\n"
        #expect(isSame, "deploy/\(path) is stale: write it with `fairfill schema --write deploy`")
    }
}
