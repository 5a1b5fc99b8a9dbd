import Foundation
import FoundationNetworking
import Testing

/// A sandbox bank as a process of its own, with its ledger in a folder: it may be killed and
/// started again.
package final class Bank {
    package private(set) var port: Int
    package var url: String { "http://127.0.0.1:\(port)" }
    private let folder: Folder
    private var running: Running?

    /// `sendingWindow` is how long after its announcement a payment may be sent. A bank that
    /// `forgetsKeys` executes whatever comes again, and its profile says so. Payers of one
    /// environment know a bank by its address: those of several tests take one `port`.
    package init(
        in folder: Folder, faults: String = "[]", sendingWindow: String = "1s",
        forgetsKeys: Bool = false, port wanted: Int? = nil
    ) throws {
        self.folder = folder
        // Of several faults the first one strikes that matches.
        let faults = forgetsKeys
            ? faults.replacing("]", with: #"\#(faults == "[]" ? "" : ","){"action":"forget"}]"#)
            : faults
        port = try wanted ?? Self.freePort()
        try folder.write(faults, to: "faults.json")
        // What it guarantees, with deadlines that tests can wait for.
        try folder.write(
            """
            {"idempotent":\(!forgetsKeys),"honoursExpiry":true,
             "lookupByKey":true,"lookupVisibilityDelay":"0s",
             "notFoundIsFinal":true,"limiterBeforeExecution":true,
             "sendingWindow":"\(sendingWindow)","httpDeadline":"2s"}
            """, to: "profile.json")
        try folder.write("sandbox-token\n", to: "token.txt")
        for attempt in 1...10 {
            do {
                try start()
                return
            } catch where wanted == nil && attempt < 10 && "\(error)".contains("already in use") {
                // Another process was given the port since.
                port = try Self.freePort()
            }
        }
    }

    deinit { running?.kill() }

    package func start() throws {
        running = try Run.start(
            [
                "sandbox-bank", "--listen", "127.0.0.1:\(port)", "--ledger", "bank.db",
                "--faults", "faults.json", "--seed", "7",
            ], in: folder)
        for _ in 0..<500 {
            if (try? ask("/v1/health")) != nil { return }
            if running?.errors.contains("already in use") ?? false { break }
            usleep(10_000)
        }
        throw Unexpected(Run(exitCode: -1, output: "", errors: running?.errors ?? ""))
    }

    package func kill() {
        running?.kill()
        running = nil
    }

    /// How `pay` is told of it.
    package var options: [String] {
        ["--provider", url, "--profile", "profile.json", "--token-file", "token.txt"]
    }

    /// What is in its books: the truth, by which a payer is judged.
    package func ledger() throws -> BankLedger {
        let text = try ask("/_sandbox/ledger")
        let object = try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
        return BankLedger(
            movements: object["movements"] as? [[String: Any]] ?? [],
            balances: object["balances"] as? [[String: Any]] ?? [],
            sum: object["sum"] as? Int ?? -1)
    }

    /// The book and the ledger say the same, to the fen, and each command moved once.
    package func expectAgreement(with folder: Folder, on offering: String, price: Int) throws {
        try expectNothingSentBlindly()
        let ledger = try ledger()
        #expect(ledger.sum == 0)
        #expect(ledger.counts.allSatisfy { $0.value == 1 }, "a command moved money twice")
        let settled = try folder.settled(offering).mapValues { $0 * price }
        #expect(ledger.collected == settled)
        let verified = try Run.fairfill(["verify"], in: folder)
        #expect(verified.exitCode == 0, "\(verified.output)")
    }

    /// A key comes again only after it was asked for, or after an answer that said that nothing was
    /// executed: of what this bank has seen since it was started.
    package func expectNothingSentBlindly() throws {
        var last: [String: String] = [:]
        for request in try requests() {
            let key = request["key"] as? String ?? ""
            let method = request["method"] as? String ?? ""
            if method == "POST", last[key] == "POST" {
                Issue.record("\(key) was sent again though nobody had asked for it")
                return
            }
            last[key] = request["status"] as? Int == 429 ? "refused" : method
        }
    }

    /// How many requests of a method it was sent since it was started.
    package func requests(of method: String) throws -> Int {
        try requests().count { $0["method"] as? String == method }
    }

    private func requests() throws -> [[String: Any]] {
        let requests = try JSONSerialization.jsonObject(with: try ask("/_sandbox/requests"))
        return try #require(requests as? [[String: Any]])
    }

    private func ask(_ path: String) throws -> Data {
        try Data(contentsOf: try #require(URL(string: url + path)))
    }

    /// A port that nobody listens on.
    package static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var count = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(bind(descriptor, pointer, count) == 0)
                try #require(getsockname(descriptor, pointer, &count) == 0)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
    }
}

package struct BankLedger {
    package var movements: [[String: Any]]
    package var balances: [[String: Any]]
    /// Of all entries: 0, or the books are wrong.
    package var sum: Int

    /// What was collected under each reference: the command's id.
    package var counts: [String: Int] {
        movements.reduce(into: [:]) { $0[$1["reference"] as? String ?? "", default: 0] += 1 }
    }

    /// Minor units taken from each account.
    package var collected: [String: Int] {
        movements.reduce(into: [:]) {
            $0[$1["account"] as? String ?? "", default: 0] += $1["amount"] as? Int ?? 0
        }
    }
}
