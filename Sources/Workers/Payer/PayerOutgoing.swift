import Digest
import EventLog
import Messages
import Payments
import Vocabulary

/// What one transaction of a payer holds: journal, answers, and what people must look at.
struct PayerOutgoing: ~Copyable {
    var records = OutgoingRecords(capacityBytes: 1 << 18)
    private let environment: String
    private let partition: Int32
    private let partitionKey: Identifier
    private let headers: [UInt8]
    private let journal: OutgoingRecords.Destination
    private let attention: OutgoingRecords.Destination
    private let invalid: OutgoingRecords.Destination
    private let marks: OutgoingRecords.Destination
    /// By partition.
    private let results: [OutgoingRecords.Destination]

    init(_ configuration: PayerConfiguration) {
        environment = configuration.environment.name
        partition = Int32(configuration.partition.rawValue)
        guard let key = Identifier(parsing: "\(partition)") else {
            preconditionFailure("a number is an identifier")
        }
        partitionKey = key
        headers = Headers.encode([("\(HeaderName.environment)", Array(environment.utf8))])
        journal = records.destination(configuration.journal)
        attention = records.destination(configuration.place(.attention))
        invalid = records.destination(configuration.place(.invalid))
        marks = records.destination(configuration.marks)
        let topic = Topic.paymentResults.fullName(environment: environment)
        var destinations: [OutgoingRecords.Destination] = []
        for partition in 0..<Int32(configuration.environment.partitions) {
            destinations.append(records.destination(TopicPartition(topic, partition)))
        }
        results = destinations
    }

    /// `account` is nil where the entry is about the partition.
    mutating func add(_ entry: JournalEntry, number: Int64, of account: Identifier?) {
        append(to: journal, key: account, largest: RecordEncoder.largestJournalEntry) {
            RecordEncoder.encode(entry, number: number, into: $0)
        }
    }

    /// How far the journal goes.
    mutating func add(_ mark: JournalMark) {
        append(to: marks, key: partitionKey, largest: RecordEncoder.largestSmallRecord) {
            RecordEncoder.encode(mark, into: $0)
        }
    }

    /// An answer goes where the command says; one that names no partition of this environment is
    /// answered where its offering lives.
    mutating func add(_ answer: PaymentAnswer) {
        let count = Int64(results.count)
        let named = answer.partition.rawValue
        let place = (0..<count).contains(named)
            ? named
            : Partitioner.partition(of: answer.result.offering, count: count).rawValue
        append(
            to: results[Int(place)], key: answer.result.offering,
            largest: RecordEncoder.largestJournalEntry
        ) { RecordEncoder.encode(answer, into: $0) }
    }

    mutating func add(_ notice: PaymentAttention, at now: Timestamp) {
        append(to: attention, key: notice.account, largest: RecordEncoder.largestSmallRecord) {
            RecordEncoder.encode(notice, at: now, into: $0)
        }
    }

    mutating func keepInvalid(
        key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, at offset: LogOffset,
        reason: String, upTo last: LogOffset? = nil
    ) {
        InvalidRecord(
            environment: environment, topic: Topic.paymentCommands.name, partition: partition,
            offset: offset, reason: reason, last: last
        ).append(key: key, value: value, to: invalid, of: &records)
    }

    private mutating func append(
        to destination: OutgoingRecords.Destination, key: Identifier?, largest: Int,
        encode: (UnsafeMutableRawBufferPointer) -> Int
    ) {
        headers.withUnsafeBytes { headers in
            records.append(
                to: destination, under: key, headers: headers, largestValue: largest,
                encode: encode)
        }
    }
}

extension PayerLane {
    /// Puts a step of the book on its way: records into the next transaction, actions behind it.
    mutating func write(_ step: PayerStep, now: Timestamp) {
        for entry in step.entries {
            // What is lost keeps its numbers.
            if case .rebuilt = entry { lastNumber = max(lastNumber, mark) }
            lastNumber += 1
            outgoing.add(entry, number: lastNumber, of: account(of: entry))
        }
        markTime = now
        for answer in step.answers {
            outgoing.add(answer)
            count(answer)
        }
        for notice in step.attention {
            outgoing.add(notice, at: now)
            notices.append(.attention(notice))
        }
        actions += step.actions
    }

    private func account(of entry: JournalEntry) -> Identifier? {
        switch entry {
        case .intent(let entry): entry.command.account
        case .recalled(let entry): entry.recall.account
        case .proposed(let entry): entry.proposal.account
        case .invalid(let entry): entry.account
        default: entry.command.flatMap { book[$0]?.account }
        }
    }

    private mutating func count(_ answer: PaymentAnswer) {
        guard let id = answer.result.payment else { return }
        counts.isChanged = true
        switch answer.result.kind {
        case .paid, .conflict:
            counts.paid += 1
            counts.inDoubt.remove(id)
        case .declined:
            counts.declined += 1
            counts.inDoubt.remove(id)
        case .inDoubt: counts.inDoubt.insert(id)
        default: counts.inDoubt.remove(id)
        }
    }
}

extension PayerConfiguration {
    func draft(_ command: PaymentCommand, over channel: Identifier) -> RequestDraft {
        draft(command, over: channel, revision: 0)
    }

    /// What it takes to send a command. A token that the journal can't hold is none.
    func draft(
        _ command: PaymentCommand, over channel: Identifier, revision: Int
    ) -> RequestDraft {
        let known = accountToken(command.account, channel)
        let token = known.flatMap {
            (1...RecordLimits.providerText).contains($0.utf8.count) ? $0 : nil
        }
        let key = ProviderKey.make(
            environment: environment.name, command: command.id, revision: revision
        ) { bytes in
            bytes.withUnsafeBytes { SHA256.text(of: $0) }
        }
        var body = withUnsafeTemporaryAllocation(
            byteCount: RecordEncoder.largestJournalEntry, alignment: 16
        ) { room in
            let count = RecordEncoder.encodeRequestBody(
                command, direction: command.kind.direction.rawValue, accountToken: token ?? "",
                into: room)
            return String(decoding: room[..<count], as: UTF8.self)
        }
        if token == nil { body = "" }
        return RequestDraft(key: key, accountToken: token, body: body)
    }
}
