import CommandRunning
import Foundation
import Testing

/// A small record that unpacks to far more than anybody takes: any front end may send one.
@Suite(
    .serialized, .enabled(if: Broker.address != nil && Programs.python != nil, "no broker here"))
struct UnreadableBidTests {
    /// Sends so many MiB of zeros as one record, packed.
    private func send(_ codec: String, mebibytes: Int, _ folder: Folder) throws {
        let program = """
            import sys
            from confluent_kafka import Producer
            brokers, topic, codec, size = sys.argv[1:]
            failed = []
            producer = Producer({'bootstrap.servers': brokers, 'compression.type': codec,
                'message.max.bytes': 1000000000})
            producer.produce(topic, bytes(int(size) << 20), partition=0,
                on_delivery=lambda error, _: failed.append(error) if error else None)
            sys.exit(1 if producer.flush(60) or failed else 0)
            """
        try Run.program(
            try #require(Programs.python),
            [
                "-c", program, try #require(Broker.address), "\(folder.environment).bids", codec,
                "\(mebibytes)",
            ], in: folder
        ).mustWork()
    }

    /// The most memory that a process ever had, in bytes.
    private func peak(_ process: Running) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(process.child.id)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return (Int(line.split(separator: " ").dropLast().last ?? "") ?? .max) * 1_024
    }

    private func bid(_ id: String, in folder: Folder) throws {
        let run = try Run.fairfill(
            [
                "bid", "--offering", "o", "--account", "a", "--shares", "1", "--id", id, "--wait",
                "--timeout", "60",
            ], in: folder)
        #expect(run.exitCode == 0, "\(run)")
    }

    @Test func costsItsOwnOffsetsAndLittleMemory() throws {
        let folder = try Folder.onKafka(try #require(Broker.address), deletesTopics: true)
        try folder.createTopics()
        try folder.open("o", shares: 10)
        let worker = try Run.start(["allocate", "--partitions", "0"], in: folder)
        defer { worker.kill() }
        worker.waitUntilLive()
        try bid("b1", in: folder)
        try send("zstd", mebibytes: 120, folder)
        try bid("b2", in: folder)
        try send("lz4", mebibytes: 40, folder)
        try send("zstd", mebibytes: 90, folder)
        try bid("b3", in: folder)
        #expect(try peak(worker) < 400_000_000)
        let said = worker.errors
        #expect(said.contains("bids, offsets 1 to 1, can't be unpacked"), "\(said)")
        #expect(worker.terminate() == 0)

        // After a start as well, and once it is the last that was decided.
        try send("zstd", mebibytes: 90, folder)
        for _ in 0..<2 {
            #expect(try Run.fairfill(["allocate", "--until-end"], in: folder).exitCode == 0)
        }
        let decided = try Run.fairfill(["export", "decisions"], in: folder).mustWork().objects()
            .filter { $0["topic"] as? String == "bids" }
        #expect(decided.map { $0["offset"] as? Int } == [0, 1, 2, 3, 4, 5, 6])
        let came = try Run.fairfill(["export", "bids", "--json"], in: folder).mustWork().objects()
        #expect(came.map { $0["offset"] as? Int } == [0, 1, 2, 3, 4, 5, 6])
        #expect(came.filter { $0["readable"] as? Bool == false }.count == 4)
        #expect(came[1]["lastOffset"] as? Int == 1, "\(came[1])")
        #expect(decided.map { $0["lastOffset"] as? Int } == [nil, 1, nil, nil, 4, nil, 6])
        let codes = decided.map { ($0["error"] as? [String: Any])?["code"] as? String }
        #expect(codes == [nil, "unreadable", nil, "tooLong", "unreadable", nil, "unreadable"])
        #expect(try Run.fairfill(["verify"], in: folder).exitCode == 0)
        let unknown = try Run.fairfill(["explain", "--bid", "b9", "--offering", "o"], in: folder)
        #expect(unknown.exitCode == 1)
        #expect(unknown.errors.contains("could not be unpacked"), "\(unknown.errors)")
        #expect(unknown.errors.contains("bids[0], offset 1;"), "\(unknown.errors)")
        try copy(folder)
    }

    /// A copy names it, and workers go on with the copy.
    private func copy(_ folder: Folder) throws {
        let target = "sqlite:\(folder.path)/copy.db"
        let run = try Run.fairfill(
            ["copy", "--from", folder.settings["FAIRFILL_LOG"] ?? "", "--to", target], in: folder)
        #expect(run.exitCode == 0, "\(run)")
        #expect(run.errors.contains("bids[0], offset 4, can't be unpacked"), "\(run.errors)")
        for command in [["verify"], ["allocate", "--until-end"], ["verify"]] {
            let run = try Run.fairfill(command + ["--log", target], in: folder)
            #expect(run.exitCode == 0, "\(command): \(run)")
        }
    }
}
