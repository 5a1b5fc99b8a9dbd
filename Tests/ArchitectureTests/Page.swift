import Foundation

/// A page of the specification: Markdown beside the code.
struct Page: Sendable {
    /// Below the top of the checkout.
    let path: String
    let lines: [String]

    /// `Rules.md`.
    var name: String { String(path.split(separator: "/").last ?? "") }

    /// Every page below `Sources`: `README.md`, and those of the catalogues.
    static let all = Result { try find() }

    private static func find() throws -> [Page] {
        let top = Checkout.folder.appending(path: "Sources").path
        let paths = try FileManager.default.subpathsOfDirectory(atPath: top).sorted()
        return try paths.filter { $0.hasSuffix(".md") }.map { path in
            let text = try String(contentsOfFile: "\(top)/\(path)", encoding: .utf8)
            return Page(path: "Sources/\(path)", text: text)
        }
    }

    static func named(_ name: String) throws -> Page {
        guard let page = try all.get().first(where: { $0.name == name }) else {
            throw NoSuchPage(name: name)
        }
        return page
    }

    /// A page that is no part of the specification, by its path.
    static func at(_ path: String) throws -> Page {
        let file = Checkout.folder.appending(path: path)
        return Page(path: path, text: try String(contentsOf: file, encoding: .utf8))
    }

    struct NoSuchPage: Error { var name: String }

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The text of a heading; nil of any other line.
    private static func heading(_ line: String) -> String? {
        guard line.hasPrefix("#") else { return nil }
        return line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces)
    }

    /// The headings, without their marks.
    var headings: [String] { lines.compactMap(Self.heading) }

    /// The lines of a section, up to the next heading of any level.
    func section(_ heading: String) -> [String] {
        guard let start = lines.firstIndex(where: { Self.heading($0) == heading }) else {
            return []
        }
        return Array(lines[(start + 1)...].prefix { Self.heading($0) == nil })
    }

    /// The rows of a table of a section, as cells; the head is left out. Empty where there is none.
    func table(_ heading: String, _ number: Int = 0) -> [[String]] {
        var tables: [[[String]]] = []
        var isInside = false
        for line in section(heading) {
            guard line.hasPrefix("|") else {
                isInside = false
                continue
            }
            if !isInside { tables.append([]) }
            isInside = true
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .dropFirst().dropLast().map { $0.trimmingCharacters(in: .whitespaces) }
            tables[tables.count - 1].append(cells)
        }
        return number < tables.count ? Array(tables[number].dropFirst(2)) : []
    }

    /// What the rows of a table are about: the first word in code voice of each.
    func items(_ heading: String, _ number: Int = 0) -> [String] {
        table(heading, number).map { Self.code(in: $0.first ?? "").first ?? "" }
    }

    /// Everything in code voice of a text.
    static func code(in text: String) -> [String] {
        text.matches(of: #/`([^`]+)`/#).map { String($0.output.1) }
    }

    /// The JSON objects that stand indented in a section, one after the other.
    func objects(_ heading: String) throws -> [NSDictionary] {
        var texts: [String] = []
        for line in section(heading) {
            if line.hasPrefix("    {") { texts.append("") }
            guard line.hasPrefix("    "), !texts.isEmpty else { continue }
            texts[texts.count - 1] += line.trimmingCharacters(in: .whitespaces)
        }
        return try texts.map { text in
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
            guard let object = object as? NSDictionary else { throw NoSuchPage(name: text) }
            return object
        }
    }

    /// Lines outside of code, where rules of wording hold.
    var prose: [(line: Int, text: String)] {
        var isInFence = false
        return lines.enumerated().compactMap { index, line in
            if line.hasPrefix("```") { isInFence.toggle() }
            if isInFence || line.hasPrefix("    ") { return nil }
            return (index + 1, line.replacing(#/`[^`]*`/#, with: "``"))
        }
    }
}
