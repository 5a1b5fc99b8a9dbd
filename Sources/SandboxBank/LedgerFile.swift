import SQLite

/// The books on disk: payments, and two entries for each movement. Used by one thread at a time.
final class LedgerFile {
    let connection: Connection
    private let writePayment: Statement
    private let writeEntry: Statement
    private let writeTombstone: Statement
    private let writeStoredError: Statement
    private let writeSetting: Statement

    /// "Bank", which marks the file as a ledger.
    private static let applicationID: Int64 = 0x4261_6E6B

    /// 0 had payments that succeed or fail at once, and nothing else.
    private static let version: Int64 = 1

    /// Opens a ledger, making it if it is missing.
    init(path: String) throws(BankFailure) {
        let isOurs: Bool
        do throws(SQLiteError) {
            connection = try Connection(path: path, .create)
            let id = try connection.integer("PRAGMA application_id") ?? 0
            let tables = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
            let version = try connection.integer("PRAGMA user_version") ?? 0
            isOurs = tables == 0 || id == Self.applicationID && version <= Self.version
            if isOurs { try Self.make(connection, isNew: tables == 0, from: version) }
        } catch {
            throw BankFailure("\(path): \(error)", error.code == .notADatabase ? .data : .output)
        }
        guard isOurs else {
            throw BankFailure("\(path) is no ledger of this bank; name another file", .data)
        }
        do throws(SQLiteError) {
            writePayment = try connection.prepare(
                """
                INSERT OR REPLACE INTO payments(number, key, fingerprint, status, direction,
                  amount, currency, account, reference, obligation, at, failure, copy, purpose,
                  original, completed, stored, next, due)
                VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                  ?18, ?19)
                """)
            writeEntry = try connection.prepare(
                """
                INSERT INTO entries(payment, account, currency, amount, kind, at)
                VALUES(?1, ?2, ?3, ?4, ?5, ?6)
                """)
            writeTombstone = try connection.prepare(
                "INSERT OR REPLACE INTO tombstones(key, at) VALUES(?1, ?2)")
            writeStoredError = try connection.prepare(
                "INSERT OR REPLACE INTO errors(key, status) VALUES(?1, ?2)")
            writeSetting = try connection.prepare(
                "INSERT OR REPLACE INTO settings(name, value) VALUES(?1, ?2)")
        } catch {
            throw BankFailure("\(path): \(error)", .output)
        }
    }

    private static func make(
        _ connection: borrowing Connection, isNew: Bool, from version: Int64
    ) throws(SQLiteError) {
        try connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        guard isNew || version < Self.version else { return }
        try connection.execute(
            """
            BEGIN IMMEDIATE;
            CREATE TABLE IF NOT EXISTS payments(
              number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL,
              status TEXT NOT NULL, direction TEXT NOT NULL, amount INTEGER NOT NULL,
              currency TEXT NOT NULL, account TEXT NOT NULL, reference TEXT NOT NULL,
              obligation TEXT NOT NULL, at INTEGER NOT NULL, failure TEXT) STRICT;
            CREATE TABLE IF NOT EXISTS entries(
              number INTEGER PRIMARY KEY, payment INTEGER NOT NULL REFERENCES payments,
              account TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL) STRICT;
            ALTER TABLE payments ADD COLUMN copy INTEGER NOT NULL DEFAULT 1;
            ALTER TABLE payments ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
            ALTER TABLE payments ADD COLUMN original TEXT NOT NULL DEFAULT '';
            ALTER TABLE payments ADD COLUMN completed INTEGER;
            ALTER TABLE payments ADD COLUMN stored INTEGER;
            ALTER TABLE payments ADD COLUMN next TEXT;
            ALTER TABLE payments ADD COLUMN due INTEGER;
            UPDATE payments SET completed = at;
            ALTER TABLE entries ADD COLUMN kind TEXT NOT NULL DEFAULT 'payment';
            ALTER TABLE entries ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
            UPDATE entries SET at = (SELECT at FROM payments WHERE number = payment);
            CREATE TABLE tombstones(key TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
            CREATE TABLE errors(key TEXT PRIMARY KEY, status INTEGER NOT NULL) STRICT;
            CREATE TABLE settings(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
            PRAGMA application_id = \(applicationID);
            PRAGMA user_version = \(Self.version);
            COMMIT;
            """)
    }

    /// How far the bank's clock was moved, in milliseconds.
    func offset() throws(SQLiteError) -> Int64 {
        try connection.integer("SELECT value FROM settings WHERE name = 'offset'") ?? 0
    }

    /// Writes changes for good: one transaction.
    func write(_ changes: [Books.Change]) throws(SQLiteError) {
        try connection.execute("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            for change in changes { try write(change) }
            try connection.execute("COMMIT")
        } catch {
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw error
        }
    }

    private func write(_ change: Books.Change) throws(SQLiteError) {
        switch change {
        case .payment(let payment): try write(payment)
        case .movement(let movement):
            try enter(movement, movement.account, movement.amount)
            try enter(movement, PaymentRequest.platform, -movement.amount)
        case .tombstone(let key, let at):
            writeTombstone.bind(1, key)
            writeTombstone.bind(2, at)
            try writeTombstone.run()
        case .storedError(let key, let status):
            writeStoredError.bind(1, key)
            writeStoredError.bind(2, status)
            try writeStoredError.run()
        case .offset(let offset):
            writeSetting.bind(1, "offset")
            writeSetting.bind(2, offset)
            try writeSetting.run()
        }
    }

    private func write(_ payment: Payment) throws(SQLiteError) {
        func bind(_ index: Int32, _ value: Int64?) {
            if let value { writePayment.bind(index, value) } else { writePayment.bind(index, nil) }
        }
        func bind(_ index: Int32, _ text: String?) {
            if let text { writePayment.bind(index, text) } else { writePayment.bind(index, nil) }
        }
        let request = payment.request
        bind(1, payment.number)
        // The file has each key once.
        bind(2, payment.copy == 1 ? payment.key : "\(payment.key)#\(payment.copy)")
        bind(3, request.fingerprint)
        bind(4, payment.status.rawValue)
        bind(5, request.direction)
        bind(6, request.amount)
        bind(7, request.currency)
        bind(8, request.account)
        bind(9, request.reference)
        bind(10, request.obligation)
        bind(11, payment.at)
        bind(12, payment.failure)
        bind(13, payment.copy)
        bind(14, request.purpose)
        bind(15, request.original)
        bind(16, payment.completedAt)
        bind(17, payment.storedError)
        bind(18, payment.next?.status.rawValue)
        bind(19, payment.next?.at)
        try writePayment.run()
    }

    private func enter(
        _ movement: Movement, _ account: String, _ amount: Int64
    ) throws(SQLiteError) {
        writeEntry.bind(1, movement.payment)
        writeEntry.bind(2, account)
        writeEntry.bind(3, movement.currency)
        writeEntry.bind(4, amount)
        writeEntry.bind(5, movement.kind.rawValue)
        writeEntry.bind(6, movement.at)
        try writeEntry.run()
    }
}
