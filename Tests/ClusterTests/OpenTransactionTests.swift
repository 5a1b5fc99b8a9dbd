import CommandRunning
import EventLog
import Foundation
import KafkaLog
import Testing

extension ClusterFaults {
    /// A transaction that stays open on what workers read: they wait, and say so, and where, and
    /// what to do.
    @Suite(.serialized) struct OpenTransactionsOnOurTopics {
        /// A transaction of somebody else that holds a record and does not end.
        private final class Hanging {
            private let writer: any LogWriter
            private let transaction: LeftOpen

            init(_ log: KafkaLog, _ partition: TopicPartition) throws {
                writer = try log.openWriter(transactionalIDs: ["hanging-\(UUID())"])
                let before = try log.ends(of: [partition], .written)[0]
                var begun = try writer.begin()
                var records = OutgoingRecords()
                let destination = records.destination(partition)
                // A compacted topic takes nothing without a key.
                Array("{}".utf8).withUnsafeBytes {
                    records.append(to: destination, key: $0, value: $0)
                }
                try begun.append(records)
                try #require(
                    try eventually(within: 10) {
                        try log.ends(of: [partition], .written)[0] > before
                    })
                transaction = LeftOpen(begun)
            }

            func abort() throws {
                try transaction.abort()
                writer.close()
            }
        }

        /// Kept by a class, since the transaction can't be copied.
        private final class LeftOpen {
            private var transaction: Transaction?
            init(_ transaction: consuming Transaction) {
                self.transaction = .some(consume transaction)
            }
            func abort() throws { if let open = transaction.take() { try open.abort() } }
        }

        private func scene() throws -> (Folder, KafkaLog) {
            let cluster = try Clusters.oneNode()
            let folder = try cluster.folder()
            try folder.createTopics()
            return (folder, try KafkaLog(brokers: cluster.brokers))
        }

        private func partition(_ topic: String, _ folder: Folder) -> TopicPartition {
            TopicPartition("\(folder.environment).\(topic)", 0)
        }

        private func says(_ worker: Running, _ words: [String]) -> Bool {
            eventually(within: 30) { words.allSatisfy(worker.errors.contains) }
        }

