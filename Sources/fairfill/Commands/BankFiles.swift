import Audit
import CommandLine
import FairfillClient
import JSON
import Statements
import Vocabulary

/// What `verify --level money` is given of a bank: its ledger, or statements.
struct BankFiles {
    private let ledgers: [String]
    private let statements: StatementOptions?
    private let channel: Identifier?

    init(_ arguments: Arguments, isAskedFor: Bool) throws(Failure) {
        if !isAskedFor {
            try arguments.refuse(
                ["ledger", "statement", "mapping", "format", "channel"], without: "level money")
            // A file of options may hold those of other commands.
            ledgers = []
            statements = nil
            channel = nil
            return
        }
        ledgers = arguments.texts("ledger")
        if arguments.texts("statement").isEmpty {
            try arguments.refuse(["mapping", "format"], without: "statement")
            statements = nil
        } else {
            statements = try StatementOptions(arguments, isReconciling: false)
        }
        channel = try arguments.identifier("channel")
    }

    /// Gives the audit each movement, and then what it means that there are no others.
    func read(into audit: MoneyAudit) throws(Failure) {
        for path in ledgers { try Self.read(ledger: path, into: audit) }
        for path in statements?.paths ?? [] { try read(statement: path, into: audit) }
        guard !ledgers.isEmpty || statements != nil else { return }
        audit.endMovements(channel: channel, isComplete: !ledgers.isEmpty)
    }

    private func read(statement path: String, into audit: MoneyAudit) throws(Failure) {
        guard let statements else { return }
        let name = path == "-" ? "standard input" : path
        var check = StatementCheck(balancesComeFirst: false)
        _ = try StatementFile(path, statements) { format in
            check = StatementCheck(balancesComeFirst: format == .camt053)
        } _: { item in
            guard let line = check.take(item) else { return }
            audit.examine(
                BankMovement(
                    place: "\(name), line \(line.number)", key: line.key,
                    reference: line.reference, amount: line.amount, currency: line.currency,
                    direction: line.direction, isReturn: line.kind == .returned))
        }
        if check.finish().isBroken {
            audit.tellBroken(name)
        }
    }

    // MARK: A ledger

    private static func read(ledger path: String, into audit: MoneyAudit) throws(Failure) {
        let bytes = Array(try InputFile.read(path, "--ledger names a file"))
        guard let json = JSONValue(parsing: bytes), let payments = json["movements"]?.array else {
            throw Failure(
                .data, "\(path) is no ledger: it must be JSON with movements, as sandbox-bank "
                    + "answers at /_sandbox/ledger")
        }
        for (list, isReturn) in [(payments, false), (json["reversals"]?.array ?? [], true)] {
            for (index, row) in list.enumerated() {
                let place = "\(path), \(isReturn ? "reversal" : "movement") \(index + 1)"
                audit.examine(try movement(row, place, isReturn: isReturn))
            }
        }
    }

    private static func movement(
        _ row: JSONValue, _ place: String, isReturn: Bool
    ) throws(Failure) -> BankMovement {
        guard let amount = row["amount"]?.integer, (1...largestInteger).contains(amount) else {
            throw Failure(.data, "\(place): amount is no number of minor units from 1 on")
        }
        guard let currency = row["currency"]?.string.flatMap({ CurrencyCode($0) }) else {
            throw Failure(.data, "\(place): currency is none")
        }
        guard let direction = row["direction"]?.string.flatMap(MoneyDirection.init(rawValue:))
        else { throw Failure(.data, "\(place): direction is none of collect and payout") }
        return BankMovement(
            place: place, key: row["key"]?.string, reference: row["reference"]?.string,
            amount: MinorUnits(rawValue: amount), currency: currency, direction: direction,
            isReturn: isReturn)
    }
}
