import Vocabulary

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

    /// What a command asked for, but for an `open`.
    mutating func action(_ action: OfferingCommand.Action) {
        beginAction(OfferingCommandType(action))
        members(of: action)
        literal("}")
    }

    /// What a command of a partition asked for.
    mutating func action(_ action: PartitionCommand.Action) {
        beginAction(OfferingCommandType(action))
        members(of: action)
        literal("}")
    }

    private mutating func beginAction(_ type: OfferingCommandType) {
        member(",\"action\":{\"type\":\"", word: type.rawValue)
    }

    /// The members that an action has besides its type.
    mutating func members(of action: PartitionCommand.Action) {
        guard case .correctClock(let correction) = action else { return }
        member(",\"from\":", correction.first)
        member(",\"to\":", correction.last)
        member(",\"at\":", correction.at)
    }

    /// The members that an action has besides its type.
    mutating func members(of action: OfferingCommand.Action) {
        switch action {
        case .open(let terms): self.terms(terms)
        case .close, .pause, .resume, .repay(payment: nil), .cancel(reason: nil): break
        case .amend(let closesAt): member(",\"closesAt\":", closesAt)
        case .cancel(let reason?): cancellationReason(reason)
        case .repay(let payment?): member(",\"payment\":\"", payment)
        case .distribute(let distribution, let kind, let amount):
            member(",\"distribution\":\"", distribution)
            member(",\"kind\":\"", word: kind.rawValue)
            member(",\"amount\":", amount)
        }
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
