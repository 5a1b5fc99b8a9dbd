import Payments
import Testing
import Vocabulary

/// Lookups that don't find what is there, or can't be asked; and banks that change their mind.
@Suite struct LookupCases {
    private let one = "o/b-1/1"

    @Test("case 36: a lookup that finds nothing for a minute is no proof of absence")
    func case36() throws {
        for lookup in [
            #"{"action":"lookupMissing","forMs":60000}"#,
            #"{"action":"lookupNotFound","ms":60000}"#,
            #"{"action":"lookupIncomplete","times":2}"#,
        ] {
            let bench = try CaseBench(#"[{"action":"drop","times":1},\#(lookup)]"#)
            try bench.order(one)
            try bench.payAll()
            try bench.expectPaid([one], requests: 1)
        }
        // A view that says it is complete and isn't: the repeat finds the first.
        let bench = try CaseBench(
            #"[{"action":"drop","times":1},\#(CaseBench.missedOnce)]"#
        ) { $0.notFoundIsFinal = false }
        try bench.order(one)
        try bench.payAll()
        try bench.expectPaid([one], requests: 2)
        #expect(try bench.client.requests().last { $0.method == "POST" }?.status == 200)
    }

    @Test("case 37: while lookups are down nothing is sent, and they go on")
    func case37() throws {
        let bench = try CaseBench(
            #"[{"action":"drop","times":1},{"action":"lookupFails","forMs":108000000}]"#)
        try bench.order(one)
        let payer = bench.payer(stopsAtEnd: false)
        let start = bench.clock.now
        try bench.run(payer) { payer.payment(CaseBench.id(one))?.state == .parked(.unresolved) }
        let parkedAfter = (bench.clock.now - start) / 3_600_000
        #expect((24...26).contains(parkedAfter), "\(parkedAfter) h")
        #expect(bench.attention == [.parked(.unresolved)])
        #expect(bench.gateway.lookups.count > 20 && bench.gateway.lookups.count < 60)
        try bench.run(payer) { payer.payment(CaseBench.id(one))?.state == .paid }
        #expect(bench.clock.now - start >= 108_000_000)
        #expect(try bench.results(of: one) == [
            "inDoubt:outcomeUnknown", "inDoubt:unresolved", "paid",
        ])
        try bench.expectPaid([one], requests: 1)
    }

