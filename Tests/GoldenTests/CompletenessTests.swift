import Allocation
import Messages
import Testing
import Vocabulary

/// The golden books of the current rules have everything in them that can be put in, and everything
/// that can be said about it.
@Suite struct CompletenessTests {
    static let books = GoldenBook.all.filter {
        $0.rules == "rules-\(RulesByVersion.released.newest)"
    }
    /// Inputs as far as they can be read.
    static let inputs = Result {
        try books.flatMap { book in
            var decoder = RecordDecoder()
            return try book.story().lines.compactMap { line -> InputRecord? in
                guard line.source.topic != .clock, let value = line.value else { return nil }
                return value.withUnsafeBytes { try? decoder.decode($0, from: line.source.topic) }
            }
        }
    }

    static func events() throws -> [DecisionEvent] {
        try books.flatMap { try $0.decisions().map(\.event) }
    }

    /// Reasons that no input brings about any more, and why.
    static let neverGiven: [Reason: String] = [
        .unsupported: """
            Rules version 1 acts on every input and every term; the word is older than it, and \
            stays for what a later version may add.
            """
    ]

    @Test func everyTypeOfDecision() throws {
        let types = Set(try Self.events().map(\.type))
        let missing = DecisionType.allCases.filter { $0 != .epochStarted && !types.contains($0) }
        // The control record is no decision; where one stands is looked at below.
        #expect(missing.isEmpty)
    }

    /// A writer takes over between two groups and inside one; a group has more decisions than the
    /// calls that are tried may make; two offerings share a deadline.
    @Test func groupsOfEveryKind() throws {
        var isTakenOver = (between: false, inside: false)
        var largest: Int64 = 0
        var isShared = false
        // Offerings that share a deadline were opened in another order than that of their ids.
        var isOutOfOrder = false
        for book in Self.books {
            var before: (source: Source, epoch: Epoch)?
            var offerings: [Source: Set<Identifier>] = [:]
            for record in try book.records() {
                guard case .decision(let decision) = record.content else { continue }
                if let before, before.epoch < record.epoch {
                    if before.source == decision.source {
                        isTakenOver.inside = true
                    } else {
                        isTakenOver.between = true
                    }
                }
                before = (decision.source, record.epoch)
                largest = max(largest, decision.n + 1)
                if decision.source.topic == .clock {
                    offerings[decision.source, default: []].insert(try #require(decision.offering))
                }
            }
            isShared = isShared || offerings.values.contains { $0.count > 1 }
            let opened = try book.decisions().compactMap { decision -> Identifier? in
                if case .offering(.opened) = decision.event { decision.offering } else { nil }
            }
            isOutOfOrder = isOutOfOrder || offerings.values.contains { sharing in
                let inOrder = opened.filter { sharing.contains($0) }
                return inOrder.count > 2 && inOrder != inOrder.sorted()
            }
        }
        #expect(isTakenOver == (true, true))
        #expect(largest > 7)
        #expect(isShared)
        #expect(isOutOfOrder)
    }

    @Test func everyReason() throws {
        var reasons: Set<Reason> = []
        for case .rejected(let rejection) in try Self.events() { reasons.insert(rejection.reason) }
        let missing = Reason.allCases.filter { !reasons.contains($0) }
        #expect(missing == Reason.allCases.filter { Self.neverGiven[$0] != nil })
    }

    /// Every term that can be wrong, and what is wrong with commands about an open offering.
    @Test func everyMemberOfBadTerms() throws {
        var members: Set<Member> = []
        for case .rejected(let rejection) in try Self.events() where rejection.reason == .badTerms {
            members.insert(try #require(rejection.member))
        }
        #expect(
            members == [
                .shares, .price, .lot, .minShares, .maxSharesPerAccount, .maxBidsPerAccount,
                .maxAccounts, .bidsPerMinutePerAccount, .opensAt, .closesAt, .minimumShares,
                .waitlistShares, .currency, .backstop, .rules, .distribution, .amount, .to,
            ])
    }

    @Test func everythingThatCanComeIn() throws {
        var actions: Set<String> = []
        var results: Set<PaymentResult.Kind> = []
        var rules: Set<RemainderRule> = []
        for input in try Self.inputs.get() {
            switch input {
            case .bid, .cancellation: break
            case .partitionCommand(let command):
                actions.insert("\(command.action)".prefix { $0.isLetter }.lowercased())
            case .paymentResult(let result): results.insert(result.kind)
            case .command(let command):
                actions.insert("\(command.action)".prefix { $0.isLetter }.lowercased())
                if case .open(let terms) = command.action {
                    rules.insert(terms.remainder ?? .split)
                }
            }
        }
        #expect(
            actions == [
                "open", "close", "pause", "resume", "amend", "cancel", "repay", "distribute",
                "correctclock", "recommandpayments",
            ])
        #expect(results == Set(PaymentResult.Kind.allCases))
        #expect(rules == Set(RemainderRule.allCases))
    }

    /// What has one type and more than one meaning.
    @Test(arguments: shades) func everyShade(_ shade: Shade) throws {
        #expect(try Self.events().contains(where: shade.isMeant))
    }

