import Vocabulary

// The end of the sale (Rules.md, Closing). What follows once nothing is reserved any more is
// drawn with the other consequences (`OfferingBook+Serving.swift`).

extension OfferingBook {
    /// `offering.close`: no more bids. Asked again it repeats what closed it.
    mutating func decideClose(_ command: OfferingCommand, into group: inout DecisionGroup) {
        if state == .closing {
            return answerRepeat(of: command, closingSequence, into: &group)
        }
        guard state.isBeforeClose else {
            return reject(spending: command, .wrongState, into: &group)
        }
        close(by: command.command, sequence: group.nextSequence)
        record(.offering(.closing(command: command.command)), into: &group)
    }

    /// What becomes of an offering in which nothing is reserved and nobody can be served.
    var ending: Consequence {
        if let front = waitlist.front { return .expiry(front) }
        if let shares = backstopShares { return .backstop(shares) }
        return counters.settled >= bidTerms.minimumShares ? .closedShort : .shortfall
    }
}
