import Foundation
import Testing

// What tests ask for more than once.
extension Scene {
    /// The body of an answer.
    static func body(_ answer: String) -> String {
        answer.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n")
    }

    /// The body of an answer as an object.
    static func object(_ answer: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(body(answer).utf8))
        return try #require(object as? [String: Any])
    }

    /// The status of a payment, by its key; "none" where it isn't found.
    func status(_ key: String) throws -> String {
        let data = try Self.object(try lookUp(key))["data"] as? [[String: Any]] ?? []
        return data.first?["status"] as? String ?? "none"
    }

    func movements() throws -> [[String: Any]] {
        try Self.object(try ledger())["movements"] as? [[String: Any]] ?? []
    }

    @discardableResult
    func advance(_ duration: String) throws -> String {
        try send("POST /_sandbox/clock", [], #"{"advance":"\#(duration)"}"#)
    }

    func setFaults(_ faults: String) throws {
        let answer = try send("PUT /_sandbox/faults", [], faults)
        try #require(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
    }

    /// Today by the bank's clock, and the start of the day behind it.
    func today() throws -> String {
        let now = try Self.object(try send("GET /_sandbox/clock"))["now"] as? String ?? ""
        return String(now.prefix(10))
    }

    func statement(_ day: String, _ format: String = "ndjson") throws -> String {
        try send("GET /v1/statements/\(day)?format=\(format)")
    }
}

/// Waits, at most half a minute, until something holds; answers whether it did.
func holds(_ condition: () throws -> Bool) rethrows -> Bool {
    let end = Date(timeIntervalSinceNow: 30)
    while Date() < end {
        if try condition() { return true }
        usleep(5_000)
    }
    return false
}
