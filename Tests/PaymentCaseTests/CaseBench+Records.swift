import Digest
import EventLog
import Messages
import Payments
import Testing
import Vocabulary

// What stands on the log, and what is put there.
extension CaseBench {
    static func id(_ text: String) -> PaymentID {
        var text = text
        guard let id = text.withUTF8({ PaymentID(UnsafeRawBufferPointer($0)) }) else {
            preconditionFailure("\(text) is no command's id")
        }
        return id
    }

    /// The key of a command at its bank.
    static func key(_ id: String) -> String {
        let key = ProviderKey.make(environment: "t", command: Self.id(id)) { bytes in
            bytes.withUnsafeBytes { SHA256.text(of: $0) }
        }
        return "\(key)"
    }

    static func command(
        _ id: String, _ account: String = "anna", amount: Int64 = 100, due: Int64? = nil,
        original: Int32? = nil
    ) -> PaymentCommand {
        PaymentCommand(
            id: Self.id(id), partition: 0, account: Identifier(parsing: account)!,
            amount: MinorUnits(rawValue: amount), currency: CurrencyCode("CNY")!,
            due: MinorUnits(rawValue: due ?? amount), original: original)
    }

    /// Commands a payment, and expects of the ledger that it is the one.
    func order(
        _ id: String, _ account: String = "anna", amount: Int64 = 100, due: Int64? = nil,
        original: Int32? = nil
    ) throws {
        let command = Self.command(id, account, amount: amount, due: due, original: original)
        commands[id] = command
        try append([Self.text(command)], to: .paymentCommands)
    }

    static func text(_ command: PaymentCommand) -> String {
        withUnsafeTemporaryAllocation(
            byteCount: RecordEncoder.largestJournalEntry, alignment: 16
        ) { room in
            let count = RecordEncoder.encode(command, into: room)
            return String(decoding: room[..<count], as: UTF8.self)
        }
    }

    func append(_ values: [String], to topic: Topic) throws {
        let appender = try log.openAppender()
        defer { appender.close() }
        var records = OutgoingRecords()
        let destination = records.destination(
            TopicPartition(topic.fullName(environment: "t"), 0))
        for value in values {
            var value = value
            value.withUTF8 {
                records.append(to: destination, key: nil, value: UnsafeRawBufferPointer($0))
            }
        }
        for outcome in try appender.append(records) {
            if case .refused(let error) = outcome { throw error }
        }
    }

