import Vocabulary

extension Forgery {
    static let ofParts: [Forgery] = [
        Forgery(.wrongParts, "more was asked for than is accounted for") {
            $0[try $0.index(.reserved, "b1")].event.changePlacement { $0.asked += 1 }
        },
        Forgery(.wrongParts, "a cut that nothing was cut by") {
            $0[try $0.index(.reserved, "b1")].event.changePlacement {
                $0.cut = Cut(shares: 0, reason: .overAccountCap)
                $0.shares -= 1
            }
        },
        Forgery(.wrongParts, "a bid waits that got shares") {
            let index = try $0.index(.reserved, "b1")
            guard case .bid(.reserved(let placement)) = $0[index].event else { return }
            $0[index].event = .bid(.waitlisted(placement))
        },
        Forgery(.wrongParts, "a bid is reserved that got none") {
            let index = try $0.index(.waitlisted, "b3")
            guard case .bid(.waitlisted(let placement)) = $0[index].event else { return }
            $0[index].event = .bid(.reserved(placement))
        },
        Forgery(.wrongParts, "the queue is longer than it says") {
            $0[try $0.index(.waitlisted, "b4")].event.changePlacement { $0.queued -= 1 }
        },
        Forgery(.wrongParts, "the queue is shorter than it says") {
            $0[try $0.index(.reserved, "d1")].event.changePlacement { $0.queued += 1 }
        },
        Forgery(.wrongParts, "a bid is promoted that nobody made") {
            $0[try $0.index(.promoted, "b3")].event = .bid(.promoted(
                Promotion(bid: "b99", account: "a3", shares: 3, waiting: 0)))
        },
        Forgery(.wrongParts, "the shares of a bid go to another account") {
            $0[try $0.index(.promoted, "b3")].event = .bid(.promoted(
                Promotion(bid: "b3", account: "a4", shares: 3, waiting: 0)))
        },
        Forgery(.wrongParts, "more is promoted than waits") {
            $0[try $0.index(.promoted, "b5")].event = .bid(.promoted(
                Promotion(bid: "b5", account: "a5", shares: 1, waiting: 1)))
        },
        Forgery(.wrongParts, "nothing is promoted") {
            $0[try $0.index(.promoted, "b5")].event = .bid(.promoted(
                Promotion(bid: "b5", account: "a5", shares: 0, waiting: 1)))
        },
        Forgery(.wrongParts, "what takes all or none is promoted in part") {
            $0[try $0.index(.promoted, "d5")].event = .bid(.promoted(
                Promotion(bid: "d5", account: "a4", shares: 1, waiting: 1)))
        },
        Forgery(.wrongParts, "the bid of a failed payment still waits") {
            $0.remove(try $0.index(.cancelled, "d1"))
        },
        Forgery(.wrongParts, "less is cancelled than waits") {
            $0[try $0.index(.cancelled, "d1")].event = .bid(.cancelled(
                WaitingPart(bid: "d1", account: "a1", shares: 1)))
        },
        Forgery(.wrongParts, "a bid is cancelled that nobody took back") {
            $0.remove(try $0.index(.expired, "b4"))
            let index = try $0.index(.inDoubt, "b1")
            $0.insert(
                .bid(.cancelled(WaitingPart(bid: "b4", account: "a4", shares: 2))),
                inGroupOf: index)
        },
        Forgery(.wrongParts, "a bid expires that was refused") {
            $0[try $0.index(.expired)].event = .bid(.expired(
                WaitingPart(bid: "b6", account: "a6", shares: 1)))
        },
        Forgery(.wrongParts, "a bid waits though all is sold") {
            $0.remove(try $0.index(.expired))
        },
    ]

    static let ofPayments: [Forgery] = [
        Forgery(.wrongPayment, "a payment settles more than was reserved") {
            $0[try $0.index(.settled, "b2")].event.pay { $0.shares += 1 }
        },
        Forgery(.wrongPayment, "a payment settles a part that there is not") {
            $0[try $0.index(.settled, "b2")].event.pay { $0.number = 2 }
        },
        Forgery(.wrongPayment, "a payment that settled is settled again") {
            let part = PaidPart(bid: "d4", account: "a3", shares: 2, number: 2, result: 2)
            $0.add(.bid(.settled(part)))
        },
        Forgery(.wrongPayment, "a payment that settled is released") {
            let part = PaidPart(bid: "d4", account: "a3", shares: 2, number: 2, result: 2)
            $0.add(.bid(.released(part, .declined)))
        },
        Forgery(.wrongPayment, "a payment that was released is in doubt") {
            let part = PaidPart(bid: "d5", account: "a4", shares: 2, number: 1, result: 2)
            $0.add(.bid(.inDoubt(part)))
        },
        Forgery(.wrongPayment, "a result moves a payment twice") {
            $0[try $0.index(.released, "b1")].event.pay { $0.result = 1 }
        },
        Forgery(.wrongParts, "a payment of a bid that nobody made") {
            $0[try $0.index(.settled, "b2")].event.pay { $0.bid = "b98" }
        },
        Forgery(.wrongParts, "a payment settles the shares of another account") {
            $0[try $0.index(.settled, "b2")].event.pay { $0.account = "a1" }
        },
    ]
}
