import Foundation
import SQLite

/// The bank's books, on disk: payments by key, and for each that moved money two entries that
/// cancel out. Used by one thread at a time.
final class Ledger {
    /// A payment as the bank knows it.
    struct Payment {
        var id: String
        var key: String
        var fingerprint: String
        /// succeeded or failed.
        var status: String
        var request: PaymentRequest
        /// Timestamp since 1970 UTC.
        var at: Int64
        var failure: String?
    }

    private let connection: Connection
    private let find: Statement
    private let insert: Statement
    private let enter: Statement

    /// "Bank", which marks the file as a ledger.
    private static let applicationID: Int64 = 0x4261_6E6B

    init(path: String) throws(BankFailure) {
        let isOurs: Bool
        do throws(SQLiteError) {
            connection = try Connection(path: path, .create)
            let id = try connection.integer("PRAGMA application_id") ?? 0
            let tables = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
            isOurs = id == Self.applicationID || tables == 0
        } catch {
            throw BankFailure("\(path): \(error)", error.code == .notADatabase ? .data : .output)
        }
        guard isOurs else {
            throw BankFailure("\(path) is no ledger of this bank; name another file", .data)
        }
        do throws(SQLiteError) {
            try connection.execute(
                """
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                CREATE TABLE IF NOT EXISTS payments(
                  number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL,
                  status TEXT NOT NULL, direction TEXT NOT NULL, amount INTEGER NOT NULL,
                  currency TEXT NOT NULL, account TEXT NOT NULL, reference TEXT NOT NULL,
                  obligation TEXT NOT NULL, at INTEGER NOT NULL, failure TEXT) STRICT;
                CREATE TABLE IF NOT EXISTS entries(
                  number INTEGER PRIMARY KEY, payment INTEGER NOT NULL REFERENCES payments,
                  account TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL) STRICT;
                PRAGMA application_id = \(Self.applicationID);
                """)
            find = try connection.prepare(
                """
                SELECT number, fingerprint, status, direction, amount, currency, account,
                  reference, obligation, at, failure FROM payments WHERE key = ?1
                """)
            insert = try connection.prepare(
                """
                INSERT INTO payments(key, fingerprint, status, direction, amount, currency,
                  account, reference, obligation, at, failure)
                VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                """)
            enter = try connection.prepare(
                """
                INSERT INTO entries(payment, account, currency, amount)
                VALUES((SELECT max(number) FROM payments), ?1, ?2, ?3)
                """)
        } catch {
            throw BankFailure("\(path): \(error)", error.code == .notADatabase ? .data : .output)
        }
    }

    /// The payment under a key, or nil.
    func payment(_ key: String) throws(SQLiteError) -> Payment? {
        find.bind(1, key)
        defer { find.reset() }
        guard try find.step() else { return nil }
        return Payment(
            id: "pay_\(find.integer(0))", key: key, fingerprint: find.text(1),
            status: find.text(2),
            request: PaymentRequest(
                direction: find.text(3), amount: find.integer(4), currency: find.text(5),
                account: find.text(6), reference: find.text(7), obligation: find.text(8)),
            at: find.integer(9), failure: find.isNull(10) ? nil : find.text(10))
    }

    /// Writes a payment for good, with its two entries where money moves: one short transaction.
    func execute(
        _ request: PaymentRequest, key: String, failure: String?
    ) throws(SQLiteError) -> Payment {
        try connection.execute("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            let at = Int64(Date().timeIntervalSince1970 * 1_000)
            insert.bind(1, key)
            insert.bind(2, request.fingerprint)
            insert.bind(3, failure == nil ? "succeeded" : "failed")
            insert.bind(4, request.direction)
            insert.bind(5, request.amount)
            insert.bind(6, request.currency)
            insert.bind(7, request.account)
            insert.bind(8, request.reference)
            insert.bind(9, request.obligation)
            insert.bind(10, at)
            if let failure { insert.bind(11, failure) } else { insert.bind(11, nil) }
            try insert.run()
            if failure == nil {
                let sign: Int64 = request.direction == "collect" ? -1 : 1
                try enter(request.account, request.currency, sign * request.amount)
                try enter("platform", request.currency, -sign * request.amount)
            }
            try connection.execute("COMMIT")
        } catch {
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw error
        }
        return try payment(key)!
    }

    /// What a bank does that has forgotten a key: it pays once more. A lookup finds the first.
    func executeAgain(_ request: PaymentRequest, key: String) throws(SQLiteError) -> Payment {
        var number = 2
        while try payment("\(key)#\(number)") != nil { number += 1 }
        var again = try execute(request, key: "\(key)#\(number)", failure: nil)
        again.key = key
        return again
    }

    private func enter(
        _ account: String, _ currency: String, _ amount: Int64
    ) throws(SQLiteError) {
        enter.bind(1, account)
        enter.bind(2, currency)
        enter.bind(3, amount)
        try enter.run()
    }

    /// All that the books hold, for tests that judge a payer by them.
    func view() throws(SQLiteError) -> [String: Any] {
        let movements = try rows(
            """
            SELECT 'pay_' || number AS id, key, direction, amount, currency, account, reference,
              obligation, at FROM payments WHERE status = 'succeeded' ORDER BY number
            """, ["id", "key", "direction", "currency", "account", "reference", "obligation"],
            ["amount", "at"])
        let obligations = try rows(
            """
            SELECT obligation, currency, direction, count(*) AS count, sum(amount) AS sum
            FROM payments WHERE status = 'succeeded'
            GROUP BY obligation, currency, direction ORDER BY obligation
            """, ["obligation", "currency", "direction"], ["count", "sum"])
        let balances = try rows(
            """
            SELECT account, currency, sum(amount) AS balance FROM entries
            GROUP BY account, currency ORDER BY account, currency
            """, ["account", "currency"], ["balance"])
        return [
            "movements": movements, "obligations": obligations, "balances": balances,
            "sum": try connection.integer("SELECT coalesce(sum(amount), 0) FROM entries") ?? 0,
        ]
    }

    /// Rows by the names of their columns.
    private func rows(
        _ sql: String, _ texts: [String], _ numbers: [String]
    ) throws(SQLiteError) -> [[String: Any]] {
        // The columns are asked for by name, so that their order in `sql` does not matter.
        let names = (texts + numbers).joined(separator: ", ")
        let statement = try connection.prepare("SELECT \(names) FROM (\(sql))")
        var found: [[String: Any]] = []
        while try statement.step() {
            var row: [String: Any] = [:]
            for (index, name) in texts.enumerated() { row[name] = statement.text(Int32(index)) }
            for (index, name) in numbers.enumerated() {
                row[name] = statement.integer(Int32(texts.count + index))
            }
            found.append(row)
        }
        return found
    }
}
