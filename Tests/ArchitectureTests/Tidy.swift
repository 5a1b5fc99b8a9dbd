/// The rules, each a function from a file to what is wrong in it.
enum Tidy {
    static let columns = 100
    static let linesOfAFile = 600

    /// Lines that fit a window, files that fit a mind.
    static func size(_ file: SourceFile) -> [Violation] {
        var found: [Violation] = []
        for (index, line) in file.lines.enumerated() {
            if line.count > columns {
                found.append(
                    Violation(
                        file, line: index + 1, "\(line.count) columns: break it at \(columns)"))
            }
            if line.contains("\t") || line.hasSuffix(" ") {
                found.append(
                    Violation(file, line: index + 1, "no tabs, no spaces at the end of a line"))
            }
        }
        if file.lines.count > linesOfAFile {
            found.append(
                Violation(
                    file, line: linesOfAFile + 1,
                    "\(file.lines.count) lines: a file has one reason; split it by reasons"))
        }
        return found
    }

    /// Words that must not stand in the code, and what to write instead.
    static func forbidden(_ file: SourceFile, isPure: Bool) -> [Violation] {
        file.code.enumerated().flatMap { index, line in
            let words = everywhere + (isPure ? inPureModules : [])
            return words.filter { line.firstMatch(of: $0.pattern) != nil }.map {
                Violation(file, line: index + 1, $0.advice)
            }
        }
    }

    /// Walking a set or a dictionary of a pure module: its order differs from run to run.
    static func iteration(_ file: SourceFile, over names: Set<String>) -> [Violation] {
        file.code.enumerated().compactMap { index, line in
            for match in line.matches(of: walk) {
                let name = match.output.1 ?? match.output.2
                guard let name, names.contains(String(name)) else { continue }
                return Violation(
                    file, line: index + 1,
                    "hashing decides the order of '\(name)': keep an array in order of arrival"
                        + " beside it and walk that")
            }
            return nil
        }
    }

    /// `for x in name`, or a call on `name` that visits its elements one by one.
    nonisolated(unsafe) private static let walk =
        #/
            \bin\ (?:self\.)?(\w+)(?:\.\w+)?\s*(?:\{|where\b)
            | \b(\w+)\.(?:keys|values|map|compactMap|flatMap|forEach|reduce|filter|first
                |enumerated|sorted|popFirst|randomElement|lazy)\b
        /#.wordBoundaryKind(.simple)

    /// The names of sets and dictionaries that each module declares.
    static func hashedNames(in files: [SourceFile]) -> [String: Set<String>] {
        var names: [String: Set<String>] = [:]
        for file in files {
            for line in file.code {
                for match in line.matches(of: declaration) {
                    names[file.module, default: []].insert(String(match.output.1))
                }
            }
        }
        return names
    }

    nonisolated(unsafe) private static let declaration =
        #/\b(?:let|var) (\w+)\s*(?::|=)\s*(?:Set[<(]|Dictionary[<(]|\[[^\[\](),]+: ?[^\[\]]+\])/#
        .wordBoundaryKind(.simple)

    /// What other modules use says what it is: types and functions. Members that a type's own
    /// comment explains, initialisers, operators, and what a protocol asks for go without: the
    /// protocol says it.
    static func documentation(
        _ file: SourceFile, requirements: Set<String> = []
    ) -> [Violation] {
        var found: [Violation] = []
        for (index, line) in file.code.enumerated() {
            guard let match = line.firstMatch(of: publicDeclaration) else { continue }
            let name = String(match.output.1)
            if requirements.contains(name) || witnesses.contains(name) { continue }
            var before = index - 1
            while before >= 0, file.lines[before].firstMatch(of: #/^\s*@/#) != nil { before -= 1 }
            if before >= 0, file.lines[before].firstMatch(of: #/^\s*///#) != nil { continue }
            found.append(
                Violation(
                    file, line: index + 1,
                    "others use '\(name)': say above it in /// what it is, its units, its errors"))
        }
        return found
    }

    nonisolated(unsafe) private static let publicDeclaration =
        #/
            ^\s*(?:@[\w()]+\ )*(?:public|package)\ (?:[a-z]+\ )*?
            (?:struct|class|enum|actor|protocol|typealias|func|(?=subscript))\s*(\w+)
        /#.wordBoundaryKind(.simple)

    /// The functions that protocols of these files ask for.
    static func requirements(in files: [SourceFile]) -> Set<String> {
        var names: Set<String> = []
        for file in files {
            var isInProtocol = false
            for line in file.code {
                if line.firstMatch(of: #/^(?:public|package) protocol/#) != nil {
                    isInProtocol = true
                }
                if line.hasPrefix("}") { isInProtocol = false }
                if isInProtocol, let match = line.firstMatch(of: #/\bfunc (\w+)/#) {
                    names.insert(String(match.output.1))
                }
            }
        }
        return names
    }

    /// Asked for by protocols of the standard library.
    private static let witnesses: Set<String> = ["hash", "next", "makeIterator"]

    private struct Word {
        var pattern: Regex<Substring>
        var advice: String

        init(_ pattern: Regex<Substring>, _ advice: String) {
            self.pattern = pattern.wordBoundaryKind(.simple)
            self.advice = advice
        }
    }

    nonisolated(unsafe) private static let everywhere = [
        Word(#/\btry!/#, "no try!: let the error go on, or precondition where it can't be"),
        Word(
            #/\bfatalError\b/#,
            "no fatalError: an error with a code, or precondition where it can't be"),
        Word(#/\bas!/#, "no as!: a type that can't be wrong, or `as?` and an answer for nil"),
    ]

    nonisolated(unsafe) private static let inPureModules = [
        Word(
            #/\b(?:Double|Float|Float16|Float32|Float64|CGFloat)\b/#,
            "integers only: floats differ by machine and lose shares and money"),
        Word(
            #/\b(?:Date|ContinuousClock|SuspendingClock)\b/#,
            "no clock here: time is the log's; take it as a parameter"),
        Word(#/\bprint\(/#, "no I/O here: return a value and let the caller do it"),
    ]
}
