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

@Suite struct RecordBufferTests {
    private static let place = TopicPartition("t", 0)

    @Test func growsAndKeepsWhatItHolds() {
        var records = OutgoingRecords(capacityBytes: 64)
        let to = records.destination(Self.place)
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
        let to = records.destination(Self.place)
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
        _ = first.destination(Self.place)
        var second = OutgoingRecords()
        let to = second.destination(other)
        let back = second.destination(Self.place)
        second.append(to: to, key: nil, value: nil)
        second.append(to: back, key: nil, value: UnsafeRawBufferPointer(start: nil, count: 0))
        first.append(second)
        #expect(first.destinations == [Self.place, other])
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
