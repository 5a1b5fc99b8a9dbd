import CommandLine
import FairfillClient

// What is printed from the table of commands for other programs: shells and man.
extension Command {
    static let completionBash = completion("bash", "source <(fairfill completion bash)") {
        $0.bash
    }

    static let completionZsh = completion("zsh", "source <(fairfill completion zsh)") { $0.zsh }

    static let completionFish = completion("fish", "fairfill completion fish | source") {
        $0.fish
    }

    static let man = Command(
        words: ["man"],
        summary: "print the manual page fairfill(1)",
        description: """
            The page has every command with its options and examples, as --help prints them.
            """,
        examples: ["fairfill man > fairfill.1 && man -l fairfill.1"],
        usesLog: false
    ) { _ throws(Failure) in
        try printed(ManualPage(Main.commands).text)
    }

    private static func completion(
        _ shell: String, _ example: String, _ text: @escaping @Sendable (Completion) -> String
    ) -> Command {
        Command(
            words: ["completion", shell],
            summary: "print completions of fairfill for \(shell)",
            description: "Add the line of the example to the start-up file of \(shell).",
            examples: [example],
            usesLog: false
        ) { _ throws(Failure) in
            try printed(text(Completion(Main.commands)))
        }
    }

    private static func printed(_ text: String) throws(Failure) -> ExitCode {
        let output = Output()
        try output.line(text)
        try output.flush()
        return .done
    }
}
