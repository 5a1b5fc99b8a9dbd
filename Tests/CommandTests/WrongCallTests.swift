import CommandRunning
import Foundation
import Testing

/// What a person or a script gets wrong: each has its exit code, and words that say what to do.
/// What is seen before a log is opened is tested without a process (CallTests).
@Suite struct WrongCallTests {
    static let calls: [(line: String, exitCode: Int32, word: String)] = [
        ("nosuch", 64, "--help lists them"),
        ("topics", 64, "topics create"),
        ("bid --offering o --account a --shares x", 64, "whole number"),
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
        ("offering show --offering nope", 1, "nope"),
        ("bid --offering o --account a --shares 1 --wait --timeout 1", 75, "allocator running"),
        (
            "offering open --offering p --shares 5 --price 1 --currency XXX --timeout 1", 75,
            "offset"
        ),
        ("verify -F typo.properties", 65, "did you mean 'timeout'"),
        ("verify -F twice.properties", 65, "line 3: 'env' is there twice"),
        ("verify -F maybe.properties", 64, "true or false"),
        ("bid --from notes.txt", 65, "line 1: not JSON"),
        ("pay --provider http://h --profile missing.json", 74, "--profile names a file"),
        ("pay --provider http://h --profile wrong.json", 78, "'keyTTL' must be a duration"),
        ("pay --provider http://h --profile odd.json", 78, "there is no 'idempotence'"),
        ("pay --provider http://h --profile sandbox --accounts notes.txt", 65, "anna"),
        ("payments show --command o/b/1", 1, "is a payer running?"),
        ("run --in-flight 3", 64, "says nothing without --provider"),
        ("sandbox-bank --faults wrong.json", 65, "no JSON list"),
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

    @Test func helpAndVersionEndWell() throws {
        let folder = try Folder()
        for (words, beginning) in [
            (["--help"], "fairfill"), (["bid", "--help"], "usage: fairfill bid"),
            (["--version"], "fairfill "),
        ] {
            let run = try Run.fairfill(words, in: folder)
            #expect(run.exitCode == 0 && run.errors.isEmpty, "\(words): \(run)")
            #expect(run.output.contains(beginning), "\(words)")
        }
        // With nothing to do, help is an error.
        let alone = try Run.fairfill([], in: folder)
        #expect(alone.exitCode == 64 && alone.output.isEmpty)
        #expect(alone.errors == (try Run.fairfill(["--help"], in: folder)).output)
    }
}
