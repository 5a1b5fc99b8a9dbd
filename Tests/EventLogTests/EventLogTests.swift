import EventLog
import Testing

@Suite struct HeadersTests {
    @Test func whatIsEncodedIsFoundByName() {
        let encoded = Headers.encode([("env", [1, 2]), ("empty", []), ("env", [3])])
        encoded.withUnsafeBytes { bytes in
            let headers = Headers(encoded: bytes)
            #expect(!headers.isEmpty)
            #expect(headers.value(of: "env").map(Array.init) == [3], "the last of a name counts")
            #expect(headers.value(of: "empty").map(Array.init) == [])
            #expect(headers.value(of: "en") == nil)
            var names: [String] = []
            headers.forEach { name, _ in
                names.append(String(decoding: name, as: UTF8.self))
                return names.count < 2
            }
            #expect(names == ["env", "empty"], "the walk ends where it is told to")
        }
    }

    /// A header without a value, and one with a name that one byte can't count.
    @Test func noValueIsNotAnEmptyOne() {
        let long = String(repeating: "n", count: 300)
        let headers: [(name: String, value: [UInt8]?)] = [
            ("a", nil), ("b", []), (long, [1, 2]), (long, nil), ("", []), ("", nil), ("c", [3]),
        ]
        Headers.encode(headers).withUnsafeBytes { bytes in
            var found: [(String, [UInt8]?)] = []
            Headers(encoded: bytes).forEach { name, value in
                found.append((String(decoding: name, as: UTF8.self), value.map { Array($0) }))
                return true
            }
            #expect(found.map(\.0) == headers.map(\.name))
            #expect(found.map(\.1) == headers.map(\.value))
            let value = Headers(encoded: bytes).value(of: "a").map { Array($0) }
            #expect(value == [], "it is there, and not what anybody asks for")
            for count in 0..<bytes.count {
                let cut = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                Headers(encoded: cut).forEach { _, _ in true }
            }
        }
    }

    /// What a copy compares are these bytes: a name that one byte can count has the short form, in
    /// every version.
    @Test(arguments: [(0, 5), (1, 6), (255, 260), (256, 269)] as [(Int, Int)])
    func theLongFormBeginsWhereAByteEnds(_ name: Int, _ count: Int) {
        let encoded = Headers.encode([(String(repeating: "n", count: name), [])])
        #expect(encoded.count == count)
        #expect(encoded.first == UInt8(truncatingIfNeeded: name))
        #expect(Headers.encode([("n", nil)]).count == 14)
    }

    /// Bytes that were cut anywhere give fewer headers, never a read past the end.
    @Test func cutBytesGiveFewerHeaders() {
        let encoded = Headers.encode([("one", [1, 2, 3]), ("two", [4])])
        for count in 0..<encoded.count {
            Array(encoded[..<count]).withUnsafeBytes { bytes in
                var found = 0
                Headers(encoded: bytes).forEach { _, _ in
                    found += 1
                    return true
                }
                #expect(found == (count >= 11 ? 1 : 0), "at \(count) bytes")
            }
        }
    }
}

@Suite struct RecordBatchTests {
    @Test func ofALongPartTheBeginningIsKeptAndWhatItWas() {
        var batch = RecordBatch(
            capacityBytes: 64, largestPart: 100, digest: { [UInt8($0.count / 1_000)] })
        let long = [UInt8](repeating: 7, count: 5_000)
        long.withUnsafeBytes {
            batch.append(offset: 3, appendTime: 4, key: $0, headers: $0, value: $0)
            batch.append(
                offset: 4, appendTime: 5, key: nil, headers: nil,
                value: UnsafeRawBufferPointer(rebasing: $0[..<100]))
        }
        #expect(batch.key(0)?.count == 100 && batch.value(0)?.count == 100)
        #expect(batch.headers(0).isEmpty)
        #expect(batch.whole(0)?.count == 5_000)
        #expect(batch.whole(0)?.digest == [5])
        #expect(batch.value(1)?.count == 100)
        #expect(batch.whole(1) == nil, "what is whole needs no word")
        #expect(batch.byteCount < 1_000)
    }

