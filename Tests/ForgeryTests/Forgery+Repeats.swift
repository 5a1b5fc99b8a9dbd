import Vocabulary

extension Forgery {
    static let ofRepeats: [Forgery] = [
        Forgery(.wrongRepeat, "a bid is taken for the first time twice") {
            let first = $0[try $0.index(.waitlisted, "b4")]
            $0.insert(first.event, inGroupOf: try $0.index(.waitlisted, "b5"))
        },
        Forgery(.wrongRepeat, "a refused bid is refused for the first time twice") {
            let first = $0[try $0.index(.rejected, "b6")]
            $0[try $0.index(.repeated, "b6")].event = first.event
        },
        Forgery(.wrongRepeat, "a bid that was taken is refused") {
            $0[try $0.index(.repeated, "b1")].event = .refusedFirst(.waitlistFull)
        },
        Forgery(.wrongRepeat, "an equal bid is said to conflict") {
            $0[try $0.index(.repeated, "b1")].event = .refusedFirst(.conflictingDuplicate)
        },
        Forgery(.wrongRepeat, "a bid is said to conflict with what never was") {
            try $0.reject("b7", .conflictingDuplicate)
        },
        Forgery(.wrongRepeat, "a bid repeats what never was") {
            try $0.repeatBid("b1") { $0.bid = "b96" }
        },
        Forgery(.wrongRepeat, "a bid repeats another decision") {
            try $0.repeatBid("b1") { $0.of += 1 }
        },
        Forgery(.wrongRepeat, "a bid repeats another account's") {
            try $0.repeatBid("b1") { $0.account = "a2" }
        },
        Forgery(.wrongRepeat, "a bid is said to have been waitlisted") {
            try $0.repeatBid("b1") { $0.was = .waitlisted }
        },
        Forgery(.wrongRepeat, "a bid is said to have been refused otherwise") {
            try $0.repeatBid("b6") { $0.reason = .belowMinimum }
        },
        Forgery(.wrongRepeat, "a bid is said to stand otherwise: reserved") {
            try $0.repeatBid("b1") { $0.now.reserved -= 1 }
        },
        Forgery(.wrongRepeat, "a bid is said to stand otherwise: settled") {
            try $0.repeatBid("b1") { $0.now.settled += 1 }
        },
        Forgery(.wrongRepeat, "a bid is said to stand otherwise: waiting") {
            try $0.repeatBid("b1") { $0.now.waiting += 1 }
        },
        Forgery(.wrongRepeat, "an offering is opened twice") {
            let opened = $0[try $0.index(.opened, of: "note")]
            $0.add(opened.event)
        },
        Forgery(.wrongRepeat, "a command repeats another decision") {
            let index = try $0.index(.repeated, of: "note")
            $0[index].event = .repeated(.command("c3", of: $0[index].sequence - 2))
        },
        Forgery(.wrongRepeat, "a payment result repeats one that never came") {
            try $0.repeatPayment { ($0, 2, 2) }
        },
        Forgery(.wrongRepeat, "a payment result repeats though it is higher") {
            try $0.repeatPayment { ($0, 2, 1) }
        },
        Forgery(.wrongRepeat, "a payment result repeats one of another payment") {
            try $0.repeatPayment { (PaymentID(offering: $0.offering, bid: "b3", number: 1), 1, 1) }
        },
        Forgery(.wrongRepeat, "a payment result repeats one of no payment") {
            try $0.repeatPayment { (PaymentID(offering: $0.offering, bid: "b2", number: 2), 1, 1) }
        },
        Forgery(.wrongState, "a new result is said to contradict an open payment") {
            let index = try $0.index(.inDoubt, "b1")
            let payment = PaymentID(offering: "loan", bid: "b1", number: 1)
            $0[index].event = .rejected(Rejection(.payment(payment, result: 1), .wrongState))
        },
        Forgery(.wrongPayment, "an old result is said to contradict") {
            let payment = PaymentID(offering: "note", bid: "d4", number: 2)
            $0.add(.rejected(Rejection(.payment(payment, result: 1), .wrongState)))
            $0.answer()
        },
    ]
}

/// What a repeated bid says.
struct RepeatedBid {
    var bid: Identifier
    var account: Identifier
    var of: DecisionNumber
    var was: DecisionType
    var reason: Reason?
    var now: Standing
}

extension DecisionEvent {
    /// The refusal of the story's first bid, as it was told.
    fileprivate static func refusedFirst(_ reason: Reason) -> DecisionEvent {
        let subject = Rejection.Subject.bid(bid: "b1", account: "a1", asked: 4, allOrNone: false)
        return .rejected(Rejection(subject, reason))
    }
}

extension Forged {
    /// Changes what the first repeat of a bid says.
    mutating func repeatBid(_ bid: Identifier, _ change: (inout RepeatedBid) -> Void) throws {
        let index = try index(.repeated, bid)
        guard case .repeated(.bid(let bid, let account, let of, let was, let reason, let now)) =
            self[index].event
        else { return }
        var said = RepeatedBid(
            bid: bid, account: account, of: of, was: was, reason: reason, now: now)
        change(&said)
        self[index].event = .repeated(
            .bid(
                bid: said.bid, account: said.account, of: said.of, was: said.was,
                reason: said.reason, now: said.now))
    }

    /// Changes what the only repeat of a payment result says: the payment, the result, the last.
    mutating func repeatPayment(
        _ change: (PaymentID) -> (PaymentID, result: Int64, last: Int64)
    ) throws {
        for index in decisions.indices {
            guard case .repeated(.payment(let payment, _, _)) = self[index].event else { continue }
            let (changed, result, last) = change(payment)
            self[index].event = .repeated(.payment(changed, result: result, last: last))
        }
    }

    /// Lets the last input be a payment result.
    mutating func answer() { self[decisions.count - 1].source.topic = .paymentResults }
}
