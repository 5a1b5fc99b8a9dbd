import CommandRunning
import EventLog
import Foundation
import KafkaLog
import Testing

/// Batches whose packed bytes are damaged though their checksum is right, or that are packed in a
/// way that nobody knows. Apache Kafka looks into each and takes none of them; whoever keeps what
/// it is sent, as a broker of another make may, hands them on.
@Suite struct DamagedBatchTests {
    struct Damage: CustomTestStringConvertible, Sendable {
        var name: String
        var codec: RawBatch.Codec
        var payload: [UInt8]
        var testDescription: String { name }

        init(_ name: String, _ codec: RawBatch.Codec, _ payload: [UInt8]) {
            self.name = name
            self.codec = codec
            self.payload = payload
        }
    }

    private static let count = 3
    private static let plain = RawBatch.records(count)

    static let damages: [Damage] = {
        let gzip = RawBatch.gzip(plain), zstd = RawBatch.zstd(plain)
        let snappy = RawBatch.snappy(plain)
        var damaged = gzip
        damaged[10] = 0xff
        // Half of what gzip packed is no error to the client: it takes what comes out for a batch
        // that is still on its way, and asks for it again without a word. The lane stands still
        // and says where.
        return [
            Damage("gzip, a block of no kind", .gzip, damaged),
            Damage("no gzip at all", .gzip, Array("garbage".utf8)),
            Damage("zstd, half of it", .zstd, Array(zstd[..<(zstd.count / 2)])),
            Damage("no zstd at all", .zstd, [0, 0, 0, 0] + zstd[4...]),
            Damage("snappy, half of it", .snappy, Array(snappy[..<(snappy.count / 2)])),
            Damage("no lz4 at all", .lz4, Array("garbage, and more of it".utf8)),
            Damage("a codec that is none", .unknown, plain),
        ]
    }()

    /// It costs its own offsets, to the one.
    @Test(arguments: damages)
    func costsItsOwnOffsets(_ damage: Damage) throws {
        let cluster = try MockCluster(topics: ["t"])
        func send(_ payload: [UInt8], _ codec: RawBatch.Codec, _ count: Int) throws {
            let batch = RawBatch(payload: payload, codec: codec, count: count)
            #expect(try batch.send(to: "t", of: cluster.brokers) == 0)
        }
        try send(RawBatch.records(2), .none, 2)
        try send(damage.payload, damage.codec, Self.count)
        try send(RawBatch.gzip(Self.plain), .gzip, Self.count)
        try send(damage.payload, damage.codec, Self.count)
        let log = try KafkaLog(brokers: cluster.brokers)
        let found = try Entries.read(log, TopicPartition("t", 0), from: 0)
        #expect(found == ["0", "1", "2-4", "5", "6", "7", "8-10"])
    }

    /// What Apache Kafka takes is no danger: each of them is refused to whoever sends it.
    @Test(.enabled(if: Broker.address != nil, "no broker here"), arguments: damages)
    func isRefusedByTheBroker(_ damage: Damage) throws {
        let brokers = try #require(Broker.address)
        let log = try KafkaLog(brokers: brokers)
        let topic = "t-\(UUID().uuidString)"
        defer { try? log.delete(topic: topic) }
        try log.create(.plain(topic, partitions: 1))
        let good = RawBatch(payload: RawBatch.gzip(Self.plain), codec: .gzip, count: Self.count)
        #expect(try good.send(to: topic, of: brokers) == 0)
        var wrong = [RawBatch(payload: damage.payload, codec: damage.codec, count: Self.count)]
        var lying = good
        lying.count += 1
        wrong.append(lying)
        for batch in wrong { #expect(try batch.send(to: topic, of: brokers) != 0) }
    }
}

/// What a reader finds, as "offset" or "first-last" of what can't be unpacked.
enum Entries {
    static func read(
        _ log: KafkaLog, _ partition: TopicPartition, from start: LogOffset
    ) throws -> [String] {
        let end = try log.bounds(of: [partition], .committed)[0].end
        let reader = try log.openReader([ReadStart(partition, from: start)])
        defer { reader.close() }
        var batch = RecordBatch()
        let deadline = Date(timeIntervalSinceNow: 60)
        while reader.position(0) < end, Date() < deadline {
            if try reader.read(0, into: &batch, limit: 1_000) == 0 {
                try reader.wait(timeoutMilliseconds: 20)
            }
        }
        #expect(reader.position(0) == end)
        return (0..<batch.count).map { index in
            guard let last = batch.unreadable(index) else { return "\(batch.offset(index))" }
            return "\(batch.offset(index))-\(last)"
        }
    }
}
