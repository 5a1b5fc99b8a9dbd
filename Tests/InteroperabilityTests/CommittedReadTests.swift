import CommandRunning
import EventLog
import Foundation
import KafkaLog
import Testing

/// What the allocator writes in transactions is what other clients read.
@Suite(.serialized, .enabled(if: Broker.address != nil, "no broker here"))
struct CommittedReadTests {
    /// An allocator that is killed in the middle leaves transactions that its successor aborts. No
    /// reader sees them, and the hashes chain over what it does see.
    @Test func everyClientSeesTheBookAndNothingElse() throws {
        let sale = try Sale(partitions: 3, offerings: Sale.ids, shares: 100_000)
        let bids = (0..<60_000).map { number in
            #"{"bid":"b-\#(number)","offering":"\#(Sale.ids[number % 64])","account":"#
                + #""a-\#(number % 500)","shares":\#(1 + number % 3)}"#
        }
        try sale.folder.write(bids.joined(separator: "\n"), to: "bids.ndjson")
        try Run.fairfill(["bid", "--from", "bids.ndjson", "--quiet"], in: sale.folder).mustWork()
        let log = try KafkaLog(brokers: try #require(Broker.address))
        for number in 0..<20 {
            let worker = try Run.start(["allocate"], in: sale.folder)
            usleep(UInt32(150_000 + number % 5 * 50_000))
            worker.kill()
        }
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: sale.folder).mustWork()
        try Run.fairfill(["verify", "--quiet"], in: sale.folder).mustWork()

        for (name, isChained) in [("decisions", true), ("payment-commands", false)] {
            let topic = sale.topic(name)
            let expected = try lines(of: topic, partitions: sale.partitions, log)
            let count = expected.values.reduce(0) { $0 + $1.count }
            #expect(count >= 60_000)
            if isChained {
                let exported = try Run.fairfill(["export", "decisions"], in: sale.folder).lines
                let lines: [String] = (0..<sale.partitions).flatMap { expected[$0, default: []] }
                let values = lines.map { String($0.split(separator: "\t").last ?? "") }
                let isSame = values == exported
                #expect(isSame, "export decisions says something else than the topic")
            }
            for client in [Client.java, .python, .kcat] where client.isHere {
                let found = try client.consume(topic, isChained: isChained, in: sale.folder)
                let isSame = found == expected
                #expect(isSame, "\(client) does not read from \(name) what we do")
            }
            if let client = [Client.kcat, .java, .python].first(where: \.isHere) {
                let all = try client.consume(
                    topic, isolation: "read_uncommitted", in: sale.folder)
                let aborted = all.values.reduce(0) { $0 + $1.count } - count
                #expect(aborted > 0, "no kill came in the middle of a transaction")
            }
        }
    }

    /// `partition offset value` of all records, as our own reader has them.
    private func lines(
        of topic: String, partitions: Int, _ log: KafkaLog
    ) throws -> [Int: [String]] {
        var found: [Int: [String]] = [:]
        for partition in 0..<partitions {
            let place = TopicPartition(topic, Int32(partition))
            let bounds = try log.bounds(of: [place], .committed)[0]
            let reader = try log.openReader([ReadStart(place, from: bounds.start)])
            defer { reader.close() }
            var batch = RecordBatch()
            while reader.position(0) < bounds.end {
                if try reader.read(0, into: &batch, limit: 10_000) == 0 {
                    try reader.wait(timeoutMilliseconds: 100)
                }
            }
            found[partition] = (0..<batch.count).map {
                let value = batch.value($0).map { String(decoding: $0, as: UTF8.self) }
                return "\(partition)\t\(batch.offset($0))\t\(value ?? "")"
            }
        }
        return found
    }
}
