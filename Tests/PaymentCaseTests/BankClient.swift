import Foundation
import Glibc
import Testing

/// What a test asks a bank and tells it, over a socket of its own.
struct BankClient {
    var port: Int

    struct NoAnswer: Error {}

    /// One request on a connection of its own: the status, and the body.
    func send(
        _ line: String, _ body: String = "", headers: [String] = []
    ) throws -> (status: Int, body: String) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var wait = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw NoAnswer() }
        let head = [
            "\(line) HTTP/1.1", "Host: bank", "Connection: close", "Authorization: Bearer t",
            "Content-Type: application/json", "Content-Length: \(body.utf8.count)",
        ]
        let bytes = Array(
            ((head + headers).joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
        _ = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        var answer: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(socket, &room, room.count, 0)
            guard count > 0 else { break }
            answer += room[..<count]
        }
        let text = String(decoding: answer, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n"), text.hasPrefix("HTTP/1.1 "),
            let status = Int(text.dropFirst(9).prefix(3))
        else { throw NoAnswer() }
        return (status, String(text[end.upperBound...]))
    }

    func setFaults(_ faults: String) throws {
        let answer = try send("PUT /_sandbox/faults", faults)
        try #require(answer.status == 200, "\(answer)")
    }

    func advance(_ milliseconds: Int64) throws {
        let answer = try send("POST /_sandbox/clock", #"{"advance":"\#(milliseconds)ms"}"#)
        try #require(answer.status == 200, "\(answer)")
    }

    /// The bank's time, as `2026-11-30T10:00:00Z`.
    func now() throws -> String {
        try Self.object(try send("GET /_sandbox/clock").body)["now"] as? String ?? ""
    }

    /// Every request about payments that the bank saw.
    func requests() throws -> [Seen] {
        let text = try send("GET /_sandbox/requests").body
        let rows = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
        return try #require(rows).map {
            Seen(
                method: $0["method"] as? String ?? "", path: $0["path"] as? String ?? "",
                key: $0["key"] as? String ?? "", status: $0["status"] as? Int)
        }
    }

    func ledger() throws -> Ledger {
        Ledger(try Self.object(try send("GET /_sandbox/ledger").body))
    }

    static func object(_ text: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(object as? [String: Any])
    }

    /// A request as the bank remembers it.
    struct Seen {
        var method: String
        var path: String
        var key: String
        /// Of its answer; nil where there was none.
        var status: Int?
    }
}

/// The truth: what the bank's ledger says.
struct Ledger {
    struct Movement {
        var account: String
        var amount: Int64
        var currency: String
        var direction: String
        var key: String
        var obligation: String
        var reference: String
    }

    var movements: [Movement]
    var reversals: [Movement]
    /// By account, in minor units; that of the platform among them.
    var balances: [String: Int64] = [:]
    var repeatedKeys: Int
    var sum: Int64

    init(_ json: [String: Any]) {
        func rows(_ name: String) -> [[String: Any]] { json[name] as? [[String: Any]] ?? [] }
        func movement(_ row: [String: Any]) -> Movement {
            func text(_ name: String) -> String { row[name] as? String ?? "" }
            return Movement(
                account: text("account"), amount: Int64(row["amount"] as? Int ?? 0),
                currency: text("currency"), direction: text("direction"), key: text("key"),
                obligation: text("obligation"), reference: text("reference"))
        }
        movements = rows("movements").map(movement)
        reversals = rows("reversals").map(movement)
        for row in rows("balances") {
            balances[row["account"] as? String ?? "", default: 0] +=
                Int64(row["balance"] as? Int ?? 0)
        }
        repeatedKeys = rows("repeatedKeys").count
        sum = Int64(json["sum"] as? Int ?? .min)
    }

    func count(of reference: String) -> Int {
        movements.count { $0.reference == reference }
    }
}
