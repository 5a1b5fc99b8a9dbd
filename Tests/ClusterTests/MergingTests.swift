import CommandRunning
import EventLog
import Foundation
import KafkaLog
import Synchronization
import TestRun
import Testing

extension ClusterFaults {
    /// The inputs lie on different brokers, and still a bid never overtakes the command before it
    /// (TheLog.md, Merging).
    @Suite(.serialized) struct Merging {
        @Test func noBidOvertakesTheAcknowledgedOpenBeforeIt() throws {
            let pairs = Clusters.isLong ? 10_000 : 2_000
            let threads = 8
            let cluster = try Clusters.threeNodes()
            let folder = try cluster.folder()
            try folder.createTopics()
            try #require(cluster.settle())
            let name = folder.environment
            try cluster.move([
                ("\(name).bids", 0, [1, 2, 3]), ("\(name).offering-commands", 0, [2, 3, 1]),
                ("\(name).payment-results", 0, [3, 1, 2]), ("\(name).decisions", 0, [1, 3, 2]),
            ])
            try #require(cluster.settle())
            #expect(
                try ["bids", "offering-commands", "payment-results"].map {
                    try cluster.leader(of: "\(name).\($0)")
                } == [1, 2, 3])
            let watch = try DecisionWatch(cluster.brokers, "\(name).decisions")
            defer { watch.end() }
            let allocator = try Run.start(["allocate"], in: folder)
            defer { if allocator.isRunning { allocator.kill() } }
            try #require(allocator.waitUntilLive(), "\(allocator.errors)")

            let failures = Mutex<[String]>([])
            let offsets = Mutex<[Int64]>([])
            let start = DecisionWatch.now
            DispatchQueue.concurrentPerform(iterations: threads) { thread in
                do {
                    let desk = try Desk(cluster.brokers)
                    for number in 0..<(pairs / threads) {
                        let offering = "o-\(thread)-\(number)"
                        _ = try desk.append(
                            """
                            {"type":"offering.open","command":"c-\(offering)",\
                            "offering":"\(offering)","shares":10,"price":1,"currency":"CNY"}
                            """, to: TopicPartition("\(name).offering-commands", 0))
                        let receipt = try desk.append(
                            """
                            {"type":"bid","bid":"b","offering":"\(offering)","account":"a",\
                            "shares":1,"allOrNone":false}
                            """, to: TopicPartition("\(name).bids", 0))
                        offsets.withLock { $0.append(receipt.offset.rawValue) }
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            let seconds = DecisionWatch.now - start
            #expect(failures.withLock { $0 }.isEmpty)
            let sent = offsets.withLock { $0 }
            #expect(sent.count == pairs)
            #expect(
                eventually(within: 60) { sent.allSatisfy { watch.isDecided($0) } },
                "\(watch.count) of \(pairs) are decided: \(allocator.errors)")
            #expect(watch.refusals.isEmpty, "\(watch.refusals)")
            note("\(pairs) pairs of an open and a bid in \(seconds) s; refused: \(watch.refusals)")
            #expect(allocator.terminate() == 0, "\(allocator.errors)")
            try Run.fairfill(["verify", "--quiet"], in: folder).mustWork()
        }

        /// Inputs at rest are asked for their ends, which takes no longer than the commit does: by
        /// the end-of-partition events of a client it would take its fetch's longest wait, 500 ms.
        @Test func inputsAtRestAddNoLatency() throws {
            let cluster = try Clusters.oneNode()
            let folder = try cluster.folder()
            try folder.createTopics()
            let name = folder.environment
            let watch = try DecisionWatch(cluster.brokers, "\(name).decisions")
            defer { watch.end() }
            let allocator = try Run.start(["allocate"], in: folder)
            defer { if allocator.isRunning { allocator.kill() } }
            try Run.fairfill(
                [
                    "offering", "open", "--offering", "o", "--shares", "1000000", "--price", "1",
                    "--currency", "CNY",
                ], in: folder
            ).mustWork()
            let desk = try Desk(cluster.brokers)
            let bids = TopicPartition("\(name).bids", 0)
            // One without an offering beside it keeps the commands from resting.
            let others = TopicPartition("\(name).offering-commands", 0)
            func measure(_ label: String, stirs: Bool) throws -> [Double] {
                var sent: [(offset: Int64, at: Double)] = []
                for number in 0..<300 {
                    if stirs {
                        _ = try desk.append(
                            """
                            {"type":"offering.close","command":"x-\(number)","offering":"none"}
                            """, to: others)
                    }
                    let at = DecisionWatch.now
                    let receipt = try desk.append(
                        """
                        {"type":"bid","bid":"\(label)-\(number)","offering":"o","account":"a",\
                        "shares":1,"allOrNone":false}
                        """, to: bids)
                    sent.append((receipt.offset.rawValue, at))
                    usleep(10_000)
                }
                #expect(eventually(within: 30) { sent.allSatisfy { watch.isDecided($0.offset) } })
                let times = sent.compactMap { bid in
                    watch.arrival(of: bid.offset).map { ($0 - bid.at) * 1_000 }
                }.sorted()
                note(
                    "\(label): append to decision readable p50 \(times[times.count / 2]) ms, "
                        + "p99 \(times[times.count * 99 / 100]) ms")
                return times
            }
            _ = try measure("warm", stirs: false)
            let resting = try measure("resting", stirs: false)
            _ = try measure("stirred", stirs: true)
            #expect(resting[resting.count / 2] < 100)
            #expect(allocator.terminate() == 0, "\(allocator.errors)")
        }

        /// Appends one record at a time.
        private final class Desk {
            let appender: any LogAppender
            init(_ brokers: String) throws {
                appender = try KafkaLog(brokers: brokers).openAppender()
            }

            func append(_ text: String, to partition: TopicPartition) throws -> Receipt {
                var records = OutgoingRecords()
                let destination = records.destination(partition)
                var text = text
                text.withUTF8 {
                    records.append(
                        to: destination, key: nil, value: UnsafeRawBufferPointer($0))
                }
                switch try appender.append(records)[0] {
                case .appended(let receipt): return receipt
                case .refused(let error): throw error
                }
            }
        }
    }
}
