import CommandRunning
import Foundation
import Testing

/// Habits of the command line: where options may stand, what help says, how options are called.
@Suite struct HabitTests {
    private func run(_ line: String, in folder: Folder) throws -> Run {
        try Run.fairfill(line.split(separator: " ").map(String.init), in: folder)
    }

    /// Options before the command, and between its words, work as those after it.
    @Test func optionsMayStandBeforeTheCommand() throws {
        let folder = try Folder()
        try run("--log sqlite:x.db topics create", in: folder).mustWork()
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/x.db"))
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/fairfill.db"))
        let after = try run("topics list --log sqlite:x.db --json", in: folder).mustWork()
        #expect(after.lines.count > 5)
        for line in [
            "--json --log sqlite:x.db topics list", "topics --log=sqlite:x.db list --json",
            "--json topics --log sqlite:x.db list",
        ] {
            #expect(try run(line, in: folder).mustWork().output == after.output, "\(line)")
        }
        let twice = try run("--log sqlite:x.db topics list --log sqlite:y.db", in: folder)
        #expect(twice.exitCode == 64 && twice.errors.contains("given twice"), "\(twice.errors)")
    }

    // MARK: Names

    /// `--id` was the name of `--bid`; it goes on working, on the command line and in variables,
    /// and is not shown.
    @Test func bidsAreNamedBid() throws {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 9)
        let bid = "bid --offering o --account a --shares 1"
        for (line, id) in [("\(bid) --bid b1", "b1"), ("\(bid) --id b2", "b2")] {
            let receipt = try run("\(line) --json", in: folder).mustWork().objects()[0]
            #expect(receipt["id"] as? String == id)
        }
        let variable = try Run.fairfill(
            (bid + " --json").split(separator: " ").map(String.init), in: folder,
            environment: ["FAIRFILL_ID": "b3"])
        #expect(try variable.mustWork().objects()[0]["id"] as? String == "b3")
        try folder.write("id=b4\n", to: "old.properties")
        let file = try run("\(bid) --json -F old.properties", in: folder).mustWork()
        #expect(try file.objects()[0]["id"] as? String == "b4")
        try run("cancel-bid --offering o --account a --bid b1", in: folder).mustWork()
        try run("cancel-bid --offering o --account a --id b2", in: folder).mustWork()
        let both = try run("\(bid) --bid b5 --id b6", in: folder)
        #expect(both.exitCode == 64 && both.errors.contains("--bid is given twice"))
        for command in ["bid", "cancel-bid"] {
            let help = try run("help \(command)", in: folder).output
            #expect(help.contains("--bid ID") && !help.contains("--id"), "\(command)")
        }
    }

    /// Two terms whose names are easily mistaken each have a second name that says which it is.
    @Test func theTwoMinimaHaveNamesThatTellThemApart() throws {
        let folder = try Folder()
        try folder.createTopics()
        let open = "offering open --shares 9 --price 1 --currency CNY --no-wait"
        try run("\(open) --offering a --min-shares 2 --minimum-shares 5", in: folder).mustWork()
        try run(
            "\(open) --offering b --min-shares-per-bid 2 --min-shares-settled 5", in: folder
        ).mustWork()
        let commands = try run("export commands", in: folder).mustWork().objects()
            .compactMap { $0["value"] as? [String: Any] }
        #expect(commands.map { $0["minShares"] as? Int } == [2, 2])
        #expect(commands.map { $0["minimumShares"] as? Int } == [5, 5])
        let whatIf = try run("what-if --with min-shares-per-bid=3 --with min-shares=3", in: folder)
        #expect(!whatIf.errors.contains("min-shares"), "\(whatIf.errors)")
    }
}
