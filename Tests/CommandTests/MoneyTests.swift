import CommandRunning
import Foundation
import Testing

/// Allocator, payer and bank as processes of their own: whatever happens to them, each command
/// moves money once, and the bank's books agree with the holdings.
@Suite struct MoneyTests {
    static let price = 100

    /// An offering, and bids for twice its shares, of one to five each.
    static func open(_ folder: Folder, shares: Int) throws {
        try folder.createTopics()
        try folder.open("o", shares: shares, price: price)
    }

    static func bids(_ range: Range<Int>) -> String {
        range.map {
            #"{"bid":"b\#($0)","offering":"o","account":"a\#($0)","shares":\#(1 + $0 % 5)}"# + "\n"
        }.joined()
    }

    static func append(_ range: Range<Int>, to folder: Folder) throws {
        try Run.fairfill(["bid", "--from", "-", "--quiet"], in: folder, input: bids(range))
            .mustWork()
    }

    static func expectAgreement(_ folder: Folder, _ bank: Bank) throws {
        try bank.expectAgreement(with: folder, on: "o", price: price)
    }

    /// Runs allocator and payer until both have nothing left to do.
    static func settle(_ folder: Folder, _ bank: Bank) throws {
        let allocator = try Run.start(["allocate"], in: folder)
        defer { allocator.kill() }
        var last = -1
        for _ in 0..<60 {
            try Run.fairfill(["pay", "--until-end", "--quiet"] + bank.options, in: folder)
                .mustWork()
            // What failed is promoted, and the promoted must be paid, too.
            usleep(200_000)
            let count = try Run.fairfill(["payments", "list"], in: folder).lines.count
            let state = try folder.state("o")
            if count == last, state["reserved"] as? Int == 0 { return }
            last = count
        }
        Issue.record("after 60 rounds something is still to be paid")
    }

    /// Faults that a payer survives by asking: nothing is paid twice, nothing stays open.
    @Test(arguments: [
        #"[{"match":{"p":0.1},"phase":"before","action":"decline"}]"#,
        #"[{"match":{"p":0.2},"phase":"after","action":"lie"}]"#,
        #"[{"match":{"p":0.2},"phase":"after","action":"drop","times":20}]"#,
        #"[{"match":{"p":0.2},"phase":"after","action":"half","times":20}]"#,
        #"[{"match":{"p":0.2},"phase":"after","action":"html","times":20}]"#,
        #"[{"match":{"p":0.2},"phase":"after","action":"status","status":500,"times":20}]"#,
        #"[{"match":{"p":0.2},"phase":"before","action":"status","status":429,"times":20}]"#,
        #"[{"match":{"p":0.2},"phase":"before","action":"drop","times":5}]"#,
        #"[{"match":{"p":0.1},"phase":"after","action":"hang","times":3}]"#,
    ])
    func aFaultOfTheBankPaysNothingTwice(_ faults: String) throws {
        let folder = try Folder()
        try Self.open(folder, shares: 300)
        try Self.append(0..<200, to: folder)
        let bank = try Bank(in: folder, faults: faults, forgetsKeys: true)
        try Self.settle(folder, bank)
        #expect(try folder.state("o")["state"] as? String == "filled", "\(faults)")
        try Self.expectAgreement(folder, bank)
    }

    /// A bank that says that it did something else than asked for: people must look, the shares
    /// stay held, and it is not sent again.
    @Test(arguments: ["wrongAmount", "wrongCurrency", "wrongKey"])
    func anotherPaymentThanAskedForIsLeftToPeople(_ action: String) throws {
        let folder = try Folder()
        try Self.open(folder, shares: 20)
        try Self.append(0..<8, to: folder)
        let bank = try Bank(
            in: folder,
            faults: #"[{"match":{"account":"a3"},"phase":"after","action":"\#(action)"}]"#,
            sendingWindow: "60s")
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        try Run.fairfill(["pay", "--until-end", "--quiet"] + bank.options, in: folder).mustWork()
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let parked = try Run.fairfill(
            ["payments", "list", "--state", "parked", "--json"], in: folder
        ).objects()
        #expect(parked.compactMap { $0["account"] as? String } == ["a3"], "\(parked)")
        #expect(parked.first?["reason"] as? String == "mismatch")
        #expect(parked.first?["attempts"] as? Int == 1)
        #expect(try bank.ledger().counts["o/b3/1"] == 1)
        let state = try folder.state("o")
        #expect(state["reserved"] as? Int == 4 && state["free"] as? Int == 0, "\(state)")
        let shown = try Run.fairfill(["payments", "show", "--command", "o/b3/1"], in: folder)
        for word in ["intent", "sending", "outcome", "mismatch"] {
            #expect(shown.output.contains(word), "\(shown.output)")
        }
    }

