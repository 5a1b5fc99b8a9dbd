import Foundation
import SandboxBank
import Testing

/// A bank with a ledger in a folder of its own.
final class Scene {
    let bank: SandboxBank
    private let folder: URL
    private let ownsFolder: Bool

    /// `folder`: where an earlier bank's ledger is.
    init(
        _ faults: String? = nil, folder earlier: URL? = nil, seed: UInt64 = 7,
        ledger: String? = nil, _ change: (inout BankSettings, URL) -> Void = { _, _ in }
    ) throws {
        folder = earlier
            ?? FileManager.default.temporaryDirectory
            .appending(path: "fairfill-bank-\(UUID().uuidString)")
        ownsFolder = earlier == nil
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var settings = BankSettings()
        settings.faults = faults.map { Array($0.utf8) }
        settings.seed = seed
        change(&settings, folder)
        bank = try SandboxBank(
            host: "127.0.0.1", port: 0, ledger: ledger ?? folder.appending(path: "bank.db").path,
            settings: settings)
    }

    var ledgerPath: String { folder.appending(path: "bank.db").path }

    deinit {
        bank.stop()
        if ownsFolder { try? FileManager.default.removeItem(at: folder) }
    }

    /// A bank on the same ledger, once this one has stopped.
    func reopened() throws -> Scene {
        bank.stop()
        return try Scene(folder: folder)
    }

    func pay(
        _ key: String, amount: Int = 300, account: String = "anna", direction: String = "collect"
    ) throws -> String {
        let body = """
            {"direction":"\(direction)","amount":\(amount),"currency":"CNY",\
            "account_token":"\(account)","reference":"r-\(key)","metadata":{"obligation":"o"}}
            """
        return try send("POST /v1/payments", ["Idempotency-Key: \(key)"], body)
    }

    func lookUp(_ key: String) throws -> String {
        try send("GET /v1/payments?idempotency_key=\(key)")
    }

    func ledger() throws -> String { try send("GET /_sandbox/ledger") }

    /// One request on a connection of its own: all that comes back until it is closed.
    func send(_ line: String, _ headers: [String] = [], _ body: String = "") throws -> String {
        try exchange(line, ["Content-Length: \(body.utf8.count)"] + headers, body).answer
    }

    /// The same with all headers but the first few given, and the error that ended the reading: 0
    /// where the bank closed, ECONNRESET where it reset.
    func exchange(
        _ line: String, _ headers: [String], _ body: String, token: String? = "t"
    ) throws -> (answer: String, error: Int32) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(bank.port)).bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        var head = ["\(line) HTTP/1.1", "Host: bank", "Connection: close"]
        if let token { head.append("Authorization: Bearer \(token)") }
        let text = (head + headers).joined(separator: "\r\n") + "\r\n\r\n" + body
        _ = text.withCString { write(descriptor, $0, text.utf8.count) }
        var found: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &room, room.count)
            let error = count < 0 ? errno : 0
            guard count > 0 else { return (String(decoding: found, as: UTF8.self), error) }
            found.append(contentsOf: room[..<count])
        }
    }
}
