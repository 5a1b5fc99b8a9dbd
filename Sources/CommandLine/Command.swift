import FairfillClient

/// A subcommand: what it is called, what it takes, what it does. Declared once: the parser, the
/// help, the man pages and the completion of shells read the same declaration.
package struct Command: Sendable {
    /// The words after `fairfill`: `["offering", "open"]`.
    package var words: [String]
    /// One line.
    package var summary: String
    package var description: String
    package var options: [Option] = []
    package var examples: [String]
    /// Whether it opens a log: then it takes `--log` and what goes with it.
    package var usesLog = true
    /// Whether it serves until it is told to end: then nothing of it waits for its output.
    package var isDaemon = false
    package var perform: @Sendable (Arguments) throws(Failure) -> ExitCode

    /// Of the whole program.
    package static let version = "0.1"

    package init(
        words: [String], summary: String, description: String, options: [Option] = [],
        examples: [String], usesLog: Bool = true, isDaemon: Bool = false,
        perform: @escaping @Sendable (Arguments) throws(Failure) -> ExitCode
    ) {
        self.words = words
        self.summary = summary
        self.description = description
        self.options = options
        self.examples = examples
        self.usesLog = usesLog
        self.isDaemon = isDaemon
        self.perform = perform
    }

    package var name: String { words.joined(separator: " ") }
    package var allOptions: [Option] {
        options + (isDaemon ? [LogFormat.option] : []) + (usesLog ? Option.log : [])
            + Option.common
    }

    /// The option of this name, or of this as another name.
    package func option(named name: String) -> Option? {
        allOptions.first { $0.name == name || $0.otherNames.contains(name) }
    }
}

/// An option by its long name.
package struct Option: Sendable {
    /// Without the dashes.
    package var name: String
    /// What stands for its value in help; nil: a flag.
    package var value: String?
    package var help: String
    package var isRepeatable = false
    /// A single letter that stands for it, too.
    package var letter: Character?
    /// The only values that it may have; empty where they are not a few words.
    package var words: [String]
    /// Names that go on working and are not shown.
    package var otherNames: [String]

    package init(
        _ name: String, _ value: String? = nil, _ help: String, isRepeatable: Bool = false,
        letter: Character? = nil, words: [String] = [], otherNames: [String] = []
    ) {
        self.name = name
        self.value = value
        self.help = help
        self.isRepeatable = isRepeatable
        self.letter = letter
        self.words = words
        self.otherNames = otherNames
    }

    /// `FAIRFILL_LOG` for `log`.
    package var variable: String { Self.variable(name) }

    /// The variable, and those of the other names.
    package var variables: [String] { ([name] + otherNames).map(Self.variable) }

    private static func variable(_ name: String) -> String {
        "FAIRFILL_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// For every command that opens a log.
    package static let log = [
        Option(
            "log", "URL", "sqlite:PATH, kafka:HOST:PORT[,HOST:PORT...], or memory: if one "
                + "process is enough (default sqlite:fairfill.db)"),
        Option("env", "NAME", "the environment: a prefix of every topic (default dev)"),
        Option(
            "property", "KEY=VALUE",
            "a librdkafka property, for logs on Kafka (default: none; may be repeated)",
            isRepeatable: true, letter: "X"),
    ]

    /// For commands that name their log otherwise, and may work on Kafka.
    package static var property: Option { log.first { $0.name == "property" }! }

    /// For every command.
    package static let common = [
        Option(
            "file", "FILE", "read options from a file of name=value lines (default: none)",
            letter: "F"),
        Option("timeout", "SECONDS", "how long to wait for a decision (default 30)"),
        Option("json", nil, "print JSON, one object a line"),
        Option("quiet", nil, "print no progress and no remarks"),
        Option("verbose", nil, "print more remarks"),
        Option("help", nil, "print this text", letter: "h"),
        Option("version", nil, "print the version"),
    ]
}