    @Test("case 38: an execution five minutes behind the reset, and the repeat, are one")
    func case38() throws {
        let bench = try CaseBench(#"[{"action":"executeLate","ms":300000,"times":1}]"#)
        try bench.order(one)
        try bench.payAll()
        try bench.pass(600_000)
        try bench.expectPaid([one], requests: 2)
    }

    @Test("case 39: nothing is sent under a key whose lifetime is nearly over")
    func case39() throws {
        // Never executed; asked for in vain until the key can't be relied on.
        let bench = try CaseBench(
            #"[{"action":"drop","phase":"before","times":1},"#
                + #"{"action":"lookupFails","forMs":82800000}]"#
        ) {
            $0.keyLifetimeMilliseconds = 86_400_000
            $0.keyLifetimeMarginMilliseconds = 7_200_000
        }
        try bench.order(one)
        let payer = bench.payer(stopsAtEnd: false)
        try bench.run(payer, atMostHours: 72) {
            payer.payment(CaseBench.id(one))?.state == .parked(.keyExpired)
        }
        #expect(payer.payment(CaseBench.id(one))?.state == .parked(.keyExpired))
        try bench.run(payer, atMostHours: 72)
        #expect(try bench.posts(one) == 1, "a late repeat")
        #expect(bench.attention.contains(.parked(.keyExpired)))
        try bench.expectConserved()
    }

    @Test("case 40: a bank that knows no keys gets one request, and people the rest")
    func case40() throws {
        let faults =
            #"[{"action":"ignoreKey"},{"action":"drop","times":1},\#(CaseBench.missedOnce)]"#
        let bench = try CaseBench(faults) {
            $0 = ProviderProfile()
            $0.looksUpByKey = true
            $0.lookupVisibilityDelayMilliseconds = 0
        }
        try bench.order(one)
        try bench.payAll()
        #expect(try bench.posts(one) == 1)
        #expect(try bench.client.ledger().movements.count == 1)
        try bench.expectConserved()
        // One that can't be asked either.
        let blind = try CaseBench(faults) { $0 = ProviderProfile() }
        try blind.order(one)
        try blind.payAll()
        #expect(try blind.results(of: one).last == "inDoubt:noLookup")
        #expect(try blind.posts(one) == 1)
        try blind.expectConserved()
        // Why a profile that claims too much must be refused.
        let wrong = try CaseBench(faults)
        try wrong.order(one)
        try wrong.payAll()
        #expect(try wrong.client.ledger().movements.count == 2, "the case shows nothing")
    }

    @Test("case 41: what is pending for three days is settled once, either way")
    func case41() throws {
        for (then, result) in [("succeeded", "paid"), ("failed", "declined")] {
            let bench = try CaseBench(
                #"[{"action":"pending","ms":259200000,"then":"\#(then)"}]"#)
            try bench.order(one)
            let payer = bench.payer(stopsAtEnd: false)
            try bench.run(payer) { payer.payment(CaseBench.id(one))?.state.isFinal == true }
            #expect(try bench.results(of: one) == [
                "inDoubt:pending", "inDoubt:unresolved", result,
            ])
            #expect(try bench.posts(one) == 1)
            try bench.run(payer, atMostHours: 48)
            #expect(try bench.results(of: one).count == 3)
            try bench.expectConserved()
        }
    }

    @Test("case 42: what succeeded and was reversed is returned, on the statement's word")
    func case42() throws {
        let bench = try CaseBench(#"[{"action":"reverse","ms":3600000}]"#)
        let interest = "o/distribution/interest/d/anna/"
        try bench.order(interest + "1", due: 100)
        let payer = bench.payer(stopsAtEnd: false)
        try bench.run(payer) { payer.payment(CaseBench.id(interest + "1"))?.state == .paid }
        try bench.pass(7_200_000)
        #expect(try bench.client.ledger().reversals.count == 1)
        // Nobody pays it again by itself.
        try bench.order(interest + "2", due: 100)
        try bench.run(payer) { payer.payment(CaseBench.id(interest + "2")) != nil }
        try bench.run(payer, atMostHours: 48)
        #expect(try bench.results(of: interest + "1") == ["paid"])
        #expect(try bench.results(of: interest + "2") == ["inDoubt:overObligation"])
        #expect(try bench.client.ledger().movements.count == 1)
        try bench.showLine(interest + "1", "returned")
        try bench.run(payer) { try bench.results(of: interest + "1").last == "returned" }
        #expect(try bench.results(of: interest + "1") == ["paid", "returned"])
        #expect(try bench.posts(interest + "1") == 1)
    }

    @Test("case 43: what failed and was rolled forward is a conflict, and nothing is sent")
    func case43() throws {
        let bench = try CaseBench(#"[{"action":"rollForward","ms":7200000}]"#)
        try bench.order(one)
        let payer = bench.payer(stopsAtEnd: false)
        try bench.run(payer) { payer.payment(CaseBench.id(one))?.state == .declined }
        #expect(try bench.client.ledger().movements.isEmpty)
        try bench.run(payer, atMostHours: 48)
        #expect(try bench.client.ledger().movements.count == 1)
        withKnownIssue("a final decline is not looked up again, so only a statement tells") {
            #expect(!bench.attention.isEmpty)
        }
        try bench.showLine(one)
        try bench.run(payer) { try bench.results(of: one).last == "conflict" }
        #expect(try bench.results(of: one).last == "conflict")
        #expect(bench.attention.contains(.contradiction))
        #expect(try bench.posts(one) == 1)
        try bench.expectConserved()
    }
}
