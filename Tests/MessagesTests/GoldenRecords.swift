import Messages
import Vocabulary

// One record of each form, with the bytes that stand in the log. A line here is a promise: what
// was written once is readable for ever (Records.md).

let bidSource = Source(topic: .bids, partition: 0, offset: 512, at: 1_795_464_049_394)
let resultSource = Source(topic: .paymentResults, partition: 11, offset: 7, at: 1_795_464_050_000)
let commandSource = Source(topic: .offeringCommands, partition: 0, offset: 0, at: 1)
let clockSource = Source(
    topic: .clock, partition: 0, offset: 1_795_464_000_000, at: 1_795_464_000_000)

private let bidTail =
    #""topic":"bids","partition":0,"offset":512,"n":0,"at":1795464049394"#
private let resultTail =
    #""topic":"payment-results","partition":11,"offset":7,"n":0,"at":1795464050000"#
private let commandTail =
    #""topic":"offering-commands","partition":0,"offset":0,"n":0,"at":1"#
private let counterTail = #""free":99700,"reserved":300,"settled":0,"#
private let counters = Counters(free: 99_700, reserved: 300, settled: 0)

private func decision(
    _ event: DecisionEvent, offering: Identifier? = "loan-7", counted: Bool = true,
    source: Source = bidSource, n: Int64 = 0
) -> Decision {
    Decision(
        sequence: 812, offering: offering, event: event, counters: counted ? counters : nil,
        source: source, n: n)
}

