import CommandLine
import Testing
import fairfill

/// What `--help` says of each command, and how it may be asked for.
@Suite struct HelpTests {
    /// The help that a command line asks for; nil where it asks for something else.
    private func help(_ line: String) throws -> String? {
        let words = line.split(separator: " ").map(String.init)
        return switch try Parser(commands: Main.commands).parse(words) {
        case .help(let text), .tooLittle(let text): text
        case .run, .version: nil
        }
    }

    @Test(arguments: [
        ("help", "--help"), ("help offering", "offering --help"),
        ("help offering open", "offering open --help"), ("help bid", "bid --help"),
        ("--help bid", "bid -h"), ("--json bid --help", "bid --help"),
        // With nothing to do it shows the same.
        ("offering", "offering --help"), ("", "--help"),
    ])
    func itIsTheSameHoweverItIsAskedFor(asked: String, same: String) throws {
        let text = try #require(try help(asked))
        #expect(try help(same) == text)
        #expect(text.contains("example:"))
    }

    /// Each command has an example that names it.
    @Test func everyCommandHasAnExample() throws {
        for command in Main.commands {
            let text = try #require(try help("\(command.name) --help"))
            let example = try #require(text.range(of: "example:\n"), "\(command.name)")
            #expect(
                text[example.upperBound...].contains("fairfill \(command.name)"),
                "\(command.name)")
        }
    }

    @Test func theOverviewNamesEveryCommand() throws {
        let overview = try #require(try help("--help"))
        for command in Main.commands {
            #expect(overview.contains("\n  \(command.name) "), "\(command.name)")
        }
    }

    /// Each option with its value and all lines about it.
    private func options(_ help: String) throws -> [String] {
        let lines = help.split(separator: "\n").map(String.init)
        let from = try #require(lines.firstIndex(of: "options:"))
        var found: [String] = []
        for line in lines[(from + 1)...] {
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
        var seen = 0
        for command in Main.commands {
            for option in try options(Help.text(command))
            where option.contains(/--[a-z-]+ [A-Z{]/) {
                seen += 1
                #expect(
                    option.contains(/\((default|required|needed)/) || option.contains("(may be"),
                    "\(command.name): \(option)")
            }
        }
        #expect(seen > 150, "\(seen)")
    }
}
