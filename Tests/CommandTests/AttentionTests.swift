import CommandRunning
import Foundation
import Testing

/// `fairfill attention list`: what came out of an offering that was cancelled, whose bank pays only
/// some of the refunds.
@Suite struct AttentionTests {
    private func cancelled() throws -> Folder {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 10, price: 5)
        try folder.write(
            """
            {"bid":"b1","offering":"o","account":"anna","shares":4}
            {"bid":"b2","offering":"o","account":"ben","shares":3}

            """, to: "bids.ndjson")
        try Run.fairfill(["bid", "--from", "bids.ndjson"], in: folder).mustWork()
        let bank = try Bank(
            in: folder,
            faults: #"[{"match":{"direction":"payout","account":"anna"},"action":"decline"}]"#)
        try work(folder, bank)
        #expect(try folder.state("o")["settled"] as? Int == 7)
        try Run.fairfill(
            ["offering", "cancel", "--offering", "o", "--reason", "fraud", "--no-wait"],
            in: folder
        ).mustWork()
        try work(folder, bank)
        return folder
    }

    private func work(_ folder: Folder, _ bank: Bank) throws {
        for words in [["allocate"], ["pay"] + bank.options, ["allocate"]] {
            try Run.fairfill(words + ["--until-end", "--quiet"], in: folder).mustWork()
        }
    }

    @Test func aRefundThatWasDeclinedNamesItsPayment() throws {
        let folder = try cancelled()
        let told = try Run.fairfill(["attention", "list"], in: folder).mustWork()
        #expect(told.lines.count { !$0.hasPrefix(" ") } == 1, "\(told)")
        for words in [
            "payoutDeclined", "o/b1/refund/1/1 of anna over 0.20 CNY",
            "fairfill offering repay", "payment-results/0/",
        ] {
            #expect(told.output.contains(words), "\(words): \(told.output)")
        }
        let objects = try Run.fairfill(["attention", "list", "--json"], in: folder).objects()
        let record = try #require(objects.first)
        #expect(record["kind"] as? String == "payoutDeclined")
        #expect(record["command"] as? String == "o/b1/refund/1/1")
        #expect(record["amount"] as? Int == 20 && record["currency"] as? String == "CNY")

        // Ben is paid back, and anna has given her shares up, too.
        let holdings = try Run.fairfill(["export", "holdings", "--offering", "o"], in: folder)
        #expect(holdings.exitCode == 0 && holdings.output.isEmpty, "\(holdings)")
        let view = try Run.fairfill(["offering", "show", "--offering", "o"], in: folder)
        #expect(view.output.contains("holders: 0"), "\(view)")
    }

    @Test func aListCanBeNarrowed() throws {
        let folder = try cancelled()
        for (words, count) in [
            (["--offering", "o", "--account", "anna", "--kind", "payoutDeclined"], 1),
            (["--kind", "late", "--kind", "payoutDeclined"], 1), (["--kind", "late"], 0),
            (["--account", "ben"], 0), (["--offering", "p"], 0),
        ] {
            let told = try Run.fairfill(["attention", "list"] + words, in: folder).mustWork()
            #expect(told.lines.count { !$0.hasPrefix(" ") } == count, "\(words): \(told)")
        }
    }

    @Test func aKindThatThereIsNotIsRefused() throws {
        let folder = try Folder()
        try folder.createTopics()
        let told = try Run.fairfill(["attention", "list", "--kind", "declined"], in: folder)
        #expect(told.exitCode == 64 && told.errors.contains("payoutDeclined"), "\(told)")
        let none = try Run.fairfill(["attention", "list"], in: folder)
        #expect(none.exitCode == 0 && none.output.isEmpty, "\(none)")
    }
}
