import CommandRunning
import EventLog
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
        // What the file's worker added goes back: the cluster holds a beginning of it.
        let words = ["copy", "--from", "sqlite:back.db", "--to", kafka]
        try Run.fairfill(words, in: folder).mustWork()
        #expect(
            try CopyCommandTests.head(kafka, folder)
                == CopyCommandTests.head("sqlite:back.db", folder))
        // But not to where nothing is: the markers of transactions are gaps.
        let cluster = try KafkaLog(brokers: try #require(Broker.address))
        cluster.deleteTopics(of: environment)
        func topics() throws -> Int {
            try cluster.topics().count { $0.specification.name.hasPrefix("\(environment).") }
        }
        #expect(try eventually(within: 30) { try topics() == 0 }, "its topics are still there")
        let refused = try Run.fairfill(words, in: folder)
        #expect(refused.exitCode == 65, "\(refused)")
        #expect(refused.errors.contains("can't leave an offset out"), "\(refused)")
        #expect(try topics() == 0, "nothing was made")
    }

    /// A transaction that stays open may become visible between the questions for two ends: what is
    /// there is carried, and no worker starts on it before a run that found all of it still.
    @Test func withATransactionOpenTheCopyStaysUnfinished() throws {
        let brokers = try #require(Broker.address)
        let environment = "t\(UInt64.random(in: .min ... .max))"
        let folder = try Folder(settings: ["FAIRFILL_ENV": environment])
        let cluster = try KafkaLog(brokers: brokers)
        defer { cluster.deleteTopics(of: environment) }
        try Run.fairfill(
            ["topics", "create", "--quiet", "--log", "kafka:\(brokers)"], in: folder).mustWork()
        let writer = try cluster.openWriter(transactionalIDs: [environment])
        defer { writer.close() }
        var records = OutgoingRecords()
        records.append(
            to: records.destination(TopicPartition("\(environment).decisions", 0)), key: nil,
            value: nil)
        var transaction = try writer.begin()
        try transaction.append(records)
        // The record is on its way; it is there once the end of what is written has moved.
        let partition = TopicPartition("\(environment).decisions", 0)
        #expect(
            try eventually(within: 30) {
                try cluster.bounds(of: [partition], .written)[0].end != 0
            },
            "the record was not written")
        let words = ["copy", "--from", "kafka:\(brokers)", "--to", "sqlite:copy.db"]
        let early = try Run.fairfill(words + ["--timeout", "0.5"], in: folder)
        #expect(early.exitCode == 75 && early.errors.contains("Stop the workers"), "\(early)")
        let worker = ["allocate", "--until-end", "--quiet", "--log", "sqlite:copy.db"]
        #expect(try Run.fairfill(worker, in: folder).exitCode == 78)
        try transaction.abort()
        try Run.fairfill(words, in: folder).mustWork()
        try Run.fairfill(worker, in: folder).mustWork()
    }
}
