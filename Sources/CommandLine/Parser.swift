import FairfillClient
import Foundation

/// From words to a command and its arguments.
package struct Parser {
    package var commands: [Command]

    package init(commands: [Command]) { self.commands = commands }

    /// What the words ask for.
    package enum Request {
        case run(Arguments)
        case help(String)
        case version
        /// Too little was asked for: the help, as an error.
        case tooLittle(String)
    }

    /// What the words of a command line ask for.
    package func parse(_ words: [String]) throws(Failure) -> Request {
        let (name, rest) = try commandName(in: words)
        if name.first == "help" { return try help(about: Array(name.dropFirst()) + rest) }
        let isHelp = rest.contains { $0 == "--help" || $0 == "-h" }
        guard let command = commands.first(where: { $0.words == name }) else {
            // An option before the command needs none.
            if rest.contains("--version"), name.isEmpty { return .version }
            let next = rest.first { !$0.hasPrefix("-") }
            guard !name.isEmpty else {
                if isHelp { return .help(Help.overview(commands)) }
                guard let next else { return .tooLittle(Help.overview(commands)) }
                throw Failure(.usage, unknownCommand(next))
            }
            let group = commands.filter { $0.words.starts(with: name) }
            if isHelp { return .help(Help.group(group)) }
            guard let next else { return .tooLittle(Help.group(group)) }
            throw Failure(.usage, unknownSubcommand(name[0], next, group))
        }
        return try parse(rest, for: command)
    }

    /// `fairfill help COMMAND [SUBCOMMAND]`.
    private func help(about words: [String]) throws(Failure) -> Request {
        let name = words.filter { !$0.hasPrefix("-") }
        guard let first = name.first else { return .help(Help.overview(commands)) }
        if let command = commands.first(where: { $0.words == name }) {
            return .help(Help.text(command))
        }
        let group = commands.filter { $0.words[0] == first }
        guard !group.isEmpty else { throw Failure(.usage, unknownCommand(first)) }
        guard name.count > 1 else { return .help(Help.group(group)) }
        guard group[0].words.count > 1 else { return .help(Help.text(group[0])) }
        throw Failure(.usage, unknownSubcommand(first, name[1], group))
    }

    /// The words that name the command, and the others in their order: options may stand before
    /// the command and between its words.
    private func commandName(
        in words: [String]
    ) throws(Failure) -> (name: [String], rest: [String]) {
        var name: [String] = []
        var rest: [String] = []
        var index = 0
        while index < words.count {
            let word = words[index]
            if word.hasPrefix("-"), word.count > 1 {
                let (option, inline) = try option(
                    word, among: commands.flatMap(\.allOptions), of: nil)
                rest.append(word)
                index += 1
                if option.value != nil, inline == nil, index < words.count {
                    rest.append(words[index])
                    index += 1
                }
                continue
            }
            let longer = name + [word]
            guard word == "help" && name.isEmpty
                || commands.contains(where: { $0.words.starts(with: longer) })
            else { break }
            name = longer
            index += 1
            if word == "help" || commands.contains(where: { $0.words == name }) { break }
        }
        return (name, rest + words[index...])
    }

    private func parse(_ words: [String], for command: Command) throws(Failure) -> Request {
        var arguments = Arguments(command: command)
        var index = 0
        while index < words.count {
            let word = words[index]
            index += 1
            guard word.hasPrefix("-"), word.count > 1 else {
                throw Failure(.usage, unexpected(word, command, arguments))
            }
            let (option, inline) = try option(word, among: command.allOptions, of: command)
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
            let options = commands.flatMap { $0.allOptions.flatMap { [$0.name] + $0.otherNames } }
            arguments.file = try Properties.read(path, known: Set(options))
        }
        try arguments.check()
        return .run(arguments)
    }

    /// The option that a word names, and the value that it carries itself. Without a command the
    /// options are those of all: an option has a value in all of them or in none.
    private func option(
        _ word: String, among options: [Option], of command: Command?
    ) throws(Failure) -> (Option, String?) {
        if !word.hasPrefix("--") {
            let letter = word[word.index(after: word.startIndex)]
            guard let option = options.first(where: { $0.letter == letter }) else {
                throw Failure(.usage, unknownOption(word, options, command))
            }
            let rest = String(word.dropFirst(2))
            return (option, rest.isEmpty ? nil : rest)
        }
        let parts = word.dropFirst(2).split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let found = options.first { $0.name == name }
            ?? options.first { $0.otherNames.contains(name) }
        guard let found else {
            throw Failure(.usage, unknownOption("--\(name)", options, command))
        }
        return (found, parts.count > 1 ? String(parts[1]) : nil)
    }
}
