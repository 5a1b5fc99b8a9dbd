/// A subcommand: what it is called, what it takes, what it does. Declared once; the parser and
/// the help read the same declaration.
struct Command: Sendable {
    /// The words after `fairfill`: `["offering", "open"]`.
    var words: [String]
    /// One line.
    var summary: String
    var description: String
    var options: [Option] = []
    var examples: [String]
    /// Whether it opens a log: then it takes `--log` and what goes with it.
    var usesLog = true
    /// Whether it serves until it is told to end: then nothing of it waits for its output.
    var isDaemon = false
    var run: @Sendable (Arguments) throws(Failure) -> ExitCode

    var name: String { words.joined(separator: " ") }
    var allOptions: [Option] {
        options + (isDaemon ? [LogFormat.option] : []) + (usesLog ? Option.log : [])
            + Option.common
    }
}

/// An option by its long name.
struct Option: Sendable {
    /// Without the dashes.
    var name: String
    /// What stands for its value in help; nil: a flag.
    var value: String?
    var help: String
    var isRepeatable = false
    /// A single letter that stands for it, too.
    var letter: Character?

    init(
        _ name: String, _ value: String? = nil, _ help: String, isRepeatable: Bool = false,
        letter: Character? = nil
    ) {
        self.name = name
        self.value = value
        self.help = help
        self.isRepeatable = isRepeatable
        self.letter = letter
    }

    /// `FAIRFILL_LOG` for `log`.
    var variable: String {
        "FAIRFILL_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// For every command that opens a log.
    static let log = [
        Option(
            "log", "URL", "sqlite:PATH, kafka:HOST:PORT[,HOST:PORT...], or memory: where one "
                + "process is enough (default sqlite:fairfill.db)"),
        Option("env", "NAME", "environment, prefix of every topic (default dev)"),
        Option(
            "property", "KEY=VALUE",
            "a librdkafka property; for logs on Kafka only (default: none)",
            isRepeatable: true, letter: "X"),
    ]

    /// For every command.
    static let common = [
        Option(
            "file", "FILE", "options from a properties file, a name=value a line (default: none)",
            letter: "F"),
        Option(
            "timeout", "SECONDS", "for whatever waits for a decision (default 30)"),
        Option("json", nil, "print a JSON object a line"),
        Option("quiet", nil, "no progress, no remarks"),
        Option("verbose", nil, "more remarks"),
        Option("help", nil, "this text", letter: "h"),
        Option("version", nil, "the version"),
    ]
}
