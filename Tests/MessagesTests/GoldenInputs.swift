import Messages
import Vocabulary

// One input of each form, as front ends, operators and payers write them (GoldenRecords.swift).

/// Every term given.
let allTerms: OfferingTerms = {
    var terms = OfferingTerms(shares: 100_000, price: 10_000, currency: "CNY")
    terms.lot = 10
    terms.minShares = 20
    terms.maxSharesPerAccount = 5_000
    terms.maxBidsPerAccount = 3
    terms.maxAccounts = 200
    terms.bidsPerMinutePerAccount = 60
    terms.opensAt = 1_795_464_000_000
    terms.closesAt = 1_795_465_000_000
    terms.remainder = .hold
    terms.waitlistShares = 0
    terms.minimumShares = 80_000
    terms.backstop = Backstop(account: "rich-1", maxShares: 9_007_199_254_740_991)
    terms.payee = "borrower:9"
    terms.distributions = AllowedDistributions(
        interest: ["2026-12", "2027-01"], principal: ["end"])
    terms.rules = 1
    return terms
}()

let allTermsText =
    #""shares":100000,"price":10000,"currency":"CNY","lot":10,"minShares":20,"#
    + #""maxSharesPerAccount":5000,"maxBidsPerAccount":3,"maxAccounts":200,"#
    + #""bidsPerMinutePerAccount":60,"#
    + #""opensAt":1795464000000,"closesAt":1795465000000,"remainder":"hold","#
    + #""waitlistShares":0,"minimumShares":80000,"#
    + #""backstop":{"account":"rich-1","maxShares":9007199254740991},"payee":"borrower:9","#
    + #""distributions":{"interest":["2026-12","2027-01"],"principal":["end"]},"rules":1"#

private let payment = PaymentID(offering: "loan-7", bid: "b-1", number: 1)

private func command(_ action: OfferingCommand.Action) -> InputRecord {
    .command(OfferingCommand(command: "c-1", offering: "loan-7", action: action))
}

/// Every input type with its bytes and its topic.
let goldenInputs: [(InputTopic, InputRecord, String)] = [
    (
        .bids,
        .bid(Bid(bid: "b-1", offering: "loan-7", account: "a-42", shares: 300, allOrNone: false)),
        #"{"type":"bid","bid":"b-1","offering":"loan-7","account":"a-42","shares":300,"#
            + #""allOrNone":false}"#
    ),
    (
        .bids,
        .bid(Bid(bid: "b", offering: "o", account: "a", shares: 0, allOrNone: true)),
        #"{"type":"bid","bid":"b","offering":"o","account":"a","shares":0,"allOrNone":true}"#
    ),
    (
        .bids,
        .cancellation(BidCancellation(bid: "b-1", offering: "loan-7", account: "a-42")),
        #"{"type":"cancel","bid":"b-1","offering":"loan-7","account":"a-42"}"#
    ),
    (
        .offeringCommands, command(.open(allTerms)),
        #"{"type":"offering.open","command":"c-1","offering":"loan-7","# + allTermsText + "}"
    ),
    (
        .offeringCommands, command(.close),
        #"{"type":"offering.close","command":"c-1","offering":"loan-7"}"#
    ),
    (
        .offeringCommands, command(.pause),
        #"{"type":"offering.pause","command":"c-1","offering":"loan-7"}"#
    ),
    (
        .offeringCommands, command(.resume),
        #"{"type":"offering.resume","command":"c-1","offering":"loan-7"}"#
    ),
    (
        .offeringCommands, command(.amend(closesAt: 1_795_464_049_394)),
        #"{"type":"offering.amend","command":"c-1","offering":"loan-7","closesAt":1795464049394}"#
    ),
    (
        .offeringCommands, command(.cancel(reason: nil)),
        #"{"type":"offering.cancel","command":"c-1","offering":"loan-7"}"#
    ),
    (
        .offeringCommands, command(.cancel(reason: "\"zurück\"\\\n\u{1}\u{1f}€😀/\u{7f}")),
        #"{"type":"offering.cancel","command":"c-1","offering":"loan-7","#
            + #""reason":"\"zurück\"\\\u000a\u0001\u001f€😀/"# + "\u{7f}\"}"
    ),
    (
        .offeringCommands, command(.repay(payment: payment)),
        #"{"type":"offering.repay","command":"c-1","offering":"loan-7","payment":"loan-7/b-1/1"}"#
    ),
    (
        .offeringCommands,
        command(.distribute(distribution: "2026-12", kind: .interest, amount: 416_700)),
        #"{"type":"offering.distribute","command":"c-1","offering":"loan-7","#
            + #""distribution":"2026-12","kind":"interest","amount":416700}"#
    ),
    (
        .offeringCommands,
        .partitionCommand(
            PartitionCommand(
                command: "c-1",
                action: .correctClock(
                    ClockCorrection(first: 512, last: 519, at: 1_795_464_049_394)))),
        #"{"type":"clock.correct","command":"c-1","from":512,"to":519,"at":1795464049394}"#
    ),
    (
        .offeringCommands,
        .partitionCommand(PartitionCommand(command: "c-1", action: .recommandPayments)),
        #"{"type":"payments.recommand","command":"c-1"}"#
    ),
    (
        .paymentResults,
        .paymentResult(
            PaymentResult(
                kind: .paid, payment: payment, result: 1, offering: "loan-7", account: "a-42",
                amount: 3_000_000)),
        #"{"type":"paid","command":"loan-7/b-1/1","result":1,"offering":"loan-7","#
            + #""account":"a-42","amount":3000000}"#
    ),
    (
        .paymentResults,
        .paymentResult(
            PaymentResult(
                kind: .failedByPerson, payment: payment, result: 2, offering: "loan-7",
                account: "a-42")),
        #"{"type":"failedByPerson","command":"loan-7/b-1/1","result":2,"offering":"loan-7","#
            + #""account":"a-42"}"#
    ),
]
