import CommandRunning
import EventLog
import Foundation
import Kafka
import KafkaLog
import TestRun
import Testing

extension ClusterFaults {
    /// What is done to topics while the system works on them.
    @Suite(.serialized) struct Topics {
        /// An environment with an offering and a few decided bids, and a worker on it.
        private final class WorkedEnvironment {
            let cluster: Cluster
            let folder: Folder
            let log: KafkaLog
            var allocator: Running

            init() throws {
                cluster = try Clusters.oneNode()
                folder = try cluster.folder()
                log = try KafkaLog(brokers: cluster.brokers)
                try folder.createTopics()
                // By itself, not in a group: there it would go on with its other partitions.
                allocator = try Run.start(["allocate", "--partitions", "0"], in: folder)
                try Run.fairfill(
                    [
                        "offering", "open", "--offering", "o", "--shares", "1000", "--price", "1",
                        "--currency", "CNY",
                    ], in: folder
                ).mustWork()
                for number in 1...5 { try bid("b-\(number)", "--wait").mustWork() }
            }

            deinit { if allocator.isRunning { allocator.kill() } }

            var bids: TopicPartition { TopicPartition("\(folder.environment).bids", 0) }

            @discardableResult
            func bid(_ id: String, _ more: String...) throws -> Run {
                try Run.fairfill(
                    ["bid", "--offering", "o", "--account", "a", "--shares", "1", "--id", id]
                        + more, in: folder)
            }

            func says(_ words: String, within seconds: Double = 30) -> Bool {
                eventually(within: seconds) { allocator.errors.contains(words) }
            }

            /// Its exit code, once it has one.
            func end(within seconds: Double = 30) -> Int32? {
                eventually(within: seconds) { !allocator.isRunning }
                return allocator.child.poll()
            }

            func bidOffsets() throws -> [Int] {
                try folder.bidDecisions()
                    .compactMap { $0["offset"] as? Int }
            }

