import CommandRunning
import EventLog
import Foundation
import Kafka
import KafkaLog
import Messages
import Testing

/// What a user tries in vain: the command, and what its message must name.
struct Forbidden: Sendable {
    var user: String
    var words: [String]
    var topic: String
    var right: String

    init(_ user: String, _ line: String, _ topic: String, _ right: String) {
        self.user = user
        words = line.split(separator: " ").map(String.init)
        self.topic = topic
        self.right = right
    }
}

extension SecurityTests {
    /// The rights that `deploy/kafka-acls` grants: enough for each part, and no more.
    @Suite(.serialized) struct RightsTests {
        private let secured = SecuredCluster.shared!
        private static var bankAddress: String { "http://127.0.0.1:\(SecuredCluster.bankPort)" }

        private func mustWork(
            _ user: String, _ line: String, _ more: [String] = [], environment: String = "shop",
            input: String? = nil
        ) throws -> Run {
            try secured.run(
                user, line.split(separator: " ").map(String.init) + more,
                environment: environment, input: input
            ).mustWork()
        }

        private func makeShop() throws {
            _ = try mustWork("installer", "topics create --quiet")
        }

        private func open(_ offering: String, shares: Int) throws {
            try makeShop()
            _ = try mustWork(
                "operator",
                "offering open --offering \(offering) --shares \(shares) --price 100 "
                    + "--currency CNY --no-wait --quiet")
        }

        private func bids(_ offering: String, _ range: Range<Int>) -> String {
            range.map {
                #"{"bid":"b\#($0)","offering":"\#(offering)","account":"a\#($0)","shares":2}"#
                    + "\n"
            }.joined()
        }

        private func bid(_ offering: String, _ range: Range<Int>) throws {
            _ = try mustWork(
                "front", "bid --from - --quiet", input: bids(offering, range))
        }

        /// The sequence of decisions about bids of an offering, read by the analyst.
        private func decidedBids(_ offering: String) throws -> [String] {
            try mustWork("analyst", "export decisions").objects()
                .filter {
                    $0["offering"] as? String == offering && $0["topic"] as? String == "bids"
                        && $0["n"] as? Int == 0
                }
                .compactMap { $0["bid"] as? String }
        }

        // MARK: Enough

        @Test func everyPartDoesItsWork() throws {
            try open("loan", shares: 30)
            let bank = try Bank(in: Folder(isChecked: false), port: SecuredCluster.bankPort)
            try bid("loan", 0..<20)
            _ = try mustWork("allocator", "allocate --until-end --quiet")
            try pay(bank)
            _ = try mustWork("allocator", "allocate --until-end --quiet")

            let ledger = try bank.ledger()
            #expect(ledger.counts.count == 15 && ledger.counts.allSatisfy { $0.value == 1 })
            _ = try mustWork("analyst", "verify")
            let holdings = try mustWork("analyst", "export holdings --offering loan --json")
                .objects()
            #expect(holdings.filter { $0["settled"] as? Int == 2 }.count == 15)
            for line in [
                "topics check", "topics list", "explain --offering loan --bid b1",
                "offering list", "attention list", "payments list",
            ] {
                _ = try mustWork("analyst", line)
            }
            for line in ["offering list", "offering show --offering loan", "attention list",
                "payments list", "payments show --command loan/b1/1"]
            {
                _ = try mustWork("operator", line)
            }
            _ = try mustWork("installer", "topics check")
            _ = try mustWork("front", "cancel-bid --offering loan --account a19 --id b19")
        }

        private func payer(_ bank: Bank, _ words: [String]) throws -> (Folder, [String]) {
            let folder = try secured.folder(of: "payer")
            try folder.write(
                """
                {"idempotent":true,"lookupByKey":true,"lookupVisibilityDelay":"0s",
                 "notFoundIsFinal":true,"limiterBeforeExecution":true,
                 "sendingWindow":"1s","httpDeadline":"2s"}
                """, to: "profile.json")
            try folder.write("sandbox-token\n", to: "token.txt")
            return (folder, ["pay"] + words + bank.options)
        }

