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

    /// In a file a moment is milliseconds, or RFC 3339 in quotes; what it is on the wire is the
    /// same.
    @Test func filesOfOfferingsTakeDatesAndRefuseOtherUnits() throws {
        let folder = try Folder()
        try folder.createTopics()
        let moment = Date(timeIntervalSinceNow: 86_400)
        let seconds = Int(moment.timeIntervalSince1970)
        func line(_ offering: String, _ closesAt: String) -> String {
            #"{"offering":"\#(offering)","shares":5,"price":1,"currency":"CNY","#
                + #""closesAt":\#(closesAt)}"# + "\n"
        }
        try folder.write(
            line("date", "\"\(moment.ISO8601Format())\"") + line("number", "\(seconds)000")
                + line("seconds", "\(seconds)") + line("microseconds", "\(seconds)000000")
                + line("no-date", "\"2026-02-30T00:00:00Z\"") + line("digits", "\"\(seconds)000\""),
            to: "o.ndjson")
        let run = try Run.fairfill(
            ["offering", "open", "--from", "o.ndjson", "--no-wait"], in: folder)
        #expect(run.exitCode == 65)
        #expect(run.lines.map { $0.prefix { $0 != " " } } == ["date", "number"], "\(run.output)")
        for words in [
            "line 3: closesAt \(seconds): that is 1970-01-2", "if these are seconds",
            "line 4: closesAt \(seconds)000000: too far", "if these are microseconds",
            "line 5: closesAt: a moment is RFC 3339", "line 6: closesAt: a moment is RFC 3339",
        ] {
            #expect(run.errors.contains(words), "\(words): \(run.errors)")
        }
        let commands = try Run.fairfill(["export", "commands"], in: folder).mustWork().objects()
        #expect(
            commands.map { ($0["value"] as? [String: Any])?["closesAt"] as? Int }
                == [seconds * 1_000, seconds * 1_000])
    }

    @Test(arguments: ["bids", "offerings", "payments"])
    func filesOfWhatIfTakeDatesAndRefuseOtherUnits(_ file: String) throws {
        let folder = try Folder()
        func lines(_ at: String) -> [String: String] {
            [
                "offerings": #"{"offering":"o","shares":5,"price":1,"currency":"CNY","at":\#(at)}"#,
                "bids": #"{"bid":"b","offering":"o","account":"a","shares":1,"at":\#(at)}"#,
                "payments": #"{"type":"paid","command":"o/b/1","result":1,"offering":"o","#
                    + #""account":"a","amount":1,"at":\#(at)}"#,
            ]
        }
        // Of one moment a result goes before a bid.
        for (name, minute) in [("offerings", "00"), ("bids", "01"), ("payments", "02")] {
            try folder.write(
                lines("\"2026-01-01T01:\(minute):00+01:00\"")[name]! + "\n", to: name)
        }
        let words = [
            "what-if", "--bids", "bids", "--offerings", "offerings", "--payments", "payments",
            "--json",
        ]
        let run = try Run.fairfill(words, in: folder).mustWork()
        #expect(try run.objects().map { $0["settled"] as? Int } == [1], "\(run.output)")
        try folder.write(
            ["1767225600", "1767225600000000"].map { lines($0)[file]! + "\n" }.joined(), to: file)
        let wrong = try Run.fairfill(words, in: folder)
        #expect(wrong.exitCode == 65)
        for words in [
            "\(file), line 1: at 1767225600: that is 1970-01-2", "if these are seconds",
            "\(file), line 2: at 1767225600000000: too far ahead",
        ] {
            #expect(wrong.errors.contains(words), "\(words): \(wrong.errors)")
        }
    }

    /// What people are told of moments is one form, in the time zone of the machine.
    @Test func peopleSeeDatesAndProgramsNumbers() throws {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 5)
        let bid = ["bid", "--offering", "o", "--account", "a", "--shares", "1", "--id"]
        let receipt = try Run.fairfill(bid + ["b1"], in: folder).mustWork().lines[0]
        let word = receipt.split(separator: " ").last ?? ""
        let year = Calendar(identifier: .gregorian).component(.year, from: Date())
        #expect(word.hasPrefix("\(year)-") && word.contains("T"), "\(receipt)")
        let row = try Run.fairfill(bid + ["b2", "--json"], in: folder).mustWork().objects()[0]
        #expect((row["at"] as? Int ?? 0) > 1_767_225_600_000)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let story = try Run.fairfill(["explain", "--bid", "b1"], in: folder).mustWork()
        #expect(story.output.contains(word), "\(story.output)")
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
        let seconds = try Run.fairfill(
            [
                "what-if", "--bids", "b.ndjson", "--offerings", "o.ndjson", "--with",
                "closes-at=1767225605",
            ], in: folder)
        #expect(seconds.exitCode == 64)
        #expect(seconds.errors.contains("which seconds and microseconds are not"))
    }
}
