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
    @Test(arguments: Check.appending + Check.reading + Check.transactions)
    func keepsWhateverAnOperatorSets(_ check: Check) throws {
        // This one is refused outside of transactions: nothing is lost.
        try run(check, SettingsTests.harmful.filter { $0.name != "transactional.id" })
    }

    private func run(_ check: Check, _ properties: [(name: String, value: String)] = []) throws {
        let brokers = try #require(Broker.address)
        let log = try KafkaLog(brokers: brokers, properties: properties)
        try check.run(
            on: Workbench(log, prefix: "t-\(UUID().uuidString)") {
                try KafkaLog(brokers: brokers, properties: properties)
            } cut: {
                try Broker.deleteRecords(of: $0, before: $1, brokers: brokers)
            })
    }
}