        private func pay(_ bank: Bank) throws {
            let (folder, words) = try payer(bank, ["--until-end", "--quiet"])
            let run = try Run.fairfill(words, in: folder).mustWork()
            secured.expectNoSecret(in: run.output + run.errors, "pay")
        }

        @Test func aFrontEndThatReadsDecisionsFollowsItsBid() throws {
            try open("followed", shares: 10)
            let folder = try secured.folder(of: "allocator")
            let worker = try Run.start(["allocate"], in: folder)
            defer { withExtendedLifetime(folder) { worker.kill() } }
            let run = try mustWork(
                "kiosk", "bid --offering followed --account a --shares 1 --id b --wait")
            #expect(run.output.contains("reserved"), "\(run.output)")
        }

        /// Everything in one process, as one user with three parts.
        @Test func oneUserMayRunTheWholeMachine() throws {
            try open("whole", shares: 10)
            let bank = try Bank(in: Folder(isChecked: false), port: SecuredCluster.bankPort)
            let folder = try secured.folder(of: "machine")
            try folder.write("sandbox-token\n", to: "token.txt")
            let machine = try Run.start(
                ["run", "--provider", bank.url, "--profile", "sandbox", "--token-file",
                    "token.txt"], in: folder)
            defer { withExtendedLifetime(folder) { machine.kill() } }
            try bid("whole", 0..<3)
            func paid() throws -> Int {
                try bank.ledger().counts.filter { $0.key.hasPrefix("whole/") }.count
            }
            #expect(
                try eventually(within: 60) { try paid() >= 3 || !machine.isRunning },
                "\(machine.errors)")
            #expect(try paid() == 3, "\(machine.errors)")
            #expect(machine.terminate() == 0, "\(machine.errors)")
            secured.expectNoSecret(in: machine.errors, "run")
        }

        // MARK: No more

        @Test(arguments: [
            Forbidden("front", "bid --offering o --account a --shares 1 --wait", "decisions",
                "Describe"),
            Forbidden(
                "front", "offering open --offering p --shares 1 --price 1 --currency CNY --no-wait",
                "offering-commands", "Describe"),
            Forbidden("front", "verify", "payment-commands", "Describe"),
            Forbidden("front", "allocate --until-end", "offering-commands", "Describe"),
            Forbidden("kiosk", "offering close --offering o --yes --no-wait", "offering-commands",
                "Describe"),
            Forbidden("payer", "bid --offering o --account a --shares 1", "bids", "Write"),
            Forbidden("payer", "allocate --until-end", "decisions", "Read"),
            Forbidden("operator", "bid --offering o --account a --shares 1", "bids", "Describe"),
            Forbidden("analyst", "bid --offering o --account a --shares 1", "bids", "Write"),
            Forbidden("analyst", "offering close --offering o --yes --no-wait", "offering-commands",
                "Write"),
            Forbidden("analyst", "allocate --until-end", "shop.allocator.0.0", "Write"),
            Forbidden(
                "analyst", "pay --provider \(bankAddress) --profile sandbox --until-end",
                "shop.payer.0.0", "Write"),
            Forbidden(
                "allocator", "pay --provider \(bankAddress) --profile sandbox --until-end",
                "payment-marks", "Read"),
            Forbidden("nobody", "verify", "environment", "Describe"),
            Forbidden("nobody", "topics create", "environment", "Describe"),
            Forbidden("operator", "topics create --retention 1d", "bids", "Describe"),
        ])
        func whatIsNotGrantedIsRefused(_ forbidden: Forbidden) throws {
            try open("o", shares: 10)
            let start = Date()
            let run = try secured.run(forbidden.user, forbidden.words)
            let line = "\(forbidden.user) \(forbidden.words): \(run.errors)"
            #expect(run.exitCode == 77, "\(line)")
            #expect(run.errors.contains(forbidden.topic), "\(line)")
            #expect(run.errors.contains("the right \(forbidden.right)"), "\(line)")
            #expect(run.errors.contains("User:\(forbidden.user) "), "\(line)")
            #expect(run.errors.contains("deploy/kafka-acls"), "\(line)")
            #expect(Date().timeIntervalSince(start) < 9, "\(line)")
        }

