import EventLog
import Foundation
import Messages
import SchemaConformance
import SQLiteLog
import Testing

/// All that the commands of a test wrote to the log of their folder, against the schemas.
enum WrittenRecords {
    /// Of each type the first: a crowd's bids and decisions are all alike.
    private static let largestCount = 500

    /// Records an issue for each topic in which a record is not what its schema says. A log that
    /// can't be read is one that its test broke.
    static func check(_ folder: String) {
        let path = "\(folder)/fairfill.db"
        guard FileManager.default.fileExists(atPath: path),
            let log = try? SQLiteLog.open(path: path, create: false),
            let topics = try? log.topics()
        else { return }
        for description in topics {
            // The environment may be any; its topics end alike.
            let name = description.specification.name
            guard let topic = Topic.allCases.first(where: { name.hasSuffix(".\($0.name)") })
            else { continue }
            for partition in 0..<description.specification.partitions {
                let fault = try? firstFault(log, TopicPartition(name, partition), topic)
                if let fault { Issue.record("\(fault)") }
            }
        }
    }

    private static func firstFault(
        _ log: any EventLog, _ place: TopicPartition, _ topic: Topic
    ) throws -> String? {
        let bounds = try log.bounds(of: [place], .committed)[0]
        let reader = try log.openReader([ReadStart(place, from: bounds.start)])
        defer { reader.close() }
        var batch = RecordBatch()
        // By how a record begins, which is its type.
        var counts: [String: Int] = [:]
        while reader.position(0) < bounds.end {
            batch.removeAll()
            try reader.read(0, into: &batch, limit: 1_000)
            for index in 0..<batch.count {
                let value = batch.value(index).map { String(decoding: $0, as: UTF8.self) }
                let beginning = String((value ?? "").prefix { $0 != "," })
                counts[beginning, default: 0] += 1
                guard counts[beginning, default: 0] <= largestCount else { continue }
                if let fault = RecordCheck.fault(value, in: topic) {
                    return "\(place)/\(batch.offset(index)): \(fault)"
                }
            }
        }
        return nil
    }
}
