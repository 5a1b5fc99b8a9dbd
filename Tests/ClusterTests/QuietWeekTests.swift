import CommandRunning
import EventLog
import Foundation
import KafkaLog
import Testing

extension ClusterFaults {
    /// A cluster forgets a transactional id that was quiet for long: a week, here seconds.
    @Suite struct QuietWeek {
        @Test func aWorkerGoesOnWithANewProducer() throws {
            let cluster = try Cluster(
                settings: [
                    "transactional.id.expiration.ms=2000",
                    "transaction.remove.expired.transaction.cleanup.interval.ms=500",
                ])
            let folder = try cluster.folder()
            try folder.createTopics()
            let allocator = try Run.start(["allocate", "--partitions", "0"], in: folder)
            defer { if allocator.isRunning { allocator.kill() } }
            try #require(allocator.waitUntilLive())
            try folder.open("o", shares: 10)
            // Asked for by a writer of another id until that one is forgotten, too.
            let log = try KafkaLog(brokers: cluster.brokers)
            let partition = TopicPartition("\(folder.environment).invalid", 0)
            let writer = try log.openWriter(transactionalIDs: ["quiet"])
            defer { writer.close() }
            usleep(8_000_000)
            var records = OutgoingRecords()
            let destination = records.destination(partition)
            [UInt8(ascii: "x")].withUnsafeBytes {
                records.append(to: destination, key: nil, value: $0)
            }
            var transaction = try writer.begin()
            try transaction.append(records)
            guard case .mustAbort(let open, let error) = transaction.commit() else {
                Issue.record("the cluster forgot nothing")
                return
            }
            try? open.abort()
            #expect(error.isRetriable && error.code != .fenced, "\(error)")

            try Run.fairfill(
                ["bid", "--offering", "o", "--account", "a", "--shares", "1", "--wait"], in: folder
            ).mustWork()
            #expect(allocator.errors.contains("live in epoch 2"), "\(allocator.errors)")
            #expect(!allocator.errors.contains("taken over"), "\(allocator.errors)")
            #expect(allocator.terminate() == 0, "\(allocator.errors)")
        }
    }
}
