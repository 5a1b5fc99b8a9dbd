import CommandRunning
import Foundation
import Testing

/// What clients of every kind write to `bids` is decided.
@Suite(.serialized, .enabled(if: Broker.address != nil, "no broker here"))
struct BidTests {
    @Test(arguments: Client.here)
    func keyedBidsOfEveryClientAreDecidedWhereJavaPutsThem(_ client: Client) throws {
        let sale = try BrokerSale(partitions: 6, offerings: BrokerSale.ids)
        let codecs = ["none", "gzip", "snappy", "lz4", "zstd"]
        for codec in codecs {
            let messages = sale.offerings.flatMap { offering in
                (0..<4).map { Message(offering, BrokerSale.bid("\(codec)-\($0)", offering)) }
            }
            try client.send(messages, to: sale.bids, .init(compression: codec), in: sale.folder)
        }
        let decisions = try sale.decide()
        #expect(decisions.count == codecs.count * sale.offerings.count * 4)
        for decision in decisions {
            let offering = decision["offering"] as? String ?? ""
            guard decision["type"] as? String == "reserved",
                decision["partition"] as? Int == (try sale.home(offering))
            else {
                Issue.record("\(decision)")
                break
            }
        }
        let bids = Set(decisions.map { "\($0["offering"] ?? "") \($0["bid"] ?? "")" })
        #expect(bids.count == decisions.count)
        let partitions = Set(decisions.compactMap { $0["partition"] as? Int })
        #expect(partitions == Set(0..<6), "the ids should reach every partition")
        try Run.fairfill(["verify", "--quiet"], in: sale.folder).mustWork()
    }

    /// librdkafka's own partitioner is another hash: such bids are refused, nothing is bought
    /// twice when they come again in the right place, and an operator hears of it.
    @Test(
        .enabled(if: !Client.here.filter { [.kcat, .python].contains($0) }.isEmpty),
        arguments: Client.here.filter { [.kcat, .python].contains($0) })
    func bidsOfTheWrongPartitionerAreMisrouted(_ client: Client) throws {
        let sale = try BrokerSale(partitions: 6, offerings: BrokerSale.ids)
        let messages = sale.offerings.map { Message($0, BrokerSale.bid("b-1", $0)) }
        try client.send(
            messages, to: sale.bids, .init(isPartitionerSet: false), in: sale.folder)
        let decisions = try sale.decide()
        try #require(decisions.count == messages.count)
        var misrouted: Set<String> = []
        for decision in decisions {
            let offering = decision["offering"] as? String ?? ""
            let home = try sale.home(offering)
            if decision["partition"] as? Int == home {
                #expect(decision["type"] as? String == "reserved", "\(decision)")
            } else {
                #expect(decision["reason"] as? String == "misrouted", "\(decision)")
                #expect(decision["expectedPartition"] as? Int == home, "\(decision)")
                misrouted.insert(offering)
            }
        }
        #expect(misrouted.count > 30, "five of six should be on a wrong partition")
        let lines = try Run.fairfill(
            ["attention", "list", "--kind", "misrouted", "--json"], in: sale.folder
        ).mustWork().objects()
        // One a minute and source; should the minute change meanwhile, two.
        #expect((1...12).contains(lines.count), "\(lines)")
        for line in lines {
            let offering = line["offering"] as? String ?? ""
            #expect(line["expectedPartition"] as? Int == (try sale.home(offering)), "\(line)")
        }

        try client.send(messages, to: sale.bids, in: sale.folder)
        let again = try sale.decide().filter {
            try $0["partition"] as? Int == sale.home($0["offering"] as? String ?? "")
        }
        for offering in sale.offerings {
            let types = again.filter { $0["offering"] as? String == offering }
                .compactMap { $0["type"] as? String }
            let isSecond = !misrouted.contains(offering)
            #expect(types == (isSecond ? ["reserved", "repeated"] : ["reserved"]), "\(offering)")
        }
        try Run.fairfill(["verify", "--quiet"], in: sale.folder).mustWork()
    }

    /// What is wrong with a record is said, and the next one is decided as usual.
    @Test(arguments: Client.here)
    func oddRecordsOfEveryClientAreDecided(_ client: Client) throws {
        let sale = try BrokerSale(partitions: 6, offerings: ["o-1", "o-2"])
        let home = try sale.home("o-1")
        try #require(home != (try sale.home("o-2")))
        let environment = sale.folder.environment
        func bid(_ id: String) -> String { BrokerSale.bid(id, "o-1") }
        let messages = [
            Message("o-1", bid("plain")),
            Message("o-1", nil),
            Message("o-1", bid("after-null")),
            Message("o-1", "no JSON"),
            Message("o-1", bid("after-garbage")),
            Message("o-1", bid("right-env"), headers: [("env", environment)]),
            Message("o-1", bid("wrong-env"), headers: [("env", "elsewhere")]),
            Message("o-1", bid("traced"), headers: [("traceparent", "00-1-2-01"), ("more", "x")]),
            // The content says whose it is, and so where it belongs.
            Message("o-2", bid("key-of-another")),
            Message("o-1", bid("last")),
        ]
        try client.send(messages, to: sale.bids, in: sale.folder)
        // Without a key it may land anywhere.
        try client.send(
            (0..<24).map { Message(nil, bid("keyless-\($0)")) }, to: sale.bids, in: sale.folder)

        let decisions = try sale.decide()
        try #require(decisions.count == messages.count + 24)
        let said = decisions.filter { $0["partition"] as? Int == home }.prefix(9).map { decision in
            let name = decision["bid"] as? String ?? (decision["error"] as? [String: Any])?["code"]
            return "\(name ?? "") \(decision["reason"] ?? decision["type"] ?? "")"
        }
        #expect(
            said == [
                "plain reserved", "nullPayload malformed", "after-null reserved",
                "notJSON malformed", "after-garbage reserved", "right-env reserved",
                "wrong-env wrongEnvironment", "traced reserved", "last reserved",
            ])
        let others = decisions.filter {
            let bid = $0["bid"] as? String ?? ""
            return bid.hasPrefix("keyless") || bid == "key-of-another"
        }
        #expect(others.count == 25)
        for decision in others {
            let isHome = decision["partition"] as? Int == home
            #expect(
                decision["reason"] as? String == (isHome ? nil : "misrouted"), "\(decision)")
            #expect(decision["type"] as? String == (isHome ? "reserved" : "rejected"))
        }
        try Run.fairfill(["verify", "--quiet"], in: sale.folder).mustWork()
    }

    /// A client at its defaults makes batches far larger than a record may be; the topic's limit
    /// is on batches.
    @Test(arguments: Client.here)
    func largeBatchesAreTaken(_ client: Client) throws {
        let sale = try BrokerSale(partitions: 2, offerings: ["o-1"], shares: 10_000)
        let count = 5_000
        // Members that nobody knows are ignored.
        let note = #","note":"\#(String(repeating: "0123456789", count: 80))""#
        let messages = (0..<count).map {
            Message("o-1", BrokerSale.bid("b-\($0)", "o-1", more: note))
        }
        // Java's own batches are small; these are as large as librdkafka's.
        let large = client == .java || client == .console
            ? ["batch.size=1000000", "linger.ms=500"] : []
        try client.send(messages, to: sale.bids, .init(settings: large), in: sale.folder)
        let decisions = try sale.decide()
        #expect(decisions.count == count)
        let reserved = decisions.filter { $0["type"] as? String == "reserved" }
        #expect(reserved.compactMap { $0["bid"] as? String } == (0..<count).map { "b-\($0)" })
    }
}
