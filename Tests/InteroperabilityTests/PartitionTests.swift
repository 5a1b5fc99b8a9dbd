import CommandRunning
import EventLog
import Foundation
import KafkaLog
import Messages
import Testing

/// Where the record of a key lives is what Java clients say.
@Suite(
    .serialized, .enabled(if: Broker.address != nil && Client.java.isHere, "no Java client here"))
struct PartitionTests {
    /// Keys of all lengths and tails, with bytes that Java takes for negative.
    static let keys: [[UInt8]] = {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<1_800).map { index in
            (0...(index % 64)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        }
        let constant = (1...64).flatMap { count in
            [0x00, 0x7f, 0x80, 0xff].map { [UInt8](repeating: $0, count: count) }
        }
        let texts = ["loan-7", "ключ", "鍵", "clé", "🎟️🎟️", "a\u{0}b"]
            .map { Array($0.utf8) }
        return random + constant + texts + BrokerSale.ids.map { Array($0.utf8) }
    }()

    @Test func everyHashIsJavas() throws {
        let folder = try Folder()
        let lines = Self.keys.map { key in
            key.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        let run = try Programs.run(
            .java, ["murmur2"], in: folder, input: lines.joined(separator: "\n") + "\n")
        try #require(run.lines.count == Self.keys.count)
        for (key, line) in zip(Self.keys, run.lines) {
            let hash = key.withUnsafeBytes { Partitioner.murmur2($0) }
            #expect(String(hash) == line, "the key \(key)")
        }
    }

    /// Real producers, real topics: Java's default, and librdkafka's `murmur2_random`.
    @Test(arguments: [Client.java, .python].filter(\.isHere))
    func producersChooseThePartitionThatWeDo(_ client: Client) throws {
        let folder = try Folder()
        let log = try KafkaLog(brokers: try #require(Broker.address))
        let prefix = "t\(UInt64.random(in: .min ... .max))"
        defer { log.deleteTopics(of: prefix) }
        let counts: [Int32] = [1, 3, 6, 7, 64]
        var messages: [(topic: String, Message)] = []
        var expected: [Int] = []
        for count in counts {
            let topic = "\(prefix).of-\(count)"
            try log.create(
                TopicSpecification(
                    name: topic, partitions: count, cleanup: .delete,
                    retentionMilliseconds: nil, maxMessageBytes: 1 << 20))
            for key in Self.keys.suffix(400) {
                messages.append((topic, Message(key: key)))
                let partition = key.withUnsafeBytes {
                    Partitioner.partition(of: $0, count: Int64(count))
                }
                expected.append(Int(partition.rawValue))
            }
        }
        let found = try client.sendAndTell(messages, in: folder)
        for (index, partition) in found.enumerated() where partition != expected[index] {
            Issue.record("\(messages[index]): \(partition), not \(expected[index])")
        }
    }
}
