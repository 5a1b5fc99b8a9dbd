import CommandLine
import FairfillClient
import Foundation
import JSON
import Messages
import Schemas

extension Command {
    static let schema = Command(
        words: ["schema"],
        summary: "print the JSON Schema of every record, or the AsyncAPI document",
        description: """
            Without an option it lists the records by name, each with a sentence. The schemas use
            the keywords of draft-07, which AsyncAPI 3 builds on. They describe what this release
            writes and reads. Later releases may add members, so readers must ignore members that
            they don't know. --write makes deploy/schemas and deploy/asyncapi.json.
            """,
        options: [
            Option(
                "record", "NAME", "the schema of one record, such as bids.bid (default: of all)"),
            Option(
                "topic", "NAME", "the schema of the records of a topic, such as bids "
                    + "(default: of all)"),
            Option("asyncapi", nil, "an AsyncAPI 3 document with all topics, keys and records"),
            Option(
                "write", "FOLDER",
                "write schemas/TOPIC.json and asyncapi.json there (default: print)"),
        ],
        examples: [
            "fairfill schema",
            "fairfill schema --record bids.bid",
            "fairfill schema --topic decisions | jq '.definitions | keys'",
            "fairfill schema --asyncapi > asyncapi.json",
            "fairfill schema --write deploy",
        ],
        usesLog: false
    ) { arguments throws(Failure) in try SchemaPrinter(arguments).run() }
}

/// `fairfill schema`.
private struct SchemaPrinter {
    let arguments: Arguments
    let output = Output()

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() throws(Failure) -> ExitCode {
        let choices = ["record", "topic", "asyncapi", "write"]
        let chosen = choices.filter { arguments.given[$0] != nil }
        if chosen.count > 1 {
            throw Failure(
                .usage, "--\(chosen[0]) and --\(chosen[1]) ask for two things; one at a time")
        }
        switch chosen.first {
        case "record": try record(try arguments.required("record"))
        case "topic": try topic(try arguments.required("topic"))
        case "asyncapi": try print(AsyncAPI.document(version: Main.version))
        case "write": try write(to: try arguments.required("write"))
        default: try list()
        }
        try output.flush()
        return .done
    }

    /// Pages for people; a line for a program that asked for lines.
    private func print(_ document: JSONValue) throws(Failure) {
        try output.line(arguments.isJSON ? document.line : document.page())
    }

    private func record(_ name: String) throws(Failure) {
        let records = Topic.allCases.flatMap(\.recordSchemas)
        guard let record = records.first(where: { $0.name == name }) else {
            // A user who knows only the type gets the whole name.
            let near = records.first { $0.type == name }?.name
                ?? Nearest.word(to: name, among: records.map(\.name))
            throw Failure(
                .usage, "there is no record '\(name)'"
                    + (near.map { "; did you mean '\($0)'?" } ?? "; fairfill schema lists them"))
        }
        try print(record.document)
    }

    private func topic(_ name: String) throws(Failure) {
        guard let topic = Topic(rawValue: name) else {
            let near = Nearest.word(to: name, among: Topic.allCases.map(\.name))
            throw Failure(
                .usage, "there is no topic '\(name)'"
                    + (near.map { "; did you mean '\($0)'?" }
                        ?? "; there are: " + Topic.allCases.map(\.name).joined(separator: ", ")))
        }
        guard let document = topic.document else {
            throw Failure(.usage, "the values of '\(name)' follow no schema: \(topic.summary)")
        }
        try print(document)
    }

    private func list() throws(Failure) {
        for record in Topic.allCases.flatMap(\.recordSchemas) {
            if arguments.isJSON {
                var line = JSONLine()
                line.add("topic", record.topic.name)
                line.add("record", record.name)
                line.add("schema", json: record.document.line)
                try output.line(line.line)
            } else {
                try output.line(
                    Layout.wrapped(
                        record.summary, first: Layout.padded(record.name, 38), indent: 38))
            }
        }
    }

    private func write(to folder: String) throws(Failure) {
        var documents = Topic.allCases.compactMap { topic in
            topic.document.map { ("schemas/\(topic.name).json", $0) }
        }
        documents.append(("asyncapi.json", AsyncAPI.document(version: Main.version)))
        do {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/schemas", withIntermediateDirectories: true)
            for (path, document) in documents {
                try Data((document.page() + "\n").utf8)
                    .write(to: URL(filePath: "\(folder)/\(path)"), options: .atomic)
            }
        } catch {
            throw Failure(.cannotCreate, "'\(folder)' can't be written: \(error)")
        }
        guard !arguments.isQuiet else { return }
        for (path, _) in documents { try output.line("\(folder)/\(path)") }
    }
}
