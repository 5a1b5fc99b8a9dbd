import CommandRunning
import EventLog
import Foundation
import KafkaLog
import Messages
import Testing
import Vocabulary

extension ClusterFaults {
    /// Partitions that somebody adds to a topic of an environment that works. No broker takes them
    /// back, so all goes on with those that the environment has, and nothing goes to the others.
    @Suite(.serialized) struct PartitionsAdded {
        private static let partitions: Int64 = 2

        /// An environment of two partitions, and an offering at home in each.
        private final class TwoPartitions {
            let cluster: Cluster
            let folder: Folder
            let offerings: [String]

            init() throws {
                cluster = try Clusters.oneNode()
                folder = try cluster.folder()
                try Run.fairfill(
                    ["topics", "create", "--partitions", "\(partitions)", "--quiet"], in: folder
                ).mustWork()
                offerings = (0..<partitions).map { wanted in
                    (0...).lazy.map { "o\($0)" }.first { home($0) == wanted }!
                }
                for offering in offerings { try folder.open(offering, shares: 100_000) }
            }

            func add(_ topics: [String]) throws {
                for topic in topics {
                    try cluster.tool(
                        "topics",
                        [
                            "--alter", "--topic", "\(folder.environment).\(topic)",
                            "--partitions", "4",
                        ])
                }
            }

            /// A bid for each offering, waited for.
            func bid(_ id: String) throws {
                for offering in offerings {
                    try Run.fairfill(
                        [
                            "bid", "--offering", offering, "--account", id, "--shares", "1", "--id",
                            id, "--wait",
                        ], in: folder
                    ).mustWork()
                }
            }

            func attention(_ kind: String) throws -> [[String: Any]] {
                try Run.fairfill(
                    ["attention", "list", "--json", "--quiet", "--kind", kind], in: folder
                ).mustWork().objects()
            }
        }

        private static func home(_ offering: String) -> Int64? {
            Identifier(parsing: offering).map {
                Partitioner.partition(of: $0, count: partitions).rawValue
            }
        }

        @Test func workersThatRunAndThoseStartedAnewGoOn() throws {
            let scene = try TwoPartitions()
            let running = try Run.start(["allocate", "--partitions", "0,1"], in: scene.folder)
            defer { if running.isRunning { running.kill() } }
            try scene.bid("a")
            let topics = ["bids", "decisions", "payment-commands", "payment-marks"]
            try scene.add(topics)
            try scene.bid("b")
            #expect(running.terminate() == 0, "\(running.errors)")

            let again = try Run.start(["allocate", "--partitions", "0,1"], in: scene.folder)
            defer { if again.isRunning { again.kill() } }
            try scene.bid("c")
            for topic in topics {
                #expect(
                    again.errors.contains(
                        ".\(topic) has 4 partitions, and the environment 2: no worker reads "
                            + "partitions 2 to 3"), "\(again.errors)")
            }
            #expect(again.errors.contains("fairfill copy --help"), "\(again.errors)")
            let found = try scene.attention("partitionsAdded")
            #expect(Set(found.compactMap { $0["topic"] as? String }) == Set(topics), "\(found)")
            #expect(found.allSatisfy { $0["partition"] as? Int == 2 && $0["since"] is Int })

            // What pays goes on as well, and what is only made sure of is no error.
            let bank = try Bank(in: scene.folder)
            let payer = try Run.start(
                ["pay", "--partitions", "0,1"] + bank.options, in: scene.folder)
            defer { if payer.isRunning { payer.kill() } }
            #expect(
                try eventually(within: 60) { try bank.ledger().movements.count == 6 },
                "\(payer.errors)")
            #expect(payer.terminate() == 0, "\(payer.errors)")
            #expect(again.terminate() == 0, "\(again.errors)")
            let check = try Run.fairfill(["topics", "check"], in: scene.folder)
            #expect(check.exitCode == 78 && check.output.contains("has 4 partitions"), "\(check)")
            let verify = try Run.fairfill(["verify", "--quiet"], in: scene.folder)
            #expect(verify.exitCode == 0, "\(verify)")
        }

        /// In a group it may even be given them: they stand still, and it goes on.
        @Test func aMemberOfAGroupGoesOnBesideThem() throws {
            let scene = try TwoPartitions()
            try scene.add(["bids"])
            let member = try Run.start(["allocate"], in: scene.folder)
            defer { if member.isRunning { member.kill() } }
            try scene.bid("a")
            for partition in [2, 3] {
                #expect(
                    eventually(within: 60) {
                        member.errors.contains("partition \(partition): STANDS STILL: partition "
                            + "\(partition) was added")
                    }, "\(member.errors)")
            }
            #expect(
                try eventually(within: 30) {
                    try scene.attention("laneStandsStill").compactMap { $0["partition"] as? Int }
                        .sorted() == [2, 3]
                })
            // It is tried again, and costs the others nothing.
            #expect(eventually(within: 30) { member.errors.contains("(tried 2 times)") })
            try scene.bid("b")
            #expect(member.isRunning)
        }

        /// A key goes where the environment says, whatever the topic has by now.
        @Test func whoeverIsInTheMiddleOfManyBidsSendsNoneToThem() throws {
            let scene = try TwoPartitions()
            let pipe = "\(scene.folder.path)/bids"
            try #require(mkfifo(pipe, 0o600) == 0)
            // Opened for both, so that neither side waits for the other.
            let writer = open(pipe, O_RDWR)
            defer { close(writer) }
            func send(_ numbers: Range<Int>) {
                for number in numbers {
                    let offering = scene.offerings[number % 2]
                    let line = #"{"bid":"b\#(number)","offering":"\#(offering)","#
                        + #""account":"a\#(number)","shares":1}"# + "\n"
                    _ = Array(line.utf8).withUnsafeBytes { write(writer, $0.baseAddress, $0.count) }
                }
            }
            let receipts = "\(scene.folder.path)/receipts"
            let bidder = try Run.start(
                ["bid", "--from", "bids", "--wait", "--quiet"], in: scene.folder, output: receipts)
            defer { if bidder.isRunning { bidder.kill() } }
            func lines() -> Int {
                let text = (try? String(contentsOfFile: receipts, encoding: .utf8)) ?? ""
                return text.split(separator: "\n").count { $0.hasPrefix("b") }
            }
            send(0..<50)
            #expect(eventually(within: 30) { lines() >= 50 }, "\(bidder.errors)")
            try scene.add(["bids", "offering-commands", "decisions"])
            let allocator = try Run.start(["allocate", "--partitions", "0,1"], in: scene.folder)
            defer { if allocator.isRunning { allocator.kill() } }
            send(50..<100)
            #expect(eventually(within: 30) { lines() >= 100 }, "\(bidder.errors)")
            #expect(
                try eventually(within: 60) { try scene.folder.bidDecisions().count == 100 },
                "\(allocator.errors)")
            // Operators' commands likewise.
            try Run.fairfill(
                ["offering", "pause", "--offering", scene.offerings[1]], in: scene.folder
            ).mustWork()
            let log = try KafkaLog(brokers: scene.cluster.brokers)
            let beyond = ["bids", "offering-commands"].flatMap { topic in
                [2, 3].map { TopicPartition("\(scene.folder.environment).\(topic)", $0) }
            }
            #expect(try log.ends(of: beyond, .written).allSatisfy { $0 == 0 })
        }
    }
}
