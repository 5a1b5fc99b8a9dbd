import Vocabulary

extension Forgery {
    static let ofLimits: [Forgery] = [
        Forgery(.overLimit, "an account has more than its cap") {
            $0[try $0.index(.reserved, "b2")].event.changePlacement {
                $0.cut = nil
                $0.waiting = 2
                $0.queued = 12
            }
        },
        Forgery(.overLimit, "more accounts have shares than may") {
            try $0.reopen("club") { $0.maxAccounts = 1 }
        },
        Forgery(.overLimit, "more wait than there is room for") {
            $0[try $0.index(.waitlisted, "b5")].event.changePlacement {
                $0.cut = nil
                $0.waiting = 4
                $0.queued += 3
            }
        },
    ]

    static let ofTerms: [Forgery] = [
        Forgery(.againstTerms, "a bid is cut by a cap that its account is below") {
            $0[try $0.index(.reserved, "b1")].event.changePlacement {
                $0.asked += 1
                $0.cut = Cut(shares: 1, reason: .overAccountCap)
            }
        },
        Forgery(.againstTerms, "a bid is cut by a cap where there is none") {
            $0[try $0.index(.reserved, "d3")].event.changePlacement {
                $0.asked += 2
                $0.cut = Cut(shares: 2, reason: .overAccountCap)
            }
        },
        Forgery(.againstTerms, "a bid is cut by a waitlist that has room") {
            $0[try $0.index(.reserved, "b2")].event.changePlacement {
                $0.cut?.reason = .waitlistFull
            }
        },
        Forgery(.againstTerms, "a bid is cut for what nothing is cut for") {
            $0[try $0.index(.reserved, "b2")].event.changePlacement { $0.cut?.reason = .notALot }
        },
        Forgery(.againstTerms, "a bid that takes all or none is split") {
            $0[try $0.index(.reserved, "d1")].event.changePlacement { $0.allOrNone = true }
        },
        Forgery(.againstTerms, "a bid that takes all or none is cut") {
            $0[try $0.index(.reserved, "b2")].event.changePlacement { $0.allOrNone = true }
        },
        Forgery(.againstTerms, "a bid that is no lot is taken") {
            $0[try $0.index(.reserved, "d3")].event.changePlacement {
                $0.asked = 3
                $0.shares = 3
            }
        },
        Forgery(.againstTerms, "a bid below the minimum is taken") {
            let index = try $0.index(.opened, of: "loan")
            guard case .offering(.opened(let command, var terms)) = $0[index].event else { return }
            terms.minShares = 5
            $0[index].event = .offering(.opened(command: command, terms))
        },
        Forgery(.againstTerms, "an offering has half a lot") {
            try $0.reopen("note") { $0.lot = 4 }
        },
        Forgery(.againstTerms, "an offering is sold in lots of nothing") {
            try $0.reopen("note") { $0.lot = 0 }
        },
        Forgery(.againstTerms, "an offering has no shares") {
            try $0.reopen("note") { $0.shares = 0 }
        },
    ]

    static let ofRefusals: [Forgery] = [
        Forgery(.againstTerms, "refused as filled, and it is not") {
            try $0.reject("b7", .filled)
        },
        Forgery(.againstTerms, "refused as too few, and it was not") {
            try $0.reject("b9", .belowMinimum)
        },
        Forgery(.againstTerms, "refused as no lot, and it is one") {
            try $0.reject("b9", .notALot)
        },
        Forgery(.againstTerms, "refused as too large, and it could be cut") {
            try $0.reject("b6", .tooLarge)
        },
        Forgery(.againstTerms, "refused for a cap, and its account is below") {
            try $0.reject("b6", .overAccountCap)
        },
        Forgery(.againstTerms, "refused for a cap, and there is none") {
            try $0.reject("d2", .overAccountCap)
        },
        Forgery(.againstTerms, "refused for the accounts, and its own has shares") {
            try $0.reject("b10", .tooManyAccounts)
        },
        Forgery(.againstTerms, "refused for the accounts, and there was a place") {
            try $0.reopen("club") { $0.maxAccounts = 3 }
        },
        Forgery(.againstTerms, "refused for a full waitlist, and there was room") {
            try $0.reject("d2", .waitlistFull)
        },
    ]
}

extension Forged {
    /// Opens an offering under other terms.
    mutating func reopen(
        _ offering: Identifier, _ change: (inout OfferingTerms) -> Void
    ) throws {
        let index = try index(.opened, of: offering)
        guard case .offering(.opened(let command, var terms)) = self[index].event else { return }
        change(&terms)
        self[index].event = .offering(.opened(command: command, terms))
    }

    /// Gives the refusal of a bid another reason.
    mutating func reject(_ bid: Identifier, _ reason: Reason) throws {
        let index = try index(.rejected, bid)
        guard case .rejected(var rejection) = self[index].event else { return }
        rejection.reason = reason
        self[index].event = .rejected(rejection)
    }
}
