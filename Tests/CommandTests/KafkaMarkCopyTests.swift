import CommandRunning
import EventLog
import Foundation
import KafkaLog
import Testing

/// A payer's journal and its marks, which a cluster compacts, carried to Kafka and back.
@Suite(.serialized, .enabled(if: Broker.address != nil, "no broker here"))
struct KafkaMarkCopyTests {
    @Test func aPayerGoesOnOnTheClusterAndOnItsBackup() throws {
        let environment = "t\(UInt64.random(in: .min ... .max))"
        let folder = try Folder(settings: ["FAIRFILL_ENV": environment])
        let kafka = "kafka:\(try #require(Broker.address))"
        defer { (try? KafkaLog(brokers: Broker.address!))?.deleteTopics(of: environment) }
        try MoneyTests.open(folder, shares: 20)
        try MoneyTests.append(0..<6, to: folder)
        let bank = try Bank(in: folder)
        func work(_ log: String, _ bids: Range<Int>, moved: Int) throws {
            for line in MoneyTests.bids(bids).split(separator: "\n") {
                try Run.fairfill(
                    ["bid", "--from", "-", "--quiet", "--log", log], in: folder,
                    input: "\(line)\n"
                ).mustWork()
            }
            for words in [["allocate"], ["pay"] + bank.options] {
                let options = ["--until-end", "--quiet", "--log", log]
                try Run.fairfill(words + options, in: folder).mustWork()
            }
            #expect(try bank.ledger().movements.count == moved, "\(log)")
            // The mark is that of the last entry.
            let rebuild = try Run.fairfill(
                ["payments", "rebuild", "--partition", "0", "--actor", "a", "--log", log],
                in: folder)
            #expect(rebuild.exitCode == 1 && rebuild.errors.contains("is whole"), "\(rebuild)")
        }
        try work("sqlite:fairfill.db", 0..<0, moved: 6)
        try Run.fairfill(["copy", "--from", "sqlite:fairfill.db", "--to", kafka], in: folder)
            .mustWork()
        // Nothing is paid again, and what comes now is.
        try work(kafka, 6..<6, moved: 6)
        try work(kafka, 6..<7, moved: 7)
        try Run.fairfill(["topics", "check", "--log", kafka], in: folder).mustWork()
        // With the gaps of the markers, and of whatever the cluster compacted.
        try Run.fairfill(["copy", "--from", kafka, "--to", "sqlite:back.db"], in: folder)
            .mustWork()
        try work("sqlite:back.db", 7..<7, moved: 7)
        try work("sqlite:back.db", 7..<8, moved: 8)
        for log in [kafka, "sqlite:back.db"] {
            try Run.fairfill(["verify", "--log", log], in: folder).mustWork()
        }
    }
}
