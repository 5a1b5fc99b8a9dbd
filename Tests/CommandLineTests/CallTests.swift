import CommandLine
import CommandRunning
import Foundation
import Testing
import fairfill

/// Calls that are wrong in what they say: each is refused before anything is done, with its exit
/// code and words that say what to do.
@Suite struct CallTests {
    /// A log for commands that look at it before they look at all of their words.
    private let folder: Folder
    private var log: [String] { ["--log", "sqlite:\(folder.path)/fairfill.db"] }

    init() throws { folder = try Folder(isChecked: false) }

    private func makeLog() throws {
        let failure = Self.failure(of: ["topics", "create", "--quiet"] + log)
        try #require(failure == nil)
    }

    /// How a call fails; nil where it does not.
    static func failure(of words: [String]) -> Failure? {
        do throws(Failure) {
            guard case .run(let arguments) = try Parser(commands: Main.commands).parse(words) else {
                return nil
            }
            _ = try arguments.command.perform(arguments)
            return nil
        } catch {
            return error
        }
    }

    private func expect(
        _ words: [String], fails code: Failure.Code = .usage, with sentences: [String],
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let failure = try #require(
            Self.failure(of: words), "\(words) worked", sourceLocation: location)
        #expect(failure.code == code, "\(words): \(failure.message)", sourceLocation: location)
        for sentence in sentences {
            #expect(
                failure.message.contains(sentence), "\(words): \(failure.message)",
                sourceLocation: location)
        }
    }

    @Test(arguments: [
        ("nosuch", "--help lists them"),
        ("bids", "did you mean 'bid'"),
        ("bid --shaers 3", "did you mean --shares"),
        ("bid --offering o --account a --shares", "needs a value"),
        ("verify surplus", "surplus"),
        ("verify --level money2", "chain"),
        ("verify --log foo:bar", "sqlite:PATH"),
        ("verify -X enable.idempotence=false", "twice"),
        ("offering open --offering p --shares 5", "--price"),
        (
            "offering open --offering p --shares 5 --price 1 --currency XXX "
                + "--backstop-max-shares 3", "--backstop-account"
        ),
        ("verify --timeout abc", "--timeout abc"),
        ("offering open --from notes.txt --price 3", "--price doesn't go with --from"),
        ("verify --log kafka://127.0.0.1:9092", "without slashes"),
        ("pay --profile sandbox", "--provider is missing"),
        ("pay --provider http://127.0.0.1:1", "FAIRFILL_PROVIDER_TOKEN"),
        ("pay --provider bank --profile sandbox", "http://HOST"),
        ("pay --provider http://u:p@h --profile sandbox", "without a user"),
        ("pay --provider http://h --profile sandbox --in-flight 0", "1 to 1,000"),
        ("payments list --state maybe", "in-doubt"),
        ("sandbox-bank --listen nowhere --ledger bank.db", "HOST:PORT"),
        ("schema --record bid", "did you mean 'bids.bid'?"),
        ("schema --topic bid", "did you mean 'bids'?"),
        ("schema --topic invalid", "follow no schema"),
        ("schema --topic bids --asyncapi", "one at a time"),
        ("allocate --log-format xml", "text or json"),
    ])
    func whatIsWrongIsSaid(line: String, sentence: String) throws {
        try expect(line.split(separator: " ").map(String.init), with: [sentence])
    }

    @Test func whatIsSeenBesideALogIsSaidToo() throws {
        try makeLog()
        for (line, sentence) in [
            ("bid --offering o --account a --shares x", "whole number"),
            ("bid --offering o --account a --shares 9007199254740992", "9007199254740991"),
            ("bid --offering o --account a --shares -1", "whole number"),
            ("bid --offering o --account a,b --shares 1", "1 to 64 characters"),
            ("bid", "--offering is missing"),
            ("bid --from notes.txt --shares 3", "--shares doesn't go with --from"),
            ("payments show --command x", "OFFERING/BID/NUMBER"),
        ] {
            try expect(line.split(separator: " ").map(String.init) + log, with: [sentence])
        }
    }

    @Test func aSizeIsANumberWithAUnit() throws {
        try makeLog()
        for size in ["0", "2GB", "-1", "G", "99999999999999999999", "9999999999T"] {
            try expect(
                ["allocate", "--until-end", "--memory", size] + log, with: ["--memory"])
        }
    }

    /// A price in whole units is refused with what to write instead.
    @Test(arguments: [
        ("12.50", "CNY", "for 12.50 CNY write --price 1250"),
        ("12.5", "CNY", "for 12.50 CNY write --price 1250"),
        ("1,200", "CNY", "for 1,200.00 CNY write --price 120000"),
        ("0.005", "KWD", "for 0.005 KWD write --price 5"),
        ("12.505", "CNY", "minor units, such as fen or cents"),
        ("12.5", "JPY", "minor units, such as fen or cents"),
    ])
    func aPriceInWholeUnits(price: String, currency: String, sentence: String) throws {
        try expect(
            ["offering", "open", "--offering", "o", "--shares", "5", "--price", price,
                "--currency", currency], with: [sentence])
    }

    /// Moments are RFC 3339 or milliseconds, and nothing that only looks like them.
    @Test(arguments: ["--opens-at", "--closes-at"])
    func secondsAndMicrosecondsAreRefused(_ option: String) throws {
        let open = [
            "offering", "open", "--offering", "o", "--shares", "5", "--price", "1", "--currency",
            "CNY", "--no-wait", option,
        ]
        let tomorrow = Int64(Date().timeIntervalSince1970) + 86_400
        try expect(
            open + ["\(tomorrow)"], with: ["if these are seconds", "that is 1970-01-2"])
        try expect(open + ["\(tomorrow * 1_000_000)"], with: ["if these are microseconds"])
        for text in ["tomorrow", "2026-12-24", "2026-02-30T00:00:00Z"] {
            try expect(open + [text], with: [option])
        }
    }

    /// The command line holds longer lists than a record does.
    @Test func listsThatNoRecordHoldsAreRefused() throws {
        let ids = (0..<400).map { "\($0)-\(String(repeating: "x", count: 50))" }
        try expect(
            ["offering", "open", "--offering", "o", "--shares", "5", "--price", "1", "--currency",
                "CNY", "--interest", ids.joined(separator: ",")],
            with: ["longer than 16384 bytes"])
    }

    // MARK: Secrets

    /// A secret on a command line shows in every process list, and must not be echoed either.
    @Test(arguments: [
        "sasl.password", "ssl.key.password", "ssl.key.pem", "ssl.keystore.password",
        "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config",
    ])
    func secretsOnTheCommandLineAreRefusedAndNotEchoed(_ property: String) throws {
        let words = ["verify", "-X", "\(property)=geheim42"]
        try expect(words, with: [property, "-F"])
        #expect(Self.failure(of: words)?.message.contains("geheim42") == false)
    }

    /// Nor is what stands where no option may, or in a mistyped one.
    @Test(arguments: [
        ["sasl.password=geheim42"], ["--sasl.password=geheim42"], ["-x", "sasl.password=geheim42"],
        ["-xsasl.password=geheim42"], ["-X", "sasl.password geheim42="],
        ["--log", "kafka:geheim42:geheim42@127.0.0.1:9092"],
    ])
    func secretsInMistypedWordsAreNotEchoed(_ words: [String]) throws {
        try expect(["verify"] + words, with: [])
        #expect(Self.failure(of: ["verify"] + words)?.message.contains("geheim42") == false)
    }

    /// Lines with a secret that are not quite right; the number of the line says which.
    @Test(arguments: [
        "sasl.password=geheim42\nnothing", "sasl.username=a\nsasl.password geheim42=",
        "\nsasl.password: geheim42==", "ssl.key.pem=-----BEGIN\nMIIgeheim42+abc/def==",
        "sasl.password=geheim42\nsasl.password=geheim42",
    ])
    func aSecretInAFileIsNotEchoedEither(_ text: String) throws {
        let folder = try Folder()
        try folder.write("\(text)\n", to: "p.properties")
        let words = ["verify", "-F", "\(folder.path)/p.properties"]
        try expect(words, fails: .data, with: ["line 2"])
        #expect(Self.failure(of: words)?.message.contains("geheim42") == false)
    }
}
