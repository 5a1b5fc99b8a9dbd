import CommandRunning
import Foundation
import Testing

/// What a person or a script gets wrong: each has its exit code, and words that say what to do.
@Suite struct WrongCallTests {
    static let calls: [(line: String, exitCode: Int32, word: String)] = [
        ("nosuch", 64, "--help lists them"),
        ("bids", 64, "did you mean 'bid'"),
        ("topics", 64, "topics create"),
        ("bid --shaers 3", 64, "did you mean --shares"),
        ("bid --offering o --account a --shares x", 64, "whole number"),
        ("bid --offering o --account a --shares 9007199254740992", 64, "9007199254740991"),
        ("bid --offering o --account a --shares -1", 64, "whole number"),
        ("bid --offering o --account a --shares", 64, "needs a value"),
        ("bid --offering o --account a,b --shares 1", 64, "1 to 64 characters"),
        ("bid", 64, "--offering is missing"),
        ("verify surplus", 64, "surplus"),
        ("verify --level money2", 64, "chain"),
        ("verify --log foo:bar", 64, "sqlite:PATH"),
        ("verify --log sqlite:missing.db", 69, "topics create"),
        ("allocate --log sqlite:missing.db", 69, "topics create"),
        ("topics create --log sqlite:no/such/folder.db", 73, "folder"),
        ("verify --log sqlite:notes.txt", 65, "not an SQLite file"),
        ("topics create --log sqlite:notes.txt", 65, "not an SQLite file"),
        ("verify --log sqlite:.", 65, "is a folder"),
        ("topics create --log sqlite:.", 65, "is a folder"),
        ("bid --from missing.ndjson", 74, "missing.ndjson"),
        ("verify -F missing.properties", 74, "missing.properties"),
        ("verify -F bogus.properties", 65, "line 2"),
        ("allocate --env nope", 78, "topics create --env nope"),
        ("bid --env nope --offering o --account a --shares 1", 78, "topics create --env nope"),
        ("topics create --partitions 2", 78, "these change decisions"),
        ("verify -X enable.idempotence=false", 64, "twice"),
        ("offering open --offering p --shares 5", 64, "--price"),
        (
            "offering open --offering p --shares 5 --price 1 --currency XXX "
                + "--backstop-max-shares 3", 64, "--backstop-account"
        ),
        ("offering show --offering nope", 1, "nope"),
        ("bid --offering o --account a --shares 1 --wait --timeout 1", 75, "allocator running"),
        (
            "offering open --offering p --shares 5 --price 1 --currency XXX --timeout 1", 75,
            "offset"
        ),
        ("verify --timeout abc", 64, "--timeout abc"),
        ("bid --from notes.txt --shares 3", 64, "--shares doesn't go with --from"),
        ("offering open --from notes.txt --price 3", 64, "--price doesn't go with --from"),
        ("verify -F typo.properties", 65, "did you mean 'timeout'"),
        ("verify -F twice.properties", 65, "line 3: 'env' is there twice"),
        ("verify -F maybe.properties", 64, "true or false"),
        ("bid --from notes.txt", 65, "line 1: not JSON"),
        ("verify --log kafka://127.0.0.1:9092", 64, "without slashes"),
        ("pay --profile sandbox", 64, "--provider is missing"),
        ("pay --provider http://127.0.0.1:1", 64, "FAIRFILL_PROVIDER_TOKEN"),
        ("pay --provider bank --profile sandbox", 64, "http://HOST"),
        ("pay --provider http://u:p@h --profile sandbox", 64, "without a user"),
        ("pay --provider http://h --profile missing.json", 74, "--profile names a file"),
        ("pay --provider http://h --profile wrong.json", 78, "'keyTTL' must be a duration"),
        ("pay --provider http://h --profile odd.json", 78, "there is no 'idempotence'"),
        ("pay --provider http://h --profile sandbox --accounts notes.txt", 65, "anna"),
        ("pay --provider http://h --profile sandbox --in-flight 0", 64, "1 to 250"),
        ("payments list --state maybe", 64, "in-doubt"),
        ("payments show --command x", 64, "OFFERING/BID/NUMBER"),
        ("payments show --command o/b/1", 1, "is a payer running?"),
        ("run --in-flight 3", 64, "says nothing without --provider"),
        ("sandbox-bank --faults wrong.json", 65, "no JSON list"),
        ("sandbox-bank --listen nowhere --ledger bank.db", 64, "HOST:PORT"),
        ("sandbox-bank --listen 127.0.0.1:0 --ledger notes.txt", 65, "notes.txt"),
    ]

