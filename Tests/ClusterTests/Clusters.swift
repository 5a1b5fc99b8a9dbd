import CommandRunning
import Foundation
import Kafka
import TestRun

/// The clusters that the tests of this suite share; each is started where it is first needed, and
/// ends with the process.
enum Clusters {
    /// Where the tests can make clusters of their own.
    static let areThere = Cluster.program != nil

    /// Whether the slow tests run, too.
    static let isLong = Extent.current == .long

    /// A dead broker is noticed after 3 s instead of 9.
    private static let quick = [
        "broker.session.timeout.ms=3000", "broker.heartbeat.interval.ms=500",
    ]

    private static let one = Result { try Cluster(nodes: 1, settings: quick) }
    private static let three = Result { try Cluster(nodes: 3, settings: quick) }

    static func oneNode() throws -> Cluster { try one.get() }
    static func threeNodes() throws -> Cluster { try three.get() }
}

extension Cluster {
    /// A client that asks it things.
    func asker() throws -> Client { try Client(.producer, [("bootstrap.servers", brokers)]) }

    /// Which node leads a partition; nil where none does.
    func leader(of topic: String, _ partition: Int32 = 0) throws -> Int? {
        try asker().allTopics(milliseconds: 10_000).first { $0.name == topic }?
            .states[partition]?.leader.map(Int.init)
    }

    /// The brokers' own topic whose leaders coordinate transactions.
    static let coordination = "__transaction_state"

    /// The partition of it that the transactions under an id belong to, and the node that leads it.
    func coordinator(of transactionalID: String) throws -> (partition: Int32, node: Int)? {
        let count = try asker().allTopics(milliseconds: 10_000)
            .first { $0.name == Self.coordination }?.partitions ?? 0
        guard count > 0 else { return nil }
        let hash = transactionalID.utf16.reduce(Int32(0)) { $0 &* 31 &+ Int32($1) }
        let partition = (hash == .min ? 0 : abs(hash)) % count
        return try leader(of: Self.coordination, partition).map { (partition, $0) }
    }

    /// Which node leads the cluster itself.
    func activeController() throws -> Int? {
        let status = try tool(
            "org.apache.kafka.tools.MetadataQuorumCommand", ["describe", "--status"])
        return status.split(separator: "\n").first { $0.hasPrefix("LeaderId:") }
            .flatMap { Int($0.dropFirst("LeaderId:".count).trimmingCharacters(in: .whitespaces)) }
    }

    /// Waits until every copy of every partition is whole again.
    func settle(within seconds: Double = 90) -> Bool {
        eventually(within: seconds, every: 200) {
            guard let topics = try? asker().allTopics(milliseconds: 5_000) else { return false }
            return topics.allSatisfy { topic in
                topic.states.values.allSatisfy { $0.leader != nil && $0.copiesInSync == $0.copies }
            }
        }
    }

    /// Lets these nodes, in this order, keep the partitions, and the first of them lead.
    func move(_ partitions: [(topic: String, partition: Int32, nodes: [Int])]) throws {
        let plan = partitions.map {
            """
            {"topic":"\($0.topic)","partition":\($0.partition),"replicas":\($0.nodes)}
            """
        }.joined(separator: ",")
        let list = partitions.map {
            """
            {"topic":"\($0.topic)","partition":\($0.partition)}
            """
        }.joined(separator: ",")
        try folder.write("{\"version\":1,\"partitions\":[\(plan)]}", to: "plan.json")
        try folder.write("{\"partitions\":[\(list)]}", to: "list.json")
        try tool(
            "org.apache.kafka.tools.reassign.ReassignPartitionsCommand",
            ["--reassignment-json-file", "\(folder.path)/plan.json", "--execute"])
        try tool(
            "org.apache.kafka.tools.LeaderElectionCommand",
            ["--election-type", "preferred", "--path-to-json-file", "\(folder.path)/list.json"])
    }

    /// Drops the records of a partition before an offset, as retention does.
    func cut(_ topic: String, before offset: Int) throws {
        try folder.write(
            """
            {"version":1,"partitions":[{"topic":"\(topic)","partition":0,"offset":\(offset)}]}
            """, to: "cut.json")
        try tool(
            "org.apache.kafka.tools.DeleteRecordsCommand",
            ["--offset-json-file", "\(folder.path)/cut.json"])
    }
}
