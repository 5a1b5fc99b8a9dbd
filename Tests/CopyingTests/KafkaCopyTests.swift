import CommandRunning
import Copying
import EventLog
import KafkaLog
import MemoryLog
import Testing

/// Copies to and from a real broker.
@Suite(.serialized, .enabled(if: Broker.address != nil, "no broker here"))
struct KafkaCopyTests {
    @Test(arguments: [
        Way(from: .sqlite, to: .kafka), Way(from: .memory, to: .kafka),
        Way(from: .kafka, to: .sqlite), Way(from: .kafka, to: .memory),
    ])
    func everyPartIsKept(_ way: Way) throws { try CopyTests.keepsAllParts(way) }

    /// Records are as old as they were: while they come, the brokers must drop none of them.
    @Test(arguments: [true, false]) func retentionBeginsAfterTheCopy(isThere: Bool) throws {
        let desk = try Desk()
        let target = try desk.log(.kafka)
        var wanted = desk.specification
        wanted.retentionMilliseconds = 3_600_000
        if isThere { try target.create(wanted) }
        func retention() throws -> Int64? {
            try target.topics().first { $0.specification.name == desk.topic }?
                .specification.retentionMilliseconds
        }
        try target.beginImport(of: [wanted])
        #expect(try retention() == nil, "for ever")
        try target.endImport(of: [wanted])
        #expect(try retention() == 3_600_000)
    }

    /// Markers of transactions are gaps: kept in a file, refused on the way back.
    @Test func gapsGoToAFileAndNotBack() throws {
        let desk = try Desk()
        let source = try desk.log(.kafka)
        try source.create(desk.specification)
        let writer = try source.openWriter(transactionalIDs: [desk.topic])
        defer { writer.close() }
        for number in 0..<3 {
            var records = OutgoingRecords()
            records.add(to: desk.topicPartitions[0], key: nil, value: [UInt8(number)])
            var transaction = try writer.begin()
            try transaction.append(records)
            guard case .committed = transaction.commit() else {
                Issue.record("not committed")
                return
            }
        }
        let file = try desk.log(.sqlite)
        #expect(try desk.copy(source, file) == (3, 3))
        #expect(try desk.read(file, desk.topicPartitions[0]).map(\.offset) == [0, 2, 4])
        #expect(try file.bounds(of: desk.topicPartitions, .committed)[0].end == 6)
        let cluster = try #require(source as? KafkaLog)
        try cluster.deleteAndWait(topic: desk.topic)
        do {
            try desk.copy(file, cluster)
            Issue.record("not refused")
        } catch CopyFailure.cannotHold(let sentence) {
            #expect(sentence.contains("no record at offset 1 "), "\(sentence)")
            #expect(sentence.contains("copy to an SQLite file"))
        }
        #expect(
            try !cluster.topics().contains { $0.specification.name == desk.topic },
            "nothing was made")
    }
}
