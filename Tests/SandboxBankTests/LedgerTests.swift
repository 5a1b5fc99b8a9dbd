import Foundation
import SQLite
import SandboxBank
import Testing

/// The ledger: in memory, on disk, of an earlier version, tampered with, and over two banks.
@Suite struct LedgerTests {
    @Test func memoryKeepsNoFile() throws {
        let scene = try Scene(nil, ledger: SandboxBank.memory)
        for number in 0..<20 { _ = try scene.pay("k\(number)") }
        #expect(try scene.pay("k1").contains("Idempotent-Replayed"))
        #expect(scene.bank.books.movements == 20 && scene.bank.books.collected == ["anna": 6_000])
        #expect(!FileManager.default.fileExists(atPath: scene.ledgerPath))
    }

    @Test func theBooksInMemoryAreThoseOnDisk() throws {
        let scene = try Scene(#"[{"match":{"key":"k3"},"action":"executeTwice"}]"#)
        for number in 0..<5 { _ = try scene.pay("k\(number)", amount: number + 1) }
        _ = try scene.pay("p", amount: 2, direction: "payout")
        _ = try scene.send("POST /_sandbox/payments/k1", [], #"{"to":"reversed"}"#)
        #expect(scene.bank.books == (try BankBooks(ledger: scene.ledgerPath)))
        let view = try scene.ledger()
        #expect(try scene.reopened().ledger() == view)
    }

    /// Who changes an entry by hand is found out when the bank opens.
    @Test(arguments: [
        "UPDATE entries SET amount = amount + 1 WHERE number = 1",
        "DELETE FROM entries WHERE number = 2",
        "UPDATE payments SET status = 'lost'", "UPDATE payments SET amount = -1",
        "UPDATE entries SET payment = 7",
    ])
    func aLedgerThatDoesNotBalanceIsRefused(_ change: String) throws {
        let scene = try Scene()
        _ = try scene.pay("k1")
        scene.bank.stop()
        try Self.run(change, on: scene.ledgerPath)
        let failure = #expect(throws: BankFailure.self) { try scene.reopened() }
        #expect(failure?.kind == .data && failure?.description.contains("bank.db") == true)
    }

    /// A ledger as earlier banks made it goes on.
    @Test func anEarlierLedgerGoesOn() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "fairfill-bank-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "bank.db").path
        try Self.run(
            """
            CREATE TABLE payments(
              number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL,
              status TEXT NOT NULL, direction TEXT NOT NULL, amount INTEGER NOT NULL,
              currency TEXT NOT NULL, account TEXT NOT NULL, reference TEXT NOT NULL,
              obligation TEXT NOT NULL, at INTEGER NOT NULL, failure TEXT) STRICT;
            CREATE TABLE entries(
              number INTEGER PRIMARY KEY, payment INTEGER NOT NULL REFERENCES payments,
              account TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL) STRICT;
            PRAGMA application_id = 1113681515;
            INSERT INTO payments VALUES(1, 'k1', 'x', 'succeeded', 'collect', 300, 'CNY', 'anna',
              'r-k1', 'o', 1700000000000, NULL);
            INSERT INTO entries VALUES(1, 1, 'anna', 'CNY', -300), (2, 1, 'platform', 'CNY', 300);
            """, on: path)
        #expect(try BankBooks(ledger: path).movements == 1)
        let scene = try Scene(folder: folder)
        #expect(try scene.status("k1") == "succeeded")
        _ = try scene.pay("k2")
        #expect(try BankBooks(ledger: path).collected == ["anna": 600])
        #expect(try scene.statement("2023-11-14").contains("r-k1"))
    }

    /// Two channels that pay one debt: each is right by its own books.
    @Test func twoBanksHaveOneTruth() throws {
        let north = try Scene { settings, folder in
            settings.name = "north"
            settings.sharedTruth = folder.appending(path: "truth.db").path
        }
        let truth = north.ledgerPath.replacingOccurrences(of: "bank.db", with: "truth.db")
        let south = try Scene(nil, ledger: SandboxBank.memory) { settings, _ in
            settings.name = "south"
            settings.sharedTruth = truth
        }
        func pay(_ scene: Scene, _ key: String, _ obligation: String) throws {
            let body = #"{"direction":"payout","amount":7,"currency":"CNY","account_token":"anna","#
                + #""reference":"r-\#(key)","metadata":{"obligation":"\#(obligation)"}}"#
            let answer = try scene.send("POST /v1/payments", ["Idempotency-Key: \(key)"], body)
            #expect(answer.hasPrefix("HTTP/1.1 201"))
        }
        try pay(north, "k1", "debt-1")
        try pay(south, "k2", "debt-2")
        try pay(south, "k3", "debt-1")
        let found = try SharedTruth(path: truth).obligations()
        #expect(found.map(\.obligation) == ["debt-1", "debt-2"])
        #expect(found.map(\.count) == [2, 1] && found.map(\.sum) == [14, 7])
        #expect(found.map(\.channels) == [["north", "south"], ["south"]])
        #expect(try north.send("GET /_sandbox/truth").contains(#""channels":["north","south"]"#))
        #expect(try Scene().send("GET /_sandbox/truth").hasPrefix("HTTP/1.1 404"))
        // What a crash kept from it is there when the bank opens again.
        north.bank.stop()
        try Self.run("DELETE FROM movements WHERE channel = 'north'", on: truth)
        let again = try SandboxBank(
            host: "127.0.0.1", port: 0, ledger: north.ledgerPath, settings: Self.shared(truth))
        #expect(try SharedTruth(path: truth).obligations().map(\.count) == [2, 1])
        again.stop()
    }

    private static func shared(_ truth: String) -> BankSettings {
        var settings = BankSettings()
        settings.name = "north"
        settings.sharedTruth = truth
        return settings
    }

    /// Many at once, each on disk before it is answered.
    @Test func manyAtOnceAreAllOnDisk() throws {
        let scene = try Scene()
        nonisolated(unsafe) let shared = scene
        DispatchQueue.concurrentPerform(iterations: 200) { number in
            guard (try? shared.pay("k\(number)"))?.hasPrefix("HTTP/1.1 201") == true else {
                Issue.record("k\(number) was not taken")
                return
            }
            // Nothing is told before it is on disk.
            let count = try? Connection(path: shared.ledgerPath, .readOnly)
                .integer("SELECT count(*) FROM payments WHERE key = 'k\(number)'")
            #expect(count == 1, "k\(number)")
        }
        #expect(try BankBooks(ledger: scene.ledgerPath).movements == 200)
    }

    @Test func hugeAmountsStayNumbers() throws {
        let scene = try Scene(nil, ledger: SandboxBank.memory)
        #expect(try scene.pay("k0", amount: 1_000_000_000_000_001).contains("amount is above"))
        #expect(try scene.pay("k1", amount: 1_000_000_000_000_000).hasPrefix("HTTP/1.1 201"))
        #expect(try scene.pay("k2", account: "platform").contains("the bank's own account"))
    }

    /// SQL on a file.
    private static func run(_ sql: String, on path: String) throws {
        let connection = try Connection(path: path, .create)
        try connection.execute(sql)
    }
}
