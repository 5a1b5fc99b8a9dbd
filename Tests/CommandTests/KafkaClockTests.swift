import CommandRunning
import EventLog
import Foundation
import KafkaLog
import Messages
import Testing

/// A record of Apache Kafka that a broker's clock stamped far ahead (TheLog.md, Book time).
@Suite(.serialized, .enabled(if: Broker.address != nil, "no broker here"))
struct KafkaClockTests {
    /// Appends a bid with a time of its own, as into a topic that is a copy's target. Brokers take
    /// none more than an hour ahead.
    private func append(_ bid: String, stamped time: Int64, to folder: Folder) throws {
        let log = try KafkaLog(brokers: try #require(Broker.address))
        let topic = TopicSpecification(
            name: "\(folder.environment).bids", partitions: 1, cleanup: .delete,
            retentionMilliseconds: nil, maxMessageBytes: Topic.bids.maxMessageBytes)
        let partition = TopicPartition(topic.name, 0)
        try log.beginImport(of: [topic])
        let end = try log.bounds(of: [partition], .written)[0].end
        let importer = try log.openImporter()
        var batch = RecordBatch()
        let value = Array(
            (#"{"type":"bid","bid":"\#(bid)","offering":"o","account":"a","shares":1}"#).utf8)
        value.withUnsafeBytes {
            batch.append(
                offset: end, appendTime: time, key: nil,
                headers: UnsafeRawBufferPointer(start: nil, count: 0), value: $0)
        }
        try importer.append(batch, to: partition, from: end, upTo: LogOffset(end.rawValue + 1))
        importer.close()
        try log.endImport(of: [topic])
    }

    @Test func whatWasStampedTomorrowIsCorrectedAndProved() throws {
        let folder = try Folder.onKafka(try #require(Broker.address), deletesTopics: true)
        try folder.createTopics()
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        try Run.fairfill(
            [
                "offering", "open", "--offering", "o", "--shares", "5", "--price", "1",
                "--currency", "CNY", "--closes-at", "\(now + 1_200_000)", "--no-wait", "--quiet",
            ], in: folder
        ).mustWork()
        try append("b1", stamped: now + 3_000_000, to: folder)
        let bid = ["bid", "--offering", "o", "--account", "a", "--shares", "1", "--id"]
        try Run.fairfill(bid + ["b2"], in: folder).mustWork()
        let allocator = try Run.start(["allocate", "--partitions", "0"], in: folder)
        defer { allocator.kill() }
        let isTold = eventually(within: 60) {
            allocator.errors.contains("fairfill topics clock --partition 0 --offset 0")
        }
        #expect(isTold, "\(allocator.errors)")
        // Commands go on meanwhile.
        for word in ["pause", "resume"] {
            try Run.fairfill(["offering", word, "--offering", "o"], in: folder).mustWork()
        }
        try Run.fairfill(["topics", "clock", "--partition", "0", "--offset", "0"], in: folder)
            .mustWork()
        try Run.fairfill(bid + ["b3", "--wait"], in: folder).mustWork()
        let decisions = try Run.fairfill(["export", "decisions", "--json"], in: folder)
            .mustWork().objects().compactMap { $0["type"] as? String }
            .filter { $0 != "epochStarted" }
        #expect(
            decisions == [
                "opened", "paused", "resumed", "clockCorrected", "reserved", "reserved",
                "reserved",
            ])
        #expect(allocator.terminate() == 0)
        let proof = try Run.fairfill(["verify"], in: folder)
        #expect(proof.exitCode == 0, "\(proof)")
        // Whoever recovers from the book comes to the same.
        try Run.fairfill(["allocate", "--until-end"], in: folder).mustWork()
    }
}