    struct Shade: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var isMeant: @Sendable (DecisionEvent) -> Bool

        init(_ name: String, _ isMeant: @escaping @Sendable (DecisionEvent) -> Bool) {
            testDescription = name
            self.isMeant = isMeant
        }
    }
}

extension CompletenessTests {
    static let shades: [Shade] =
        placements + repetitions + money + endings
        + ReleaseReason.allCases.map { reason in
            Shade("released, \(reason)") {
                if case .bid(.released(_, reason)) = $0 { true } else { false }
            }
        }

    private static let placements = [
        Shade("cut to the cap") {
            if case .bid(.reserved(let bid)) = $0 {
                bid.cut?.reason == .overAccountCap
            } else {
                false
            }
        },
        Shade("cut to the waitlist's room") {
            if case .bid(.waitlisted(let bid)) = $0 {
                bid.cut?.reason == .waitlistFull
            } else {
                false
            }
        },
        Shade("a part waits") {
            if case .bid(.reserved(let placed)) = $0 { placed.waiting > 0 } else { false }
        },
        Shade("all or none waits") {
            if case .bid(.waitlisted(let placed)) = $0 { placed.allOrNone } else { false }
        },
        Shade("promoted in part") {
            if case .bid(.promoted(let promotion)) = $0 { promotion.waiting > 0 } else { false }
        },
    ]

    private static let repetitions = [
        Shade("a bid again") {
            if case .repeated(.bid(_, _, _, .reserved, nil, _)) = $0 { true } else { false }
        },
        Shade("a refused bid again") {
            if case .repeated(.bid(_, _, _, .rejected, .some, _)) = $0 { true } else { false }
        },
        Shade("a command again") {
            if case .repeated(.command) = $0 { true } else { false }
        },
        Shade("a refused command again") {
            if case .repeated(.command(_, _, refused: .some)) = $0 { true } else { false }
        },
        Shade("a repayment that is refused") {
            if case .rejected(let refusal) = $0, case .command(_, .repay?) = refusal.subject {
                true
            } else {
                false
            }
        },
        Shade("what can't be read, of an offering that it names") {
            if case .rejected(let refusal) = $0,
                case .unreadable(_, .some, .some) = refusal.subject
            {
                true
            } else {
                false
            }
        },
        Shade("a payment result again") {
            if case .repeated(.payment) = $0 { true } else { false }
        },
    ]

    private static let money = [
        Shade("late money that finds shares") {
            if case .bid(.settledLate) = $0 { true } else { false }
        },
        Shade("late money that goes back") {
            if case .money(.refunding(let refund)) = $0 { refund.result != nil } else { false }
        },
        Shade("late money in lots") {
            if case .bid(.settledLate(let part)) = $0 {
                part.bid == "o1" && part.shares == 2
            } else {
                false
            }
        },
        Shade("late money under a cap") {
            if case .bid(.settledLate(let part)) = $0 {
                part.bid == "c1" && part.shares == 1
            } else {
                false
            }
        },
        Shade("a payout that came back") {
            if case .money(.paymentReturned(let result)) = $0 {
                result.payment.bid == nil
            } else {
                false
            }
        },
        Shade("what came back is counted") {
            if case .offering(.certificate(let certificate)) = $0 {
                certificate.returned > 0
            } else {
                false
            }
        },
        Shade("a paid part that is given up") {
            if case .money(.refunding(let refund)) = $0 { refund.result == nil } else { false }
        },
        Shade("a payout in doubt") { if case .money(.payoutInDoubt) = $0 { true } else { false } },
        Shade("a payout declined") {
            if case .money(.payoutDeclined(_, .declined, isProven: false)) = $0 {
                true
            } else {
                false
            }
        },
        Shade("a payout proven unpaid") {
            if case .money(.payoutDeclined(_, .declined, isProven: true)) = $0 {
                true
            } else {
                false
            }
        },
        Shade("a payout recalled") {
            if case .money(.payoutDeclined(_, .recalled, _)) = $0 { true } else { false }
        },
        Shade("a payout that two people gave up") {
            if case .money(.payoutDeclined(_, .failedByPerson, _)) = $0 { true } else { false }
        },
        Shade("interest") {
            if case .money(.distributed(let part)) = $0 { part.kind == .interest } else { false }
        },
        Shade("principal") {
            if case .money(.distributed(let part)) = $0 { part.kind == .principal } else { false }
        },
        Shade("a bid of the backstop") {
            if case .bid(.reserved(let placed)) = $0 { placed.bid == .backstop } else { false }
        },
    ]

    private static let endings = [
        Shade("closed by the clock") {
            if case .offering(.closing(command: nil)) = $0 { true } else { false }
        },
        Shade("closed by a command") {
            if case .offering(.closing(command: .some)) = $0 { true } else { false }
        },
        Shade("cancelled for a shortfall") {
            if case .offering(.cancelling(.shortfall)) = $0 { true } else { false }
        },
        Shade("cancelled by a command") {
            if case .offering(.cancelling(.command)) = $0 { true } else { false }
        },
    ]
}
