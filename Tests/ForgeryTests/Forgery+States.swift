import Vocabulary

extension Forgery {
    static let ofStates: [Forgery] = [
        Forgery(.wrongState, "nothing is free, and nobody says so") {
            $0.remove(try $0.index(.fullyReserved, of: "loan"))
        },
        Forgery(.wrongState, "fullyReserved twice") {
            $0.insert(
                .offering(.fullyReserved), inGroupOf: try $0.index(.fullyReserved, of: "loan"))
        },
        Forgery(.wrongState, "fullyReserved while shares are free") {
            $0.add(.offering(.fullyReserved))
        },
        Forgery(.wrongState, "shares are free, and nobody says so") {
            $0.remove(try $0.index(.reopened))
        },
        Forgery(.wrongState, "reopened twice") {
            $0.insert(.offering(.reopened), inGroupOf: try $0.index(.reopened))
        },
        Forgery(.wrongState, "reopened with nothing free") {
            $0[try $0.index(.fullyReserved, of: "loan")].event = .offering(.reopened)
        },
        Forgery(.wrongState, "all is settled, and nobody says so") {
            $0.remove(try $0.index(.expired))
            $0.remove(try $0.index(.filled))
        },
        Forgery(.wrongState, "filled before all is settled") {
            $0[try $0.index(.fullyReserved, of: "loan")].event = .offering(.filled)
        },
        Forgery(.wrongState, "filled twice") {
            $0.insert(.offering(.filled), inGroupOf: try $0.index(.filled))
        },
        Forgery(.wrongState, "a bid expires before all is sold") {
            $0.remove(try $0.index(.expired))
            $0.insert(
                .bid(.expired(WaitingPart(bid: "b4", account: "a4", shares: 2))),
                inGroupOf: try $0.index(.filled))
        },
        Forgery(.wrongState, "a bid is taken by an offering that is filled") {
            let placement = Placement(
                bid: "b97", account: "a9", asked: 1, allOrNone: false, shares: 0, waiting: 1,
                queued: 17)
            $0.add(.bid(.waitlisted(placement)), of: "loan")
        },
        Forgery(.wrongState, "a bid is taken by an offering that nobody opened") {
            $0[try $0.index(.reserved, "b1")].offering = "nothing"
        },
        Forgery(.wrongState, "a refusal by an offering that nobody opened has counters") {
            let index = try $0.reason(.unknownOffering)
            $0[index].counters = Counters(free: 1, reserved: 0, settled: 0)
        },
        Forgery(.wrongState, "an offering that is open is said to be unknown") {
            try $0.reject("b7", .unknownOffering)
        },
    ]

    static let ofServing: [Forgery] = [
        Forgery(.notServed, "nobody is served with what was given back") {
            let first = try $0.index(.promoted, "b3")
            $0.remove(first)
            $0.remove(try $0.index(.promoted, "b5"))
        },
        Forgery(.notServed, "the last who could be served is not") {
            $0.remove(try $0.index(.promoted, "d5"))
        },
        Forgery(.notServed, "somebody is served with less than there is") {
            let index = try $0.index(.promoted, "b3")
            $0[index].event = .bid(.promoted(
                Promotion(bid: "b3", account: "a3", shares: 2, waiting: 1)))
        },
        Forgery(.wrongOrder, "a later one is promoted before the earlier") {
            let first = try $0.index(.promoted, "b3")
            let second = try $0.index(.promoted, "b5")
            $0.exchange(first, second)
        },
        Forgery(.wrongOrder, "one who may be split is passed over for one who takes all") {
            let first = try $0.index(.promoted, "d4")
            let second = try $0.index(.promoted, "d5")
            $0.exchange(first, second)
        },
        Forgery(.wrongOrder, "an arriving bid waits though shares are free") {
            $0[try $0.index(.reserved, "b1")].event.changePlacement {
                $0.shares = 3
                $0.waiting = 1
                $0.queued = 4
            }
        },
        Forgery(.wrongOrder, "an arriving bid gets more than is free") {
            $0[try $0.index(.reserved, "d1")].event.changePlacement {
                $0.shares = 8
                $0.waiting = 0
            }
        },
        Forgery(.wrongOrder, "a bid that takes all waits though all is free") {
            let index = try $0.index(.reserved, "b1")
            guard case .bid(.reserved(var placement)) = $0[index].event else { return }
            (placement.shares, placement.waiting, placement.queued) = (0, 4, 4)
            placement.allOrNone = true
            $0[index].event = .bid(.waitlisted(placement))
        },
        Forgery(.wrongOrder, "a bid that takes all gets more than is free") {
            let index = try $0.index(.waitlisted, "d5")
            guard case .bid(.waitlisted(var placement)) = $0[index].event else { return }
            (placement.shares, placement.waiting) = (2, 0)
            $0[index].event = .bid(.reserved(placement))
        },
    ]
}
