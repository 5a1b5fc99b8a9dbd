import FairfillClient

/// The manual pages, printed from the table of commands, in the macros of man(7).
package struct ManualPage {
    package let commands: [Command]

    package init(_ commands: [Command]) { self.commands = commands }

    /// When what the pages say last changed: they are the same wherever they are printed.
    private static let date = "2026-11-30"

    /// fairfill(1): all commands.
    package var text: String {
        var lines = [
            ".TH FAIRFILL 1 \(Self.date) \"fairfill \(Command.version)\" \"User Commands\"",
            ".nh",
            ".ad l",
            ".SH NAME",
            "fairfill \\- sell fixed\\-size offerings exactly, first come, first served",
            ".SH SYNOPSIS",
            ".B fairfill",
            "\\fICOMMAND\\fR [\\fIOPTION\\fR...]",
            ".SH DESCRIPTION",
        ]
        lines += Self.filled(
            """
            Fairfill decides bids for fixed-size offerings from a log, in Kafka or in an SQLite
            file. Front ends append bids; the allocator decides each of them once, in the order of
            the log; the payer collects the money.

            Options may stand before the command or after it. An option on the command line wins
            over an environment variable, a variable over the file of -F, and the file over the
            default.
            """)
        lines.append(".SH COMMANDS")
        for command in commands {
            lines.append(".SS fairfill \(Self.escaped(command.name))")
            lines += Self.filled(Self.sentence(command.summary))
            if !command.description.isEmpty { lines += [".PP"] + Self.filled(command.description) }
            let shared = usual(command).map(\.name)
            for option in command.allOptions where !shared.contains(option.name) {
                lines += Self.item(option)
            }
            lines.append(".PP")
            lines.append(command.examples.count == 1 ? "Example:" : "Examples:")
            lines += [".PP", ".RS 4", ".nf"]
            for example in command.examples {
                lines += Help.example(example).split(separator: "\n").map {
                    Self.escaped(String($0.dropFirst(2)))
                }
            }
            lines += [".fi", ".RE"]
        }
        lines.append(".SH COMMON OPTIONS")
        lines += Self.filled("The first three are for every command that opens a log.")
        for option in Option.log + Option.common { lines += Self.item(option) }
        lines.append(".SH EXIT STATUS")
        for code in ExitCode.allCases {
            lines += [".TP 6", "\\fB\(code.rawValue)\\fR"]
            lines += Self.filled(Self.sentence(code.meaning))
        }
        lines.append(".SH ENVIRONMENT")
        lines += [".TP", "\\fBFAIRFILL_\\fR\\fIOPTION\\fR"]
        lines += Self.filled(
            "The value of an option, as FAIRFILL_LOG for --log and FAIRFILL_CLOCK_GRACE for "
                + "--clock-grace. An option without a value is true or false.")
        lines += [".TP", "\\fBNO_COLOR\\fR"]
        lines += Self.filled("Print no colours on a terminal.")
        return lines.joined(separator: "\n")
    }

    private func usual(_ command: Command) -> [Option] {
        Option.common + (command.usesLog ? Option.log : [])
    }

    private static func item(_ option: Option) -> [String] {
        let letter = option.letter.map { "\\fB\\-\($0)\\fR, " } ?? ""
        let value = option.value.map { " \\fI\(escaped($0))\\fR" } ?? ""
        return [".TP", "\(letter)\\fB\(escaped("--\(option.name)"))\\fR\(value)"]
            + filled(option.help + ".")
    }

    /// Begins with a capital letter and ends with a full stop, unless it begins with a name.
    private static func sentence(_ text: String) -> String {
        let first = text.prefix { $0 != " " }
        let isWord = first.allSatisfy { $0.isLetter }
        let begun = isWord ? text.prefix(1).uppercased() + text.dropFirst() : text
        return begun.hasSuffix(".") ? begun : begun + "."
    }

    /// Text as the macros take it: paragraphs flow, a row of a table is an item.
    private static func filled(_ text: String) -> [String] {
        var lines: [String] = []
        // Narrow enough for the backslashes.
        for line in Layout.filled(text, width: 66).split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            let indent = line.prefix { $0 == " " }.count
            let rest = line.dropFirst(indent)
            if rest.isEmpty {
                if lines.last != ".PP" { lines.append(".PP") }
            } else if indent == 0 {
                lines.append(escaped(String(rest)))
            } else if indent > 4 || lines.isEmpty {
                // It goes on with the row above.
                lines.append(escaped(String(rest)))
            } else if let gap = rest.firstRange(of: "  ") {
                if lines.last == ".PP" { lines.removeLast() }
                lines += [
                    ".TP 20", "\\fB\(escaped(String(rest[..<gap.lowerBound])))\\fR",
                    escaped(String(rest[gap.upperBound...].drop { $0 == " " })),
                ]
            } else {
                if lines.last != ".PP" { lines.append(".br") }
                lines.append(escaped(String(rest)))
            }
        }
        while lines.last == ".PP" { lines.removeLast() }
        return lines
    }

    private static func escaped(_ text: String) -> String {
        let escaped = text.escaping("\\", with: "\\e").escaping("-", with: "\\-")
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }
}