    /// A bank that is down when the payer starts: nothing is lost, and it pays once it is up.
    @Test func aBankThatIsDownIsWaitedFor() throws {
        let folder = try Folder()
        try Self.open(folder, shares: 100)
        try Self.append(0..<60, to: folder)
        let bank = try Bank(in: folder)
        bank.kill()
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let payer = try Run.start(["pay", "--until-end"] + bank.options, in: folder)
        let sentence = "accepted no payment, or the time to send one ran out; nothing was executed"
        #expect(
            eventually(within: 60) { payer.errors.contains(sentence) }, "\(payer.errors)")
        try bank.start()
        #expect(payer.wait() == 0, "\(payer.errors)")
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        #expect(try folder.state("o")["state"] as? String == "filled")
        try Self.expectAgreement(folder, bank)
    }

    /// A bank that dies with payments under way: they stay in doubt, the payer says so, and asks
    /// until it is up again.
    @Test func aBankThatDiesWithPaymentsUnderWayIsAsked() throws {
        let folder = try Folder()
        try Self.open(folder, shares: 100)
        try Self.append(0..<60, to: folder)
        // Five are executed and never answered, until the bank is gone.
        let bank = try Bank(in: folder, faults: #"[{"action":"hang","times":5}]"#)
        // The payer is still waiting for them when the bank dies, however slow the machine is.
        try folder.write(
            #"{"idempotent":true,"lookupByKey":true,"lookupVisibilityDelay":"0s","#
                + #""httpDeadline":"600s"}"#, to: "profile.json")
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let commanded = try Run.fairfill(["export", "decisions"], in: folder).objects()
            .count { $0["type"] as? String == "reserved" }
        try #require(commanded > 30)
        let payer = try Run.start(["pay", "--until-end"] + bank.options, in: folder)
        // Once all are executed, the five are among them.
        #expect(
            try eventually(within: 60) { try bank.ledger().movements.count == commanded },
            "\(payer.errors)")
        #expect(payer.isRunning, "\(payer.errors)")
        bank.kill()
        #expect(
            eventually(within: 60) { payer.errors.contains("they stay in doubt") },
            "\(payer.errors)")
        try bank.start()
        #expect(payer.wait() == 0, "\(payer.errors)")
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        #expect(try folder.state("o")["state"] as? String == "filled")
        try Self.expectAgreement(folder, bank)
    }

    /// A bid that is taken back before the payer saw it is not paid, and its shares go on.
    @Test func aBidThatIsTakenBackIsNotPaid() throws {
        let folder = try Folder()
        try Self.open(folder, shares: 6)
        try Self.append(0..<4, to: folder)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        for (account, exitCode) in [("a1", Int32(0)), ("a2", 1)] {
            let words = ["cancel-bid", "--offering", "o", "--account", account, "--id", "b1"]
            try Run.fairfill(words, in: folder).mustWork()
            let worker = try Run.start(["allocate"], in: folder)
            let run = try Run.fairfill(words + ["--wait"], in: folder)
            #expect(run.exitCode == exitCode, "\(run)")
            worker.kill()
        }
        let bank = try Bank(in: folder)
        try Self.settle(folder, bank)
        let recalled = try Run.fairfill(
            ["payments", "list", "--state", "recalled"], in: folder
        ).mustWork()
        #expect(recalled.lines.count == 1 && recalled.output.contains("o/b1/1"), "\(recalled)")
        #expect(try bank.ledger().collected["a1"] == nil)
        #expect(try folder.state("o")["state"] as? String == "filled")
        try Self.expectAgreement(folder, bank)
    }

    @Test func aSecondPayerTakesOver() throws {
        let folder = try Folder()
        try Self.open(folder, shares: 100_000)
        let bank = try Bank(in: folder)
        let allocator = try Run.start(["allocate"], in: folder)
        defer { allocator.kill() }
        let first = try Run.start(["pay"] + bank.options, in: folder)
        try Self.append(0..<100, to: folder)
        #expect(
            try eventually(within: 60) { try !bank.ledger().movements.isEmpty },
            "\(first.errors)")
        let second = try Run.start(["pay"] + bank.options, in: folder)
        // The older one notices with its next commit.
        for start in stride(from: 100, to: 4_000, by: 10) where first.isRunning {
            try Self.append(start..<(start + 10), to: folder)
            usleep(200_000)
        }
        #expect(first.wait() == 80, "\(first.errors)")
        #expect(first.errors.contains("another payer has taken over"), "\(first.errors)")
        #expect(second.terminate() == 0, "\(second.errors)")
        try Self.settle(folder, bank)
        try Self.expectAgreement(folder, bank)
    }

    @Test func twentyKillsUnderLiveTrafficMoveEachCommandOnce() throws {
        try kill(20, in: try Folder())
    }

    @Test(.enabled(if: Broker.address != nil, "no broker here"))
    func fiveKillsOnKafkaMoveEachCommandOnce() throws {
        try kill(5, in: try .onKafka(try #require(Broker.address)))
    }

    /// Kills allocator, payer and bank in turn while bids come in and a tenth of the payments
    /// fails, and others end in lies and silence.
    private func kill(_ rounds: Int, in folder: Folder) throws {
        let perRound = 100
        try Self.open(folder, shares: rounds * perRound * 3 / 2)
        let bank = try Bank(
            in: folder,
            faults: """
                [{"match":{"p":0.1},"phase":"before","action":"decline"},
                 {"match":{"p":0.05},"phase":"after","action":"lie"},
                 {"match":{"p":0.05},"phase":"after","action":"drop","times":40}]
                """, forgetsKeys: true)
        var allocator = try Run.start(["allocate"], in: folder)
        var payer = try Run.start(["pay"] + bank.options, in: folder)
        defer {
            allocator.kill()
            payer.kill()
        }
        for round in 0..<rounds {
            try Self.append(round * perRound..<(round + 1) * perRound, to: folder)
            usleep(UInt32(20_000 + round * 37_001 % 150_000))
            switch round % 3 {
            case 0:
                payer.kill()
                payer = try Run.start(["pay"] + bank.options, in: folder)
            case 1:
                bank.kill()
                usleep(50_000)
                try bank.start()
            default:
                allocator.kill()
                allocator = try Run.start(["allocate"], in: folder)
            }
        }
        #expect(payer.terminate() == 0, "\(payer.errors)")
        #expect(allocator.terminate() == 0, "\(allocator.errors)")
        try Self.settle(folder, bank)
        #expect(try folder.state("o")["state"] as? String == "filled")
        try Self.expectAgreement(folder, bank)
        let groups = try folder.bidDecisions()
        #expect(groups.count == rounds * perRound, "one decision a bid")
        #expect(Set(groups.compactMap { $0["bid"] as? String }).count == rounds * perRound)
    }
}