    private func prepared() throws -> Folder {
        let folder = try Folder()
        try folder.createTopics()
        try folder.write(String(repeating: "minutes of the meeting\n", count: 100), to: "notes.txt")
        try folder.write("env=dev\nno equals sign\n", to: "bogus.properties")
        try folder.write("timout=3\n", to: "typo.properties")
        try folder.write("env=dev\n# again\nenv=dev\n", to: "twice.properties")
        try folder.write("json=maybe\n", to: "maybe.properties")
        try folder.write(#"{"idempotent":true,"keyTTL":35}"#, to: "wrong.json")
        try folder.write(#"{"idempotence":true}"#, to: "odd.json")
        return folder
    }

    @Test func eachHasItsExitCodeAndSaysWhatToDo() throws {
        let folder = try prepared()
        for call in Self.calls {
            let run = try Run.fairfill(call.line.split(separator: " ").map(String.init), in: folder)
            #expect(run.exitCode == call.exitCode, "\(call.line): \(run.errors)")
            #expect(run.errors.contains(call.word), "\(call.line): \(run.errors)")
            #expect(run.errors.hasPrefix("fairfill: ") || run.exitCode == 64, "\(call.line)")
            #expect(!run.errors.contains("\u{1B}"), "\(call.line): a colour in a file")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/missing.db"))
    }

    /// A secret on a command line shows in every process list, and must not be echoed either.
    @Test(arguments: [
        "sasl.password", "ssl.key.password", "ssl.key.pem", "ssl.keystore.password",
        "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config",
    ])
    func secretsOnTheCommandLineAreRefusedAndNotEchoed(_ property: String) throws {
        let run = try Run.fairfill(["verify", "-X", "\(property)=geheim42"], in: try prepared())
        #expect(run.exitCode == 64)
        #expect(run.errors.contains(property) && run.errors.contains("-F"))
        #expect(!(run.errors + run.output).contains("geheim42"))
    }

    /// Nor is what stands where no option may, or in a mistyped one.
    @Test(arguments: [
        ["sasl.password=geheim42"], ["--sasl.password=geheim42"], ["-x", "sasl.password=geheim42"],
        ["-xsasl.password=geheim42"], ["-X", "sasl.password geheim42="],
        ["--log", "kafka:geheim42:geheim42@127.0.0.1:9092"],
    ])
    func secretsInMistypedWordsAreNotEchoed(_ words: [String]) throws {
        let run = try Run.fairfill(["verify"] + words, in: try prepared())
        #expect(run.exitCode == 64)
        #expect(!(run.errors + run.output).contains("geheim42"), "\(run.errors)")
    }

    /// Lines with a secret that are not quite right; the number of the line says which.
    @Test(arguments: [
        "sasl.password=geheim42\nnothing", "sasl.username=a\nsasl.password geheim42=",
        "\nsasl.password: geheim42==", "ssl.key.pem=-----BEGIN\nMIIgeheim42+abc/def==",
        "sasl.password=geheim42\nsasl.password=geheim42",
    ])
    func aSecretInAFileIsNotEchoedEither(_ text: String) throws {
        let folder = try prepared()
        try folder.write("\(text)\n", to: "p.properties")
        let run = try Run.fairfill(["verify", "-F", "p.properties"], in: folder)
        #expect(run.exitCode == 65)
        #expect(run.errors.contains("line 2"), "\(run.errors)")
        #expect(!(run.errors + run.output).contains("geheim42"), "\(run.errors)")
    }

    /// A flag wins over the environment, that over the file, that over the default.
    @Test func theNearestSettingWins() throws {
        let folder = try prepared()
        try folder.write("env=fromfile\n", to: "p.properties")
        func environment(_ words: [String], _ variables: [String: String]) throws -> String {
            try Run.fairfill(
                ["topics", "check", "-F", "p.properties"] + words, in: folder,
                environment: variables
            ).errors
        }
        #expect(try environment([], [:]).contains("'fromfile'"))
        #expect(
            try environment([], ["FAIRFILL_ENV": "fromvariable"]).contains("'fromvariable'"))
        #expect(
            try environment(["--env", "fromflag"], ["FAIRFILL_ENV": "fromvariable"])
                .contains("'fromflag'"))
    }

    /// Secrets may come through a pipe, and a variable may say no.
    @Test func propertiesMayComeFromAPipe() throws {
        let run = try Run.shell(
            "FAIRFILL_JSON=no '\(Run.binary)' topics check -F <(echo env=piped)",
            in: try prepared())
        #expect(run.exitCode == 78 && run.errors.contains("'piped'"), "\(run)")
    }

    /// Every command that the list names explains itself, with an example that names it.
    @Test func everyCommandHasHelpWithAnExample() throws {
        let folder = try Folder()
        let list = try Run.fairfill(["--help"], in: folder)
        #expect(list.exitCode == 0)
        let commands = list.lines.drop { $0 != "commands:" }.dropFirst()
            .prefix { $0.hasPrefix("  ") }
            .map { line in
                let words = line.dropFirst(2).components(separatedBy: "  ")
                return words[0].split(separator: " ").map(String.init)
            }
        #expect(commands.count >= 14)
        for command in commands {
            let help = try Run.fairfill(command + ["--help"], in: folder)
            #expect(help.exitCode == 0 && help.errors.isEmpty, "\(command)")
            let example = help.output.range(of: "example:\n")
            #expect(example != nil, "\(command) has no example")
            if let example {
                let shown = help.output[example.upperBound...]
                #expect(shown.contains("fairfill \(command.joined(separator: " "))"), "\(command)")
            }
            #expect(help.lines.allSatisfy { $0.count <= 100 }, "\(command)")
        }
        let version = try Run.fairfill(["--version"], in: folder)
        #expect(version.exitCode == 0 && version.output.hasPrefix("fairfill "))
    }
}
