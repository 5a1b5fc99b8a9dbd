import Foundation

/// What the sources and the generated schemas declare, read as text: the tables of the pages are
/// compared with it.
enum Declared {
    private static let sources = Result { try Checkout.swiftFiles(under: "Sources") }

    struct Missing: Error { var what: String }

    /// The lines of the declaration that `beginning` begins, up to the brace or bracket that closes
    /// it: the first line with the same indentation that begins with one.
    static func body(of beginning: String) throws -> [String] {
        for file in try sources.get() {
            guard let start = file.lines.firstIndex(where: { $0.contains(beginning) }) else {
                continue
            }
            let indent = file.lines[start].prefix { $0 == " " }
            let end = file.lines[(start + 1)...].firstIndex {
                $0.hasPrefix(indent + "}") || $0.hasPrefix(indent + "]")
            }
            return Array(file.lines[(start + 1)..<(end ?? file.lines.endIndex)])
        }
        throw Missing(what: beginning)
    }

    /// The cases of an enumeration, each with its raw value where it is written.
    static func cases(of declaration: String) throws -> [(name: String, value: String?)] {
        try body(of: declaration).flatMap { line -> [(name: String, value: String?)] in
            guard let match = line.firstMatch(of: #/^ *case (\w.*)$/#) else { return [] }
            return match.output.1.split(separator: ",").map { part in
                let words = part.split(separator: "=").map {
                    $0.trimmingCharacters(in: CharacterSet(charactersIn: " \""))
                }
                return (words[0], words.count > 1 ? words[1] : nil)
            }
        }
    }

    /// What a pattern finds in the body of a declaration.
    static func names(
        _ declaration: String, _ pattern: Regex<(Substring, Substring)>
    ) throws -> [String] {
        try body(of: declaration).flatMap { line in
            line.matches(of: pattern).map { String($0.output.1) }
        }
    }

    /// The subcommands, by their letters alone: `topicscreate`, `whatif`.
    static func commands() throws -> [String] {
        try names("static let commands: [Command] = [", #/\.(\w+)/#).map { $0.lowercased() }
    }

    /// `deploy/schemas/TOPIC.json`.
    static func schema(_ topic: String) throws -> [String: Any] {
        try json("deploy/schemas/\(topic).json")
    }

    static func json(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: Checkout.folder.appending(path: path))
        guard let found = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw Missing(what: path)
        }
        return found
    }

    /// The topics, as the document of all of them lists them.
    static func topics() throws -> [String: [String: Any]] {
        try json("deploy/asyncapi.json")["channels"] as? [String: [String: Any]] ?? [:]
    }

    /// The types of a topic's records, in order, each with its schema. One that has no types has
    /// one without a name.
    static func records(_ topic: String) throws -> [(type: String, schema: [String: Any])] {
        let schema = try schema(topic)
        guard let choices = schema["oneOf"] as? [[String: Any]],
            let definitions = schema["definitions"] as? [String: [String: Any]]
        else { return [("", schema)] }
        return choices.compactMap { choice in
            guard let reference = choice["$ref"] as? String,
                let type = reference.split(separator: "/").last.map(String.init),
                let schema = definitions[type]
            else { return nil }
            return (type, schema)
        }
    }

    /// The words that a member may have.
    static func words(_ member: String, of schema: [String: Any]) -> [String] {
        let properties = schema["properties"] as? [String: [String: Any]]
        return properties?[member]?["enum"] as? [String] ?? []
    }
}
