import CommandRunning
import Foundation
import Testing

/// After an orderly end of whichever command wrote last, `cp fairfill.db` is the log.
@Suite struct WholeFileTests {
    /// The head of the chain in a copy of the file alone.
    private func headOfCopy(_ folder: Folder, _ name: String) throws -> String {
        try FileManager.default.copyItem(
            atPath: "\(folder.path)/fairfill.db", toPath: "\(folder.path)/\(name).db")
        return try CopyCommandTests.head("sqlite:\(name).db", folder)
    }

    private func head(_ folder: Folder) throws -> String {
        try CopyCommandTests.head("sqlite:fairfill.db", folder)
    }

    @Test func afterEachCommandThatWrites() throws {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 10)
        try Run.fairfill(
            ["bid", "--offering", "o", "--account", "a", "--shares", "3"], in: folder).mustWork()
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        #expect(try headOfCopy(folder, "decided") == head(folder))
        try Run.fairfill(
            ["bid", "--offering", "o", "--account", "b", "--shares", "3"], in: folder).mustWork()
        // The bid, too, is in the copy: it is decided there as it is here.
        _ = try headOfCopy(folder, "bid")
        for log in ["sqlite:fairfill.db", "sqlite:bid.db"] {
            try Run.fairfill(
                ["allocate", "--until-end", "--quiet", "--log", log], in: folder).mustWork()
        }
        #expect(try CopyCommandTests.head("sqlite:bid.db", folder) == head(folder))
        try CopyCommandTests.copy([], folder).mustWork()
        try FileManager.default.copyItem(
            atPath: "\(folder.path)/copy.db", toPath: "\(folder.path)/again.db")
        #expect(try CopyCommandTests.head("sqlite:again.db", folder) == head(folder))
    }

    /// Daemons that are asked to end, alone and beside each other.
    @Test(arguments: [["allocate"], ["run"], ["allocate", "pay"]])
    func afterDaemons(_ names: [String]) throws {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 10)
        let daemons = try names.map { name in
            try Run.start(
                name == "pay"
                    ? ["pay", "--provider", "http://127.0.0.1:1", "--profile", "sandbox"] : [name],
                in: folder)
        }
        defer { for daemon in daemons where daemon.isRunning { daemon.kill() } }
        try Run.fairfill(
            ["bid", "--offering", "o", "--account", "a", "--shares", "3", "--wait",
                "--timeout", "60"],
            in: folder
        ).mustWork()
        // While they work, the file alone is not the log, and is refused.
        try FileManager.default.copyItem(
            atPath: "\(folder.path)/fairfill.db", toPath: "\(folder.path)/live.db")
        let live = try Run.fairfill(["verify", "--log", "sqlite:live.db"], in: folder)
        #expect(live.exitCode == 65 && live.errors.contains("lacks its"), "\(live)")
        for daemon in daemons { #expect(daemon.terminate() == 0, "\(daemon.errors)") }
        let wal = try FileManager.default.attributesOfItem(
            atPath: "\(folder.path)/fairfill.db-wal")[.size] as? Int
        #expect(wal == 0)
        #expect(try headOfCopy(folder, "whole") == head(folder))
    }

    /// A killed worker's file goes on with its WAL, and with a shell of SQLite's in between.
    @Test func killedAndGoneOnWith() throws {
        let folder = try Folder()
        try KillTests.appendInputs(to: folder, bids: 20_000)
        for round in 0..<6 {
            let worker = try Run.start(["allocate"], in: folder)
            worker.waitUntilLive()
            usleep(UInt32(round * 20_000))
            worker.kill()
            for ends in [["", "-wal"], ["", "-wal", "-shm", "-lock", "-wake"]] {
                let copy = "\(folder.path)/copy-\(round)-\(ends.count).db"
                for end in ends {
                    try FileManager.default.copyItem(
                        atPath: "\(folder.path)/fairfill.db\(end)", toPath: copy + end)
                }
                let run = try Run.fairfill(["verify", "--log", "sqlite:\(copy)"], in: folder)
                #expect(run.exitCode == 0, "\(run)")
            }
            #expect(try Run.fairfill(["verify"], in: folder).exitCode == 0)
        }
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        #expect(try headOfCopy(folder, "whole") == head(folder))
    }
}
