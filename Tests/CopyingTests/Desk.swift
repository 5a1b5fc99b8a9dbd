import CommandRunning
import Copying
import EventLog
import Foundation
import KafkaLog
import MemoryLog
import SQLiteLog

/// The logs between which copies go.
enum LogKind: String, Sendable, CaseIterable {
    case memory, sqlite, kafka

    /// Those that need no broker.
    static let local: [LogKind] = [.memory, .sqlite]
}

/// Logs for one test, and a topic of its own that is copied between them.
final class Desk {
    let topic = "copy-\(UUID().uuidString)"
    let partitions: Int32 = 2
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "fairfill-copy-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A log that is new, or the cluster, where the topic's name is.
    func log(_ kind: LogKind) throws -> any ImportingLog {
        switch kind {
        case .memory: MemoryLog(clusterID: UUID().uuidString)
        case .sqlite: try SQLiteLog.open(path: "\(folder)/\(UUID().uuidString).db", create: true)
        case .kafka: try KafkaLog(brokers: Broker.address ?? "")
        }
    }

    var specification: TopicSpecification {
        TopicSpecification(
            name: topic, partitions: partitions, cleanup: .delete, retentionMilliseconds: nil,
            maxMessageBytes: 1 << 20)
    }

    var topicPartitions: [TopicPartition] { (0..<partitions).map { TopicPartition(topic, $0) } }

    func spans(_ source: any EventLog, _ target: any EventLog) throws -> [CopySpan] {
        let isThere = try target.topics().contains { $0.specification.name == topic }
        let here = try source.bounds(of: topicPartitions, .committed)
        let there = isThere
            ? try target.bounds(of: topicPartitions, .written)
            : here.map { _ in Bounds(start: 0, end: 0) }
        return topicPartitions.indices.map {
            CopySpan(topicPartitions[$0], isCompacted: false, source: here[$0], target: there[$0])
        }
    }

    /// Copies what is missing; answers how many records were carried and how many are the same.
    @discardableResult
    func copy(
        _ source: any EventLog, _ target: any ImportingLog, batch: Int = 10_000,
        watch: CopyWatch = CopyWatch()
    ) throws -> (carried: Int64, same: Int64) {
        let spans = try spans(source, target)
        for span in spans { try Continuation.check(span, from: source, to: target) }
        if !target.takesGaps {
            for span in spans { try Gaps.refuse(span, from: source, to: target, watch) }
        }
        try target.beginImport(of: [specification])
        let importer = try target.openImporter()
        defer { importer.close() }
        var carried: Int64 = 0
        var same: Int64 = 0
        for span in spans {
            carried += try Transfer.carry(span, from: source, to: importer, batch: batch, watch)
            let found = try Comparison.compare(span, source, target, CopyWatch())
            if let difference = found.difference { throw Different(sentence: difference) }
            same += found.same
        }
        try target.endImport(of: [specification])
        return (carried, same)
    }

    struct Different: Error { var sentence: String }

    /// Every record that readers see.
    func read(_ log: any EventLog, _ partition: TopicPartition) throws -> [Seen] {
        let bounds = try log.bounds(of: [partition], .committed)[0]
        let reader = try log.openReader([ReadStart(partition, from: bounds.start)])
        defer { reader.close() }
        var batch = RecordBatch()
        var seen: [Seen] = []
        for _ in 0..<1_000 where reader.position(0) < bounds.end {
            batch.removeAll()
            if try reader.read(0, into: &batch, limit: 1_000) == 0 {
                try reader.wait(timeoutMilliseconds: 20)
            }
            for index in 0..<batch.count { seen.append(Seen(batch, index)) }
        }
        guard reader.position(0) >= bounds.end else {
            throw Different(sentence: "only \(reader.position(0)) of \(bounds.end) were read")
        }
        return seen
    }
}

/// A record as a reader saw it.
struct Seen: Equatable {
    var offset: Int64
    var appendTime: Int64
    var key: [UInt8]?
    var headers: [UInt8]
    var value: [UInt8]?

    init(_ batch: borrowing RecordBatch, _ index: Int) {
        offset = batch.offset(index).rawValue
        appendTime = batch.appendTime(index)
        key = batch.key(index).map { Array($0) }
        headers = Array(batch.headers(index).encoded)
        value = batch.value(index).map { Array($0) }
    }
}

extension OutgoingRecords {
    /// Adds a record whose parts may be missing or empty.
    mutating func add(
        to partition: TopicPartition, key: [UInt8]?, headers: [(String, [UInt8]?)] = [],
        value: [UInt8]?
    ) {
        let destination = destination(partition)
        // An empty array has no address to speak of, yet an empty part is not a missing one.
        func with(_ part: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void) {
            guard let part else { return body(nil) }
            part.withUnsafeBytes { body($0) }
        }
        Headers.encode(headers.map { (name: $0, value: $1) }).withUnsafeBytes { headers in
            with(key) { key in
                with(value) { value in
                    append(to: destination, key: key, headers: headers, value: value)
                }
            }
        }
    }
}
