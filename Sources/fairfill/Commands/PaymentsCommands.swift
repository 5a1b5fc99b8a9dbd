import CommandLine
import FairfillClient
import Messages
import Payments
import Vocabulary

extension Command {
    static let paymentsList = Command(
        words: ["payments", "list"],
        summary: "list payment commands and how each stands",
        description: """
            Reads payment-journal, which says what was taken up, sent and answered, and
            payment-commands for commands that no payer has taken up yet. With --json the member
            "reason" says why a command is not settled.
            """,
        options: [
            Option("offering", "ID", "those of one offering (default: all)"),
            Option("account", "ID", "those of one account (default: all)"),
            Option(
                "state", "WORD",
                "in-doubt, open, paid, declined, recalled, parked or untaken (default: all)",
                words: PaymentFilter.State.allCases.map(\.rawValue)),
        ],
        examples: [
            "fairfill payments list --state in-doubt",
            "fairfill payments list --json | jq -r 'select(.state == \"paid\") | .command'",
        ]
    ) { arguments throws(Failure) in
        let filter = try PaymentFilter(arguments)
        let connection = try arguments.connect()
        let output = Output()
        var isEmpty = true
        var taken: [Backlog.Taken] = []
        for partition in 0..<connection.environment.partitions {
            let journal = try JournalSnapshot(
                connection, Partition(rawValue: partition), quiet: arguments.isQuiet)
            for payment in journal.book.payments where filter.admits(payment) {
                isEmpty = false
                try output.line(arguments.isJSON ? payment.json : payment.row)
            }
            taken.append(
                try journal.readUntaken(connection) { (command) throws(Failure) in
                    guard filter.admits(untaken: command) else { return }
                    isEmpty = false
                    try output.line(arguments.isJSON ? command.untakenJSON : command.untakenRow)
                })
        }
        try output.flush()
        if isEmpty {
            arguments.remarkEmpty(
                "no payment of '\(connection.name)' in \(connection.log.url) is as asked for")
        }
        try Backlog.ifPermitted(connection, taken: taken, arguments)?.say(arguments)
        return .done
    }

    static let paymentsShow = Command(
        words: ["payments", "show"],
        summary: "show a payment command, with every record of the journal about it",
        description: "",
        options: [Option("command", "ID", "the command's id, such as loan-7/b-1/1 (required)")],
        examples: ["fairfill payments show --command loan-7/b-1/1"]
    ) { arguments throws(Failure) in
        var text = try arguments.required("command")
        let connection = try arguments.connect()
        guard let id = text.withUTF8({ PaymentID(UnsafeRawBufferPointer($0)) }) else {
            throw Failure(
                .usage,
                "--command \(text): a command's id is OFFERING/BID/NUMBER, as loan-7/b-1/1")
        }
        let output = Output()
        for partition in 0..<connection.environment.partitions {
            let journal = try JournalSnapshot(
                connection, Partition(rawValue: partition), about: id, quiet: arguments.isQuiet)
            guard let payment = journal.book[id] else { continue }
            if arguments.isJSON {
                try output.line(payment.json)
            } else {
                try output.text(payment.sentence)
                try output.text("  version \(payment.version)")
                if let advice = payment.advice { try output.text("  \(advice)") }
                if let hold = journal.book.hold(on: payment, now: .now) {
                    try output.text("  \(hold.words)")
                }
            }
            for record in journal.records { try output.line(record) }
            try output.flush()
            return .done
        }
        throw Failure(
            .no,
            "no payer has taken up a command \(id) in environment '\(connection.name)'; it may be "
                + "in payment-commands still: is a payer running?")
    }
}

/// Which commands are asked for.
struct PaymentFilter {
    private let offering: Identifier?
    private let account: Identifier?
    private let state: State?

    enum State: String, CaseIterable {
        case inDoubt = "in-doubt"
        case open, paid, declined, recalled, parked, untaken
    }

    init(_ arguments: Arguments) throws(Failure) {
        offering = try arguments.identifier("offering")
        account = try arguments.identifier("account")
        state = arguments.choice("state")
    }

    /// A command that no payer has taken up is open, and nothing else.
    func admits(untaken command: PaymentCommand) -> Bool {
        if let offering, command.id.offering != offering { return false }
        if let account, command.account != account { return false }
        return state == nil || state == .open || state == .untaken
    }

    func admits(_ payment: Payment) -> Bool {
        if let offering, payment.id.offering != offering { return false }
        if let account, payment.account != account { return false }
        return switch (state, payment.state) {
        case (nil, _), (.paid, .paid), (.declined, .declined), (.recalled, .recalled),
            (.parked, .parked), (.declined, .declinedProven):
            true
        case (.inDoubt, let state): state.doubt != nil
        case (.open, let state): !state.isFinal
        default: false
        }
    }
}

extension Payment {
    /// A row for people.
    fileprivate var row: String {
        paymentRow(id, account, intent?.command, state.shortWords)
    }

    /// The whole of it for people.
    fileprivate var sentence: String {
        let amount = intent.map { $0.command.amount.words(in: $0.command.currency) } ?? "-"
        return "\(id)  \(account)  \(amount)  \(state.words)"
    }

    fileprivate var json: String {
        var line = JSONLine(about: id, of: account, intent?.command)
        line.add("state", state.word)
        line.add("inDoubt", state.doubt != nil)
        if let reason { line.add("reason", reason.rawValue) }
        line.add("attempts", attempts)
        line.add("result", lastResult)
        line.add("version", version)
        if let key = intent?.key { line.add("key", "\(key)") }
        if let channel = lastSending?.channel { line.add("channel", "\(channel)") }
        if let reference { line.add("reference", reference) }
        if let firstSentAt { line.add("firstSentAt", firstSentAt.rawValue) }
        return line.line
    }
}

extension PaymentCommand {
    /// How a command stands that is not in the journal.
    fileprivate var untakenRow: String { paymentRow(id, account, self, "not taken up") }

    fileprivate var untakenJSON: String {
        var line = JSONLine(about: id, of: account, self)
        line.add("state", "untaken")
        line.add("inDoubt", false)
        line.add("attempts", 0)
        line.add("result", 0)
        return line.line
    }
}

/// A row for people: which payment, whose, how much, and how it stands. Ids that are too long are
/// cut; amounts never are.
private func paymentRow(
    _ id: PaymentID, _ account: Identifier, _ command: PaymentCommand?, _ state: String
) -> String {
    let amount = command.map { $0.amount.words(in: $0.currency) } ?? "-"
    let width = 32 - max(0, amount.count - 15)
    return Layout.padded(Layout.cut("\(id)", to: width), width) + " "
        + Layout.padded(Layout.cut("\(account)", to: 14), 14) + " "
        + Layout.aligned(amount, 15) + " " + state
}

extension JSONLine {
    /// What is said of a payment however it stands.
    fileprivate init(about id: PaymentID, of account: Identifier, _ command: PaymentCommand?) {
        self.init()
        add("command", "\(id)")
        add("offering", "\(id.offering)")
        if let bid = id.bid { add("bid", "\(bid)") }
        add("account", "\(account)")
        guard let command else { return }
        add("amount", command.amount.rawValue)
        add("currency", "\(command.currency)")
        add("due", command.due.rawValue)
    }
}
