import FairfillClient
import Vocabulary

// Words that the parser does not know: what is said of them.
extension Parser {
    /// A word without what is after its `=`, which may be a secret.
    private static func shown(_ word: String) -> Substring { word.prefix { $0 != "=" } }

    /// What to say of a command that does not exist.
    package func unknownCommand(_ word: String) -> String {
        let near = Nearest.word(to: word, among: Set(commands.map { $0.words[0] }).sorted())
            // `close` for `offering close`.
            ?? commands.first { $0.words.last == word }?.name
        return "there is no command '\(Self.shown(word))'"
            + (near.map { "; did you mean '\($0)'?" } ?? "; fairfill --help lists them")
    }

    /// What to say of a subcommand that its group does not have.
    package func unknownSubcommand(
        _ first: String, _ second: String, _ group: [Command]
    ) -> String {
        let names = group.map { $0.words.dropFirst().joined(separator: " ") }
        let near = Nearest.word(to: second, among: names)
        return "there is no 'fairfill \(first) \(Self.shown(second))'"
            + (near.map { "; did you mean 'fairfill \(first) \($0)'?" }
                ?? "; there are: \(names.joined(separator: ", "))")
    }

    /// What to say of an option that the command does not have.
    package func unknownOption(_ word: String, _ options: [Option], _ command: Command?) -> String {
        let names = options.flatMap { [$0.name] + $0.otherNames }.map { "--\($0)" }
        let near = Nearest.word(to: word, among: names)
        let whole = command.map { "fairfill \($0.name)" } ?? "fairfill"
        return "\(whole) has no option \(Self.shown(word))"
            + (near.map { "; did you mean \($0)?" }
                ?? (command == nil ? "; fairfill --help says more" : "; --help lists them"))
    }

    /// A word that stands where only options may.
    package func unexpected(_ word: String, _ command: Command, _ arguments: Arguments) -> String {
        let open = command.options.filter { arguments.given[$0.name] == nil || $0.isRepeatable }
        let whole = "'\(Self.shown(word))' is not expected"
        guard !word.contains("="), let option = Self.option(for: word, among: open) else {
            return "\(whole): fairfill \(command.name) takes options only; --help lists them"
        }
        return "\(whole); did you mean --\(option.name) \(word)?"
    }

    /// The option that a value was probably meant for: one that has this word, or one for a log, or
    /// the first for an id.
    private static func option(for word: String, among options: [Option]) -> Option? {
        if let option = options.first(where: { $0.words.contains(word) }) { return option }
        if LogName(word) != nil { return options.first { $0.value == "URL" } }
        let isID = Identifier(parsing: word) != nil
            || word.contains("/") && word.split(separator: "/").allSatisfy {
                Identifier(parsing: String($0)) != nil
            }
        return isID ? options.first { $0.value == "ID" } : nil
    }
}

/// The word that a mistyped one was meant to be.
package enum Nearest {
    /// nil where none is near.
    package static func word(to word: String, among words: [String]) -> String? {
        let ranked = words.map { ($0, distance(Array(word.utf8), Array($0.utf8))) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(1, word.count / 3) else {
            return nil
        }
        return best.0
    }

    /// How many bytes must be changed, left out or put in; two that changed places count as one.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var next = [index + 1]
            for (column, other) in right.enumerated() {
                var least = min(
                    row[column] + (byte == other ? 0 : 1), next[column] + 1, row[column + 1] + 1)
                if index > 0, column > 0, byte == right[column - 1], left[index - 1] == other {
                    least = min(least, before[column - 1] + 1)
                }
                next.append(least)
            }
            before = row
            row = next
        }
        return row[right.count]
    }
}
