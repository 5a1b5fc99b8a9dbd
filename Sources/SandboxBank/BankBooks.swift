import SQLite

/// What the books of a sandbox bank come to: the truth, by which payers are judged. Read from the
/// ledger's file, whether the bank runs or not.
package struct BankBooks: Sendable {
    /// Payments that moved money.
    package var movements: Int64
    /// The most of them under one reference, which is a command's id: 1, or money moved twice.
    package var mostOfAReference: Int64
    /// Minor units taken from each account, less what it was paid.
    package var collected: [String: Int64]
    /// Of all entries: 0, or the books are wrong.
    package var sum: Int64

    /// Throws where there is no ledger at `path`.
    package init(ledger path: String) throws(BankFailure) {
        do throws(SQLiteError) {
            let connection = try Connection(path: path, .readOnly)
            let moved = "FROM payments WHERE status = 'succeeded'"
            movements = try connection.integer("SELECT count(*) \(moved)") ?? 0
            mostOfAReference =
                try connection.integer(
                    "SELECT max(n) FROM (SELECT count(*) AS n \(moved) GROUP BY reference)") ?? 0
            sum = try connection.integer("SELECT coalesce(sum(amount), 0) FROM entries") ?? 0
            var collected: [String: Int64] = [:]
            let accounts = try connection.prepare(
                """
                SELECT account, -sum(amount) FROM entries WHERE account <> 'platform'
                GROUP BY account
                """)
            while try accounts.step() { collected[accounts.text(0)] = accounts.integer(1) }
            self.collected = collected
        } catch {
            throw BankFailure("\(path): \(error)", .data)
        }
    }
}
