import CommandLine
import Foundation
import SandboxBank
import Vocabulary

/// What came of it: the figures, and whether everything that must hold does.
struct Summary {
    /// One thing that must hold, or the demo has failed.
    struct Check {
        var name: String
        var holds: Bool
        /// What was seen instead.
        var seen: String?
    }

    struct Fairfill {
        var bids: Int
        var decisions: Int
        var free: Int64
        var reserved: Int64
        var settled: Int64
        var waiting: Int64
        var sharesOfBot: Int64
        var sharesOfImpatient: Int64
        /// Bids by what was decided first about them: a type, and the reason of a refusal.
        var decided: [String: Int]
        var killedAtReserved: Int64
        var backlogAtRestart: Int
        var takeOverMilliseconds: Int64?
    }

    struct Money {
        /// Payments that moved money, by the bank's books, and what they come to in minor units.
        var movements: Int64
        var collected: Int64
        /// The most movements under one command: 1.
        var mostOfACommand: Int64
        /// Payments that failed, and the shares that went to the next in line.
        var failedPayments: Int
        var promotedShares: Int64
        /// Payments that nobody was sure about for a while.
        var doubts: Int
        /// "Failed", said the bank, and had paid.
        var lies: Int
        var payerKilledAtSettled: Int64
    }

    var seed: UInt64
    var bidders: Int
    var asked: Int64
    var shares = Terms.shares
    var price = Terms.price
    var currency = Terms.currency
    var fairfill: Fairfill
    var money: Money
    var checkThenTake: OldWay.Outcome
    var lockAndGiveBack: OldWay.Outcome
    var checks: [Check]
    var ok: Bool

    init(
        _ story: DemoStory, _ book: Book, _ frontEnds: FrontEnds, lies: Int,
        verify: (status: ChildProcess.Ending, output: String)
    ) throws(BankFailure) {
        seed = story.settings.seed
        bidders = story.crowd.bidders
        asked = story.crowd.asked
        var decided: [String: Int] = [:]
        for answer in book.answers { decided[answer.name, default: 0] += 1 }
        fairfill = Fairfill(
            bids: frontEnds.appended, decisions: book.decisions,
            free: book.counters.free.rawValue, reserved: book.counters.reserved.rawValue,
            settled: book.counters.settled.rawValue, waiting: book.waiting,
            sharesOfBot: book.sharesOfBot, sharesOfImpatient: book.sharesOfImpatient,
            decided: decided, killedAtReserved: story.kill.reserved,
            backlogAtRestart: story.kill.backlog,
            takeOverMilliseconds: story.kill.takeOverMilliseconds)
        let bank = try BankBooks(ledger: story.ledgerPath)
        money = Money(
            movements: bank.movements, collected: bank.collected.values.reduce(0, +),
            mostOfACommand: bank.mostOfAReference, failedPayments: book.failedPayments,
            promotedShares: book.promotedShares, doubts: book.doubts, lies: lies,
            payerKilledAtSettled: story.payerKill.settled)
        checkThenTake = story.checkThenTake.outcome
        lockAndGiveBack = story.lockAndGiveBack.outcome
        checks = Self.checks(story, book, frontEnds, decided, verify.status)
            + Self.checks(of: bank, book, story, lies: lies)
        ok = checks.allSatisfy(\.holds)
    }

    private static func checks(
        _ story: DemoStory, _ book: Book, _ frontEnds: FrontEnds, _ decided: [String: Int],
        _ verify: ChildProcess.Ending
    ) -> [Check] {
        func check(_ name: String, _ holds: Bool, _ seen: String) -> Check {
            Check(name: name, holds: holds, seen: holds ? nil : seen)
        }
        let counters = book.counters
        let receipts = frontEnds.receipts
        let impatient = book.answers.filter { $0.bid == Crowd.impatientBid.bid }
        let answered = zip(story.crowd.requests, receipts).filter { request, receipt in
            guard let receipt, receipt.rawValue < book.answers.count else { return false }
            return book.answers[Int(receipt.rawValue)].answers(request.content)
        }
        return [
            check(
                "fully reserved, then filled: every share is paid",
                book.wasFullyReserved && book.isFilled && counters.free == 0
                    && counters.reserved == 0 && counters.settled.rawValue == Terms.shares,
                "\(counters.settled) paid, \(counters.reserved) reserved, \(counters.free) free"),
            check(
                "every bid acknowledged", !receipts.contains(nil),
                "\(receipts.count { $0 == nil }) without a receipt"),
            check(
                "one decision for each of \(grouped(receipts.count)) records",
                book.answers.count == receipts.count && book.answers.allSatisfy { $0.count == 1 },
                "\(book.answers.count { $0.count == 1 }) records with one"),
            check(
                "each decision is about the bid at its offset", answered.count == receipts.count,
                "\(receipts.count - answered.count) are not"),
            check(
                // Where front ends lag, all may be reserved before the first of them comes.
                "who asks twice buys once",
                impatient.count >= 2 && impatient.count { $0.type != .repeated } == 1
                    && book.mostOfImpatient <= Crowd.impatientBid.shares.rawValue,
                "\(book.mostOfImpatient) shares, \(impatient.count) answers"),
            check(
                "the bot stays within the cap of \(Terms.maxSharesPerAccount)",
                book.mostOfBot <= Terms.maxSharesPerAccount, "\(book.mostOfBot) shares"),
            check(
                "garbage is refused, and stops nobody",
                decided["malformed"] == Crowd.garbage.count,
                "\(decided["malformed"] ?? 0) of \(Crowd.garbage.count) refused"),
            check(
                "the allocator was killed and taken over", story.kill.firstDecisionAt != nil,
                "it was not killed in the middle, or nobody took over"),
            check("fairfill verify finds nothing", verify == .exit(0), "\(verify)"),
        ]
    }
}

