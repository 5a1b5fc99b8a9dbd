import CommandRunning
import Foundation
import Testing

/// The worker is killed again and again, and the book comes out as if nothing had happened.
@Suite struct KillTests {
    /// Two offerings, a crowd, repeats, and garbage: all there before the first worker starts.
    static func appendInputs(to folder: Folder, bids: Int) throws {
        try folder.createTopics()
        for (offering, shares) in [("o1", bids / 2), ("o2", bids * 3)] {
            let opened = try Run.fairfill(
                [
                    "offering", "open", "--offering", offering, "--shares", "\(shares)",
                    "--price", "100", "--currency", "CNY", "--max-shares-per-account", "50",
                    "--no-wait", "--quiet",
                ], in: folder)
            #expect(opened.exitCode == 0)
        }
        var text = ""
        for index in 0..<bids {
            let id = index % 50 == 49 ? index - 1 : index
            text += """
                {"bid":"b-\(id)","offering":"o\(1 + id % 2)","account":"a-\(id % (bids / 8))",\
                "shares":\(1 + id % 7),"allOrNone":\(id % 11 == 0)}

                """
        }
        try folder.write(text, to: "bids.ndjson")
        let appended = try Run.fairfill(["bid", "--from", "bids.ndjson"], in: folder)
        #expect(appended.exitCode == 0)
        #expect(appended.lines.count == bids)
    }

    static func head(_ folder: Folder) throws -> (hash: String, decisions: Int, epochs: Int) {
        let verified = try Run.fairfill(["verify", "--json"], in: folder)
        guard verified.exitCode == 0,
            let report = try verified.objects().last(where: { $0["head"] != nil })
        else {
            throw Unexpected(verified)
        }
        return (
            report["head"] as? String ?? "", report["lastSeq"] as? Int ?? -1,
            report["epochs"] as? Int ?? -1
        )
    }

    @Test func twentyKillsLeaveTheBookOfAnUndisturbedRun() throws {
        let bids = 200_000
        let folder = try Folder()
        try Self.appendInputs(to: folder, bids: bids)
        let pristine = try Data(contentsOf: URL(filePath: "\(folder.path)/fairfill.db"))
        let wal = try? Data(contentsOf: URL(filePath: "\(folder.path)/fairfill.db-wal"))
        let undisturbed = try Run.fairfill(["allocate", "--until-end"], in: folder)
        #expect(undisturbed.exitCode == 0)
        let expected = try Self.head(folder)

        // The same file as it was before, so that append times are the same.
        let killed = try Folder()
        try pristine.write(to: URL(filePath: "\(killed.path)/fairfill.db"))
        if let wal { try wal.write(to: URL(filePath: "\(killed.path)/fairfill.db-wal")) }
        var seed: UInt64 = 20_261_124
        for number in 0..<20 {
            let worker = try Run.start(["allocate"], in: killed)
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Every other one may still start or read its book.
            if number % 2 == 0 {
                usleep(UInt32(5_000 + seed >> 33 % 80_000))
            } else {
                worker.waitUntilLive()
                usleep(UInt32(seed >> 33 % 120_000))
            }
            worker.kill()
        }
        #expect(try killed.bidDecisions().count < bids, "the last kill came too late to matter")
        let rest = try Run.fairfill(["allocate", "--until-end"], in: killed)
        #expect(rest.exitCode == 0, "\(rest.errors)")
        let found = try Self.head(killed)
        #expect(found.hash == expected.hash)
        #expect(found.decisions == expected.decisions)
        #expect(found.epochs > 10, "the kills came too early to matter")

        let groups = try killed.bidDecisions()
        #expect(groups.count == bids, "one decision a bid")
        #expect(Set(groups.compactMap { $0["offset"] as? Int }).count == bids)
    }

    @Test func twoWorkersStartedAtOnceLeaveOneWriterThatCounts() throws {
        let folder = try Folder()
        try Self.appendInputs(to: folder, bids: 20_000)
        let workers = [
            try Run.start(["allocate"], in: folder), try Run.start(["allocate"], in: folder),
        ]
        // One of them takes over from the other, which says so and ends.
        let deadline = Date(timeIntervalSinceNow: 30)
        while workers.allSatisfy(\.isRunning), Date() < deadline {
            usleep(20_000)
            _ = try Run.fairfill(
                ["bid", "--offering", "o2", "--account", "z", "--shares", "1"], in: folder)
        }
        let running = workers.filter(\.isRunning)
        #expect(running.count == 1)
        let ended = try #require(workers.first { !$0.isRunning })
        #expect(ended.wait() == 80)
        #expect(ended.errors.contains("another writer has taken over"))
        let late = try Run.fairfill(
            ["bid", "--offering", "o1", "--account", "late", "--shares", "1", "--wait"],
            in: folder)
        #expect([0, 1].contains(late.exitCode), "\(late.errors)")
        #expect(running.first?.terminate() == 0)
        // The older one may have been fenced before or after its epoch began: either is right.
        _ = try Self.head(folder)
        let groups = try folder.bidDecisions()
        let offsets = groups.compactMap { $0["offset"] as? Int }
        #expect(offsets == Array(0..<offsets.count))
    }
}
