import CommandRunning
import Foundation
import Testing

/// Files that people give, as editors of all systems leave them.
@Suite struct GivenFileTests {
    /// How a text may stand in a file.
    enum Form: String, CaseIterable, Sendable {
        case plain, windows, oldMac, marked, markedWindows

        func bytes(_ lines: [String]) -> Data {
            let end = switch self {
            case .plain, .marked: "\n"
            case .windows, .markedWindows: "\r\n"
            case .oldMac: "\r"
            }
            let hasMark = self == .marked || self == .markedWindows
            return Data(
                (hasMark ? [0xEF, 0xBB, 0xBF] : []) + (lines.joined(separator: end) + end).utf8)
        }
    }

    private func write(_ bytes: Data, _ name: String, in folder: Folder) throws {
        try bytes.write(to: URL(filePath: "\(folder.path)/\(name)"))
    }

    private let bids = (0..<5).map {
        #"{"bid":"b\#($0)","offering":"o","account":"a","shares":1}"#
    }
    private let terms =
        #"{"offering":"o","command":"c","shares":9,"price":1,"currency":"CNY"}"#

    @Test(arguments: Form.allCases) func bidsAndOfferings(_ form: Form) throws {
        let folder = try Folder()
        try folder.createTopics()
        try write(form.bytes([terms, ""]), "terms.ndjson", in: folder)
        // The third line is bad, and is reported by its number.
        try write(
            form.bytes(bids[..<2] + ["no bid"] + bids[2...]), "bids.ndjson", in: folder)
        try Run.fairfill(
            ["offering", "open", "--from", "terms.ndjson", "--no-wait"], in: folder
        ).mustWork()
        let run = try Run.fairfill(["bid", "--from", "bids.ndjson"], in: folder)
        #expect(run.exitCode == 65 && run.lines.count == 5, "\(run)")
        #expect(run.errors.contains("line 3:"), "\(run)")
        #expect(!run.errors.contains("line 4"), "\(run)")
        let piped = try Run.shell(
            "(head -c 2 bids.ndjson; sleep 0.2; tail -c +3 bids.ndjson) | "
                + "'\(Run.binary)' bid --from - --json", in: folder)
        #expect(piped.lines.count == 5, "\(piped)")
    }

