import CommandRunning
import Foundation
import Testing

/// Everything in one process, and the programs that watch it.
@Suite struct RunCommandTests {
    @Test func oneProcessMakesTheLogDecidesAndPays() throws {
        let folder = try Folder()
        let bank = try Bank(in: folder)
        let all = try Run.start(["run"] + bank.options, in: folder)
        #expect(
            eventually(within: 60) { all.errors.contains("paying in epoch 1") }, "\(all.errors)")
        try Run.fairfill(
            [
                "offering", "open", "--offering", "o", "--shares", "100", "--price", "100",
                "--currency", "CNY",
            ], in: folder
        ).mustWork()
        try MoneyTests.append(0..<50, to: folder)
        #expect(
            try eventually(within: 60) { try folder.state("o")["state"] as? String == "filled" },
            "\(all.errors)")
        #expect(all.terminate() == 0, "\(all.errors)")
        try MoneyTests.expectAgreement(folder, bank)
    }

    @Test func withoutAProviderItSaysThatItDoesNotPay() throws {
        let folder = try Folder()
        let all = try Run.start(["run"], in: folder)
        all.waitUntilLive()
        #expect(all.errors.contains("nothing is paid"), "\(all.errors)")
        #expect(all.terminate() == 0)
    }

    /// The token is nobody's business: not of messages, and not of the log.
    @Test func theTokenIsSeenNowhere() throws {
        let folder = try Folder()
        try MoneyTests.open(folder, shares: 20)
        try MoneyTests.append(0..<8, to: folder)
        let bank = try Bank(in: folder, faults: #"[{"action":"status","status":401}]"#)
        try folder.write("geheim-4711\n", to: "token.txt")
        try Run.fairfill(["allocate", "--until-end"], in: folder).mustWork()
        let payer = try Run.start(["pay", "--verbose"] + bank.options, in: folder)
        // The token has been refused at least once.
        #expect(
            try eventually(within: 60) { try bank.requests(of: "POST") > 0 }, "\(payer.errors)")
        _ = payer.terminate()
        #expect(!payer.errors.contains("geheim"), "\(payer.errors)")
        let found = try Run.shell("grep -l geheim-4711 fairfill.db* bank.db*", in: folder)
        #expect(found.output.isEmpty, "\(found.output)")
    }

    @Test func programsReadWhatThePayerDid() throws {
        let folder = try Folder()
        try MoneyTests.open(folder, shares: 20)
        try MoneyTests.append(0..<8, to: folder)
        let bank = try Bank(in: folder)
        try Run.fairfill(["allocate", "--until-end"], in: folder).mustWork()
        let events = try Run.fairfill(["pay", "--until-end", "--json"] + bank.options, in: folder)
            .mustWork().objects()
        #expect(events.map { $0["event"] as? String } == ["live", "ended"])
        let paid = try #require(events.last?["paid"] as? Int)
        let list = try Run.fairfill(["payments", "list", "--json"], in: folder).mustWork().objects()
        #expect(paid > 0 && list.count == paid)
        #expect(list.allSatisfy { $0["state"] as? String == "paid" })
        #expect(Set(list.compactMap { $0["key"] as? String }).count == paid)
    }
}
