import CommandRunning
import EventLog
import Foundation
import KafkaLog
import Testing

/// What commands write to Kafka is held against the schemas when a test's folder goes.
@Suite(.enabled(if: Broker.address != nil, "no broker here"))
struct WrittenRecordTests {
    @Test func aRecordThatIsNotWhatItsSchemaSaysIsFound() throws {
        let brokers = try #require(Broker.address)
        try withKnownIssue {
            let folder = try Folder.onKafka(brokers, deletesTopics: true)
            try folder.createTopics()
            let appender = try KafkaLog(brokers: brokers).openAppender()
            defer { appender.close() }
            var records = OutgoingRecords()
            let to = records.destination(TopicPartition("\(folder.environment).decisions", 0))
            var decision = #"{"type":"reserved","seq":"one"}"#
            decision.withUTF8 {
                records.append(to: to, key: nil, value: UnsafeRawBufferPointer($0))
            }
            _ = try appender.append(records)
        } matching: { issue in
            "\(issue)".contains("decisions.reserved")
        }
    }
}
