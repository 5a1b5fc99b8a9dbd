import Copying
import EventLog
import MemoryLog
import Testing

/// What a copy finds where both sides are not the same: each part of a record for itself, and each
/// offset that one side lacks.
@Suite struct ComparisonTests {
    /// A record as it is brought into a log.
    struct Brought: Sendable {
        var offset: Int64
        var time: Int64 = 5
        var key: [UInt8]? = [1]
        var headers: [UInt8] = Headers.encode([("a", [1]), ("b", nil)])
        var value: [UInt8]? = [2]
    }

    private let partition = TopicPartition("t", 0)

    /// A log that holds these records, of which the partition begins and ends there.
    private func log(
        _ records: [Brought], from first: Int64 = 0, upTo end: Int64
    ) throws -> MemoryLog {
        let log = MemoryLog()
        try log.create(
            TopicSpecification(
                name: "t", partitions: 1, cleanup: .delete, retentionMilliseconds: nil,
                maxMessageBytes: 1 << 20))
        var batch = RecordBatch()
        for record in records {
            func with(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void) {
                guard let bytes else { return body(nil) }
                bytes.withUnsafeBytes { body($0) }
            }
            record.headers.withUnsafeBytes { headers in
                with(record.key) { key in
                    with(record.value) { value in
                        batch.append(
                            offset: LogOffset(record.offset), appendTime: record.time, key: key,
                            headers: headers, value: value)
                    }
                }
            }
        }
        try log.openImporter().append(
            batch, to: partition, from: LogOffset(first), upTo: LogOffset(end))
        return log
    }

    private func span(
        _ source: MemoryLog, _ target: MemoryLog, isCompacted: Bool = false
    ) throws -> CopySpan {
        CopySpan(
            partition, isCompacted: isCompacted,
            source: try source.bounds(of: [partition], .committed)[0],
            target: try target.bounds(of: [partition], .written)[0])
    }

    private static let three = (0..<3).map { Brought(offset: $0) }

    /// The middle one of three, changed.
    private static func changed(_ change: (inout Brought) -> Void) -> [Brought] {
        var records = three
        change(&records[1])
        return records
    }

    static let differences: [(String, [Brought])] = [
        ("append time", changed { $0.time = 6 }),
        ("key", changed { $0.key = [3] }),
        ("key", changed { $0.key = nil }),
        ("key", changed { $0.key = [] }),
        ("value", changed { $0.value = [2, 2] }),
        ("value", changed { $0.value = nil }),
        ("headers", changed { $0.headers = [] }),
        ("headers", changed { $0.headers = Headers.encode([("a", [1]), ("b", [])]) }),
        ("headers", changed { $0.headers = Headers.encode([("b", nil), ("a", [1])]) }),
    ]

    @Test(arguments: differences)
    func eachPartOfARecordIsCompared(_ part: String, _ records: [Brought]) throws {
        let source = try log(Self.three, upTo: 3)
        let target = try log(records, upTo: 3)
        let found = try Comparison.compare(try span(source, target), source, target, CopyWatch())
        #expect(found.difference == "the \(part) of t[0] at 1 differs")
        #expect(found.same == 1)
        // Where it is the target's last record, nothing is brought behind it.
        let shorter = try log(Array(records.prefix(2)), upTo: 2)
        do {
            try Continuation.check(try span(source, shorter), from: source, to: shorter)
            Issue.record("it goes on behind another \(part)")
        } catch CopyFailure.otherTarget(let sentence) {
            #expect(sentence.contains("the \(part) of t[0] at 1 is another"), "\(sentence)")
        }
    }

    /// What is missing and what is empty are two things, on either side.
    @Test func nothingAndEmptyDiffer() throws {
        let empty = Self.changed { ($0.key, $0.value) = ([], []) }
        let missing = Self.changed { ($0.key, $0.value) = (nil, []) }
        for (left, right) in [(empty, missing), (missing, empty)] {
            let (source, target) = (try log(left, upTo: 3), try log(right, upTo: 3))
            let found = try Comparison.compare(
                try span(source, target), source, target, CopyWatch())
            #expect(found.difference == "the key of t[0] at 1 differs")
        }
        let (source, target) = (try log(empty, upTo: 3), try log(empty, upTo: 3))
        let found = try Comparison.compare(try span(source, target), source, target, CopyWatch())
        #expect(found.difference == nil && found.same == 3)
    }

    /// A record that one side lacks, in the middle and at the end; both may drop what a later one
    /// of its key makes needless.
    @Test func whatOneSideLacksIsFound() throws {
        let whole = try log(Self.three, upTo: 3)
        let holed = try log([Self.three[0], Self.three[2]], upTo: 3)
        for (source, target) in [(whole, holed), (holed, whole)] {
            let found = try Comparison.compare(
                try span(source, target), source, target, CopyWatch())
            #expect(found.difference?.contains("has a record at 1 in") == true)
            let compacted = try Comparison.compare(
                try span(source, target, isCompacted: true), source, target, CopyWatch())
            #expect(compacted.difference == nil && compacted.same == 2)
        }
        let short = try log(Array(Self.three.prefix(2)), upTo: 2)
        for (source, target) in [(whole, short), (short, whole)] {
            let found = try Comparison.compare(
                try span(source, target), source, target, CopyWatch())
            #expect(found.difference?.hasPrefix("t[0] ends at") == true)
        }
    }

    /// A target that begins later than its source, or that has a gap where the source has a record.
    @Test func aTargetWithoutTheBeginningIsAnother() throws {
        let source = try log(Self.three, upTo: 3)
        func refusal(_ target: MemoryLog) throws -> String? {
            do {
                try Continuation.check(try span(source, target), from: source, to: target)
                return nil
            } catch CopyFailure.otherTarget(let sentence) {
                return sentence
            }
        }
        let late = try log([Self.three[1]], from: 1, upTo: 2)
        #expect(try refusal(late)?.contains("t[0] begins at 1 there, and at 0") == true)
        let holed = try log([Self.three[0]], upTo: 2)
        #expect(try refusal(holed)?.contains("t[0] has no record at 1 there") == true)
        #expect(try refusal(try log(Array(Self.three.prefix(2)), upTo: 2)) == nil)
    }

    /// For a target that can leave no offset out: a gap at the beginning, in the middle, at the
    /// end, each named before anything is written.
    @Test(arguments: [
        ([1, 2], 1, 3, "begins at offset 1"), ([0, 2], 0, 3, "has no record at offset 1 ("),
        ([0, 3], 0, 4, "has no records at offsets 1 to 2 ("),
        ([0, 1], 0, 3, "has no record at offset 2 ("), ([0, 1, 2], 0, 3, nil),
    ] as [([Int64], Int64, Int64, String?)])
    func aGapIsRefused(_ offsets: [Int64], _ first: Int64, _ end: Int64, _ words: String?) throws {
        let source = try log(offsets.map { Brought(offset: $0) }, from: first, upTo: end)
        let target = try log([], upTo: 0)
        do {
            try Gaps.refuse(try span(source, target), from: source, to: target, CopyWatch())
            #expect(words == nil)
        } catch CopyFailure.cannotHold(let sentence) {
            #expect(words.map { sentence.contains($0) } == true, "\(sentence)")
        }
    }
}
