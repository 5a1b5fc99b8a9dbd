import Vocabulary

// The cap of an obligation, the lane of an account, the numbers of answers.
extension PaymentBook {
    func command(_ place: Int) -> PaymentCommand? { payments[place].intent?.command }

    func fault(_ kind: JournalFault.Kind, _ place: Int) -> JournalFault {
        JournalFault(kind, payments[place].id)
    }

    func place(of id: PaymentID) throws(JournalFault) -> Int {
        guard let place = places[id] else { throw JournalFault(.unknownCommand, id) }
        return place
    }

    /// Whether the cap has room for a command: both its own word of what is due and that of
    /// those before it count.
    func fits(_ command: PaymentCommand) -> Bool {
        guard let obligation = obligations[command.id.obligation], obligation.taken > 0 else {
            return command.amount <= command.due
        }
        let due = min(obligation.due, command.due)
        return command.amount <= due && obligation.taken <= due - command.amount
    }

    /// Counts a command against what is due.
    mutating func reserve(_ place: Int) {
        guard let command = command(place) else { return }
        let id = command.id.obligation
        var obligation = obligations[id] ?? Obligation(due: command.due)
        obligation.due =
            obligation.taken > 0 ? min(obligation.due, command.due) : command.due
        // What a journal lost counts however much it comes to.
        let (taken, isTooMuch) = obligation.taken.rawValue.addingReportingOverflow(
            command.amount.rawValue)
        obligation.taken = MinorUnits(rawValue: isTooMuch ? .max : taken)
        obligations[id] = obligation
    }

    /// Puts a ready command into the lane of its account.
    mutating func queue(_ place: Int) {
        lanes[payments[place].account, default: Lane()].waiting.append(place)
        if hasTurn(place) { turns.append(place) }
    }

    /// Takes note of the number of an answer, which must be the next one.
    mutating func number(
        _ place: Int, _ result: Int64?, reason: PaymentDoubt?
    ) throws(JournalFault) {
        guard let result else { return }
        guard result == payments[place].lastResult + 1 else { throw fault(.wrongResult, place) }
        payments[place].lastResult = result
        payments[place].lastReason = reason
    }

    /// Takes note of how far the command topic was read.
    mutating func pass(_ source: CommandSource) {
        if let last = lastSource, last.offset >= source.offset { return }
        lastSource = source
    }

    mutating func dropPassedTurns() {
        while turnsBegin < turns.count, !hasTurn(turns[turnsBegin]) { turnsBegin += 1 }
        if turnsBegin > 1_024, turnsBegin * 2 > turns.count {
            turns.removeFirst(turnsBegin)
            turnsBegin = 0
        }
    }
}

extension Payment {
    /// What an answer `inDoubt` gives as its reason; nil where the answer is another.
    var inDoubtReason: PaymentDoubt? {
        if case .parked(let doubt) = state { return doubt }
        return state.doubt
    }
}
