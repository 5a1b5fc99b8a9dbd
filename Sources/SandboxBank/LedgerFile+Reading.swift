import SQLite

// How a ledger is read again when the bank opens.
extension LedgerFile {
    /// The books as the file has them. Throws where they don't balance: money that came from
    /// nowhere must not be worked on with.
    func books(_ path: String) throws(BankFailure) -> Books {
        var books = Books()
        let fault: String?
        do throws(SQLiteError) {
            fault = try read(into: &books)
        } catch {
            throw BankFailure("\(path): \(error)", .data)
        }
        if let fault { throw BankFailure("\(path): \(fault)", .data) }
        return books
    }

    /// What is wrong with the file, in words; nil where nothing is.
    private func read(into books: inout Books) throws(SQLiteError) -> String? {
        let unbalanced = try connection.prepare(
            """
            SELECT payment, sum(amount) FROM entries GROUP BY payment, currency, kind
            HAVING sum(amount) <> 0 OR count(*) <> 2 OR sum(account = 'platform') <> 1 LIMIT 1
            """)
        if try unbalanced.step() {
            return "the entries of pay_\(unbalanced.integer(0)) are no two that cancel out"
        }
        let rows = try connection.prepare(
            """
            SELECT number, key, copy, status, direction, amount, currency, account, reference,
              obligation, purpose, original, at, completed, failure, stored, next, due
            FROM payments ORDER BY number
            """)
        while try rows.step() {
            guard let payment = Self.payment(rows), books.restore(payment) else {
                return "payment number \(rows.integer(0)) can't be read"
            }
        }
        let entries = try connection.prepare(
            """
            SELECT payment, kind, account, currency, amount, at FROM entries
            WHERE account <> 'platform' ORDER BY number
            """)
        while try entries.step() {
            guard let kind = Movement.Kind(rawValue: entries.text(1)) else {
                return "an entry of pay_\(entries.integer(0)) can't be read"
            }
            let movement = Movement(
                payment: entries.integer(0), kind: kind, account: entries.text(2),
                currency: entries.text(3), amount: entries.integer(4), at: entries.integer(5))
            guard books.restore(movement) else {
                return "an entry belongs to no payment, or is too large"
            }
        }
        try readRest(into: &books)
        return nil
    }

    private static func payment(_ row: borrowing Statement) -> Payment? {
        func number(_ column: Int32) -> Int64? {
            row.isNull(column) ? nil : row.integer(column)
        }
        let (slot, copy) = (row.text(1), row.integer(2))
        let suffix = copy == 1 ? "" : "#\(copy)"
        let (amount, next) = (row.integer(5), Payment.Status(rawValue: row.text(16)))
        guard let status = Payment.Status(rawValue: row.text(3)), copy >= 1,
            slot.hasSuffix(suffix), (1...PaymentRequest.largestAmount).contains(amount),
            ["collect", "payout"].contains(row.text(4))
        else { return nil }
        let request = PaymentRequest(
            direction: row.text(4), amount: amount, currency: row.text(6), account: row.text(7),
            reference: row.text(8), obligation: row.text(9), purpose: row.text(10),
            original: row.text(11))
        return Payment(
            number: row.integer(0), key: String(slot.dropLast(suffix.count)), copy: copy,
            request: request, status: status, at: row.integer(12), completedAt: number(13),
            failure: row.isNull(14) ? nil : row.text(14), storedError: number(15),
            next: next.map { ($0, row.integer(17)) })
    }

    private func readRest(into books: inout Books) throws(SQLiteError) {
        let tombstones = try connection.prepare("SELECT key, at FROM tombstones")
        while try tombstones.step() {
            books.restore(tombstone: tombstones.text(0), at: tombstones.integer(1))
        }
        let errors = try connection.prepare("SELECT key, status FROM errors")
        while try errors.step() {
            books.restore(storedError: errors.integer(1), key: errors.text(0))
        }
    }
}
