import EventLog

extension Check {
    static let contents = [
        Check("keys, headers and values come back byte for byte; empty is not missing") { bench in
            let partition = try bench.newPartition()
            let parts = Contents.all
            let records = Contents.records(parts, to: partition)
            let appender = try bench.log.openAppender()
            defer { appender.close() }
            for outcome in try appender.append(records) { _ = try outcome.receipt() }
            try Contents.expect(try bench.read(partition), parts)
        },
        Check("so do those of a transaction") { bench in
            let partition = try bench.newPartition()
            let parts = Contents.all
            let writer = try bench.log.openWriter(transactionalIDs: [bench.newName()])
            defer { writer.close() }
            var transaction = try writer.begin()
            try transaction.append(Contents.records(parts, to: partition))
            try transaction.commit().mustBeCommitted()
            try Contents.expect(try bench.read(partition), parts)
        },
    ]
}

/// What a record can hold: every key with every headers and every value.
private struct Contents {
    var key: [UInt8]?
    var headers: [UInt8]
    var value: [UInt8]?

    static let all: [Contents] = {
        let large = (0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let everyByte = (0...255).map { UInt8($0) }
        let parts: [[UInt8]?] = [nil, [], [0], everyByte, large]
        let headers = [
            [],
            Headers.encode([("env", Array("test".utf8))]),
            // The same name twice, in this order; an empty value; the longest name.
            Headers.encode([
                ("b", [0, 255]), ("empty", []), ("b", [10, 13, 0]),
                (String(repeating: "n", count: 255), everyByte), ("", [1]),
            ]),
            Headers.encode([("raw", large)]),
            // No value, which is not an empty one, and longer names than one byte can count.
            Headers.encode([
                ("null", nil), ("empty", []), (String(repeating: "n", count: 300), [1]),
                (String(repeating: "m", count: 300), nil), ("last", [2]),
            ]),
        ]
        return parts.flatMap { key in
            headers.flatMap { headers in
                parts.map { Contents(key: key, headers: headers, value: $0) }
            }
        }
    }()

    /// From a small buffer, so that it has to grow on the way.
    static func records(_ parts: [Contents], to partition: TopicPartition) -> OutgoingRecords {
        var records = OutgoingRecords(capacityBytes: 64)
        let to = records.destination(partition)
        for part in parts {
            withBytes(part.key) { key in
                withBytes(part.value) { value in
                    part.headers.withUnsafeBytes {
                        records.append(to: to, key: key, headers: $0, value: value)
                    }
                }
            }
        }
        return records
    }

    private static func withBytes(
        _ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void
    ) {
        guard let bytes else { return body(nil) }
        bytes.withUnsafeBytes { body($0) }
    }

    /// Throws `Broken` at the first record that is not what was written.
    static func expect(_ seen: [Seen], _ parts: [Contents]) throws {
        try expectEqual(seen.count, parts.count)
        for (index, (found, part)) in zip(seen, parts).enumerated() {
            try LogConformance.expect(found.key == part.key, "key of record \(index)")
            try LogConformance.expect(found.headers == part.headers, "headers of record \(index)")
            try LogConformance.expect(found.value == part.value, "value of record \(index)")
        }
    }
}
