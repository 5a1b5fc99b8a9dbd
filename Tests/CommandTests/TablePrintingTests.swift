import CommandLine
import CommandRunning
import Foundation
import Testing
import fairfill

/// What is printed from the table of commands for other programs: the manual page, and what shells
/// complete words by.
@Suite struct TablePrintingTests {
    /// Whether a program is here. With CI=true it must be.
    static func has(_ program: String) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        let isHere = (environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
        }
        return isHere || environment["CI"] == "true"
    }

    private func page(in folder: Folder) throws -> String {
        let page = try Run.fairfill(["man"], in: folder).mustWork().output
        try folder.write(page, to: "fairfill.1")
        return page
    }

    @Test(.enabled(if: has("mandoc"), "mandoc is not here"))
    func mandocFindsNothingWrong() throws {
        let folder = try Folder()
        _ = try page(in: folder)
        let lint = try Run.shell("mandoc -Tlint -Wstyle fairfill.1", in: folder)
        #expect(lint.exitCode == 0 && lint.output.isEmpty, "\(lint.output)\(lint.errors)")
    }

    @Test(.enabled(if: has("man"), "man is not here"))
    func manShowsEveryCommand() throws {
        let folder = try Folder()
        _ = try page(in: folder)
        let shown = try Run.shell(
            "LC_ALL=C.UTF-8 MANWIDTH=100 MAN_KEEP_FORMATTING= man --warnings -l fairfill.1",
            in: folder
        ).mustWork()
        #expect(shown.errors.isEmpty, "\(shown.errors)")
        for command in Main.commands {
            #expect(shown.output.contains("fairfill \(command.name)"), "\(command.name)")
            for option in command.options {
                #expect(shown.output.contains("--\(option.name)"), "\(option.name)")
            }
        }
        for part in ["EXIT STATUS", "ENVIRONMENT", "FAIRFILL_OPTION"] {
            #expect(shown.output.contains(part))
        }
        #expect(!shown.output.contains("--id "))
    }

    // MARK: Completion

    /// What bash offers for the last of the words.
    private func offered(_ line: String, in folder: Folder) throws -> Set<String> {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        let script = """
            source c.bash
            COMP_WORDS=(\(words.map { "'\($0)'" }.joined(separator: " ")))
            COMP_CWORD=\(words.count - 1)
            _fairfill
            echo "${COMPREPLY[@]}"
            """
        try folder.write(script, to: "try.bash")
        let run = try Run.shell("bash try.bash", in: folder).mustWork()
        return Set(run.output.split(whereSeparator: \.isWhitespace).map(String.init))
    }

    @Test func bashCompletesCommandsOptionsAndWords() throws {
        let folder = try Folder()
        let text = try Run.fairfill(["completion", "bash"], in: folder).mustWork().output
        try folder.write(text, to: "c.bash")
        func offered(_ words: String) throws -> Set<String> {
            try self.offered(words, in: folder)
        }
        let first = try offered("fairfill ")
        #expect(first.isSuperset(of: ["topics", "bid", "help", "completion", "man"]))
        #expect(!first.contains("create"))
        #expect(try offered("fairfill offering re") == ["resume", "repay"])
        #expect(try offered("fairfill --log sqlite:x.db topics c") == ["create", "check", "clock"])
        #expect(try offered("fairfill bid --sh") == ["--shares"])
        #expect(try !offered("fairfill bid --").contains("--id"))
        #expect(
            try offered("fairfill verify --level ")
                == ["chain", "arithmetic", "payments", "money"])
        #expect(try offered("fairfill help off") == ["offering"])
        #expect(try offered("fairfill bid --account ").isEmpty)
    }

    @Test(.enabled(if: has("zsh"), "zsh is not here"))
    func zshTakesItsOwn() throws {
        let folder = try Folder()
        let text = try Run.fairfill(["completion", "zsh"], in: folder).mustWork().output
        try folder.write(text, to: "c.zsh")
        let run = try Run.shell(
            "zsh -f -c 'autoload -Uz compinit; compinit -u -D; source ./c.zsh; "
                + "print -r -- ${_comps[fairfill]}'", in: folder
        ).mustWork()
        #expect(run.output.contains("_fairfill") && run.errors.isEmpty, "\(run)")
        for command in Main.commands { #expect(text.contains("'\(command.name)')")) }
    }

    @Test(.enabled(if: has("fish"), "fish is not here"))
    func fishCompletesCommandsAndOptions() throws {
        let folder = try Folder()
        let text = try Run.fairfill(["completion", "fish"], in: folder).mustWork().output
        try folder.write(text, to: "c.fish")
        func offered(_ line: String) throws -> [String] {
            try Run.shell(
                "HOME=$PWD fish -N -c 'source c.fish; complete -C \"\(line)\"'", in: folder
            ).mustWork().lines.map { String($0.prefix { $0 != "\t" }) }
        }
        #expect(Set(try offered("fairfill offering re")) == ["resume", "repay"])
        #expect(try offered("fairfill --log sqlite:x.db topics li") == ["list"])
        #expect(try offered("fairfill bid --sha") == ["--shares"])
        #expect(Set(try offered("fairfill verify --level ar")) == ["arithmetic"])
    }
}