    @Test(arguments: Form.allCases) func whatIf(_ form: Form) throws {
        let folder = try Folder()
        func timed(_ line: String, _ at: Int) -> String { line.dropLast() + #","at":\#(at)}"# }
        try write(form.bytes([timed(terms, 1)]), "terms.ndjson", in: folder)
        try write(form.bytes(bids.map { timed($0, 2) }), "bids.ndjson", in: folder)
        let run = try Run.fairfill(
            ["what-if", "--bids", "bids.ndjson", "--offerings", "terms.ndjson", "--json"],
            in: folder)
        #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run)")
        #expect(run.output.contains("5"), "\(run)")
    }

    /// A remark's line ends where it ends: what follows is a setting, and not a part of it.
    @Test(arguments: Form.allCases) func properties(_ form: Form) throws {
        let folder = try Folder()
        try write(
            form.bytes(["# x", "log=kafka:127.0.0.1:1", "sasl.password=s3cret"]), "f",
            in: folder)
        let run = try Run.fairfill(["topics", "check", "-F", "f"], in: folder)
        #expect(run.exitCode == 69, "\(run)")
        #expect(run.errors.contains("127.0.0.1:1"), "\(run)")
        #expect(!run.errors.contains("s3cret"), "\(run)")
    }

    @Test func controlCharactersInASettingAreRefusedAndNotShown() throws {
        let folder = try Folder()
        try write(Data("sasl.password=s3c\u{1}ret\n".utf8), "f", in: folder)
        let run = try Run.fairfill(["topics", "check", "-F", "f"], in: folder)
        #expect(run.exitCode == 65 && run.errors.contains("line 1"), "\(run)")
        #expect(!run.errors.contains("s3c"), "\(run)")
        try write(Data("s3cret\r\nother\r\n".utf8), "p", in: folder)
        let secret = try Run.fairfill(
            ["topics", "check", "--log", "kafka:127.0.0.1:1"], in: folder,
            environment: ["FAIRFILL_SASL_PASSWORD_FILE": "p"])
        #expect(secret.exitCode == 65 && !secret.errors.contains("s3cret"), "\(secret)")
    }

    /// Every option that names a file which a person writes, and how a command that takes it is
    /// called; `F` stands for the file.
    private static let options: [(option: String, words: String)] = [
        ("-F", "topics check -F F"), ("bid --from", "bid --from F"),
        ("offering open --from", "offering open --from F --no-wait"),
        ("--bids", "what-if --bids F --offerings good"),
        ("--offerings", "what-if --bids good --offerings F"),
        ("--payments", "what-if --bids good --offerings good --payments F"),
        ("--faults", "sandbox-bank --listen 127.0.0.1:0 --faults F"),
        ("--profile", "pay --provider http://127.0.0.1:1 --profile F"),
        (
            "--accounts",
            "pay --provider http://127.0.0.1:1 --profile sandbox --accounts F"
        ),
        (
            "--webhook-secret-file",
            "sandbox-bank --listen 127.0.0.1:0 --webhooks http://127.0.0.1:1/ "
                + "--webhook-secret-file F"
        ),
        ("--token-file", "pay --provider http://127.0.0.1:1 --token-file F"),
    ]

    /// What no such file may be: each is refused by its name and with a code of its own, and soon.
    @Test(arguments: options.indices)
    func whatIsNoTextIsRefusedByEveryOption(_ index: Int) throws {
        let folder = try Folder()
        try folder.createTopics()
        try write(Data(), "good", in: folder)
        let long = Data(repeating: UInt8(ascii: "x"), count: 3 << 20)
        try write(long, "long", in: folder)
        try write(Data("a\u{0}b\n".utf8) + Data([0xFF, 0xFE, 0x80]), "zero", in: folder)
        try write(try #require("[1]".data(using: .utf16)), "utf16", in: folder)
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/folder", withIntermediateDirectories: false)
        for (file, codes) in [
            ("long", [65, 78]), ("zero", [65, 78]), ("utf16", [65]), ("folder", [74]),
            ("nowhere", [74]),
        ] as [(String, [Int32])] {
            let (option, line) = Self.options[index]
            // A token of one long line is one.
            if file == "long", option == "--token-file" { continue }
            let words = line.split(separator: " ").map { $0 == "F" ? file : String($0) }
            let run = try Run.fairfill(words, in: folder)
            #expect(codes.contains(run.exitCode), "\(option) \(file): \(run)")
            #expect(!run.errors.contains("xxxxxxxxxx") && run.errors.utf8.count < 2_000)
            let isNamed = run.errors.contains(file) || run.errors.contains("line 1")
            #expect(isNamed, "\(option) \(file): \(run.errors)")
        }
    }

    /// A pipe that is read as it fills, and lines without an end, for what may be long.
    @Test func pipesAreReadAndTheLastLineNeedsNoEnd() throws {
        let folder = try Folder()
        try folder.createTopics()
        try write(Data(terms.utf8), "terms", in: folder)
        try write(Data("log=sqlite:fairfill.db\nquiet=true".utf8), "f", in: folder)
        let run = try Run.shell(
            "mkfifo p; (cat terms > p) & '\(Run.binary)' offering open --from p --no-wait; "
                + "mkfifo q; (cat f > q) & '\(Run.binary)' topics check -F q", in: folder)
        #expect(run.exitCode == 0 && run.lines.first?.hasPrefix("o ") == true, "\(run)")
    }

    @Test(arguments: [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian])
    func utf16IsRefusedByItsName(_ encoding: String.Encoding) throws {
        let folder = try Folder()
        try folder.createTopics()
        try write(try #require(bids[0].data(using: encoding)), "bids", in: folder)
        try write(try #require("env=dev\n".data(using: encoding)), "f", in: folder)
        try write(try #require("[]".data(using: encoding)), "json", in: folder)
        for words in [
            ["bid", "--from", "bids"], ["topics", "check", "-F", "f"],
            ["sandbox-bank", "--listen", "127.0.0.1:0", "--faults", "json"],
            ["what-if", "--bids", "bids", "--offerings", "bids"],
            ["pay", "--provider", "http://127.0.0.1:1", "--profile", "json"],
            ["pay", "--provider", "http://127.0.0.1:1", "--profile", "sandbox", "--accounts",
                "json"],
            ["pay", "--provider", "http://127.0.0.1:1", "--token-file", "f"],
        ] {
            let run = try Run.fairfill(words, in: folder)
            #expect(run.exitCode == 65 && run.errors.contains("UTF-16"), "\(words): \(run)")
        }
    }
}
