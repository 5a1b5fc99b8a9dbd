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
        let sale = try BrokerSale(partitions: 3, offerings: BrokerSale.ids, shares: 100_000)
        let log = try KafkaLog(brokers: try #require(Broker.address))
        let topics = ["decisions", "payment-commands"].map(sale.topic)
        let partitions = topics.flatMap { topic in
            (0..<Int32(sale.partitions)).map { TopicPartition(topic, $0) }
        }
        let commands = partitions.filter { $0.topic == topics[1] }
        // In rounds: a backlog, and a worker that is killed when a transaction is seen open.
        var opened = Set<TopicPartition>()
        var rounds = 0
        while Set(opened.map(\.topic)).count < 2 || rounds < 4, rounds < 20 {
            try Run.fairfill(
                ["bid", "--from", write(round: rounds, sale), "--quiet"], in: sale.folder
            ).mustWork()
            // Beside any group: one would hold the partitions back for a while after each kill.
            let worker = try Run.start(
                ["allocate", "--partitions", "0-\(sale.partitions - 1)"], in: sale.folder)
            do {
                defer { worker.kill() }
                try stop(worker, in: partitions, inTransactionOver: commands, log)
            }
            // A commit that was sent is answered by now; nobody commits what is still open.
            usleep(200_000)
            try opened.formUnion(openTransactions(log, partitions))
            rounds += 1
        }
        #expect(Set(opened.map(\.topic)).count == 2, "no kill came in the middle of a transaction")
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: sale.folder).mustWork()
        try Run.fairfill(["verify", "--quiet"], in: sale.folder).mustWork()

        for (topic, isChained) in zip(topics, [true, false]) {
            let expected = try lines(of: topic, partitions: sale.partitions, log)
            let count = expected.values.reduce(0) { $0 + $1.count }
            #expect(count >= rounds * Self.bidsOfARound)
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
                #expect(isSame, "\(client) does not read from \(topic) what we do")
            }
            if let client = [Client.kcat, .java, .python].first(where: \.isHere) {
                let all = try client.consume(
                    topic, isolation: "read_uncommitted", in: sale.folder)
                let aborted = all.values.reduce(0) { $0 + $1.count } - count
                #expect(aborted > 0, "\(topic) holds no aborted record")
            }
        }
    }

    static let bidsOfARound = 5_000

    /// Stops a worker, which writes to `partitions`, while a transaction is open that wrote to one
    /// of `commands`. From its epoch on it runs for half a millisecond at a time: less than from a
    /// write to the commit that follows its answer, so that few are missed. One that leaves
    /// nothing open is let go on.
    private func stop(
        _ worker: Running, in partitions: [TopicPartition],
        inTransactionOver commands: [TopicPartition], _ log: KafkaLog
    ) throws {
        // What the round before left open is aborted first.
        let begin = Date(timeIntervalSinceNow: 30)
        while try !openTransactions(log, partitions).isEmpty, Date() < begin {}
        let before = try log.bounds(of: partitions, .written).map(\.end)
        while try log.bounds(of: partitions, .written).map(\.end) == before, Date() < begin {}
        let end = Date(timeIntervalSinceNow: 20)
        while Date() < end {
            worker.child.signal(SIGSTOP)
            // A commit that was sent is answered by then.
            usleep(20_000)
            if try !openTransactions(log, commands).isEmpty {
                usleep(200_000)
                if try !openTransactions(log, commands).isEmpty { return }
            }
            worker.child.signal(SIGCONT)
            usleep(500)
        }
    }

    /// Where something is written that is not committed yet.
    private func openTransactions(
        _ log: KafkaLog, _ partitions: [TopicPartition]
    ) throws -> [TopicPartition] {
        // In this order: a commit between the two must not look like none.
        let written = try log.bounds(of: partitions, .written)
        let committed = try log.bounds(of: partitions, .committed)
        return partitions.indices.filter { committed[$0].end < written[$0].end }
            .map { partitions[$0] }
    }

    private func write(round: Int, _ sale: BrokerSale) throws -> String {
        let lines = (0..<Self.bidsOfARound).map { number in
            #"{"bid":"b-\#(round)-\#(number)","offering":"\#(BrokerSale.ids[number % 64])","#
                + #""account":"a-\#(number % 500)","shares":\#(1 + number % 3)}"#
        }
        try sale.folder.write(lines.joined(separator: "\n"), to: "bids-\(round).ndjson")
        return "bids-\(round).ndjson"
    }

    /// `partition offset value` of all records, as our own reader has them.
    private func lines(
        of topic: String, partitions: Int, _ log: KafkaLog
    ) throws -> [Int: [String]] {
        var found: [Int: [String]] = [:]
        for partition in 0..<partitions {
            let source = TopicPartition(topic, Int32(partition))
            let bounds = try log.bounds(of: [source], .committed)[0]
            let reader = try log.openReader([ReadStart(source, from: bounds.start)])
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
