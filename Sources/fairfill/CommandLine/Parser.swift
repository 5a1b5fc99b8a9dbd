import Foundation

/// From words to a command and its arguments.
struct Parser {
    var commands: [Command]

    /// What the words ask for.
    enum Request {
        case run(Arguments)
        case help(String)
        case version
    }

    func parse(_ words: [String]) throws(Failure) -> Request {
        guard let first = words.first else { throw Failure(.usage, Help.overview(commands)) }
        if first == "--help" || first == "-h" || first == "help" && words.count == 1 {
            return .help(Help.overview(commands))
        }
        if first == "--version" { return .version }
        let words = first == "help" ? Array(words.dropFirst()) + ["--help"] : words
        guard let command = command(of: words) else {
            let group = commands.filter { $0.words[0] == words[0] }
            if !group.isEmpty {
                if words.dropFirst().contains(where: { $0 == "--help" || $0 == "-h" }) {
                    return .help(Help.group(group))
                }
                throw Failure(.usage, unknownSubcommand(words, group))
            }
            throw Failure(.usage, unknownCommand(words[0]))
        }
        return try parse(Array(words.dropFirst(command.words.count)), for: command)
    }

    private func command(of words: [String]) -> Command? {
        commands.filter { words.starts(with: $0.words) }
            .max { $0.words.count < $1.words.count }
    }

    private func parse(_ words: [String], for command: Command) throws(Failure) -> Request {
        var arguments = Arguments(command: command)
        var index = 0
        while index < words.count {
            let word = words[index]
            index += 1
            guard word.hasPrefix("-"), word.count > 1 else {
                throw Failure(
                    .usage,
                    "'\(Self.shown(word))' is not expected: fairfill \(command.name) takes "
                        + "options only; --help lists them")
            }
            let (option, inline) = try option(word, of: command)
            if option.name == "help" { return .help(Help.text(command)) }
            if option.name == "version" { return .version }
            var value = "true"
            if option.value != nil {
                if let inline {
                    value = inline
                } else {
                    guard index < words.count else {
                        throw Failure(.usage, "\(word) needs a value: \(option.value!)")
                    }
                    value = words[index]
                    index += 1
                }
            } else if inline != nil {
                throw Failure(.usage, "--\(option.name) takes no value")
            }
            if !option.isRepeatable, arguments.given[option.name] != nil {
                throw Failure(.usage, "--\(option.name) is given twice; once is enough")
            }
            arguments.given[option.name, default: []].append(value)
        }
        if let path = arguments.text("file") {
            let options = commands.flatMap { $0.allOptions.map(\.name) }
            arguments.file = try Properties.read(path, known: Set(options))
        }
        try arguments.check()
        return .run(arguments)
    }

    /// The option that a word names, and the value that it carries itself.
    private func option(
        _ word: String, of command: Command
    ) throws(Failure) -> (Option, String?) {
        if !word.hasPrefix("--") {
            let letter = word[word.index(after: word.startIndex)]
            guard let option = command.allOptions.first(where: { $0.letter == letter }) else {
                throw Failure(.usage, unknownOption(word, command))
            }
            let rest = String(word.dropFirst(2))
            return (option, rest.isEmpty ? nil : rest)
        }
        let parts = word.dropFirst(2).split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = command.allOptions.first(where: { $0.name == name }) else {
            throw Failure(.usage, unknownOption("--\(name)", command))
        }
        return (option, parts.count > 1 ? String(parts[1]) : nil)
    }

    // MARK: Words that nobody knows

    /// A word without what is after its `=`, which may be a secret.
    private static func shown(_ word: String) -> Substring { word.prefix { $0 != "=" } }

    private func unknownCommand(_ word: String) -> String {
        let near = Nearest.word(to: word, among: Set(commands.map { $0.words[0] }).sorted())
        return "there is no command '\(word)'"
            + (near.map { "; did you mean '\($0)'?" } ?? "; fairfill --help lists them")
    }

    private func unknownSubcommand(_ words: [String], _ group: [Command]) -> String {
        let names = group.map { $0.words.dropFirst().joined(separator: " ") }
        guard words.count > 1, !words[1].hasPrefix("-") else {
            return "fairfill \(words[0]) needs one of: \(names.joined(separator: ", "))"
        }
        let near = Nearest.word(to: words[1], among: names)
        return "there is no 'fairfill \(words[0]) \(words[1])'"
            + (near.map { "; did you mean '\($0)'?" }
                ?? "; there are: \(names.joined(separator: ", "))")
    }

    private func unknownOption(_ word: String, _ command: Command) -> String {
        let names = command.allOptions.map { "--\($0.name)" }
        let near = Nearest.word(to: word, among: names)
        return "fairfill \(command.name) has no option \(Self.shown(word))"
            + (near.map { "; did you mean \($0)?" } ?? "; --help lists them")
    }
}

/// The word that a mistyped one was meant to be.
enum Nearest {
    static func word(to word: String, among words: [String]) -> String? {
        let ranked = words.map { ($0, distance(Array(word.utf8), Array($0.utf8))) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(1, word.count / 3) else {
            return nil
        }
        return best.0
    }

    /// How many bytes must be changed, left out or put in.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let changed = diagonal + (byte == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[right.count]
    }
}