        /// An environment beside it whose name begins alike is nobody's.
        @Test func rightsEndWithTheEnvironment() throws {
            let run = try secured.run("installer", ["topics", "create"], environment: "shop.more")
            #expect(run.exitCode == 77, "\(run.errors)")
            #expect(run.errors.contains("shop.more.environment"), "\(run.errors)")
        }

        /// The same by a plain client, which asks for nothing first.
        @Test(arguments: [
            ("front", [Topic.bids]), ("kiosk", [.bids]), ("nobody", []), ("analyst", []),
            ("operator", [.offeringCommands, .paymentResolutions]),
            ("payer", [.paymentResults, .paymentJournal, .paymentMarks, .attention, .invalid]),
            (
                "allocator",
                [.decisions, .paymentCommands, .attention, .invalid, .progress]
            ),
            ("installer", [.environment]),
        ] as [(String, [Topic])])
        func aClientWritesItsTopicsOnly(_ user: String, _ mine: [Topic]) throws {
            try makeShop()
            for topic in Topic.allCases where !mine.contains(topic) {
                let error = try write(user, to: topic)
                #expect(
                    error == "TOPIC_AUTHORIZATION_FAILED"
                        || error == "CLUSTER_AUTHORIZATION_FAILED",
                    "\(user) to \(topic): \(error ?? "was let")")
            }
        }

        /// What becomes of a record that a user writes; nil where it was taken.
        private func write(_ user: String, to topic: Topic) throws -> String? {
            let report = Report()
            // Without idempotence, so that each topic is asked about by itself.
            let client = try Client(
                .producer,
                [("bootstrap.servers", secured.address(.sasl)), ("message.timeout.ms", "5000")]
                    + secured.properties(of: user), reports: report)
            let handle = client.handle(ofTopic: topic.fullName(environment: "shop"))
            do {
                let isTaken = try [UInt8(ascii: "x")].withUnsafeBytes {
                    try client.produce(to: handle, partition: 0, key: nil, value: $0)
                }
                try #require(isTaken)
            } catch let error as KafkaError {
                return error.code.name
            }
            _ = client.flush(milliseconds: 8_000)
            return report.error
        }

        @Test(arguments: [
            ("front", "shop.allocator.0.0"), ("front", "shop.payer.0.0"), ("front", "mine"),
            ("payer", "shop.allocator.0.0"), ("allocator", "shop.payer.0.0"),
            ("allocator", "shop.topics"), ("analyst", "mine"), ("operator", "mine"),
            ("allocator", "shop.more.allocator.0.0"),
        ])
        func aClientCanNotTakeOverAnothersTransactions(_ user: String, _ id: String) throws {
            let client = try Client(
                .producer,
                [("bootstrap.servers", secured.address(.sasl)), ("transactional.id", id)]
                    + secured.properties(of: user))
            let error = #expect(throws: KafkaError.self) {
                try client.initTransactions(milliseconds: 8_000)
            }
            #expect(error?.code == .transactionalIDAuthorization, "\(error as Any)")
        }

        @Test(arguments: [
            ("front", [Topic.environment]), ("kiosk", [.environment, .decisions, .progress]),
            ("nobody", []),
        ] as [(String, [Topic])])
        func aFrontEndReadsNothingElse(_ user: String, _ mine: [Topic]) throws {
            try makeShop()
            let log = try KafkaLog(
                brokers: secured.address(.sasl), properties: secured.properties(of: user))
            for topic in Topic.allCases {
                let error = try refusal(log, topic.fullName(environment: "shop"))
                let mayRead = mine.contains(topic)
                #expect(mayRead == (error == nil), "\(user), \(topic): \(error as Any)")
                #expect(error == nil || error?.code == .notPermitted, "\(topic): \(error as Any)")
            }
        }

        /// Why a topic can't be read; nil where it can.
        private func refusal(_ log: KafkaLog, _ topic: String) throws -> LogError? {
            do throws(LogError) {
                let reader = try log.openReader([ReadStart(TopicPartition(topic, 0), from: 0)])
                defer { reader.close() }
                var batch = RecordBatch()
                for _ in 0..<50 {
                    try reader.read(0, into: &batch, limit: 10)
                    if !batch.isEmpty { return nil }
                    try reader.wait(timeoutMilliseconds: 20)
                }
                return nil
            } catch {
                return error
            }
        }

        // MARK: Rights that go

        @Test(arguments: [
            ("Write --topic shop.decisions", "shop.decisions"),
            ("Write --topic shop.progress", "shop.progress"),
            ("Write --transactional-id shop.allocator.0.0", "shop.allocator.0.0"),
            ("Read --topic shop.bids", "shop.bids"),
            ("DescribeConfigs --topic shop.invalid", "shop.invalid"),
        ])
        func anAllocatorWithoutARightSaysWhich(_ right: String, _ named: String) throws {
            let offering = "w\(UInt64.random(in: .min ... .max))"
            try open(offering, shares: 10)
            try bid(offering, 0..<3)
            try secured.without("--operation \(right)", of: "allocator") {
                let run = try secured.run("allocator", ["allocate", "--until-end"])
                #expect(run.exitCode == 77, "\(right): \(run.errors)")
                #expect(run.errors.contains(named), "\(right): \(run.errors)")
                let operation = right.prefix { $0 != " " }
                #expect(run.errors.contains("the right \(operation)"), "\(run.errors)")
                #expect(try decidedBids(offering).isEmpty)
            }
            _ = try mustWork("allocator", "allocate --until-end --quiet")
            #expect(try decidedBids(offering) == ["b0", "b1", "b2"])
        }

        @Test func anAllocatorWithoutItsGroupSaysSo() throws {
            try secured.without("--operation Read --group shop.allocator", of: "allocator") {
                let run = try secured.run("allocator", ["allocate"])
                #expect(run.exitCode == 77, "\(run.errors)")
                #expect(run.errors.contains("group shop.allocator"), "\(run.errors)")
                #expect(run.errors.contains("lacks the right Read"), "\(run.errors)")
            }
        }

        /// A worker that loses a right ends, and says so: one that can't write would look well and
        /// decide nothing. Nothing is lost, and whoever starts it again goes on.
        @Test(arguments: ["Write --topic shop.decisions", "Read --topic shop.bids"])
        func anAllocatorThatLosesARightEnds(_ right: String) throws {
            let offering = "l\(UInt64.random(in: .min ... .max))"
            try open(offering, shares: 100)
            let folder = try secured.folder(of: "allocator")
            let worker = try Run.start(["allocate"], in: folder)
            defer { withExtendedLifetime(folder) { worker.kill() } }
            try bid(offering, 0..<10)
            #expect(
                try eventually(within: 60) { try decidedBids(offering).count == 10 },
                "\(worker.errors)")
            try secured.without("--operation \(right)", of: "allocator") {
                try bid(offering, 10..<20)
                #expect(eventually(within: 60) { !worker.isRunning }, "\(worker.errors)")
                #expect(worker.wait() == 77, "\(worker.errors)")
                #expect(worker.errors.contains("User:allocator lacks the right"))
                #expect(worker.errors.contains(String(right.split(separator: " ")[2])))
                secured.expectNoSecret(in: worker.errors, "allocate")
            }
            _ = try mustWork("allocator", "allocate --until-end --quiet")
            #expect(try decidedBids(offering) == (0..<20).map { "b\($0)" })
            _ = try mustWork("analyst", "verify")
        }

        /// The same for a payer, in the middle of its payments.
        @Test func aPayerThatLosesARightEndsAndNothingMovesTwice() throws {
            try open("paid", shares: 120)
            let bank = try Bank(
                in: Folder(isChecked: false),
                faults: #"[{"action":"delay","ms":500}]"#, port: SecuredCluster.bankPort)
            try bid("paid", 0..<60)
            _ = try mustWork("allocator", "allocate --until-end --quiet")
            let (folder, words) = try payer(bank, ["--in-flight", "2"])
            let worker = try Run.start(words, in: folder)
            defer { withExtendedLifetime(folder) { worker.kill() } }
            #expect(
                try eventually(within: 60, every: 10) { try bank.ledger().counts.count >= 3 },
                "\(worker.errors)")
            try secured.without("--operation Write --topic shop.payment-journal", of: "payer") {
                #expect(eventually(within: 60) { !worker.isRunning }, "\(worker.errors)")
                #expect(worker.wait() == 77, "\(worker.errors)")
                #expect(worker.errors.contains("shop.payment-journal"), "\(worker.errors)")
            }
            let before = try bank.ledger().counts.filter { $0.key.hasPrefix("paid/") }.count
            #expect(before < 60, "the right was taken away too late to matter")
            try pay(bank)
            _ = try mustWork("allocator", "allocate --until-end --quiet")
            let counts = try bank.ledger().counts.filter { $0.key.hasPrefix("paid/") }
            #expect(counts.count == 60 && counts.allSatisfy { $0.value == 1 })
            _ = try mustWork("analyst", "verify")
        }

        // MARK: The script

        /// Who writes and who reads what, in the script and in the one list of the topics.
        @Test func theScriptGrantsWhatTheTopicsSay() throws {
            let parts: [(option: String, role: Topic.Role)] = [
                ("installer", .installer), ("front-end", .frontEnd), ("operator", .operator),
                ("allocator", .allocator), ("payer", .payer), ("analyst", .reader),
            ]
            let run = try Run.program(
                SecuredCluster.script,
                ["--bootstrap-server", "x:1", "--env", "shop", "--print",
                    "--front-end-reads-decisions"]
                    + parts.flatMap { ["--\($0.option)", "User:\($0.option)"] },
                in: Folder(isChecked: false)
            ).mustWork()
            var granted: Set<String> = []
            for line in run.lines {
                let words = line.split(separator: " ").map(String.init)
                func values(_ option: String) -> [String] {
                    words.indices.filter { words[$0] == option }.map { words[$0 + 1] }
                }
                for principal in values("--allow-principal") {
                    for operation in values("--operation") where "Read Write".contains(operation) {
                        for topic in values("--topic") {
                            granted.insert("\(principal) \(operation) \(topic)")
                        }
                    }
                }
            }
            var expected: Set<String> = []
            for topic in Topic.allCases {
                for (option, role) in parts {
                    let name = topic.fullName(environment: "shop")
                    if topic.writers.contains(role) {
                        expected.insert("User:\(option) Write \(name)")
                    }
                    if topic.readers.contains(role) {
                        expected.insert("User:\(option) Read \(name)")
                    }
                }
            }
            #expect(granted == expected)
        }

        @Test(arguments: [
            [], ["--bootstrap-server", "x:1"],
            ["--bootstrap-server", "x:1", "--front-end", "web"],
            ["--bootstrap-server", "x:1", "--front-end", "User:web", "--env", "a b"],
            ["--bootstrap-server", "x:1", "--frontend", "User:web"], ["--bootstrap-server"],
        ])
        func theScriptRefusesWhatItDoesNotUnderstand(_ words: [String]) throws {
            let run = try Run.program(
                SecuredCluster.script, ["--print"] + words, in: Folder(isChecked: false))
            #expect(run.exitCode == 64 && run.output.isEmpty, "\(run)")
            #expect(run.errors.contains("--help"), "\(run.errors)")
        }
    }
}

/// What became of one record.
private final class Report: DeliveryReports, @unchecked Sendable {
    private let lock = NSLock()
    private var name: String? = "NOT_REPORTED"

    func delivered(tag: Int, offset: Int64, appendTime: Int64, error: KafkaError?) {
        lock.withLock { name = error?.code.name }
    }

    var error: String? { lock.withLock { name } }
}
