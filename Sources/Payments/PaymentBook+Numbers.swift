import Vocabulary

// Finding a command, and the numbers that answers and sources carry.
extension PaymentBook {
    func command(_ index: Int) -> PaymentCommand? { payments[index].intent?.command }

    func fault(_ kind: JournalFault.Kind, _ index: Int) -> JournalFault {
        JournalFault(kind, payments[index].id)
    }

    func index(of id: PaymentID) throws(JournalFault) -> Int {
        guard let index = indexByID[id] else { throw JournalFault(.unknownCommand, id) }
        return index
    }

    /// Takes note of the number of an answer, which must be the next one.
    mutating func number(
        _ index: Int, _ result: Int64?, reason: PaymentDoubt?
    ) throws(JournalFault) {
        guard let result else { return }
        guard result == payments[index].lastResult + 1 else { throw fault(.wrongResult, index) }
        payments[index].lastResult = result
        payments[index].lastReason = reason
    }

    /// Takes note of how far the command topic was read.
    mutating func pass(_ source: CommandSource) {
        if let last = lastSource, last.offset >= source.offset { return }
        lastSource = source
    }
}

extension Payment {
    /// What an answer `inDoubt` gives as its reason; nil where the answer is another.
    var inDoubtReason: PaymentDoubt? {
        if case .parked(let doubt) = state { return doubt }
        return state.doubt
    }
}