/// Every decision type with the bytes that its hash covers.
let goldenDecisions: [(Decision, String)] = [
    (
        decision(
            .bid(.reserved(
                Placement(
                    bid: "b-1", account: "a-42", asked: 300, allOrNone: false, shares: 300,
                    waiting: 0, queued: 0)))),
        #"{"type":"reserved","seq":812,"offering":"loan-7","bid":"b-1","account":"a-42","#
            + #""asked":300,"allOrNone":false,"shares":300,"waiting":0,"# + counterTail + bidTail
    ),
    (
        decision(
            .bid(.reserved(
                Placement(
                    bid: "b-1", account: "a-42", asked: 300, allOrNone: false, shares: 100,
                    waiting: 150, queued: 1_150, cut: Cut(shares: 50, reason: .waitlistFull))))),
        #"{"type":"reserved","seq":812,"offering":"loan-7","bid":"b-1","account":"a-42","#
            + #""asked":300,"allOrNone":false,"shares":100,"waiting":150,"queued":1150,"#
            + #""cut":{"shares":50,"reason":"waitlistFull"},"# + counterTail + bidTail
    ),
    (
        decision(
            .bid(.waitlisted(
                Placement(
                    bid: "b-2", account: "a-42", asked: 300, allOrNone: true, shares: 0,
                    waiting: 300, queued: 300)))),
        #"{"type":"waitlisted","seq":812,"offering":"loan-7","bid":"b-2","account":"a-42","#
            + #""asked":300,"allOrNone":true,"shares":0,"waiting":300,"queued":300,"#
            + counterTail + bidTail
    ),
    (
        decision(
            .rejected(
                Rejection(
                    .bid(bid: "b-3", account: "a-42", asked: 0, allOrNone: false),
                    .belowMinimum))),
        #"{"type":"rejected","seq":812,"offering":"loan-7","bid":"b-3","account":"a-42","#
            + #""asked":0,"allOrNone":false,"reason":"belowMinimum","# + counterTail + bidTail
    ),
    (
        decision(
            .rejected(
                Rejection(
                    .bid(bid: "b-3", account: "a-42", asked: 5, allOrNone: true), .misrouted,
                    expectedPartition: 9)),
            counted: false),
        #"{"type":"rejected","seq":812,"offering":"loan-7","bid":"b-3","account":"a-42","#
            + #""asked":5,"allOrNone":true,"reason":"misrouted","expectedPartition":9,"# + bidTail
    ),
    (
        decision(.rejected(Rejection(.cancellation(bid: "b-3", account: "a-42"), .unsupported))),
        #"{"type":"rejected","seq":812,"offering":"loan-7","bid":"b-3","account":"a-42","#
            + #""reason":"unsupported","# + counterTail + bidTail
    ),
    (
        decision(
            .rejected(Rejection(.command("c-1"), .badTerms, member: .minShares)),
            counted: false, source: commandSource),
        #"{"type":"rejected","seq":812,"offering":"loan-7","command":"c-1","#
            + #""reason":"badTerms","member":"minShares","# + commandTail
    ),
    (
        decision(
            .rejected(
                Rejection(.command("c-3", .cancel(reason: "a \"why\"")), .wrongState)),
            source: commandSource),
        #"{"type":"rejected","seq":812,"offering":"loan-7","command":"c-3","#
            + #""action":{"type":"offering.cancel","reason":"a \"why\""},"#
            + #""reason":"wrongState","# + counterTail + commandTail
    ),
    (
        decision(
            .rejected(
                Rejection(
                    .command(
                        "c-4",
                        .distribute(distribution: "2026-12", kind: .principal, amount: 5)),
                    .badTerms, member: .amount)), source: commandSource),
        #"{"type":"rejected","seq":812,"offering":"loan-7","command":"c-4","#
            + #""action":{"type":"offering.distribute","distribution":"2026-12","#
            + #""kind":"principal","amount":5},"reason":"badTerms","member":"amount","#
            + counterTail + commandTail
    ),
    (
        decision(
            .rejected(Rejection(.command("c-6", .repay(payment: nil)), .wrongState)),
            source: commandSource),
        #"{"type":"rejected","seq":812,"offering":"loan-7","command":"c-6","#
            + #""action":{"type":"offering.repay"},"reason":"wrongState","#
            + counterTail + commandTail
    ),
    (
        decision(
            .rejected(
                Rejection(
                    .unreadable(
                        Malformation(.outOfRange, member: .shares, at: 61), bid: "b-3",
                        account: "a-42"), .malformed))),
        #"{"type":"rejected","seq":812,"offering":"loan-7","bid":"b-3","account":"a-42","#
            + #""reason":"malformed","#
            + #""error":{"code":"outOfRange","member":"shares","at":61},"# + counterTail + bidTail
    ),
    (
        decision(
            .rejected(
                Rejection(
                    .payment(
                        PaymentID(offering: "loan-7", bid: "b-1", kind: .refund(2), number: 1),
                        result: 4), .amountMismatch)), source: resultSource),
        #"{"type":"rejected","seq":812,"offering":"loan-7","payment":"loan-7/b-1/refund/2/1","#
            + #""result":4,"reason":"amountMismatch","# + counterTail + resultTail
    ),
    (
        decision(
            .rejected(Rejection(.payment(nil, result: 1), .unknownCommand)),
            source: resultSource),
        #"{"type":"rejected","seq":812,"offering":"loan-7","result":1,"#
            + #""reason":"unknownCommand","# + counterTail + resultTail
    ),
    (
        decision(
            .rejected(
                Rejection(
                    .unreadable(Malformation(.wrongType, member: .shares, at: 61)), .malformed)),
            offering: nil, counted: false),
        #"{"type":"rejected","seq":812,"reason":"malformed","#
            + #""error":{"code":"wrongType","member":"shares","at":61},"# + bidTail
    ),
    (
        decision(
            .rejected(Rejection(.unreadable(Malformation(.nullPayload, at: 0)), .malformed)),
            offering: nil, counted: false, source: resultSource),
        #"{"type":"rejected","seq":812,"reason":"malformed","#
            + #""error":{"code":"nullPayload","at":0},"# + resultTail
    ),
    (
        decision(
            .repeated(
                .bid(
                    bid: "b-1", account: "a-42", of: 800, was: .rejected, reason: .filled,
                    now: Standing(reserved: 0, settled: 0, waiting: 0)))),
        #"{"type":"repeated","seq":812,"offering":"loan-7","bid":"b-1","account":"a-42","#
            + #""of":800,"was":"rejected","reason":"filled","#
            + #""now":{"reserved":0,"settled":0,"waiting":0},"# + counterTail + bidTail
    ),
    (
        decision(
            .repeated(
                .bid(
                    bid: "b-1", account: "a-42", of: 800, was: .reserved, reason: nil,
                    now: Standing(reserved: 100, settled: 200, waiting: 300)))),
        #"{"type":"repeated","seq":812,"offering":"loan-7","bid":"b-1","account":"a-42","#
            + #""of":800,"was":"reserved","#
            + #""now":{"reserved":100,"settled":200,"waiting":300},"# + counterTail + bidTail
    ),
    (
        decision(.repeated(.command("c-1", of: 1)), source: commandSource),
        #"{"type":"repeated","seq":812,"offering":"loan-7","command":"c-1","of":1,"#
            + counterTail + commandTail
    ),
    (
        decision(
            .repeated(.command("c-1", of: 7, refused: .wrongState)), source: commandSource),
        #"{"type":"repeated","seq":812,"offering":"loan-7","command":"c-1","of":7,"#
            + #""was":"rejected","reason":"wrongState","# + counterTail + commandTail
    ),
    (
        decision(
            .repeated(
                .payment(
                    PaymentID(offering: "loan-7", bid: "b-1", number: 1), result: 1, last: 2)),
            source: resultSource),
        #"{"type":"repeated","seq":812,"offering":"loan-7","payment":"loan-7/b-1/1","#
            + #""result":1,"last":2,"# + counterTail + resultTail
    ),
    (
        decision(
            .bid(.promoted(Promotion(bid: "b-2", account: "a-42", shares: 200, waiting: 100))),
            source: resultSource, n: 1),
        #"{"type":"promoted","seq":812,"offering":"loan-7","bid":"b-2","account":"a-42","#
            + #""shares":200,"waiting":100,"# + counterTail
            + resultTail.replacing(#""n":0"#, with: #""n":1"#)
    ),
    (
        decision(
            .bid(
                .settled(PaidPart(bid: "b-1", account: "a-42", shares: 300, number: 1, result: 1))),
            source: resultSource),
        #"{"type":"settled","seq":812,"offering":"loan-7","bid":"b-1","account":"a-42","#
            + #""shares":300,"payment":"loan-7/b-1/1","result":1,"# + counterTail + resultTail
    ),
    (
        decision(
            .bid(.released(
                PaidPart(bid: "b-1", account: "a-42", shares: 300, number: 2, result: 1),
                .failedByPerson)), source: resultSource),
        #"{"type":"released","seq":812,"offering":"loan-7","bid":"b-1","account":"a-42","#
            + #""shares":300,"payment":"loan-7/b-1/2","result":1,"reason":"failedByPerson","#
            + counterTail + resultTail
    ),
    (
        decision(
            .bid(.inDoubt(
                PaidPart(
                    bid: "b-1", account: "a-42", shares: 300, number: 2_147_483_647, result: 0))),
            source: resultSource),
        #"{"type":"inDoubt","seq":812,"offering":"loan-7","bid":"b-1","account":"a-42","#
            + #""shares":300,"payment":"loan-7/b-1/2147483647","result":0,"#
            + counterTail + resultTail
    ),
    (
        decision(.offering(.paused(command: "c-8"))),
        #"{"type":"paused","seq":812,"offering":"loan-7","command":"c-8","# + counterTail
            + bidTail
    ),
    (
        decision(.offering(.resumed(command: "c-9"))),
        #"{"type":"resumed","seq":812,"offering":"loan-7","command":"c-9","# + counterTail
            + bidTail
    ),
    (
        decision(
            .bid(.cancelRequested(
                RecallRequest(bid: "b-2", account: "a-42", shares: 100, number: 2)))),
        #"{"type":"cancelRequested","seq":812,"offering":"loan-7","bid":"b-2","#
            + #""account":"a-42","shares":100,"payment":"loan-7/b-2/2","# + counterTail + bidTail
    ),
    (
        decision(.bid(.cancelled(WaitingPart(bid: "b-2", account: "a-42", shares: 100)))),
        #"{"type":"cancelled","seq":812,"offering":"loan-7","bid":"b-2","account":"a-42","#
            + #""shares":100,"# + counterTail + bidTail
    ),
    (
        decision(
            .bid(.expired(WaitingPart(bid: "b-2", account: "a-42", shares: 100))),
            source: clockSource),
        #"{"type":"expired","seq":812,"offering":"loan-7","bid":"b-2","account":"a-42","#
            + #""shares":100,"# + counterTail
            + #""topic":"clock","partition":0,"offset":1795464000000,"n":0,"at":1795464000000"#
    ),
    (
        decision(.offering(.opened(command: "c-1", allTerms)), source: commandSource),
        #"{"type":"opened","seq":812,"offering":"loan-7","command":"c-1","# + allTermsText + ","
            + counterTail + commandTail
    ),
    (
        decision(
            .offering(.opened(
                command: "c-1", OfferingTerms(shares: 100_000, price: 10_000, currency: "CNY"))),
            source: commandSource),
        #"{"type":"opened","seq":812,"offering":"loan-7","command":"c-1","#
            + #""shares":100000,"price":10000,"currency":"CNY","# + counterTail + commandTail
    ),
    (
        decision(.offering(.fullyReserved), n: 1),
        #"{"type":"fullyReserved","seq":812,"offering":"loan-7","# + counterTail
            + bidTail.replacing(#""n":0"#, with: #""n":1"#)
    ),
    (
        decision(.offering(.reopened), source: resultSource),
        #"{"type":"reopened","seq":812,"offering":"loan-7","# + counterTail + resultTail
    ),
    (
        decision(.offering(.scheduled(command: "c-1", allTerms)), source: commandSource),
        #"{"type":"scheduled","seq":812,"offering":"loan-7","command":"c-1","# + allTermsText
            + "," + counterTail + commandTail
    ),
    (
        decision(
            .offering(.amended(command: "c-5", closesAt: 1_795_464_049_394)),
            source: commandSource),
        #"{"type":"amended","seq":812,"offering":"loan-7","command":"c-5","#
            + #""closesAt":1795464049394,"# + counterTail + commandTail
    ),
    (
        decision(.offering(.closing(command: "c-2")), source: commandSource),
        #"{"type":"closing","seq":812,"offering":"loan-7","command":"c-2","# + counterTail
            + commandTail
    ),
    (
        decision(.offering(.closing(command: nil)), source: clockSource),
        #"{"type":"closing","seq":812,"offering":"loan-7","# + counterTail + clockTail
    ),
    (
        decision(.offering(.closedShort), source: resultSource),
        #"{"type":"closedShort","seq":812,"offering":"loan-7","# + counterTail + resultTail
    ),
    (
        decision(
            .offering(.cancelling(.command("c-3", reason: "borrower \"withdrew\""))),
            source: commandSource),
        #"{"type":"cancelling","seq":812,"offering":"loan-7","command":"c-3","#
            + #""reason":"borrower \"withdrew\"","# + counterTail + commandTail
    ),
    (
        decision(.offering(.cancelling(.shortfall)), source: resultSource),
        #"{"type":"cancelling","seq":812,"offering":"loan-7","reason":"shortfall","#
            + counterTail + resultTail
    ),
    (
        decision(.offering(.offeringCancelled), source: resultSource),
        #"{"type":"offeringCancelled","seq":812,"offering":"loan-7","# + counterTail + resultTail
    ),
    (
        Decision(
            sequence: 812, offering: nil,
            event: .partition(.clockCorrected(
                command: "c-1", ClockCorrection(first: 512, last: 519, at: 1_795_464_049_394))),
            counters: nil, source: commandSource, n: 0),
        #"{"type":"clockCorrected","seq":812,"command":"c-1","from":512,"to":519,"#
            + #""countsAt":1795464049394,"# + commandTail
    ),
    (
        Decision(
            sequence: 812, offering: nil,
            event: .partition(.paymentsRecommanded(command: "c-1", payments: 12, recalls: 1)),
            counters: nil, source: commandSource, n: 0),
        #"{"type":"paymentsRecommanded","seq":812,"command":"c-1","payments":12,"recalls":1,"#
            + commandTail
    ),
    (
        decision(.offering(.archived), source: clockSource),
        #"{"type":"archived","seq":812,"offering":"loan-7","# + counterTail + clockTail
    ),
    (
        decision(
            .bid(.settledLate(
                PaidPart(bid: "b-1", account: "a-42", shares: 300, number: 2, result: 3))),
            source: resultSource),
        #"{"type":"settled","seq":812,"offering":"loan-7","bid":"b-1","account":"a-42","#
            + #""shares":300,"payment":"loan-7/b-1/2","result":3,"late":true,"# + counterTail
            + resultTail
    ),
    (
        decision(
            .money(.refunding(
                Refund(
                    bid: .backstop, account: "a-42", shares: 300, number: 1, refund: 2,
                    amount: 3_000_000))), source: commandSource),
        #"{"type":"refunding","seq":812,"offering":"loan-7","bid":"loan-7/backstop","#
            + #""account":"a-42","shares":300,"payment":"loan-7/loan-7/backstop/1","#
            + #""refund":2,"amount":3000000,"# + counterTail + commandTail
    ),
    (
        decision(
            .money(.refunding(
                Refund(
                    bid: "b-1", account: "a-42", shares: 300, number: 1, refund: 1,
                    amount: 3_000_000, result: 4))), source: resultSource),
        #"{"type":"refunding","seq":812,"offering":"loan-7","bid":"b-1","account":"a-42","#
            + #""shares":300,"payment":"loan-7/b-1/1","refund":1,"amount":3000000,"result":4,"#
            + counterTail + resultTail
    ),
    (
        decision(.money(.refunded(payout(.refund(2), of: "b-1"))), source: resultSource),
        #"{"type":"refunded","seq":812,"offering":"loan-7","bid":"b-1","account":"a-42","#
            + #""payment":"loan-7/b-1/refund/2/1","amount":416700,"result":2,"# + counterTail
            + resultTail
    ),
    (
        decision(.money(.payoutInDoubt(payout(.disbursement, of: "a-42"))), source: resultSource),
        #"{"type":"inDoubt","seq":812,"offering":"loan-7","account":"a-42","#
            + #""payment":"loan-7/payee/disburse/a-42/1","amount":416700,"result":2,"#
            + counterTail + resultTail
    ),
    (
        decision(
            .money(.payoutDeclined(
                payout(.distribution(.interest, "2026-12"), of: "a-42"), .declined,
                isProven: true)), source: resultSource),
        #"{"type":"payoutDeclined","seq":812,"offering":"loan-7","account":"a-42","#
            + #""payment":"loan-7/distribution/interest/2026-12/a-42/1","amount":416700,"#
            + #""result":2,"reason":"declined","proven":true,"# + counterTail + resultTail
    ),
    (
        decision(.money(.paidOut(payout(.disbursement, of: "a-42"))), source: resultSource),
        #"{"type":"paidOut","seq":812,"offering":"loan-7","account":"a-42","#
            + #""payment":"loan-7/payee/disburse/a-42/1","amount":416700,"result":2,"#
            + counterTail + resultTail
    ),
    (
        decision(.money(.paymentReturned(payout(.collection, of: "b-1"))), source: resultSource),
        #"{"type":"paymentReturned","seq":812,"offering":"loan-7","bid":"b-1","#
            + #""account":"a-42","payment":"loan-7/b-1/1","amount":416700,"result":2,"#
            + counterTail + resultTail
    ),
    (
        decision(
            .money(.repaying(
                command: "c-6",
                named: PaymentID(offering: "loan-7", bid: "b-1", kind: .refund(1), number: 0),
                PayoutResult(
                    payment: PaymentID(
                        offering: "loan-7", bid: "b-1", kind: .refund(1), number: 2),
                    account: "a-42", amount: 416_700, result: 0))), source: commandSource),
        #"{"type":"repaying","seq":812,"offering":"loan-7","command":"c-6","#
            + #""action":{"type":"offering.repay","payment":"loan-7/b-1/refund/1"},"bid":"b-1","#
            + #""account":"a-42","payment":"loan-7/b-1/refund/1/2","amount":416700,"#
            + counterTail + commandTail
    ),
    (
        decision(
            .money(.distributed(
                Distributed(
                    command: "c-4", distribution: "2026-12", kind: .interest, total: 416_700,
                    account: "a-42", amount: 1_250))), source: commandSource),
        #"{"type":"distributed","seq":812,"offering":"loan-7","command":"c-4","#
            + #""distribution":"2026-12","kind":"interest","total":416700,"account":"a-42","#
            + #""amount":1250,"# + counterTail + commandTail
    ),
    (
        decision(
            .offering(.certificate(
                Certificate(
                    state: .closedShort, terms: allTerms,
                    inputs: [
                        Certificate.Range(topic: .offeringCommands, first: 0, last: 3),
                        Certificate.Range(topic: .bids, first: 17, last: 912),
                    ],
                    refusals: [
                        Certificate.Refusals(reason: .closed, count: 5),
                        Certificate.Refusals(reason: .waitlistFull, count: 1),
                    ], bids: 70, accounts: 42, refunded: 0, returned: 9))), source: resultSource),
        #"{"type":"certificate","seq":812,"offering":"loan-7","state":"closedShort","#
            + allTermsText + #","bids":70,"accounts":42,"refunded":0,"returned":9,"#
            + #""firstOffsets":{"offering-commands":0,"bids":17},"#
            + #""lastOffsets":{"offering-commands":3,"bids":912},"#
            + #""refusals":{"closed":5,"waitlistFull":1},"# + counterTail + resultTail
    ),
    (
        decision(.offering(.filled), source: resultSource),
        #"{"type":"filled","seq":812,"offering":"loan-7","# + counterTail + resultTail
    ),
    (
        decision(
            .rejected(Rejection(.batch(last: 1_042), .malformed)), offering: nil, counted: false),
        #"{"type":"rejected","seq":812,"reason":"malformed","lastOffset":1042,"#
            + #""error":{"code":"unreadable","at":0},"# + bidTail
    ),
]

private let clockTail =
    #""topic":"clock","partition":0,"offset":1795464000000,"n":0,"at":1795464000000"#

private func payout(_ kind: PaymentID.Kind, of subject: Identifier) -> PayoutResult {
    PayoutResult(
        payment: PaymentID(offering: "loan-7", subject: subject, kind: kind, number: 1),
        account: "a-42", amount: 416_700, result: 2)
}

extension CurrencyCode: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        guard let code = CurrencyCode(value) else { preconditionFailure("'\(value)'") }
        self = code
    }
}
