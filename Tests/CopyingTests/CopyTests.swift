import Copying
import EventLog
import Foundation
import MemoryLog
import Testing

/// A source and a target.
struct Way: Sendable, CustomStringConvertible {
    var from: LogKind
    var to: LogKind
    var description: String { "\(from.rawValue) to \(to.rawValue)" }

    static let local = LogKind.local.flatMap { from in
        LogKind.local.map { Way(from: from, to: $0) }
    }
}

/// The promises that every copy keeps, whichever logs it goes between.
@Suite struct CopyTests {
    /// Records with every kind of part, on two partitions.
    static func fill(_ log: any EventLog, _ desk: Desk) throws {
        try log.create(desk.specification)
        let big = (0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let parts: [(key: [UInt8]?, headers: [(String, [UInt8]?)], value: [UInt8]?)] = [
            (nil, [], nil), ([], [], []), ([1, 0, 255], [], nil), (nil, [], [0]),
            ([65], [("env", [100]), ("env", []), ("x", [0, 1, 2])], big),
            ([66], [("traceparent", Array(repeating: 7, count: 300))], [123, 125]),
            // Without a value, and with a name that one byte can't count.
            (
                [67],
                [("env", nil), (String(repeating: "n", count: 300), [1]),
                    (String(repeating: "m", count: 30_000), nil), ("", nil)],
                [1]
            ),
            ([68], [("env", []), ("env", nil)], nil),
        ]
        let appender = try log.openAppender()
        defer { appender.close() }
        for round in 0..<20 {
            var records = OutgoingRecords()
            for (number, part) in parts.enumerated() {
                records.add(
                    to: desk.topicPartitions[(number + round) % 2], key: part.key,
                    headers: part.headers,
                    value: part.value)
            }
            for case .refused(let error) in try appender.append(records) { throw error }
        }
    }

    /// What nobody can unpack is named, and costs its own offsets.
    @Test(arguments: LogKind.local)
    func whatCanNotBeUnpackedIsCarriedAsEmptyRecords(_ kind: LogKind) throws {
        let desk = try Desk()
        let source = MemoryLog(clusterID: UUID().uuidString)
        let target = try desk.log(kind)
        try source.create(desk.specification)
        let partition = desk.topicPartitions[0]
        func append() throws {
            let appender = try source.openAppender()
            defer { appender.close() }
            var records = OutgoingRecords()
            records.add(to: partition, key: [1], value: [2])
            _ = try appender.append(records)
        }
        try append()
        try source.appendUnreadable(to: partition, count: 3)
        try source.appendUnreadable(to: partition, count: 25)
        try append()
        #expect(try desk.copy(source, target, batch: 7) == (30, 30))
        let seen = try desk.read(target, partition)
        #expect(seen.map(\.offset) == Array(0..<30))
        let areEmpty = [false] + Array(repeating: true, count: 28) + [false]
        #expect(seen.map { $0.value == nil } == areEmpty)
        // It goes on inside of one, too, and says each time what it was.
        try source.appendUnreadable(to: partition, count: 2)
        try append()
        #expect(try desk.copy(source, target) == (3, 33))
        let span = try desk.spans(source, target)[0]
        let found = try Comparison.compare(span, source, target, CopyWatch())
        #expect(found.unreadable.map { "\($0.first)-\($0.last)" } == ["1-3", "4-28", "30-31"])
    }

    static func keepsAllParts(_ way: Way) throws {
        let desk = try Desk()
        let source = try desk.log(way.from), target = try desk.log(way.to)
        try fill(source, desk)
        #expect(try desk.copy(source, target, batch: 7) == (160, 160))
        for partition in desk.topicPartitions {
            #expect(try desk.read(target, partition) == desk.read(source, partition))
        }
        // Once more changes nothing, and what came since is carried.
        #expect(try desk.copy(source, target) == (0, 160))
        let appender = try source.openAppender()
        defer { appender.close() }
        var records = OutgoingRecords()
        records.add(to: desk.topicPartitions[1], key: nil, value: [9])
        _ = try appender.append(records)
        #expect(try desk.copy(source, target) == (1, 161))
        let description = try target.topics().first { $0.specification.name == desk.topic }
        #expect(description?.specification == desk.specification)
        #expect(description?.timestampType == .logAppendTime)
        // Whoever appends to the copy goes on behind it, not before it in time.
        let next = try target.openAppender()
        defer { next.close() }
        guard case .appended(let receipt) = try next.append(records)[0] else {
            Issue.record("refused")
            return
        }
        let last = try desk.read(source, desk.topicPartitions[1]).last
        #expect(receipt.offset.rawValue == last.map { $0.offset + 1 })
        #expect(receipt.appendTime >= last?.appendTime ?? .max)
    }

    @Test(arguments: Way.local) func everyPartIsKept(_ way: Way) throws {
        try Self.keepsAllParts(way)
    }

    /// Ended at any batch, it goes on from there.
    @Test(arguments: Way.local) func endedAnywhereItGoesOn(_ way: Way) throws {
        let desk = try Desk()
        let source = try desk.log(way.from), target = try desk.log(way.to)
        try Self.fill(source, desk)
        var ended = 0
        while ended < 100 {
            var left = 2
            let watch = CopyWatch(mustEnd: {
                left -= 1
                return left < 0
            })
            do {
                try desk.copy(source, target, batch: 5, watch: watch)
                break
            } catch CopyFailure.interrupted {
                ended += 1
            }
        }
        #expect(ended > 5 && ended < 100)
        #expect(try desk.copy(source, target) == (0, 160))
    }

    /// Offsets that no reader sees stay gaps, at the end too: aborted records and markers.
    @Test(arguments: LogKind.local) func gapsAreKept(_ kind: LogKind) throws {
        let desk = try Desk()
        let source = MemoryLog()
        try source.create(desk.specification)
        let writer = try source.openWriter(transactionalIDs: ["w"])
        for round in 0..<6 {
            var records = OutgoingRecords()
            records.add(to: desk.topicPartitions[0], key: nil, value: [UInt8(round)])
            records.add(to: desk.topicPartitions[0], key: nil, value: [UInt8(round), 1])
            var transaction = try writer.begin()
            try transaction.append(records)
            if round % 2 == 0 {
                guard case .committed = transaction.commit() else {
                    Issue.record("not committed")
                    return
                }
            } else {
                try transaction.abort()
            }
        }
        let target = try desk.log(kind)
        #expect(try desk.copy(source, target, batch: 3) == (6, 6))
        #expect(
            try desk.read(target, desk.topicPartitions[0]).map(\.offset) == [0, 1, 6, 7, 12, 13])
        #expect(
            try target.bounds(of: desk.topicPartitions, .committed)
                == source.bounds(of: desk.topicPartitions, .committed))
        // A copy of the copy, too.
        #expect(try desk.copy(target, try desk.log(.sqlite)) == (6, 6))
    }

    /// What retention has dropped stays dropped, also where nothing else was there.
    @Test(arguments: LogKind.local) func aLaterBeginningIsKept(_ kind: LogKind) throws {
        let desk = try Desk()
        let source = MemoryLog()
        try Self.fill(source, desk)
        source.cut(topic: desk.topic, partition: 0, before: 10)
        source.cut(topic: desk.topic, partition: 1, before: 80)
        let target = try desk.log(kind)
        #expect(try desk.copy(source, target) == (70, 70))
        #expect(
            try target.bounds(of: desk.topicPartitions, .committed)
                == [Bounds(start: 10, end: 80), Bounds(start: 80, end: 80)])
        source.cut(topic: desk.topic, partition: 0, before: 20)
        #expect(try desk.copy(source, target) == (0, 60))
    }

    /// Other records, more records, or a hole that can't be filled any more.
    @Test(arguments: LogKind.local) func anotherTargetIsRefused(_ kind: LogKind) throws {
        let desk = try Desk()
        let source = MemoryLog()
        try Self.fill(source, desk)
        func refused(_ target: any ImportingLog, _ words: String) throws {
            let before = try target.bounds(of: desk.topicPartitions, .written)
            do {
                try desk.copy(source, target)
                Issue.record("not refused: \(words)")
            } catch CopyFailure.otherTarget(let sentence) {
                #expect(sentence.contains(words), "\(sentence)")
            }
            #expect(
                try target.bounds(of: desk.topicPartitions, .written) == before,
                "nothing is written")
        }
        func append(_ count: Int, to log: any EventLog) throws {
            let appender = try log.openAppender()
            defer { appender.close() }
            var records = OutgoingRecords()
            for _ in 0..<count {
                records.add(to: desk.topicPartitions[0], key: nil, value: [1, 2, 3])
            }
            _ = try appender.append(records)
        }
        let other = try desk.log(kind)
        try other.create(desk.specification)
        try append(3, to: other)
        try refused(other, "at 2 is another there")
        let longer = try desk.log(kind)
        try desk.copy(source, longer)
        try append(1, to: longer)
        try refused(longer, "it was written to after it was copied")
        let late = try desk.log(kind)
        try desk.copy(source, late)
        try append(10, to: source)
        source.cut(topic: desk.topic, partition: 0, before: 85)
        try refused(late, "dropped from")
    }

    /// Somebody who writes to the target meanwhile is noticed before anything is out of place.
    @Test(arguments: LogKind.local) func anotherWriterIsNoticed(_ kind: LogKind) throws {
        let desk = try Desk()
        let source = MemoryLog()
        try Self.fill(source, desk)
        let target = try desk.log(kind)
        try target.create(desk.specification)
        let appender = try target.openAppender()
        defer { appender.close() }
        var records = OutgoingRecords()
        records.add(to: desk.topicPartitions[0], key: nil, value: [1])
        let watch = CopyWatch(passed: { _ in _ = try? appender.append(records) })
        do {
            try desk.copy(source, target, batch: 10, watch: watch)
            Issue.record("not noticed")
        } catch CopyFailure.log(let error) {
            #expect(error.code == .busy && error.message.contains("another process writes"))
        }
    }
}
