import Vocabulary

extension Malformation.Code {
    static let table = WordTable<Malformation.Code>()
}

extension RecordDecoder {
    /// A refusal. What was refused follows from the topic and from the members: `error` says that
    /// it could not be read, and `asked` tells a bid from its cancellation.
    mutating func rejection(_ topic: InputTopic) throws(Malformation) -> Rejection {
        let subject = try rejectedSubject(topic)
        return Rejection(
            subject, try members.choice(.reason, among: Reason.table),
            member: try members.optionalChoice(.member, among: Member.tableOfInputs),
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
            return try rejectedCommand()
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
            member: try nested.optionalChoice(.member, among: Member.tableOfInputs),
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

extension JSONWriter {
    @inline(__always)
    mutating func rejection(
        _ rejection: borrowing Rejection, of offering: borrowing Identifier?
    ) {
        var malformation: Malformation?
        var last: Offset?
        switch rejection.subject {
        case .bid(let bid, let account, let asked, let allOrNone):
            bidder(bid, account, of: offering)
            member(",\"asked\":", asked)
            member(",\"allOrNone\":", allOrNone)
        case .cancellation(let bid, let account):
            bidder(bid, account, of: offering)
        case .command(let command, let action):
            member(",\"command\":\"", command)
            if let action { self.action(action) }
        case .partitionCommand(let command):
            member(",\"command\":\"", command.command)
            action(command.action)
        case .payment(let payment, let result):
            if let payment { member(",\"payment\":\"", payment) }
            member(",\"result\":", result)
        case .unreadable(let fault, let bid, let account):
            if let bid { member(",\"bid\":\"", bid) }
            if let account { member(",\"account\":\"", account) }
            malformation = fault
        case .batch(let offset):
            malformation = Malformation(.unreadable, at: 0)
            last = offset
        }
        member(",\"reason\":\"", word: rejection.reason.rawValue)
        if let wrong = rejection.member { member(",\"member\":\"", word: wrong.rawValue) }
        optionalMember(",\"expectedPartition\":", rejection.expectedPartition)
        optionalMember(",\"lastOffset\":", last)
        if let malformation { error(malformation) }
    }

    /// What is wrong with a record that can't be read.
    mutating func error(_ malformation: Malformation) {
        member(",\"error\":{\"code\":\"", word: malformation.code.rawValue)
        if let wrong = malformation.member { member(",\"member\":\"", word: wrong.rawValue) }
        if let name = malformation.unlisted { member(",\"unlisted\":\"", name) }
        member(",\"at\":", Int64(malformation.position))
        literal("}")
    }

    mutating func repetition(
        _ repetition: borrowing Repetition, of offering: borrowing Identifier?
    ) {
        switch copy repetition {
        case .bid(let bid, let account, let first, let was, let reason, let now):
            bidder(bid, account, of: offering)
            member(",\"of\":", first)
            member(",\"was\":\"", word: was.rawValue)
            if let reason { member(",\"reason\":\"", word: reason.rawValue) }
            member(",\"now\":{\"reserved\":", now.reserved)
            member(",\"settled\":", now.settled)
            member(",\"waiting\":", now.waiting)
            literal("}")
        case .command(let command, let first, let refused):
            member(",\"command\":\"", command)
            member(",\"of\":", first)
            if let refused {
                literal(",\"was\":\"rejected\"")
                member(",\"reason\":\"", word: refused.rawValue)
            }
        case .payment(let payment, let result, let last):
            member(",\"payment\":\"", payment)
            member(",\"result\":", result)
            member(",\"last\":", last)
        }
    }

    /// `name` ends with the opening quote.
    mutating func member(_ name: StaticString, _ id: borrowing PaymentID) {
        literal(name)
        paymentID(id)
        literal("\"")
    }
}
