import CommandRunning
import Foundation
import Testing

/// The story: everything that must hold does, and programs can read it.
@Suite struct DemoTests {
    @Test func everythingHolds() throws {
        try tell(in: try Folder(), [])
    }

    @Test(.enabled(if: Broker.address != nil, "no broker here"))
    func itDoesOnKafka() throws {
        try tell(in: try Folder(), ["--log", "kafka:\(try #require(Broker.address))"])
    }

    private func tell(in folder: Folder, _ words: [String]) throws {
        let run = try Run.fairfill(
            ["demo", "--json", "--speed", "4", "--seed", "11"] + words, in: folder
        ).mustWork()
        for line in run.writtenErrors.split(separator: "\n") where line.count > 80 {
            Issue.record("\(line.count) columns: \(line)")
        }
        let summary = try #require(try run.objects().first)
        let checks = summary["checks"] as? [[String: Any]] ?? []
        #expect(checks.count == 14 && checks.allSatisfy { $0["holds"] as? Bool == true })
        let fairfill = summary["fairfill"] as? [String: Any] ?? [:]
        #expect(fairfill["settled"] as? Int == 100_000 && fairfill["free"] as? Int == 0)
        let money = summary["money"] as? [String: Any] ?? [:]
        #expect(money["collected"] as? Int == 1_000_000_000)
        #expect(money["mostOfACommand"] as? Int == 1)
        #expect(money["lies"] as? Int ?? 0 > 0 && money["failedPayments"] as? Int ?? 0 > 300)
        #expect(run.errors.contains("What became of 10,000,000 yuan"))
    }
}
