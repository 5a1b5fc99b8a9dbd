import Testing

import Messages

@Suite struct TopicTests {
    @Test func theCatalogueListsWhatTheLogHolds() {
        let expected: [(Topic, String, Topic.Key, Topic.Partitions, Topic.Cleanup)] = [
            (.bids, "bids", .offering, .environment, .delete),
            (.offeringCommands, "offering-commands", .offering, .environment, .delete),
            (.paymentResults, "payment-results", .offering, .environment, .delete),
            (.decisions, "decisions", .offering, .environment, .delete),
            (.paymentCommands, "payment-commands", .account, .environment, .delete),
            (.paymentJournal, "payment-journal", .account, .environment, .delete),
            (
                .paymentResolutions, "payment-resolutions", .accountOrPartition, .environment,
                .delete
            ),
            (.paymentMarks, "payment-marks", .partition, .environment, .compact),
            (.attention, "attention", .offeringOrAccount, .environment, .delete),
            (.invalid, "invalid", .original, .environment, .delete),
            (.progress, "progress", .offering, .environment, .compact),
            (.environment, "environment", .environment, .one, .compact),
        ]
        #expect(Topic.allCases == expected.map { $0.0 })
        for (topic, name, key, partitions, cleanup) in expected {
            #expect(topic.name == name)
            #expect(topic.key == key, "\(topic)")
            #expect(topic.partitions == partitions, "\(topic)")
            #expect(topic.cleanup == cleanup, "\(topic)")
            #expect(topic.retentionMilliseconds == nil)
            #expect(topic.maxMessageBytes == 1_048_576)
            #expect(!topic.writers.isEmpty && !topic.readers.isEmpty)
        }
    }

    @Test func namesCarryTheEnvironment() {
        #expect(Topic.offeringCommands.fullName(environment: "dev") == "dev.offering-commands")
    }

    @Test func nobodyButThePayerWritesPaymentResults() {
        #expect(Topic.allCases.filter { $0.writers.contains(.frontEnd) } == [.bids])
        #expect(Topic.paymentResults.writers == [.payer])
        #expect(Topic.decisions.writers == [.allocator])
    }
}

@Suite struct PartitionerTests {
    /// The vectors of the Java client's own test, and the empty key.
    @Test(arguments: [
        ("21", -973_932_308), ("foobar", -790_332_482),
        ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
        ("abc", 479_470_107), ("", 275_646_681),
    ] as [(String, Int32)])
    func hashesAsJavaClientsDo(_ key: String, _ expected: Int32) {
        #expect(Array(key.utf8).withUnsafeBytes { Partitioner.murmur2($0) } == expected)
    }

    @Test func theSignIsClearedBeforeTheRemainder() {
        // -973,932,308 and 2^31 - 973,932,308 = 1,173,551,340 differ in the sign bit alone.
        #expect(Partitioner.partition(of: "21", count: 1_000) == 340)
        #expect(Partitioner.partition(of: "abc", count: 1_000) == 107)
        #expect(Partitioner.partition(of: "abc", count: 1) == 0)
    }
}
