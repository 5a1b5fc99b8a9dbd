/// What `--help` prints.
enum Help {
    static func overview(_ commands: [Command]) -> String {
        var text = """
            Fairfill sells fixed-size offerings to the share, in the order of the log.

            usage: fairfill COMMAND [OPTION...]

            commands:

            """
        let width = commands.map(\.name.count).max() ?? 0
        for command in commands {
            text += "  \(padded(command.name, width))  \(command.summary)\n"
        }
        text += "\nexit codes:\n"
        for code in ExitCode.allCases {
            text += "  \(padded(String(code.rawValue), 3)) \(code.meaning)\n"
        }
        text += """

            A flag wins over an environment variable (FAIRFILL_LOG, FAIRFILL_ENV, ...), that over
            the file named with -F, that over the default. `fairfill COMMAND --help` says more.

            example:
              fairfill topics create && fairfill allocate
            """
        return text
    }

    static func group(_ commands: [Command]) -> String {
        var text = "usage: fairfill \(commands[0].words[0]) SUBCOMMAND [OPTION...]\n\n"
        let width = commands.map(\.name.count).max() ?? 0
        for command in commands {
            text += "  \(padded(command.name, width))  \(command.summary)\n"
        }
        return text + "\nexample:\n  " + commands[0].examples[0]
    }

    static func text(_ command: Command) -> String {
        var text = "\(command.summary)\n\nusage: fairfill \(command.name) [OPTION...]\n"
        if !command.description.isEmpty { text += "\n\(filled(command.description))\n" }
        text += "\noptions:\n"
        let names = command.allOptions.map { option in
            (option.letter.map { "-\($0), " } ?? "    ") + "--\(option.name)"
                + (option.value.map { " \($0)" } ?? "")
        }
        let width = min(names.map(\.count).max() ?? 0, 34)
        for (name, option) in zip(names, command.allOptions) {
            let column = "  \(padded(name, width))  "
            text += wrapped(option.help, first: column, indent: width + 4) + "\n"
        }
        text += "\nexample:\n"
        text += command.examples.map { "  \($0)" }.joined(separator: "\n")
        return text
    }

    /// Lines that are too long are broken; the others stay as they are.
    private static func filled(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.count <= 98 ? String(line) : wrapped(String(line), first: "", indent: 0)
        }.joined(separator: "\n")
    }

    private static func wrapped(_ words: String, first: String, indent: Int) -> String {
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in words.split(separator: " ") {
            if !isEmpty, line.count + word.count + 1 > 98 {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [line]).joined(separator: "\n")
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
