import Vocabulary

// What comes again under an id that was used before (Rules.md, Repeats).

extension OfferingBook {
    /// The same id again: a repeat where all of it is equal, which moves nothing.
    mutating func answerRepeat(
        of bid: Bid, first: BidContent, into group: inout DecisionGroup
    ) {
        let account: Identifier
        let was: DecisionType
        var reason: Reason?
        var now = Standing(reserved: 0, settled: 0, waiting: 0)
        switch first.fate {
        case .accepted(let index, let type):
            account = accounts.identifier(of: bids.account(of: index))
            was = type
            now = standing(of: index)
        case .rejected(let refusal, let rejected):
            account = rejected
            was = .rejected
            reason = refusal.reason
        }
        let isEqual =
            bid.account == account && bid.shares == first.asked && bid.allOrNone == first.allOrNone
        guard isEqual else {
            return reject(Rejection(Self.subject(bid), .conflictingDuplicate), into: &group)
        }
        record(
            .repeated(
                .bid(
                    bid: bid.bid, account: account, of: first.sequence, was: was, reason: reason,
                    now: now)),
            into: &group)
    }

    /// A command is decided once: the same id and content again repeat its decision, a refusal too,
    /// and other content under the id is refused. An `open` is recognized by the offering's id: the
    /// same terms again are a repeat under any command id, and it spends none.
    ///
    /// Answers false where the command is new.
    mutating func answerSpentID(
        of command: OfferingCommand, into group: inout DecisionGroup
    ) -> Bool {
        if case .open(let again) = command.action {
            guard rules.filledIn(again) == terms else {
                reject(command, .conflictingDuplicate, into: &group)
                return true
            }
            record(.repeated(.command(command.command, of: openedSequence)), into: &group)
            return true
        }
        if command.command == openingCommand {
            reject(command, .conflictingDuplicate, into: &group)
            return true
        }
        if let known = commands.find(command.command) {
            guard known.action == command.action else {
                reject(command, .conflictingDuplicate, into: &group)
                return true
            }
            let repetition = Repetition.command(
                command.command, of: known.sequence, refused: known.refusal)
            record(.repeated(repetition), into: &group)
            return true
        }
        return false
    }

    /// The offering is already in the requested state: a repeat, though the command's id is new.
    mutating func answerRepeat(
        of command: OfferingCommand, _ sequence: DecisionNumber, into group: inout DecisionGroup
    ) {
        `repeat`(command.command, of: sequence)
        record(.repeated(.command(command.command, of: sequence)), into: &group)
    }
}
