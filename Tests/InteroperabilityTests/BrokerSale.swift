import CommandRunning
import Foundation
import Messages
import Testing
import Vocabulary

/// An environment on the broker, with offerings to bid for; its topics go with it.
final class BrokerSale {
    let folder: Folder
    let partitions: Int
    let offerings: [String]
    var bids: String { topic("bids") }

    init(partitions: Int, offerings: [String], shares: Int = 1_000) throws {
        folder = try .onKafka(try #require(Broker.address), deletesTopics: true)
        self.partitions = partitions
        self.offerings = offerings
        try Run.fairfill(
            ["topics", "create", "--partitions", "\(partitions)", "--quiet"], in: folder
        ).mustWork()
        let lines = offerings.map {
            #"{"offering":"\#($0)","shares":\#(shares),"price":100,"currency":"CNY"}"#
        }
        try folder.write(lines.joined(separator: "\n"), to: "offerings.ndjson")
        try Run.fairfill(
            ["offering", "open", "--from", "offerings.ndjson", "--no-wait", "--quiet"], in: folder
        ).mustWork()
    }

    func topic(_ name: String) -> String { "\(folder.environment).\(name)" }

    /// Decides all that is there; answers the first decision about each record of `bids`.
    func decide() throws -> [[String: Any]] {
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        return try decisions()
    }

    func decisions() throws -> [[String: Any]] {
        try folder.bidDecisions()
    }

    /// The partition that an offering lives in.
    func home(_ offering: String) throws -> Int {
        let id = try #require(Identifier(parsing: offering))
        return Int(Partitioner.partition(of: id, count: Int64(partitions)).rawValue)
    }

    /// A bid for one share, as a front end writes it.
    static func bid(_ id: String, _ offering: String, more: String = "") -> String {
        #"{"type":"bid","bid":"\#(id)","offering":"\#(offering)","account":"a-1","shares":1"#
            + more + "}"
    }

    /// Ids of every length, in every character that an id may have.
    static let ids: [String] = {
        let characters = Array(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-")
        return (1...64).map { length in
            String((0..<length).map { characters[(length * 7 + $0 * 13) % characters.count] })
        }
    }()
}
