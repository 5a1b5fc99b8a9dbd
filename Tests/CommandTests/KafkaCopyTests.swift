import Foundation
import KafkaLog
import Testing

/// `fairfill copy` from a file to Kafka and back.
@Suite(.serialized, .enabled(if: Broker.address != nil, "no broker here"))
struct KafkaCopyTests {
    /// The way from one file to a cluster: workers go on there, and the chain with them; and a
    /// backup of the cluster in a file, killed on the way.
    @Test func aWorkerGoesOnOnTheClusterAndOnItsBackup() throws {
        let environment = "t\(UInt64.random(in: .min ... .max))"
        let folder = try Folder(settings: ["FAIRFILL_ENV": environment])
        let kafka = "kafka:\(try #require(Broker.address))"
        defer { (try? KafkaLog(brokers: Broker.address!))?.deleteTopics(of: environment) }
        try KillTests.appendInputs(to: folder, bids: 20_000)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        try Run.fairfill(
            ["bid", "--offering", "o2", "--account", "late", "--shares", "2"], in: folder
        ).mustWork()
        for round in 0..<4 {
            let copy = try Run.start(
                ["copy", "--from", "sqlite:fairfill.db", "--to", kafka], in: folder)
            usleep(UInt32(400_000 + round * 900_000))
            copy.kill()
            let worker = try Run.fairfill(["allocate", "--until-end", "--log", kafka], in: folder)
            guard worker.exitCode != 0 else { break }
            #expect(worker.exitCode == 78, "\(worker)")
        }
        let there = try Run.fairfill(
            ["copy", "--from", "sqlite:fairfill.db", "--to", kafka], in: folder)
        // The last kill may have come after the end, and the worker gone on since.
        #expect([0, 73].contains(there.exitCode), "\(there)")
        try Run.fairfill(["topics", "check", "--log", kafka], in: folder).mustWork()
        for log in ["sqlite:fairfill.db", kafka] {
            try Run.fairfill(
                ["allocate", "--until-end", "--quiet", "--log", log], in: folder).mustWork()
        }
        let head = try CopyCommandTests.head("sqlite:fairfill.db", folder)
        #expect(try CopyCommandTests.head(kafka, folder) == head)

        let back = try Run.fairfill(
            ["copy", "--from", kafka, "--to", "sqlite:back.db", "--json"], in: folder).mustWork()
        #expect(try back.objects().last?["identical"] as? Bool == true, "\(back)")
        #expect(try CopyCommandTests.head("sqlite:back.db", folder) == head)
        for words in [
            ["bid", "--offering", "o2", "--account", "z", "--shares", "1"],
            ["allocate", "--until-end", "--quiet"],
        ] {
            try Run.fairfill(words + ["--log", "sqlite:back.db"], in: folder).mustWork()
        }
        #expect(try CopyCommandTests.head("sqlite:back.db", folder) != head)
        // What a transaction left behind can't go to Kafka again.
        let refused = try Run.fairfill(
            ["copy", "--from", "sqlite:back.db", "--to", kafka], in: folder)
        #expect([65, 73, 78].contains(refused.exitCode), "\(refused)")
    }
}
