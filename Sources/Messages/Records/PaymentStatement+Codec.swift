import Vocabulary

// What providers' statements say, and what it does.

extension StatementLine.Kind {
    static let table = WordTable<StatementLine.Kind>()
}

extension MoneyDirection {
    static let table = WordTable<MoneyDirection>()
}

extension PaymentStatement.Class {
    static let table = WordTable<PaymentStatement.Class>()
}

extension RecordDecoder {
    func statementLine() throws(Malformation) -> StatementLine {
        try members.checkListed([
            .type, .partition, .command, .channel, .key, .line, .amount, .currency, .direction,
            .statement, .reference, .closed, .actor, .at,
        ])
        return StatementLine(
            partition: try members.quantity(.partition),
            command: try members.derivedPaymentID(.command),
            channel: try members.identifier(.channel), key: try members.identifier(.key),
            kind: try members.choice(.line, among: StatementLine.Kind.table),
            amount: try members.quantity(.amount), currency: try members.currency(.currency),
            direction: try members.choice(.direction, among: MoneyDirection.table),
            statement: try members.identifier(.statement),
            reference: try members.optionalText(.reference, largest: RecordLimits.providerText),
            isClosed: try members.boolean(.closed), actor: try members.identifier(.actor),
            at: try members.quantity(.at))
    }

    func statementAbsence() throws(Malformation) -> StatementAbsence {
        try members.checkListed([
            .type, .partition, .command, .channel, .statement, .from, .to, .actor, .at,
        ])
        return StatementAbsence(
            partition: try members.quantity(.partition),
            command: try members.derivedPaymentID(.command),
            channel: try members.identifier(.channel),
            statement: try members.identifier(.statement),
            from: try members.quantity(.from), to: try members.quantity(.to),
            actor: try members.identifier(.actor), at: try members.quantity(.at))
    }

    func statement() throws(Malformation) -> PaymentStatement {
        try members.checkListed([
            .type, .command, .class, .line, .statement, .reference, .offset, .result, .at,
            .number,
        ])
        return PaymentStatement(
            command: try members.derivedPaymentID(.command),
            class: try members.choice(.class, among: PaymentStatement.Class.table),
            line: try members.choice(.line, among: StatementLine.Kind.table),
            statement: try members.identifier(.statement),
            reference: try members.optionalText(.reference, largest: RecordLimits.providerText),
            source: try members.quantity(.offset), result: try members.optionalInteger(.result),
            at: try members.quantity(.at))
    }

    func proven() throws(Malformation) -> PaymentProven {
        try members.checkListed([
            .type, .command, .statement, .offset, .result, .at, .number,
        ])
        return PaymentProven(
            command: try members.derivedPaymentID(.command),
            statement: try members.identifier(.statement),
            source: try members.quantity(.offset), result: try members.optionalInteger(.result),
            at: try members.quantity(.at))
    }
}

extension JSONWriter {
    mutating func statementLine(_ record: StatementLine) {
        member(",\"partition\":", record.partition)
        member(",\"command\":\"", record.command)
        member(",\"channel\":\"", record.channel)
        member(",\"key\":\"", record.key)
        member(",\"line\":\"", word: record.kind.rawValue)
        member(",\"amount\":", record.amount)
        member(",\"currency\":\"", record.currency)
        member(",\"direction\":\"", word: record.direction.rawValue)
        member(",\"statement\":\"", record.statement)
        reference(record.reference)
        member(",\"closed\":", record.isClosed)
        member(",\"actor\":\"", record.actor)
        member(",\"at\":", record.at)
    }

    mutating func statementAbsence(_ record: StatementAbsence) {
        member(",\"partition\":", record.partition)
        member(",\"command\":\"", record.command)
        member(",\"channel\":\"", record.channel)
        member(",\"statement\":\"", record.statement)
        member(",\"from\":", record.from)
        member(",\"to\":", record.to)
        member(",\"actor\":\"", record.actor)
        member(",\"at\":", record.at)
    }

    mutating func statement(_ entry: PaymentStatement) {
        member(",\"command\":\"", entry.command)
        member(",\"class\":\"", word: entry.class.rawValue)
        member(",\"line\":\"", word: entry.line.rawValue)
        member(",\"statement\":\"", entry.statement)
        reference(entry.reference)
        member(",\"offset\":", entry.source)
        optionalMember(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }

    mutating func proven(_ entry: PaymentProven) {
        member(",\"command\":\"", entry.command)
        member(",\"statement\":\"", entry.statement)
        member(",\"offset\":", entry.source)
        optionalMember(",\"result\":", entry.result)
        member(",\"at\":", entry.at)
    }
}
