import CommandRunning
import Foundation
import Testing

/// Moments on the command line: RFC 3339 or milliseconds, and nothing that only looks like them.
@Suite struct MomentTests {
    private func open(_ words: [String], in folder: Folder) throws -> Run {
        try Run.fairfill(
            [
                "offering", "open", "--offering", "o", "--shares", "5", "--price", "1",
                "--currency", "CNY", "--no-wait",
            ] + words, in: folder)
    }

    @Test(arguments: ["--opens-at", "--closes-at"])
    func secondsAndMicrosecondsAreRefused(_ option: String) throws {
        let folder = try Folder()
        try folder.createTopics()
        let tomorrow = Int64(Date().timeIntervalSince1970) + 86_400
        let seconds = try open([option, "\(tomorrow)"], in: folder)
        #expect(seconds.exitCode == 64)
        #expect(seconds.errors.contains("if these are seconds"), "\(seconds.errors)")
        #expect(seconds.errors.contains("that is 1970-01-2"), "\(seconds.errors)")
        let microseconds = try open([option, "\(tomorrow * 1_000_000)"], in: folder)
        #expect(microseconds.exitCode == 64)
        #expect(microseconds.errors.contains("if these are microseconds"))
        for text in ["tomorrow", "2026-12-24", "2026-02-30T00:00:00Z"] {
            #expect(try open([option, text], in: folder).exitCode == 64, "\(text)")
        }
        let list = try Run.fairfill(["topics", "list", "--json"], in: folder).mustWork()
        let commands = try list.objects().first {
            $0["topic"] as? String == "dev.offering-commands"
        }
        #expect(commands?["end"] as? Int == 0)
    }

    @Test func datesAreTakenAndShown() throws {
        let folder = try Folder()
        try folder.createTopics()
        let moment = Date(timeIntervalSinceNow: 86_400)
        let text = moment.ISO8601Format()
        try open(["--closes-at", text], in: folder).mustWork()
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let opened = try Run.fairfill(["export", "decisions", "--json"], in: folder)
            .mustWork().objects().first { $0["type"] as? String == "opened" }
        #expect(opened?["closesAt"] as? Int == Int(moment.timeIntervalSince1970) * 1_000)
        let later = Date(timeIntervalSinceNow: 90_000).ISO8601Format()
        try Run.fairfill(
            ["offering", "amend", "--offering", "o", "--closes-at", later, "--no-wait"],
            in: folder
        ).mustWork()
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let watched = try Run.fairfill(["export", "decisions"], in: folder).mustWork()
        #expect(!watched.output.isEmpty)
    }

    @Test func whatIfTakesThemToo() throws {
        let folder = try Folder()
        try folder.write(
            #"{"offering":"o","shares":5,"price":1,"currency":"CNY","minimumShares":0,"#
                + #""at":1767225600000}"# + "\n", to: "o.ndjson")
        try folder.write(
            #"{"bid":"b","offering":"o","account":"a","shares":1,"at":1767225610000}"# + "\n",
            to: "b.ndjson")
        let run = try Run.fairfill(
            [
                "what-if", "--bids", "b.ndjson", "--offerings", "o.ndjson", "--json", "--with",
                "closes-at=2026-01-01T01:00:05+01:00",
            ], in: folder
        ).mustWork()
        #expect(try run.objects().map { $0["settled"] as? Int } == [1, 0], "\(run.output)")
    }
}
