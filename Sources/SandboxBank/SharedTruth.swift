import SQLite

/// What several banks moved between them, in one file that all of them write: a test sees over all
/// channels whether an obligation was paid once.
package final class SharedTruth {
    /// What moved for one obligation.
    package struct Obligation: Hashable, Sendable {
        package var obligation: String
        package var currency: String
        /// collect or payout.
        package var direction: String
        /// How often money moved for it, at any of the banks; a reversal takes nothing back.
        package var count: Int64
        /// Minor units.
        package var sum: Int64
        /// The names of the banks that moved it, in order.
        package var channels: [String]
    }

    private let connection: Connection
    private let insert: Statement

    /// "Trth", which marks the file.
    private static let applicationID: Int64 = 0x5472_7468

    /// Opens it, making it if it is missing.
    package init(path: String) throws(BankFailure) {
        let isOurs: Bool
        do throws(SQLiteError) {
            connection = try Connection(path: path, .create)
            let id = try connection.integer("PRAGMA application_id") ?? 0
            let tables = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
            isOurs = tables == 0 || id == Self.applicationID
            if isOurs {
                try connection.execute(
                    """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    CREATE TABLE IF NOT EXISTS movements(
                      number INTEGER PRIMARY KEY, channel TEXT NOT NULL, payment INTEGER NOT NULL,
                      kind TEXT NOT NULL, key TEXT NOT NULL, reference TEXT NOT NULL,
                      obligation TEXT NOT NULL, account TEXT NOT NULL, direction TEXT NOT NULL,
                      currency TEXT NOT NULL, amount INTEGER NOT NULL, at INTEGER NOT NULL,
                      UNIQUE(channel, payment, kind)) STRICT;
                    PRAGMA application_id = \(Self.applicationID);
                    """)
            }
        } catch {
            throw BankFailure("\(path): \(error)", error.code == .notADatabase ? .data : .output)
        }
        guard isOurs else {
            throw BankFailure("\(path) is no shared truth of banks; name another file", .data)
        }
        do throws(SQLiteError) {
            insert = try connection.prepare(
                """
                INSERT OR IGNORE INTO movements(channel, payment, kind, key, reference, obligation,
                  account, direction, currency, amount, at)
                VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                """)
        } catch {
            throw BankFailure("\(path): \(error)", .output)
        }
    }

    /// Writes what one bank moved; what it wrote before is written once.
    func write(_ movements: [(Movement, Payment)], of channel: String) throws(SQLiteError) {
        try connection.execute("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            for (movement, payment) in movements {
                insert.bind(1, channel)
                insert.bind(2, payment.number)
                insert.bind(3, movement.kind.rawValue)
                insert.bind(4, payment.key)
                insert.bind(5, payment.request.reference)
                insert.bind(6, payment.request.obligation)
                insert.bind(7, movement.account)
                insert.bind(8, payment.request.direction)
                insert.bind(9, movement.currency)
                insert.bind(10, movement.amount)
                insert.bind(11, movement.at)
                try insert.run()
            }
            try connection.execute("COMMIT")
        } catch {
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw error
        }
    }

    /// What moved for each obligation, over all banks. A payment that names none is its
    /// reference's.
    package func obligations() throws(BankFailure) -> [Obligation] {
        do throws(SQLiteError) {
            let rows = try connection.prepare(
                """
                SELECT CASE obligation WHEN '' THEN reference ELSE obligation END AS debt,
                  currency, direction, count(*), sum(abs(amount)),
                  group_concat(DISTINCT channel)
                FROM (SELECT * FROM movements WHERE kind = 'payment' ORDER BY channel)
                GROUP BY debt, currency, direction ORDER BY debt, currency, direction
                """)
            var found: [Obligation] = []
            while try rows.step() {
                found.append(
                    Obligation(
                        obligation: rows.text(0), currency: rows.text(1), direction: rows.text(2),
                        count: rows.integer(3), sum: rows.integer(4),
                        channels: rows.text(5).split(separator: ",").map(String.init)))
            }
            return found
        } catch {
            throw BankFailure("the shared truth: \(error)", .data)
        }
    }
}
