import CommandLine
import CommandRunning
import Testing
import fairfill

/// `--help` says of each option that takes a value what holds without it.
@Suite struct DefaultsTests {
    private func commands(_ folder: Folder) throws -> [String] {
        let overview = try Run.fairfill(["--help"], in: folder).mustWork()
        let names = Main.commands.map(\.name)
        for name in names { #expect(overview.output.contains("\n  \(name) "), "\(name)") }
        return names
    }

    /// Each option with its value and all lines about it.
    private func options(_ help: Run) throws -> [String] {
        let from = try #require(help.lines.firstIndex(of: "options:"))
        var found: [String] = []
        for line in help.lines[(from + 1)...] {
            guard line.hasPrefix("  ") else { break }
            if line.contains(/^ {2}(-\w, | {4})--/) {
                found.append(line)
            } else if !found.isEmpty {
                found[found.count - 1] += " " + line.drop { $0 == " " }
            }
        }
        return found
    }

    @Test func everyOptionWithAValueSaysWhatHoldsWithoutIt() throws {
        let folder = try Folder()
        let commands = try commands(folder)
        #expect(commands.count > 25 && commands.contains("offering open"), "\(commands)")
        var seen = 0
        for command in commands {
            let words = command.split(separator: " ").map(String.init)
            for option in try options(
                try Run.fairfill(words + ["--help"], in: folder).mustWork())
            where option.contains(/--[a-z-]+ [A-Z{]/) {
                seen += 1
                #expect(
                    option.contains(/\((default|required|needed)/) || option.contains("(may be"),
                    "\(command): \(option)")
            }
        }
        #expect(seen > 150, "\(seen)")
    }
}