    @Test func whatCanNotBeUnpackedIsOneEntry() {
        var batch = RecordBatch(capacityBytes: 64)
        batch.appendUnreadable(from: 5, through: 9)
        [1].withUnsafeBytes {
            batch.append(offset: 10, appendTime: 1, key: nil, headers: nil, value: $0)
        }
        #expect(batch.count == 2)
        #expect(batch.unreadable(0) == 9 && batch.unreadable(1) == nil)
        #expect(batch.offset(0) == 5 && batch.value(0) == nil && batch.key(0) == nil)
        #expect(batch.headers(0).isEmpty)
    }

    /// A backlog of large records, read once, must not keep its room for ever.
    @Test func roomThatALargeReadTookIsGivenBack() {
        var batch = RecordBatch()
        let value = [UInt8](repeating: 1, count: 1 << 20)
        for _ in 0..<20 {
            value.withUnsafeBytes {
                batch.append(offset: 0, appendTime: 0, key: nil, headers: nil, value: $0)
            }
        }
        let isFull = batch.isFull
        #expect(isFull, "16 MiB are enough")
        #expect(batch.capacity >= 20 << 20)
        batch.removeAll()
        batch.removeAll()
        #expect(batch.capacity < 9 << 20)
    }
}

@Suite struct RecordBufferTests {
    private static let partition = TopicPartition("t", 0)

    @Test func growsAndKeepsWhatItHolds() {
        var records = OutgoingRecords(capacityBytes: 64)
        let to = records.destination(Self.partition)
        for number in 0..<1_000 {
            let value = Array("value \(number)".utf8)
            value.withUnsafeBytes { records.append(to: to, key: $0, value: $0) }
        }
        #expect(records.count == 1_000)
        for number in 0..<1_000 {
            let value = Array("value \(number)".utf8)
            #expect(records[number].value.map { $0.elementsEqual(value) } == true)
            #expect(records[number].key.map { $0.elementsEqual(value) } == true)
        }
    }

    @Test func truncatingForgetsTheLastOnly() {
        var records = OutgoingRecords()
        let to = records.destination(Self.partition)
        for byte in UInt8(0)..<10 {
            [byte, byte].withUnsafeBytes { records.append(to: to, key: nil, value: $0) }
        }
        let full = records.byteCount
        records.truncate(to: 20)
        #expect(records.count == 10 && records.byteCount == full)
        records.truncate(to: 4)
        #expect(records.count == 4 && records.byteCount == 8)
        [9].withUnsafeBytes { records.append(to: to, key: nil, value: $0) }
        #expect(records[3].value?[0] == 3)
        #expect(records[4].value.map { Array($0.bindMemory(to: Int.self)) } == [9])
    }

    @Test func appendingAnotherBufferMapsItsDestinations() {
        let other = TopicPartition("u", 7)
        var first = OutgoingRecords()
        _ = first.destination(Self.partition)
        var second = OutgoingRecords()
        let to = second.destination(other)
        let back = second.destination(Self.partition)
        second.append(to: to, key: nil, value: nil)
        second.append(to: back, key: nil, value: UnsafeRawBufferPointer(start: nil, count: 0))
        first.append(second)
        #expect(first.destinations == [Self.partition, other])
        #expect(first[0].destination.index == 1 && first[0].value == nil)
        #expect(first[1].destination.index == 0 && first[1].value?.count == 0)
    }

    @Test func aBatchTellsMissingFromEmpty() {
        var batch = RecordBatch(capacityBytes: 64)
        let empty = UnsafeRawBufferPointer(start: nil, count: 0)
        batch.append(offset: 5, appendTime: 6, key: nil, headers: nil, value: empty)
        batch.append(offset: 7, appendTime: 8, key: empty, headers: nil, value: nil)
        #expect(batch.key(0) == nil && batch.value(0)?.count == 0)
        #expect(batch.key(1)?.count == 0 && batch.value(1) == nil)
        #expect(batch.offset(1) == 7 && batch.appendTime(1) == 8 && batch.headers(1).isEmpty)
    }
}
