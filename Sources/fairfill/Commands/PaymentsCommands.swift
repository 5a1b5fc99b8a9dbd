import EventLog
import Messages
import Payments
import Vocabulary

extension Command {
    static let paymentsList = Command(
        words: ["payments", "list"],
        summary: "list payment commands and how each stands",
        description: """
            Reads payment-journal, which says what was taken up, sent and answered. Commands that
            no payer has taken up yet are not in it.
            """,
        options: [
            Option("offering", "ID", "those of one offering (default: all)"),
            Option("account", "ID", "those of one account (default: all)"),
            Option(
                "state", "WORD",
                "in-doubt, open, paid, declined, recalled or parked (default: all)"),
        ],
        examples: [
            "fairfill payments list --state in-doubt",
            "fairfill payments list --json | jq -r 'select(.state == \"paid\") | .command'",
        ]
    ) { arguments throws(Failure) in
        let filter = try PaymentFilter(arguments)
        let place = try arguments.openPlace()
        let output = Output()
        for partition in 0..<place.environment.partitions {
            let journal = try JournalReading(
                place, Partition(rawValue: partition), quiet: arguments.isQuiet)
            for payment in journal.book.payments where filter.admits(payment) {
                try output.line(
                    arguments.isJSON ? payment.json : payment.line)
            }
        }
        try output.flush()
        return .done
    }

    static let paymentsShow = Command(
        words: ["payments", "show"],
        summary: "show how a payment command stands, and every record of the journal about it",
        description: "",
        options: [Option("command", "ID", "the command's id, as loan-7/b-1/1 (required)")],
        examples: ["fairfill payments show --command loan-7/b-1/1"]
    ) { arguments throws(Failure) in
        var text = try arguments.required("command")
        let place = try arguments.openPlace()
        guard let id = text.withUTF8({ PaymentID(UnsafeRawBufferPointer($0)) }) else {
            throw Failure(
                .usage,
                "--command \(text): a command's id is OFFERING/BID/NUMBER, as loan-7/b-1/1")
        }
        let output = Output()
        for partition in 0..<place.environment.partitions {
            let journal = try JournalReading(
                place, Partition(rawValue: partition), about: id, quiet: arguments.isQuiet)
            guard let payment = journal.book[id] else { continue }
            try output.line(arguments.isJSON ? payment.json : payment.line)
            for record in journal.records { try output.line(record) }
            try output.flush()
            return .done
        }
        throw Failure(
            .no,
            "no payer has taken up a command \(id) in environment '\(place.name)'; it may be in "
                + "payment-commands still: is a payer running?")
    }
}

/// Which commands are asked for.
private struct PaymentFilter {
    private let offering: Identifier?
    private let account: Identifier?
    private let state: State?

    private enum State: String, CaseIterable {
        case inDoubt = "in-doubt"
        case open, paid, declined, recalled, parked
    }

    init(_ arguments: Arguments) throws(Failure) {
        offering = try arguments.identifier("offering")
        account = try arguments.identifier("account")
        guard let word = arguments.text("state") else {
            state = nil
            return
        }
        guard let found = State(rawValue: word) else {
            throw Failure(
                .usage,
                "--state \(word): one of \(State.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        state = found
    }

    func admits(_ payment: Payment) -> Bool {
        if let offering, payment.id.offering != offering { return false }
        if let account, payment.account != account { return false }
        return switch (state, payment.state) {
        case (nil, _), (.paid, .paid), (.declined, .declined), (.recalled, .recalled),
            (.parked, .parked):
            true
        case (.inDoubt, let state): state.doubt != nil
        case (.open, let state): !state.isFinal
        default: false
        }
    }
}

/// The journal of one partition, read to the end that it has now.
private struct JournalReading {
    private(set) var book = PaymentBook(profile: ProviderProfile())
    /// The records about the command asked for, as they stand.
    private(set) var records: [String] = []

    init(
        _ place: Place, _ partition: Partition, about id: PaymentID? = nil, quiet: Bool
    ) throws(Failure) {
        let journal = place.partition(.paymentJournal, partition)
        let bounds = try logged { () throws(LogError) in
            try place.log.bounds(of: [journal], .committed)[0]
        }
        let progress = ProgressLine("reading \(journal)", quiet: quiet)
        defer { progress.end() }
        var decoder = RecordDecoder()
        var book = PaymentBook(profile: ProviderProfile())
        var records: [String] = []
        var follow = try Follow(place.log, [ReadStart(journal, from: bounds.start)])
        let isWhole = try follow.read(upTo: [bounds.end]) { (_, batch, index) throws(Failure) in
            let offset = batch.offset(index)
            progress.update(offset.rawValue, of: bounds.end.rawValue)
            let entry: JournalEntry
            do throws(Malformation) {
                entry = try decoder.decodeJournalEntry(batch.value(index))
            } catch {
                throw Failure(
                    .incomplete,
                    "the record at \(journal)/\(offset) can't be read: \(error.sentence)")
            }
            do throws(JournalFault) {
                try book.apply(entry)
            } catch {
                throw Failure(
                    .invariant,
                    "the record at \(journal)/\(offset) contradicts those before it: "
                        + "\(error.kind)")
            }
            if let id, entry.command == id, let value = batch.value(index) {
                records.append(String(decoding: value, as: UTF8.self))
            }
        }
        guard isWhole else { throw Failure(.tryAgain, "interrupted before the journal's end") }
        self.book = book
        self.records = records
    }
}

extension Payment {
    /// A line for people.
    fileprivate var line: String {
        let amount = intent.map { $0.command.amount.words(in: $0.command.currency) } ?? "-"
        return "\(Help.padded("\(id)", 32)) \(Help.padded("\(account)", 16)) "
            + "\(Help.padded(amount, 28)) \(state.words)"
    }

    fileprivate var json: String {
        var line = JSONLine()
        line.add("command", "\(id)")
        line.add("offering", "\(id.offering)")
        if let bid = id.bid { line.add("bid", "\(bid)") }
        line.add("account", "\(account)")
        if let command = intent?.command {
            line.add("amount", command.amount.rawValue)
            line.add("currency", "\(command.currency)")
            line.add("due", command.due.rawValue)
        }
        line.add("state", state.word)
        line.add("inDoubt", state.doubt != nil)
        if let doubt = state.doubt { line.add("reason", doubt.rawValue) }
        line.add("attempts", attempts)
        line.add("result", lastResult)
        if let key = intent?.key { line.add("key", "\(key)") }
        if let reference { line.add("reference", reference) }
        if let firstSentAt { line.add("firstSentAt", firstSentAt.rawValue) }
        return line.line
    }
}

extension JournalEntry {
    /// The command that it is about; nil where it is about the partition.
    fileprivate var command: PaymentID? {
        switch self {
        case .epoch: nil
        case .intent(let entry): entry.command.id
        case .sending(let entry): entry.command
        case .outcome(let entry): entry.command
        case .lookup(let entry): entry.command
        case .parked(let entry): entry.command
        case .admitted(let entry): entry.command
        case .waiting(let entry): entry.command
        case .recalled(let entry): entry.recall.command
        case .conflict(let entry): entry.command
        }
    }
}
