import FairfillClient

/// What `--help` prints.
package enum Help {
    /// The page that `fairfill --help` shows.
    package static func overview(_ commands: [Command]) -> String {
        var text = """
            Fairfill sells fixed-size offerings exactly, first come, first served.

            usage: fairfill COMMAND [OPTION...]

            commands:

            """
        text += list(commands)
        text += "\nexit codes:\n"
        for code in ExitCode.allCases {
            let column = "  \(Layout.padded(String(code.rawValue), 3)) "
            text += Layout.wrapped(code.meaning, first: column, indent: column.count) + "\n"
        }
        text += """

            Options may stand before the command or after it. An option on the command line
            wins over an environment variable (FAIRFILL_LOG, FAIRFILL_ENV, ...), a variable
            over the file of -F, and the file over the default. For the options of one
            command: fairfill help COMMAND

            example:
              fairfill topics create && fairfill allocate
            """
        return text
    }

    /// A line for each subcommand of a group.
    package static func group(_ commands: [Command]) -> String {
        "usage: fairfill \(commands[0].words[0]) SUBCOMMAND [OPTION...]\n\n" + list(commands)
            + "\nFor the options of one: fairfill help \(commands[0].words[0]) SUBCOMMAND\n"
            + "\nexample:\n" + example(commands[0].examples[0])
    }

    /// The commands, a line each, or more where the sentence is long.
    private static func list(_ commands: [Command]) -> String {
        let width = commands.map(\.name.count).max() ?? 0
        return commands.map { command in
            Layout.wrapped(
                command.summary, first: "  \(Layout.padded(command.name, width))  ",
                indent: width + 4) + "\n"
        }.joined()
    }

    /// The page of one command.
    package static func text(_ command: Command) -> String {
        var text = Layout.wrapped(command.summary)
            + "\n\nusage: fairfill \(command.name) [OPTION...]\n"
        if !command.description.isEmpty { text += "\n\(Layout.filled(command.description))\n" }
        text += "\noptions:\n"
        let names = command.allOptions.map(name)
        let width = min(names.map(\.count).max() ?? 0, 30)
        for (name, option) in zip(names, command.allOptions) {
            let indent = width + 4
            var column = "  \(Layout.padded(name, width))  "
            if column.count > indent {
                text += "  \(name)\n"
                column = String(repeating: " ", count: indent)
            }
            text += Layout.wrapped(option.help, first: column, indent: indent) + "\n"
        }
        text += "\nexample:\n"
        text += command.examples.map(example).joined(separator: "\n")
        return text
    }

    /// An option's names, and what stands for its value.
    private static func name(_ option: Option) -> String {
        (option.letter.map { "-\($0), " } ?? "    ") + "--\(option.name)"
            + (option.value.map { " \($0)" } ?? "")
    }

    /// A line for a shell, continued on further lines where it is long.
    package static func example(_ line: String) -> String {
        var lines: [String] = []
        for part in line.split(separator: "\n") {
            let part = part.drop { $0 == " " }
            var shown = String(repeating: " ", count: lines.isEmpty ? 2 : 6)
            let start = shown.count
            for piece in pieces(String(part)) {
                // Room for the backslash.
                if shown.count > start, shown.count + 1 + piece.count > Layout.width - 2 {
                    lines.append(shown + " \\")
                    shown = "      "
                    shown += piece
                } else {
                    shown += (shown.allSatisfy { $0 == " " } ? "" : " ") + piece
                }
            }
            lines.append(shown)
        }
        return lines.joined(separator: "\n")
    }

    /// What of a line may be moved to the next only as a whole: an option with its value, a
    /// command behind a pipe.
    private static func pieces(_ line: String) -> [String] {
        var pieces: [String] = []
        for word in line.split(separator: " ") {
            if pieces.isEmpty || word.hasPrefix("--") || ["|", ">", "&&"].contains(word) {
                pieces.append(String(word))
            } else {
                pieces[pieces.count - 1] += " " + word
            }
        }
        return pieces
    }

    /// `text` with blanks behind it, `width` columns wide at least.
    package static func padded(_ text: String, _ width: Int) -> String {
        Layout.padded(text, width)
    }
}
