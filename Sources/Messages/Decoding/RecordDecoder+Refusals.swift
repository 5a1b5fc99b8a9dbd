import Vocabulary

extension Member {
    static let table = WordTable<Member>()
}

extension Malformation.Code {
    static let table = WordTable<Malformation.Code>()
}

extension RecordDecoder {
    /// A refusal. What was refused follows from the topic and from the members: `error` says that
    /// it could not be read, and a bid is told from its cancellation by `asked`.
    mutating func rejection(_ topic: InputTopic) throws(Malformation) -> Rejection {
        let subject = try rejectedSubject(topic)
        return Rejection(
            subject, try members.choice(.reason, among: Reason.table),
            member: try members.optionalChoice(.member, among: Member.table),
            expectedPartition: try members.optionalQuantity(.expectedPartition))
    }

    private mutating func rejectedSubject(
        _ topic: InputTopic
    ) throws(Malformation) -> Rejection.Subject {
        if members.has(.error) {
            let fault = try malformation()
            guard fault.code != .unreadable else {
                return .batch(last: try members.quantity(.lastOffset))
            }
            return .unreadable(
                fault, bid: try members.optionalIdentifier(.bid),
                account: try members.optionalIdentifier(.account))
        }
        switch topic {
        case .bids:
            let bid = try members.identifier(.bid)
            let account = try members.identifier(.account)
            guard members.has(.asked) else { return .cancellation(bid: bid, account: account) }
            return .bid(
                bid: bid, account: account, asked: try members.quantity(.asked),
                allOrNone: try members.boolean(.allOrNone))
        case .offeringCommands:
            return try refusedCommand()
        case .paymentResults:
            let payment = members.has(.payment) ? try members.paymentID(.payment) : nil
            return .payment(payment, result: try members.integer(.result))
        case .clock:
            // The clock asks for nothing that could be refused.
            throw members.fault(.badValue, .topic, try members.required(.topic))
        }
    }

    /// What is wrong with a record that can't be read.
    mutating func malformation() throws(Malformation) -> Malformation {
        try nested.read(members.object(.error), in: members.reader)
        try nested.checkListed([.code, .member, .unlisted, .at])
        return Malformation(
            try nested.choice(.code, among: Malformation.Code.table),
            member: try nested.optionalChoice(.member, among: Member.table),
            unlisted: try nested.optionalIdentifier(.unlisted), at: Int(try nested.integer(.at)))
    }

    /// The same input once more; which kind of input follows from the topic.
    mutating func repetition(
        _ topic: InputTopic, _ offering: Identifier?
    ) throws(Malformation) -> Repetition {
        switch topic {
        case .bids:
            return .bid(
                bid: try members.bid(.bid, of: offering),
                account: try members.identifier(.account),
                of: try members.quantity(.of),
                was: try members.choice(.was, among: DecisionType.table),
                reason: try members.optionalChoice(.reason, among: Reason.table),
                now: try standing())
        case .offeringCommands:
            return .command(
                try members.identifier(.command), of: try members.quantity(.of),
                refused: try refusalBefore())
        case .paymentResults:
            guard let id = try members.paymentID(.payment) else {
                throw members.fault(.badValue, .payment, try members.required(.payment))
            }
            return .payment(
                id, result: try members.integer(.result), last: try members.integer(.last))
        case .clock:
            throw members.fault(.badValue, .topic, try members.required(.topic))
        }
    }

    /// Why the command was refused that is repeated, if it was.
    private func refusalBefore() throws(Malformation) -> Reason? {
        guard members.has(.was) || members.has(.reason) else { return nil }
        let was = try members.choice(.was, among: DecisionType.table)
        guard was == .rejected else {
            throw members.fault(.badValue, .was, try members.required(.was))
        }
        return try members.choice(.reason, among: Reason.table)
    }

    private mutating func standing() throws(Malformation) -> Standing {
        try nested.read(members.object(.now), in: members.reader)
        try nested.checkListed([.reserved, .settled, .waiting])
        return Standing(
            reserved: try nested.quantity(.reserved), settled: try nested.quantity(.settled),
            waiting: try nested.quantity(.waiting))
    }
}
