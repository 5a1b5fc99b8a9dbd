import CommandLine
import EventLog
import FairfillClient
import Messages
import Payments
import Vocabulary
import Workers

/// The journal of one partition, read to the end that it has now.
struct JournalSnapshot {
    private(set) var book = PaymentBook(profile: ProviderProfile())
    /// The number of its last entry; 0 where it is empty.
    private(set) var lastNumber: Int64 = 0
    /// The records about the command asked for, as they stand.
    private(set) var records: [String] = []
    private let partition: Partition

    init(
        _ connection: LogConnection, _ partition: Partition, about id: PaymentID? = nil, quiet: Bool
    ) throws(Failure) {
        self.partition = partition
        let journal = connection.partition(.paymentJournal, partition)
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: [journal], .committed)[0]
        }
        let progress = ProgressLine("reading \(journal)", quiet: quiet)
        defer { progress.end() }
        var decoder = RecordDecoder()
        var book = PaymentBook(profile: ProviderProfile())
        var records: [String] = []
        var lastNumber: Int64 = 0
        var follow = try Follow(connection.log, [ReadStart(journal, from: bounds.start)])
        let isWhole = try follow.read(upTo: [bounds.end]) { (_, batch, index) throws(Failure) in
            let offset = batch.offset(index)
            progress.update(offset.rawValue, of: bounds.end.rawValue)
            let record: JournalRecord
            do throws(Malformation) {
                record = try decoder.decodeJournal(batch.value(index))
            } catch {
                throw Failure(
                    .incomplete,
                    "the record at \(journal)/\(offset) can't be read: \(error.sentence)")
            }
            lastNumber = record.number
            do throws(JournalFault) {
                try book.apply(record.entry)
            } catch {
                throw Failure(
                    .invariant,
                    "the record at \(journal)/\(offset) contradicts those before it: "
                        + "\(error.kind)")
            }
            if let id, record.entry.command == id, let value = batch.value(index) {
                records.append(String(decoding: value, as: UTF8.self))
            }
        }
        guard isWhole else { throw Failure(.tryAgain, "interrupted before the journal's end") }
        self.book = book
        self.records = records
        self.lastNumber = lastNumber
    }

    /// Calls `body` with each payment of `payment-commands` that the journal has not taken up, in
    /// the order of the log; answers how far its payer came.
    func readUntaken(
        _ connection: LogConnection, _ body: (PaymentCommand) throws(Failure) -> Void
    ) throws(Failure) -> Backlog.Taken {
        let commands = connection.partition(.paymentCommands, partition)
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: [commands], .committed)[0]
        }
        let next = book.lastOffset.map { LogOffset($0.rawValue + 1) } ?? bounds.start
        var taken = Backlog.Taken(
            next: next.rawValue, untaken: Backlog.Waiting(), unpaid: book.unpaid)
        guard next < bounds.end else { return taken }
        var decoder = RecordDecoder()
        var follow = try Follow(
            connection.log, [ReadStart(commands, from: max(next, bounds.start))])
        let isWhole = try follow.read(upTo: [bounds.end]) { (_, batch, index) throws(Failure) in
            taken.untaken! += Backlog.Waiting(
                count: 1, since: Timestamp(rawValue: batch.appendTime(index)))
            // What can't be read is for `invalid`, once a payer comes by.
            guard case .payment(let command)? = try? decoder.decodePaymentOrder(
                batch.value(index)), book[command.id] == nil
            else { return }
            try body(command)
        }
        guard isWhole else { throw Failure(.tryAgain, "interrupted before the commands' end") }
        return taken
    }

    /// How the journal differs from its mark, and the commands from what it took up.
    func damage(_ connection: LogConnection, mark: Int64) throws(Failure) -> JournalDamage {
        var damage = JournalDamage(
            partition: partition, last: lastNumber, mark: mark, isRestarted: false)
        if lastNumber == 0, mark == 0 {
            let answer = try logged { () throws(LogError) in
                try PaymentAnswers.any(
                    of: partition, in: connection.environment, on: connection.log
                ) { Interruption.signal != 0 }
            }
            return answer == nil ? damage : .emptied(partition)
        }
        guard let last = book.lastSource else { return damage }
        let commands = connection.partition(.paymentCommands, partition)
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: [commands], .committed)[0]
        }
        let offset = LogOffset(last.offset.rawValue)
        guard bounds.start <= offset.next, offset < bounds.end else {
            damage.isRestarted = true
            return damage
        }
        // Gone by retention, with all after it there.
        guard bounds.start <= offset else { return damage }
        var isThere = false
        var follow = try Follow(connection.log, [ReadStart(commands, from: offset)])
        let isWhole = try follow.read(upTo: [offset.next]) { (_, batch, index) throws(Failure) in
            if batch.offset(index) == offset {
                isThere = batch.appendTime(index) == last.at.rawValue
            }
        }
        guard isWhole else { throw Failure(.tryAgain, "interrupted before the commands' end") }
        damage.isRestarted = !isThere
        return damage
    }
}