    func read(_ topic: Topic) throws -> [String] {
        let place = TopicPartition(topic.fullName(environment: "t"), 0)
        let bounds = try log.bounds(of: [place], .committed)[0]
        let reader = try log.openReader([ReadStart(place, from: bounds.start)])
        defer { reader.close() }
        var batch = RecordBatch()
        while reader.position(0) < bounds.end { try reader.read(0, into: &batch, limit: 1_000) }
        return (0..<batch.count).map { index in
            batch.value(index).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }

    /// What was answered about a command, in order; of a doubt with its reason.
    func results(of id: String) throws -> [String] {
        try read(.paymentResults).compactMap { line in
            let result = try BankClient.object(line)
            guard result["command"] as? String == id, let kind = result["type"] as? String
            else { return nil }
            return (result["reason"] as? String).map { "\(kind):\($0)" } ?? kind
        }
    }

    /// What two people agree on about a command, as records of `payment-resolutions`.
    func resolve(
        _ id: String, _ decision: String, version: Int64, named name: String = "r-1",
        more: String = ""
    ) throws {
        let account = try #require(commands[id]).account
        try append(
            [
                #"{"type":"resolve","resolution":"\#(name)","partition":0,"command":"\#(id)","#
                    + #""account":"\#(account)","decision":"\#(decision)","version":\#(version),"#
                    + #""evidence":"asked the bank",\#(more)"actor":"anna","at":1}"#,
                #"{"type":"resolve.approve","resolution":"\#(name)","partition":0,"#
                    + #""command":"\#(id)","version":\#(version),"actor":"ben","at":2}"#,
            ], to: .paymentResolutions)
    }

    /// A line of the bank's statement about a command, as `reconcile` tells the payer.
    func showLine(_ id: String, _ kind: String = "booked") throws {
        let command = try #require(commands[id])
        try append(
            [
                #"{"type":"statement","partition":0,"command":"\#(id)","channel":"default","#
                    + #""key":"\#(Self.key(id))","line":"\#(kind)","amount":\#(command.amount),"#
                    + #""currency":"CNY","direction":"\#(command.kind.direction.rawValue)","#
                    + #""statement":"bank","reference":"pay_1","closed":true,"actor":"anna","#
                    + #""at":1}"#
            ], to: .paymentResolutions)
    }
}

// What the bank's ledger must say, whatever the payer thinks.
extension CaseBench {
    /// Per key one movement at most, per obligation no more than is due, every movement one that
    /// was commanded, and the sum of all accounts 0. And what the payer answered last is so.
    ///
    /// `lies`: commands about which the bank said what is not so.
    func expectConserved(
        lies: Set<String> = [], at location: SourceLocation = #_sourceLocation
    ) throws {
        let ledger = try client.ledger()
        #expect(ledger.sum == 0, sourceLocation: location)
        #expect(ledger.repeatedKeys == 0, sourceLocation: location)
        var sums: [PaymentID: Int64] = [:]
        var balances: [String: Int64] = [:]
        for movement in ledger.movements {
            let command = try #require(
                commands[movement.reference], "nobody commanded \(movement)",
                sourceLocation: location)
            #expect(movement.amount == command.amount.rawValue, sourceLocation: location)
            #expect(movement.account == "\(command.account)", sourceLocation: location)
            let direction = command.kind.direction
            #expect(movement.direction == direction.rawValue, sourceLocation: location)
            sums[command.id.obligation, default: 0] += movement.amount
            balances[movement.account, default: 0] +=
                direction == .collect ? -movement.amount : movement.amount
        }
        for reversal in ledger.reversals {
            balances[reversal.account, default: 0] +=
                reversal.direction == "collect" ? reversal.amount : -reversal.amount
        }
        for (id, command) in commands {
            let obligation = command.id.obligation
            #expect(
                sums[obligation, default: 0] <= command.due.rawValue, "\(id)",
                sourceLocation: location)
            guard !lies.contains(id) else { continue }
            let (count, last) = (ledger.count(of: id), try results(of: id).last)
            switch last {
            case "paid", "returned", "conflict":
                #expect(count == 1, "\(id) is \(last ?? "")", sourceLocation: location)
            case "declined", "recalled", "failedByPerson":
                #expect(count == 0, "\(id) is \(last ?? "")", sourceLocation: location)
            default: #expect(count <= 1, "\(id)", sourceLocation: location)
            }
        }
        for (account, balance) in balances {
            #expect(ledger.balances[account] ?? 0 == balance, sourceLocation: location)
        }
        let platform = -balances.values.reduce(0, +)
        #expect(ledger.balances["platform"] ?? 0 == platform, sourceLocation: location)
    }

    /// Each of these commands was paid, with one movement, and with so many requests.
    func expectPaid(
        _ ids: [String], requests: Int? = nil, at location: SourceLocation = #_sourceLocation
    ) throws {
        let (ledger, seen) = (try client.ledger(), try client.requests())
        for id in ids {
            #expect(try results(of: id).last == "paid", "\(id)", sourceLocation: location)
            #expect(ledger.count(of: id) == 1, "\(id)", sourceLocation: location)
            guard let requests else { continue }
            let posts = seen.count { $0.method == "POST" && $0.key == Self.key(id) }
            #expect(posts == requests, "\(id)", sourceLocation: location)
        }
        try expectConserved(at: location)
    }

    /// How often a command was sent, as the bank saw it.
    func posts(_ id: String) throws -> Int {
        try client.requests().count { $0.method == "POST" && $0.key == Self.key(id) }
    }
}
