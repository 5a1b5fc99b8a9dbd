import EventLog
import Foundation
import KafkaLog
import LogConformance
import Testing

/// The promises that every log keeps, on a real broker.
@Suite(.serialized, .enabled(if: Broker.address != nil, "no broker here"))
struct KafkaLogTests {
    @Test(arguments: Check.all + Check.outliving)
    func keeps(_ check: Check) throws {
        let brokers = try #require(Broker.address)
        let log = try KafkaLog(brokers: brokers)
        try check.run(
            on: Workbench(log, prefix: "t-\(UUID().uuidString)") {
                try KafkaLog(brokers: brokers)
            } cut: {
                try Broker.deleteRecords(of: $0, before: $1, brokers: brokers)
            })
    }
}
