import CommandRunning
import EventLog
import Foundation
import Messages
import SQLiteLog
import Testing
import Vocabulary

/// A worker that is gone shows where people look: what waits for it is named.
@Suite struct BacklogTests {
    /// By the topic's name without the environment.
    private func topics(_ folder: Folder) throws -> [String: [String: Any]] {
        let lines = try Run.fairfill(["topics", "list", "--json"], in: folder).mustWork().objects()
        return Dictionary(
            uniqueKeysWithValues: lines.map {
                let name = $0["topic"] as? String ?? ""
                return (name.replacing("\(folder.environment).", with: ""), $0)
            })
    }

    private func errors(_ words: [String], _ folder: Folder) throws -> String {
        try Run.fairfill(words, in: folder).mustWork().errors
    }

    @Test func whatWaitsUndecidedUntakenAndUnpaidIsSaid() throws {
        try whatWaitsIsSaid(in: Folder())
    }

    @Test(.enabled(if: Broker.address != nil, "no broker here"))
    func whatWaitsOnKafkaIsSaid() throws {
        try whatWaitsIsSaid(
            in: Folder.onKafka(try #require(Broker.address), deletesTopics: true))
    }

    private func whatWaitsIsSaid(in folder: Folder) throws {
        try MoneyTests.open(folder, shares: 20)
        try MoneyTests.append(0..<8, to: folder)
        // No allocator.
        var found = try topics(folder)
        #expect(found["bids"]?["undecided"] as? Int == 8)
        #expect(found["offering-commands"]?["undecided"] as? Int == 1)
        #expect(found["bids"]?["since"] is Int)
        for words in [["offering", "list"], ["payments", "list"]] {
            #expect(
                try errors(words, folder).contains("9 records wait undecided in partition 0"),
                "\(words)")
            #expect(try errors(words + ["--quiet"], folder).isEmpty)
        }
        // An allocator, and no payer.
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        found = try topics(folder)
        #expect(found["bids"]?["undecided"] as? Int == 0)
        #expect(found["offering-commands"]?["undecided"] as? Int == 0)
        let untaken = try #require(found["payment-commands"]?["untaken"] as? Int)
        let listed = try Run.fairfill(
            ["payments", "list", "--state", "untaken", "--json", "--quiet"], in: folder
        ).mustWork().objects()
        #expect(untaken > 3 && untaken == listed.count)
        #expect(
            try errors(["payments", "list"], folder)
                .contains("\(untaken) payment commands wait for a payer in partition 0"))
        // A payer that took them up, and a bank that isn't there.
        let bank = try Bank(in: folder)
        bank.kill()
        let payer = try Run.start(["pay"] + bank.options, in: folder)
        defer { payer.kill() }
        #expect(
            try eventually(within: 60) {
                try topics(folder)["payment-commands"]?["untaken"] as? Int == 0
            })
        payer.kill()
        let open = try Run.fairfill(
            ["payments", "list", "--state", "open", "--json", "--quiet"], in: folder
        ).objects().count
        try #require(open == untaken)
        #expect(try topics(folder)["payment-journal"]?["unpaid"] as? Int == open)
        for words in [["offering", "list"], ["payments", "list"]] {
            #expect(
                try errors(words, folder)
                    .contains("\(open) payment commands taken up by a payer have no final"))
        }
        let list = try Run.fairfill(["topics", "list"], in: folder).mustWork()
        #expect(list.output.contains("\(open) unpaid"), "\(list)")
    }

    @Test func whereNothingWaitsNothingIsSaid() throws {
        let folder = try Folder()
        try MoneyTests.open(folder, shares: 20)
        try MoneyTests.append(0..<8, to: folder)
        let bank = try Bank(in: folder)
        for words in [["allocate"], ["pay"] + bank.options, ["allocate"]] {
            try Run.fairfill(words + ["--until-end", "--quiet"], in: folder).mustWork()
        }
        for words in [["offering", "list"], ["payments", "list"]] {
            #expect(try errors(words, folder).isEmpty)
        }
        let found = try topics(folder).values
        for name in ["undecided", "untaken", "unpaid"] {
            let counts = found.compactMap { $0[name] as? Int }
            #expect(!counts.isEmpty && counts.allSatisfy { $0 == 0 }, "\(name): \(counts)")
        }
    }

    /// Where the end of the book is about other inputs only, the others' times tell. An offering
    /// is opened at the beginning and paused at the end, with a thousand bids between.
    @Test func anInputThatTheEndOfTheBookDoesNotNameIsKnownAllTheSame() throws {
        let folder = try Folder()
        try MoneyTests.open(folder, shares: 9_000)
        usleep(50_000)
        try MoneyTests.append(0..<1_000, to: folder)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        #expect(try topics(folder)["offering-commands"]?["undecided"] as? Int == 0)
        try Run.fairfill(
            ["offering", "pause", "--offering", "o", "--no-wait", "--quiet"], in: folder
        ).mustWork()
        let found = try topics(folder)
        #expect(found["offering-commands"]?["undecided"] as? Int == 1)
        #expect(found["bids"]?["undecided"] as? Int == 0)
    }
}