            /// Deletes the topic and makes it again, empty.
            func makeAnew(_ topic: String) throws {
                let specification = try #require(
                    try log.topics().map(\.specification).first { $0.name == topic })
                try log.delete(topic: topic)
                try #require(
                    try eventually(within: 30) {
                        do {
                            try log.create(specification)
                            return true
                        } catch let error as LogError where error.code == .alreadyExists {
                            return false
                        }
                    })
            }
        }

        @Test func inputsMadeAnewAreRefused() throws {
            let scene = try WorkedEnvironment()
            try scene.makeAnew(scene.bids.topic)
            // With as many records as were decided, so that offsets alone tell nothing.
            for number in 1...7 { try scene.bid("c-\(number)").mustWork() }
            #expect(scene.end() == 70, "\(scene.allocator.errors)")
            #expect(scene.allocator.errors.contains("made anew"), "\(scene.allocator.errors)")
            note("bids made anew: \(scene.allocator.errors)")
            let again = try Run.fairfill(["allocate", "--until-end"], in: scene.folder)
            #expect(again.exitCode == 70 && again.errors.contains("made anew"), "\(again)")
            #expect(try scene.bidOffsets() == [0, 1, 2, 3, 4])
        }

        @Test func aBookMadeAnewIsNotGoneOnWith() throws {
            let scene = try WorkedEnvironment()
            try scene.makeAnew("\(scene.folder.environment).decisions")
            try scene.bid("c-1").mustWork()
            #expect(scene.end() == 70, "\(scene.allocator.errors)")
            #expect(
                scene.allocator.errors.contains("history was lost"), "\(scene.allocator.errors)")
            note("the book made anew: \(scene.allocator.errors)")
        }

        @Test func aMissingInputIsNamedUntilSomebodyActs() throws {
            let scene = try WorkedEnvironment()
            try scene.log.delete(topic: scene.bids.topic)
            #expect(scene.says("has no \(scene.bids.topic)"), "\(scene.allocator.errors)")
            #expect(scene.allocator.isRunning)
            note("bids deleted: \(scene.allocator.errors)")
            let refused = try scene.bid("c-1")
            #expect(refused.exitCode == 78, "\(refused)")
            #expect(refused.errors.contains("topics create"), "\(refused)")
            #expect(scene.allocator.terminate() == 0, "\(scene.allocator.errors)")
        }

        @Test func whatRetentionCutsBehindTheLastDecisionIsNotMissed() throws {
            let scene = try WorkedEnvironment()
            try scene.cluster.cut(scene.bids.topic, before: 5)
            try scene.bid("c-1", "--wait").mustWork()
            #expect(scene.allocator.terminate() == 0)
            try scene.cluster.cut(scene.bids.topic, before: 6)
            let again = try Run.fairfill(["allocate", "--until-end"], in: scene.folder).mustWork()
            #expect(again.errors.contains("no longer kept"), "\(again.errors)")
            #expect(try scene.bidOffsets() == [0, 1, 2, 3, 4, 5])
            try Run.fairfill(["verify", "--quiet"], in: scene.folder).mustWork()
        }

        @Test func whatRetentionCutsBeforeItIsDecidedIsNotPassedOver() throws {
            let scene = try WorkedEnvironment()
            scene.allocator.child.signal(SIGSTOP)
            for number in 1...5 { try scene.bid("c-\(number)").mustWork() }
            try scene.cluster.cut(scene.bids.topic, before: 8)
            scene.allocator.child.signal(SIGCONT)
            // It may have fetched them before: then they are decided, and nothing is missing.
            try scene.bid("c-6").mustWork()
            let ended = scene.end(within: 10)
            #expect(ended == 70 || ended == nil, "\(scene.allocator.errors)")
            let offsets = try scene.bidOffsets()
            if ended == 70 {
                #expect(scene.allocator.errors.contains("was cut"), "\(scene.allocator.errors)")
                #expect(offsets == [0, 1, 2, 3, 4])
            } else {
                #expect(offsets == Array(0...10))
            }
            note("undecided bids cut: \(scene.allocator.errors)")
            scene.allocator.kill()
            try scene.cluster.cut(scene.bids.topic, before: 11)
            for number in 7...9 { try scene.bid("c-\(number)").mustWork() }
            try scene.cluster.cut(scene.bids.topic, before: 13)
            let again = try Run.fairfill(["allocate", "--until-end"], in: scene.folder)
            #expect(again.exitCode == 70 && again.errors.contains("was cut"), "\(again)")
            #expect(try scene.bidOffsets() == offsets)
        }

        @Test func whatIsTooLargeIsRefusedAndTheRestGoesOn() throws {
            let scene = try WorkedEnvironment()
            let appender = try scene.log.openAppender()
            defer { appender.close() }
            func append(_ count: Int) throws -> AppendOutcome? {
                var records = OutgoingRecords()
                let destination = records.destination(scene.bids)
                // What does not shrink when it is packed.
                let value = (0..<count).map { _ in UInt8.random(in: .min ... .max) }
                value.withUnsafeBytes { records.append(to: destination, key: nil, value: $0) }
                return try appender.append(records).first
            }
            guard case .refused(let error) = try append(2 << 20) else {
                Issue.record("2 MiB were taken")
                return
            }
            #expect(error.code == .tooLarge && error.message.contains("max.message.bytes"))
            // What the log takes and no bid may be is decided as malformed.
            guard case .appended = try append(500_000) else {
                Issue.record("500 kB were refused")
                return
            }
            // A topic that takes less than it should: the client's batch is refused by the broker.
            let client = try scene.cluster.asker()
            try client.alter(
                topic: scene.bids.topic, [("max.message.bytes", "100")], milliseconds: 10_000)
            let refused = try scene.bid("c-1")
            #expect(refused.exitCode == 65, "\(refused)")
            #expect(refused.errors.contains("max.message.bytes") && refused.output.isEmpty)
            try client.alter(
                topic: scene.bids.topic, [("max.message.bytes", "1048576")], milliseconds: 10_000)
            try scene.bid("c-1", "--wait").mustWork()
            #expect(try scene.bidOffsets() == [0, 1, 2, 3, 4, 5, 6])
            #expect(scene.allocator.terminate() == 0, "\(scene.allocator.errors)")
            try Run.fairfill(["verify", "--quiet"], in: scene.folder).mustWork()
        }

        /// A book that takes no decision any more: the lane stands still, names the setting, and
        /// goes on by itself once that is mended.
        @Test func aBookThatTakesTooLittleIsNamed() throws {
            let scene = try WorkedEnvironment()
            let decisions = "\(scene.folder.environment).decisions"
            let client = try scene.cluster.asker()
            try client.alter(
                topic: decisions, [("max.message.bytes", "100")], milliseconds: 10_000)
            try scene.bid("c-1").mustWork()
            #expect(
                scene.says(
                    "STANDS STILL: \(decisions)[0] does not take so large a record "
                        + "(max.message.bytes)"), "\(scene.allocator.errors)")
            #expect(scene.allocator.isRunning, "\(scene.allocator.errors)")
            try client.alter(
                topic: decisions, [("max.message.bytes", "1048576")], milliseconds: 10_000)
            // It tries again at most a minute apart.
            #expect(try eventually(within: 120) { try scene.bidOffsets() == [0, 1, 2, 3, 4, 5] })
            // It was asked to stop a moment after it came back, and nothing ails it any more.
            #expect(scene.allocator.terminate() == 0, "\(scene.allocator.errors)")
            try Run.fairfill(["verify", "--quiet"], in: scene.folder).mustWork()
        }

        /// Nobody can take partitions back, so the old ones go on, and the way out that is named
        /// is one.
        @Test func partitionsThatWereAddedAreNamedAndTheWayOutWorks() throws {
            let scene = try WorkedEnvironment()
            try scene.cluster.tool(
                "topics", ["--alter", "--topic", scene.bids.topic, "--partitions", "3"])
            try scene.bid("c-1", "--wait").mustWork()
            #expect(scene.allocator.terminate() == 0, "\(scene.allocator.errors)")
            let again = try Run.fairfill(["allocate", "--until-end"], in: scene.folder).mustWork()
            #expect(
                again.errors.contains("3 partitions") && again.errors.contains("fairfill copy"),
                "\(again)")
            // A client that goes by the topic's count: nobody reads this one.
            let appender = try scene.log.openAppender()
            defer { appender.close() }
            var records = OutgoingRecords()
            let stray = #"{"bid":"s-1","offering":"o","account":"s","shares":1}"#
            let beyond = records.destination(TopicPartition(scene.bids.topic, 2))
            Array(stray.utf8).withUnsafeBytes { records.append(to: beyond, key: nil, value: $0) }
            _ = try appender.append(records)
            let copy = try Run.fairfill(
                [
                    "copy", "--from", scene.folder.settings["FAIRFILL_LOG"] ?? "", "--to",
                    "sqlite:copy.db",
                ], in: scene.folder
            ).mustWork()
            let remark = "bids has 3 partitions, and the environment 1"
            #expect(copy.errors.contains(remark), "\(copy)")
            #expect(copy.errors.contains("it is copied none the less"), "\(copy)")
            // Whoever copies is not told to copy.
            #expect(!copy.errors.contains("fairfill copy"), "\(copy)")
            #expect(
                copy.errors.contains("1 record of \(scene.bids.topic)[2], which no worker reads")
                    && copy.errors.contains("fairfill bid --from -"), "\(copy)")
            let elsewhere = ["FAIRFILL_LOG": "sqlite:copy.db"]
            try Run.fairfill(
                ["bid", "--from", "-"], in: scene.folder, input: stray + "\n",
                environment: elsewhere
            ).mustWork()
            try Run.fairfill(
                ["allocate", "--until-end"], in: scene.folder, environment: elsewhere
            ).mustWork()
            let verify = try Run.fairfill(
                ["verify", "--json"], in: scene.folder, environment: elsewhere
            ).mustWork()
            #expect(verify.output.contains("\"findings\":0"), "\(verify)")
        }

        /// A front end that writes in transactions holds everybody up: the worker says where, and
        /// decides nothing out of order.
        @Test func anOpenTransactionOnAnInputIsTold() throws {
            let scene = try WorkedEnvironment()
            let writer = try scene.log.openWriter(transactionalIDs: ["front-end-\(UUID())"])
            defer { writer.close() }
            var transaction = try writer.begin()
            var records = OutgoingRecords()
            let destination = records.destination(scene.bids)
            let value = Array(#"{"bid":"t-1","offering":"o","account":"t","shares":1}"#.utf8)
            value.withUnsafeBytes { records.append(to: destination, key: nil, value: $0) }
            try transaction.append(records)
            // It is under way once it is counted to what is written.
            #expect(
                try eventually(within: 10) {
                    try scene.log.bounds(of: [scene.bids], .written)[0].end > 5
                })
            let behind = try scene.bid("c-1").mustWork()
            #expect(behind.output.contains("c-1"))
            #expect(
                scene.says("bids[0] can't be read past offset 5", within: 20),
                "\(scene.allocator.errors)")
            #expect(try scene.bidOffsets() == [0, 1, 2, 3, 4])
            try transaction.abort()
            try scene.bid("c-2", "--wait").mustWork()
            #expect(scene.says("bids[0] can be read on"), "\(scene.allocator.errors)")
            note("an open transaction on bids: \(scene.allocator.errors)")
            let offsets = try scene.bidOffsets()
            #expect(offsets.count == 7 && offsets == offsets.sorted(), "\(offsets)")
            #expect(scene.allocator.terminate() == 0, "\(scene.allocator.errors)")
        }
    }
}
