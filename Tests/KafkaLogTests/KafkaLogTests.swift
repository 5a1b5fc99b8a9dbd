import CommandRunning
import EventLog
import Foundation
import KafkaLog
import LogConformance
import Testing

/// The promises that every log keeps, on a real broker.
@Suite(.serialized, .enabled(if: Broker.address != nil, "no broker here"))
struct KafkaLogTests {
    @Test(arguments: Check.all + Check.outliving)
    func keeps(_ check: Check) throws { try run(check) }

    /// They would lose records, show what was aborted, or move a reader: ours win over them.
    @Test(arguments: Check.appends + Check.reads + Check.transactions)
    func keepsWhateverAnOperatorSets(_ check: Check) throws {
        // This one is refused outside of transactions: nothing is lost.
        try run(check, SettingsTests.harmful.filter { $0.name != "transactional.id" })
    }

    /// A topic that goes between two questions is no reason to know nothing of the others.
    @Test func topicsAreListedWhileOthersComeAndGo() throws {
        let brokers = try #require(Broker.address)
        let log = try KafkaLog(brokers: brokers)
        let prefix = "t-\(UUID().uuidString)"
        defer { Broker.deleteTopics(beginningWith: prefix, on: log) }
        try log.create(.plain("\(prefix)-stays", partitions: 1))
        let end = Date(timeIntervalSinceNow: 3)
        DispatchQueue.concurrentPerform(iterations: 2) { thread in
            var number = 0
            while Date() < end {
                do {
                    if thread == 0 {
                        number += 1
                        try log.create(.plain("\(prefix)-\(number)", partitions: 1))
                        try log.delete(topic: "\(prefix)-\(number)")
                    } else {
                        let names = try log.topics().map(\.specification.name)
                        #expect(names.contains("\(prefix)-stays"))
                    }
                } catch {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }

    private func run(_ check: Check, _ properties: [(name: String, value: String)] = []) throws {
        let brokers = try #require(Broker.address)
        let log = try KafkaLog(brokers: brokers, properties: properties)
        let prefix = "t-\(UUID().uuidString)"
        // Whoever starts a worker on this broker waits for every topic that was left.
        defer { Broker.deleteTopics(beginningWith: prefix, on: log) }
        try check.run(
            on: Workbench(log, prefix: prefix) {
                try KafkaLog(brokers: brokers, properties: properties)
            } cut: {
                try Broker.deleteRecords(of: $0, before: $1, brokers: brokers)
            })
    }
}
