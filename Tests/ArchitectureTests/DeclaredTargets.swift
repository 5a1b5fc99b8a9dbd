import Testing

/// What Package.swift declares, read as text: `module("A", ["B"])`, `tests("ATests", ["A"])`, and
/// the targets that are spelled out.
struct DeclaredTargets {
    var modules: [String: Set<String>] = [:]
    var tests: [String: Set<String>] = [:]
    var cTargets: Set<String> = []

    init(_ package: SourceFile) throws {
        let text = package.lines.joined(separator: "\n")
        let start = try #require(text.range(of: "targets: [\n")?.upperBound)
        for match in text[start...].matches(of: #/\.?(\w+)\(\s*(?:name: )?"(\w+)"([^()]*)/#) {
            let (_, kind, name, rest) = match.output
            let dependencies = Self.dependencies(in: rest)
            switch kind {
            // Support of tests, such as a suite that several of them run.
            case _ where rest.contains("path: \"Tests/"): tests[String(name)] = dependencies
            case "module", "executableTarget": modules[String(name)] = dependencies
            case "tests": tests[String(name)] = dependencies
            case "systemLibrary": cTargets.insert(String(name))
            default: Issue.record("Package.swift: what is \(kind)(\"\(name)\")?")
            }
        }
    }

    /// The first list of names in brackets.
    private static func dependencies(in text: Substring) -> Set<String> {
        guard let open = text.firstIndex(of: "["), let close = text.firstIndex(of: "]") else {
            return []
        }
        return Set(text[open..<close].matches(of: #/"(\w+)"/#).map { String($0.output.1) })
    }
}