        private func expectAlarm(
            _ worker: Running, _ topic: String, _ advice: [String]
        ) {
            #expect(says(worker, [".\(topic)[0] can't be read past offset"] + advice),
                "\(topic): \(worker.errors)")
        }

        /// Every topic that a worker reads: it says so live, and when it is started while they are
        /// open; and each stands in attention, once.
        @Test(arguments: [
            (
                ["allocate"], "live in epoch",
                ["bids", "offering-commands", "payment-results", "decisions"]
            ),
            (
                ["pay", "--provider", "http://127.0.0.1:1", "--profile", "sandbox"],
                "paying in epoch",
                [
                    "payment-commands", "payment-journal", "payment-resolutions", "payment-marks",
                ]
            ),
        ])
        func everyTopicThatAWorkerReadsIsNamedLiveAndAtStart(
            _ words: [String], _ live: String, _ topics: [String]
        ) throws {
            let (folder, log) = try scene()
            let words = words + ["--partitions", "0"]
            let page = "Sources/EventLog/EventLog.docc/OpenTransactions.md"
            let byOthers = ["bids", "offering-commands", "payment-resolutions"]
            func attention() throws -> [[String: Any]] {
                try Run.fairfill(
                    ["attention", "list", "--kind", "openTransaction", "--json", "--quiet"],
                    in: folder
                ).mustWork().objects()
            }
            // The cluster ends each after half a minute, so each time there are new ones.
            for round in 1...2 {
                let isLive = round == 1
                let early = isLive ? [] : try topics.map { try Hanging(log, partition($0, folder)) }
                let worker = try Run.start(words, in: folder)
                defer { if worker.isRunning { worker.kill() } }
                if isLive { try #require(eventually(within: 60) { worker.errors.contains(live) }) }
                let late = isLive ? try topics.map { try Hanging(log, partition($0, folder)) } : []
                for topic in topics {
                    let isOurs = !byOthers.contains(topic)
                    expectAlarm(
                        worker, topic, isOurs ? [page] : ["must not write there in transactions"])
                }
                #expect(
                    try eventually(within: 30) { try attention().count == round * topics.count })
                for found in try attention().suffix(topics.count) {
                    #expect(topics.contains(found["topic"] as? String ?? ""), "\(found)")
                    #expect(found["partition"] as? Int == 0 && found["offset"] is Int, "\(found)")
                    let (since, at) = (found["since"] as? Int, found["at"] as? Int)
                    #expect((since ?? .max) <= (at ?? 0) - 3_000, "\(found)")
                }
                for transaction in early + late { try? transaction.abort() }
                for topic in topics {
                    #expect(says(worker, [".\(topic)[0] can be read on"]), "\(worker.errors)")
                }
                #expect(try attention().count == round * topics.count)
                #expect(worker.terminate() == 0, "\(worker.errors)")
            }
        }

        @Test func aLiveAllocatorSaysWhereAndWhatToDo() throws {
            let (folder, log) = try scene()
            let allocator = try Run.start(["allocate", "--partitions", "0"], in: folder)
            defer { if allocator.isRunning { allocator.kill() } }
            try #require(allocator.waitUntilLive())
            let hanging = [
                try Hanging(log, partition("payment-results", folder)),
                try Hanging(log, partition("decisions", folder)),
            ]
            expectAlarm(
                allocator, "payment-results",
                ["stop every payer", "payments rebuild", "DON'T abort"])
            expectAlarm(allocator, "decisions", ["keep everything", "fairfill copy"])
            // Whoever only reads says what is left out.
            for words in [["verify"], ["export", "decisions"], ["explain", "--bid", "nobody"]] {
                let run = try Run.fairfill(words, in: folder)
                #expect(
                    run.errors.contains("behind a transaction that is open"), "\(words): \(run)")
            }
            let copy = try Run.fairfill(
                [
                    "copy", "--from", folder.settings["FAIRFILL_LOG"] ?? "", "--to",
                    "sqlite:copy.db", "--timeout", "1",
                ], in: folder)
            for topic in ["payment-results", "decisions"] {
                #expect(
                    copy.errors.contains("\(partition(topic, folder)): offsets"),
                    "\(topic): \(copy)")
            }
            for transaction in hanging { try transaction.abort() }
            #expect(says(allocator, [".decisions[0] can be read on"]), "\(allocator.errors)")
            #expect(allocator.terminate() == 0, "\(allocator.errors)")
            let after = try Run.fairfill(["verify"], in: folder)
            #expect(!after.errors.contains("transaction"), "\(after)")
        }

        /// It waits for the end of a book that nobody can read.
        @Test func anAllocatorThatStartsSaysIt() throws {
            let (folder, log) = try scene()
            let first = try Run.start(["allocate", "--partitions", "0"], in: folder)
            first.waitUntilLive()
            #expect(first.terminate() == 0)
            let hanging = try Hanging(log, partition("decisions", folder))
            let allocator = try Run.start(["allocate", "--partitions", "0"], in: folder)
            defer { if allocator.isRunning { allocator.kill() } }
            expectAlarm(allocator, "decisions", ["keep everything"])
            #expect(!allocator.errors.contains("live in epoch"))
            try hanging.abort()
            #expect(allocator.waitUntilLive())
        }

        @Test func aPayerSaysIt() throws {
            let (folder, log) = try scene()
            let payer = try Run.start(
                [
                    "pay", "--partitions", "0", "--provider", "http://127.0.0.1:1", "--profile",
                    "sandbox",
                ], in: folder)
            defer { if payer.isRunning { payer.kill() } }
            try #require(eventually(within: 60) { payer.errors.contains("paying in epoch") })
            let hanging = [
                try Hanging(log, partition("payment-journal", folder)),
                try Hanging(log, partition("payment-commands", folder)),
            ]
            expectAlarm(payer, "payment-journal", ["stop every payer", "payments rebuild"])
            expectAlarm(payer, "payment-commands", ["fairfill copy"])
            for transaction in hanging { try transaction.abort() }
            #expect(payer.terminate() == 0, "\(payer.errors)")
        }
    }
}
