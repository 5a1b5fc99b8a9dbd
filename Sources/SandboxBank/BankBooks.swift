import SQLite

/// What the books of a sandbox bank come to: the truth, by which payers are judged. Read from the
/// ledger's file, whether the bank runs or not, or from a bank that keeps none.
package struct BankBooks: Hashable, Sendable {
    /// How often a payment moved money; a reversal does not count.
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
            // A ledger of an earlier version has no kinds of entries, and nothing that is reversed.
            let version = try connection.integer("PRAGMA user_version") ?? 0
            let moved = "FROM entries WHERE account <> 'platform'"
                + (version == 0 ? "" : " AND kind = 'payment'")
            movements = try connection.integer("SELECT count(*) \(moved)") ?? 0
            mostOfAReference =
                try connection.integer(
                    """
                    SELECT max(n) FROM (SELECT count(*) AS n FROM payments
                      JOIN (SELECT payment \(moved)) ON number = payment GROUP BY reference)
                    """) ?? 0
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

    /// The same of books in memory.
    init(_ books: Books) {
        var counts: [String: Int64] = [:]
        for movement in books.movements where movement.kind == .payment {
            counts[books.payments[Int(movement.payment) - 1].request.reference, default: 0] += 1
        }
        movements = counts.values.reduce(0, +)
        mostOfAReference = counts.values.max() ?? 0
        collected = [:]
        sum = 0
        for (account, balance) in books.balances {
            sum &+= balance
            guard account.name != PaymentRequest.platform else { continue }
            collected[account.name, default: 0] -= balance
        }
    }
}
