import Allocation
import Analysis
import LedgerLanguage
import Messages
import SeededNumbers
import Testing
import Vocabulary

/// A book rebuilt from the bytes of its decisions is the book that made them.
@Suite struct BookReplayTests {
    private func randomInput(
        _ dice: inout SeededGenerator, _ payments: inout [PaymentCommand]
    ) -> InputRecord {
        let offering = Identifier(parsing: "o\(Int.random(in: 0..<3, using: &dice))")!
        switch Int.random(in: 0..<20, using: &dice) {
        case 0:
            var terms = OfferingTerms(
                shares: Shares(Int64.random(in: 1...60, using: &dice)), price: 3,
                currency: CurrencyCode("CNY")!)
            if Bool.random(using: &dice) { terms.maxSharesPerAccount = 9 }
            if Bool.random(using: &dice) { terms.waitlistShares = 20 }
            return .command(
                OfferingCommand(
                    command: Identifier(parsing: "open-\(offering)")!, offering: offering,
                    action: .open(terms)))
        case 1..<12:
            return .bid(
                Bid(
                    bid: Identifier(parsing: "b\(Int.random(in: 0..<80, using: &dice))")!,
                    offering: offering,
                    account: Identifier(parsing: "a\(Int.random(in: 0..<9, using: &dice))")!,
                    shares: Shares(Int64.random(in: 0...12, using: &dice)),
                    allOrNone: Bool.random(using: &dice)))
        default:
            guard !payments.isEmpty else {
                return .paymentResult(
                    PaymentResult(
                        kind: .paid, payment: nil, result: 1, offering: offering, account: "a0",
                        amount: 3))
            }
            let index = Int.random(in: payments.indices, using: &dice)
            let command = payments[index]
            let kinds: [PaymentResult.Kind] = [.paid, .paid, .declined, .inDoubt]
            let kind = kinds.randomElement(using: &dice)!
            if Bool.random(using: &dice) { payments.remove(at: index) }
            return .paymentResult(
                PaymentResult(
                    kind: kind, payment: command.id,
                    result: Int64.random(in: 1...3, using: &dice), offering: command.id.offering,
                    account: command.account, amount: kind == .paid ? command.amount : nil))
        }
    }

    @Test(arguments: 1...20)
    func theReplayedBookIsTheLiveOne(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        var live = PartitionBook(partition: 3)
        var replay = BookReplay(partition: 3)
        try Words.started(1, partition: 3).withUnsafeBytes { try replay.follow($0) }
        var group = DecisionGroup()
        var payments: [PaymentCommand] = []
        var decided = 0
        for offset in 0..<400 {
            let input = randomInput(&dice, &payments)
            group.removeAll()
            let source = Source(
                topic: input.topic, partition: 3, offset: Offset(Int64(offset)), at: 1_795_000)
            _ = try live.decide(.record(input), from: source, into: &group, limit: 1_000)
            payments += group.payments
            for decision in group.decisions {
                decided += 1
                try Words.record(decision).withUnsafeBytes { try replay.follow($0) }
            }
            try #require(replay.book == live, "after input \(offset) of seed \(seed): \(input)")
        }
        #expect(decided >= 400)
        try replay.book.checkInvariants()
    }

    @Test func whatAnOlderWriterSlippedInDoesNotCount() throws {
        var replay = BookReplay(partition: 3)
        for epoch in 1...2 {
            try Words.started(epoch, partition: 3).withUnsafeBytes { try replay.follow($0) }
        }
        var book = PartitionBook(partition: 3)
        var group = DecisionGroup()
        let terms = OfferingTerms(shares: 5, price: 1, currency: CurrencyCode("CNY")!)
        let open = OfferingCommand(command: "c", offering: "o", action: .open(terms))
        _ = try book.decide(
            .record(.command(open)),
            from: Source(topic: .offeringCommands, partition: 3, offset: 0, at: 1), into: &group,
            limit: 10)
        try Words.record(group.decisions[0], epoch: 1).withUnsafeBytes { try replay.follow($0) }
        #expect(replay.book == PartitionBook(partition: 3))
        try Words.record(group.decisions[0], epoch: 2).withUnsafeBytes { try replay.follow($0) }
        #expect(replay.book == book)
    }

    /// Behind a jump of epochs everything true would look stale, and be passed over in silence.
    @Test func anEpochThatJumpsOrIsForeignIsSaid() throws {
        for record in [
            Words.started(3, partition: 3), Words.started(1, partition: 3),
            Words.started(2, partition: 4),
        ] {
            var replay = BookReplay(partition: 3)
            try Words.started(1, partition: 3).withUnsafeBytes { try replay.follow($0) }
            #expect(throws: ReplayFailure.self) {
                try record.withUnsafeBytes { try replay.follow($0) }
            }
        }
    }

    @Test func whatCannotBeReadOrDoesNotFollowIsSaid() throws {
        var replay = BookReplay(partition: 3)
        for text in ["", "{}", "not json"] {
            #expect(throws: ReplayFailure.self, "\(text)") {
                try Array(text.utf8).withUnsafeBytes { try replay.follow($0) }
            }
        }
        let ahead = Decision(
            sequence: 7, offering: "o", event: .offering(.filled), counters: nil,
            source: Source(topic: .bids, partition: 3, offset: 0, at: 1), n: 0)
        do throws(ReplayFailure) {
            let bytes = Words.record(ahead)
            let outcome = bytes.withUnsafeBytes { bytes in
                Result { () throws(ReplayFailure) in try replay.follow(bytes) }
            }
            try outcome.get()
            Issue.record("decision 7 was taken as the first")
        } catch {
            #expect(!error.sentence.isEmpty)
        }
    }
}
