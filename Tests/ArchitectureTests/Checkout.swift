import Foundation

/// The source text of this package, found beside this very file.
enum Checkout {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file below `Sources` or `Tests`, by module, in order of path.
    static func swiftFiles(under top: String) throws -> [SourceFile] {
        let topPath = folder.appending(path: top).path
        let paths = try FileManager.default.subpathsOfDirectory(atPath: topPath).sorted()
        return try paths.filter { $0.hasSuffix(".swift") }.map { path in
            let text = try String(contentsOfFile: "\(topPath)/\(path)", encoding: .utf8)
            return SourceFile(
                path: "\(top)/\(path)", module: String(path.prefix { $0 != "/" }), text: text)
        }
    }

    static func package() throws -> SourceFile {
        let path = folder.appending(path: "Package.swift").path
        return SourceFile(
            path: "Package.swift", module: "",
            text: try String(contentsOfFile: path, encoding: .utf8))
    }
}

/// One Swift file as lines, and the same lines with only the code left in them.
struct SourceFile {
    let path: String
    let module: String
    /// As they stand in the file.
    let lines: [String]
    /// Comments are gone, and string literals are empty: what is left is code.
    let code: [String]

    init(path: String, module: String, text: String) {
        self.path = path
        self.module = module
        lines = Self.split(text)
        code = Self.split(codeOnly(text))
    }

    private static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// What each `import` line names, with its line number from 1.
    var imports: [(line: Int, module: String)] {
        code.enumerated().compactMap { index, line in
            let words = line.split(separator: " ").map(String.init)
            guard let at = words.firstIndex(of: "import"), words.count > at + 1,
                words[..<at].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains($0) })
            else { return nil }
            // `import struct Foundation.URL` imports Foundation.
            let name = words.count > at + 2 ? words[at + 2] : words[at + 1]
            return (index + 1, String(name.prefix { $0 != "." }))
        }
    }

    private static let accessLevels: Set<String> = [
        "public", "package", "internal", "fileprivate", "private",
    ]
}

/// What is wrong in a line, and what to do instead.
struct Violation: Hashable, CustomStringConvertible {
    var path: String
    var line: Int
    var advice: String

    init(_ file: SourceFile, line: Int, _ advice: String) {
        path = file.path
        self.line = line
        self.advice = advice
    }

    var description: String { "\(path):\(line): \(advice)" }
}
