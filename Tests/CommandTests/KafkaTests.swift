import CommandRunning
import EventLog
import Foundation
import Kafka
import KafkaLog
import Testing

/// A topic that somebody made otherwise than `topics create` does.
struct WrongTopic: Sendable {
    var name: String
    var partitions: Int32 = 1
    var setting: String
    var value: String
    /// What the message about it must name.
    var mend: String
    /// Whether workers refuse to run on it.
    var stopsWorkers = true
}

/// The commands on Apache Kafka.
@Suite(.serialized, .enabled(if: Broker.address != nil, "no broker here"))
struct KafkaTests {
    private func folder() throws -> Folder { try .onKafka(try #require(Broker.address)) }

    /// All inputs are there before the first worker starts; then the output topics are deleted,
    /// made anew, and filled again by workers that are killed.
    @Test func fiveKillsLeaveTheBookOfAnUndisturbedRun() throws {
        let bids = 100_000
        let folder = try folder()
        try KillTests.appendInputs(to: folder, bids: bids)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let expected = try KillTests.head(folder)

        let log = try KafkaLog(brokers: try #require(Broker.address))
        let outputs = ["decisions", "payment-commands", "progress", "attention", "invalid"]
            .map { "\(folder.environment).\($0)" }
        let specifications = try log.topics().map(\.specification)
            .filter { outputs.contains($0.name) }
        #expect(specifications.count == outputs.count)
        for topic in specifications {
            try log.delete(topic: topic.name)
            try createAgain(topic, on: log)
        }

        for number in 0..<5 {
            let worker = try Run.start(["allocate", "--partitions", "0"], in: folder)
            // The first while it still starts, the others at work.
            if number > 0 { worker.waitUntilLive() }
            usleep(UInt32(60_000 + number * 60_000))
            worker.kill()
        }
        #expect(try folder.bidDecisions().count < bids, "the last kill came too late to matter")
        let rest = try Run.fairfill(["allocate", "--until-end"], in: folder)
        #expect(rest.exitCode == 0, "\(rest.errors)")
        let found = try KillTests.head(folder)
        #expect(found.hash == expected.hash)
        #expect(found.decisions == expected.decisions)
        #expect(found.epochs >= 5, "the kills came too early to matter")
        let groups = try folder.bidDecisions()
        #expect(groups.compactMap { $0["offset"] as? Int } == Array(0..<bids))
    }

    /// A deleted topic takes the brokers a moment to forget.
    private func createAgain(_ topic: TopicSpecification, on log: KafkaLog) throws {
        for _ in 0..<200 {
            do {
                try log.create(topic)
                return
            } catch {
                guard error.code == .alreadyExists else { throw error }
                usleep(50_000)
            }
        }
        Issue.record("\(topic.name) could not be made anew")
    }

    @Test func aSecondWorkerTakesOverAndTheFirstSaysSo() throws {
        let folder = try folder()
        try KillTests.appendInputs(to: folder, bids: 5_000)
        let first = try Run.start(["allocate", "--partitions", "0"], in: folder)
        try decided(folder)
        let second = try Run.start(["allocate", "--partitions", "0"], in: folder)
        let deadline = Date(timeIntervalSinceNow: 30)
        while first.isRunning, Date() < deadline { try decided(folder) }
        #expect(first.wait() == 80, "\(first.errors)")
        #expect(first.errors.contains("another writer has taken over"))
        try decided(folder)
        #expect(second.terminate() == 0)
        #expect(try KillTests.head(folder).epochs == 2)
    }

    /// A bid that is waited for.
    private func decided(_ folder: Folder) throws {
        try Run.fairfill(
            ["bid", "--offering", "o2", "--account", "z", "--shares", "1", "--wait"], in: folder
        ).mustNotWait()
    }

    /// A hundred idle partitions on one broker take fewer than 300 descriptors, 250 threads and
    /// 3 % of a core, a minute after they last had something to write.
    @Test func idlePartitionsTakeLittle() throws {
        let partitions = 100
        let folder = try folder()
        try Run.fairfill(
            ["topics", "create", "--partitions", "\(partitions)", "--quiet"], in: folder
        ).mustWork()
        // The second has a book to read first.
        for isSecond in [false, true] {
            let worker = try Run.start(
                ["allocate", "--partitions", "0-\(partitions - 1)"], in: folder)
            defer { if worker.isRunning { worker.kill() } }
            func live() -> Int { worker.errors.components(separatedBy: "live in epoch").count - 1 }
            try #require(eventually(within: 120) { live() == partitions }, "\(worker.errors)")
            if isSecond { try expectLittle(of: worker) }
            #expect(worker.terminate() == 0, "\(worker.errors)")
        }
    }

    private func expectLittle(of worker: Running) throws {
        func count(_ what: String) throws -> Int {
            try FileManager.default.contentsOfDirectory(
                atPath: "/proc/\(worker.child.id)/\(what)").count
        }
        var found = (descriptors: 0, threads: 0)
        let isFew = try eventually(within: 120, every: 500) {
            found = (try count("fd"), try count("task"))
            return found.descriptors < 300 && found.threads < 250
        }
        #expect(isFew, "\(found)")
        // In percent of a core; what isn't optimised may take twice as much. Other work on the
        // machine makes the same work take longer, so one quiet moment is enough.
        let most = 3.0 * (Run.binary.contains("/release/") ? 1 : 2)
        var shares: [Double] = []
        let isIdle = try eventually(within: 60) {
            let before = try worker.processorSeconds()
            let start = DispatchTime.now().uptimeNanoseconds
            sleep(5)
            let spent = try worker.processorSeconds() - before
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
            shares.append(spent / seconds * 100)
            return shares.last! < most
        }
        #expect(isIdle, "\(shares)")
        #expect(worker.isRunning, "\(worker.errors)")
    }

    /// It is somebody's choice, and so no failure.
    @Test func aClusterWithoutAnAuthorizerIsRemarkedUpon() throws {
        let folder = try folder()
        try folder.createTopics()
        let check = try Run.fairfill(["topics", "check"], in: folder).mustWork()
        #expect(check.errors.contains("no authorizer"), "\(check)")
        #expect(check.errors.contains("deploy/kafka-acls"), "\(check)")
        #expect(check.output.contains("are right"), "\(check)")
    }

    @Test func anUnreachableBrokerIsNamed() throws {
        let folder = try Folder(settings: ["FAIRFILL_LOG": "kafka:127.0.0.1:1"])
        let run = try Run.fairfill(["verify"], in: folder)
        #expect(run.exitCode == 69)
        #expect(run.errors.contains("127.0.0.1:1") && run.errors.contains("check the address"))
    }

    /// Topics that somebody else made otherwise: the worker refuses them and names the mend.
    @Test(arguments: [
        WrongTopic(
            name: "bids", setting: "message.timestamp.type", value: "CreateTime",
            mend: "message.timestamp.type=LogAppendTime"),
        WrongTopic(
            name: "decisions", setting: "cleanup.policy", value: "compact",
            mend: "cleanup.policy=delete"),
        WrongTopic(
            name: "decisions", setting: "retention.ms", value: "604800000",
            mend: "retention.ms=-1"),
        WrongTopic(
            name: "bids", partitions: 3, setting: "retention.ms", value: "-1",
            mend: "3 partitions", stopsWorkers: false),
    ])
    func aTopicThatWouldMakeReplayImpossibleIsRefused(_ topic: WrongTopic) throws {
        let client = try Client(
            .producer, [("bootstrap.servers", try #require(Broker.address))])
        func make(in environment: String) throws {
            try client.createTopic(
                "\(environment).\(topic.name)", partitions: topic.partitions,
                settings: [
                    ("message.timestamp.type", "LogAppendTime"), ("retention.ms", "-1"),
                    (topic.setting, topic.value),
                ], milliseconds: 10_000)
        }
        // One that was there before: no environment is made around it.
        let early = try folder()
        try make(in: early.environment)
        let refused = try Run.fairfill(["topics", "create"], in: early)
        #expect(refused.exitCode == 78 && refused.errors.contains(topic.mend), "\(refused)")

        let folder = try folder()
        try folder.createTopics()
        let log = try KafkaLog(brokers: try #require(Broker.address))
        try log.delete(topic: "\(folder.environment).\(topic.name)")
        for attempt in 0... {
            // A topic goes a while after its deletion was answered.
            do {
                try make(in: folder.environment)
                break
            } catch { if attempt < 100 { usleep(50_000) } else { throw error } }
        }
        for command in [["topics", "check"], ["allocate", "--until-end"]] {
            let run = try Run.fairfill(command, in: folder)
            // Beside added partitions workers go on.
            if !topic.stopsWorkers, command[0] == "allocate" {
                #expect(run.exitCode == 0, "\(run.errors)")
                continue
            }
            #expect(run.exitCode == 78, "\(run.errors)")
            #expect((run.errors + run.output).contains(topic.mend), "\(run.errors)\(run.output)")
        }
    }

    /// What lets a stranger's record take a broker's memory, or a worker's, is said.
    @Test func whatCostsMemoryIsSaidAndStopsNobody() throws {
        let folder = try folder()
        try folder.createTopics()
        #expect(try Run.fairfill(["topics", "check"], in: folder).exitCode == 0)
        let client = try Client(
            .producer, [("bootstrap.servers", try #require(Broker.address))])
        try client.alter(
            topic: "\(folder.environment).bids",
            [("compression.type", "uncompressed"), ("max.message.bytes", "8000000")],
            milliseconds: 10_000)
        let isSaid = try eventually(within: 30) {
            let run = try Run.fairfill(["topics", "check"], in: folder)
            let output = run.output.replacing(/\n +/, with: " ")
            return run.exitCode == 78 && output.contains("set compression.type=producer")
                && output.contains("set max.message.bytes=1048576")
        }
        #expect(isSaid)
        #expect(try Run.fairfill(["allocate", "--until-end"], in: folder).exitCode == 0)
    }

    @Test func aMissingTopicIsNamed() throws {
        let folder = try folder()
        try folder.createTopics()
        let log = try KafkaLog(brokers: try #require(Broker.address))
        try log.deleteAndWait(topic: "\(folder.environment).bids")
        for command in [["allocate"], ["bid", "--offering", "o", "--account", "a", "--shares", "1"]]
        {
            let run = try Run.fairfill(command, in: folder)
            #expect(run.exitCode == 78, "\(run.errors)")
            #expect(run.errors.contains("bids") && run.errors.contains("topics create"))
        }
    }
}