extension Summary {
    /// The bank's books against the book of record.
    private static func checks(
        of bank: BankBooks, _ book: Book, _ story: DemoStory, lies: Int
    ) -> [Check] {
        func check(_ name: String, _ holds: Bool, _ seen: String) -> Check {
            Check(name: name, holds: holds, seen: holds ? nil : seen)
        }
        let collected = bank.collected.values.reduce(0, +)
        let due = book.settled.reduce(into: [String: Int64]()) {
            $0["\($1.key)"] = $1.value * Terms.price
        }
        return [
            check(
                "the bank collected 10,000,000 yuan, to the fen",
                collected == Terms.shares * Terms.price && bank.sum == 0, "\(collected) fen"),
            check(
                "from each account what its shares cost", bank.collected == due,
                "\(Set(bank.collected.keys).symmetricDifference(due.keys).count) accounts differ"),
            check(
                "no payment moved money twice", bank.mostOfAReference == 1,
                "one moved \(bank.mostOfAReference) times"),
            check(
                "the bank lied, and it was found out", lies > 0, "no lie was found"),
            check(
                "the payer was killed with payments under way",
                story.payerKill.startedAt != nil, "it was not killed"),
        ]
    }
}

// MARK: For people

extension Summary {
    func tell(on stage: Stage) {
        stage.say(stage.coloured("What became of 10,000,000 yuan", .bold))
        tellOutcomes(on: stage)
        stage.say()
        let buyers = [
            ("The bot got", checkThenTake.soldToBot, lockAndGiveBack.soldToBot,
             Int(fairfill.sharesOfBot)),
            ("Anna, who asked twice for \(Crowd.impatientBid.shares), got",
             checkThenTake.soldToImpatient, lockAndGiveBack.soldToImpatient,
             Int(fairfill.sharesOfImpatient)),
        ]
        for (who, first, second, ours) in buyers {
            stage.say(
                "  \(who) \(grouped(first)) and \(grouped(second)) shares of the counters,"
                    + " \(grouped(ours)) of fairfill.")
        }
        stage.say(
            "  \(grouped(money.failedPayments)) payments failed; the next in line took "
                + "\(grouped(money.promotedShares)) shares, each in the same decision.")
        stage.say(
            "  \(grouped(money.lies)) times the bank said \"failed\" and had paid: its record was "
                + "asked, and nothing was sent again.")
        stage.say()
        for check in checks {
            let mark = check.holds ? stage.coloured("ok ", .green) : stage.coloured("NOT", .red)
            stage.say("  \(mark) \(check.name)\(check.seen.map { ": \($0)" } ?? "")")
        }
    }

    private func tellOutcomes(on stage: Stage) {
        let over = checkThenTake.sold - Int(shares)
        outcome(
            stage, "counter: look, take", checkThenTake.sold,
            difference(over) + (over > 0 ? ": two saw the same rest, both took it" : ""))

        let full = lockAndGiveBack.markedFullAtSeconds.map { "marked full at \($0) s, " } ?? ""
        let lost = "\(full)then \(grouped(lockAndGiveBack.givenBackWhenFull)) given back to nobody"
        let under = lockAndGiveBack.sold - Int(shares)
        outcome(
            stage, "counter: lock, undo", lockAndGiveBack.sold,
            under < 0 ? lost : difference(under))

        let ours = Int(fairfill.reserved + fairfill.settled)
        outcome(
            stage, "fairfill", ours,
            "\(difference(ours - Int(shares))), every share paid")
    }

    private func difference(_ shares: Int) -> String {
        if shares == 0 { return "to the share" }
        return "\(grouped(abs(shares))) shares too \(shares > 0 ? "many" : "few")"
    }

    private func outcome(_ stage: Stage, _ name: String, _ sold: Int, _ comment: String) {
        // The price is in fen.
        let yuan = padded(grouped(Int64(sold) * Terms.price / 100), 11, right: true)
        let colour: Stage.Colour = sold == Int(shares) ? .green : .red
        stage.say("  \(padded(name, 20))\(yuan) yuan  \(stage.coloured(comment, colour))")
    }
}
