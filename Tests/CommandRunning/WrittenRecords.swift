import EventLog
import Foundation
import KafkaLog
import Messages
import SchemaConformance
import SQLiteLog
import Testing

/// All that the commands of a test wrote to a log, against the schemas.
enum WrittenRecords {
    /// Of each type the first: a crowd's bids and decisions are all alike.
    private static let largestCount = 500

    /// Looks at every environment in the log of a folder. A test that breaks its log says so when
    /// it makes the folder.
    static func check(_ folder: String) {
        let path = "\(folder)/fairfill.db"
        guard FileManager.default.fileExists(atPath: path) else { return }
        do {
            let log = try SQLiteLog.open(path: path, create: false)
            // The environment may be any; its topics end alike.
            try check(log) { name in Topic.allCases.first { name.hasSuffix(".\($0.name)") } }
        } catch {
            Issue.record("what was written to \(path) can't be read: \(error)")
        }
    }

    /// Looks at one environment on a cluster, and deletes its topics afterwards if wanted.
    static func check(_ environment: String, on brokers: String, deletes: Bool) {
        do {
            let log = try KafkaLog(brokers: brokers)
            defer { if deletes { log.deleteTopics(of: environment) } }
            try check(log) { name in
                Topic.allCases.first { name == $0.fullName(environment: environment) }
            }
        } catch let error as LogError where [.unreachable, .timedOut].contains(error.code) {
            // Its test took the cluster down.
        } catch {
            Issue.record("what was written to '\(environment)' can't be read: \(error)")
        }
    }

    private static func check(_ log: any EventLog, topic: (String) -> Topic?) throws {
        var partitions: [(partition: TopicPartition, topic: Topic)] = []
        for description in try log.topics() {
            let name = description.specification.name
            guard let topic = topic(name) else { continue }
            for partition in 0..<description.specification.partitions {
                partitions.append((TopicPartition(name, partition), topic))
            }
        }
        for fault in try faults(log, partitions) { Issue.record("\(fault)") }
    }

    /// The first record of each partition that is not what its schema says.
    private static func faults(
        _ log: any EventLog, _ partitions: [(partition: TopicPartition, topic: Topic)]
    ) throws -> [String] {
        guard !partitions.isEmpty else { return [] }
        let bounds = try log.bounds(of: partitions.map(\.partition), .committed)
        let reader = try log.openReader(
            zip(partitions, bounds).map { ReadStart($0.partition, from: $1.start) })
        defer { reader.close() }
        // A cluster that answers and then hangs must not hold the test up.
        let deadline = Date(timeIntervalSinceNow: 30)
        var found: [String] = []
        var batch = RecordBatch()
        for (input, (partition, topic)) in partitions.enumerated() {
            // By how a record begins, which is its type.
            var counts: [[UInt8]: Int] = [:]
            reading: while reader.position(input) < bounds[input].end, Date() < deadline {
                batch.removeAll()
                if try reader.read(input, into: &batch, limit: 1_000) == 0,
                    reader.position(input) < bounds[input].end
                {
                    try reader.wait(timeoutMilliseconds: 100)
                }
                for index in 0..<batch.count {
                    let beginning = batch.value(index).map { value in
                        Array(value.prefix { $0 != UInt8(ascii: ",") })
                    }
                    counts[beginning ?? [], default: 0] += 1
                    guard counts[beginning ?? [], default: 0] <= largestCount else { continue }
                    let value = batch.value(index).map { String(decoding: $0, as: UTF8.self) }
                    if let fault = RecordCheck.fault(value, in: topic) {
                        found.append("\(partition)/\(batch.offset(index)): \(fault)")
                        break reading
                    }
                }
            }
        }
        return found
    }
}
