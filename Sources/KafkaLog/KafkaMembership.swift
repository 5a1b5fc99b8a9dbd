import EventLog
import Kafka

extension KafkaLog: GroupLog {
    public func join(
        group: String, topic: String, hear: @escaping (MembershipChange) -> Void
    ) throws(LogError) -> any Membership {
        try KafkaMembership(self, group, topic, hear)
    }
}

/// A place in a consumer group, on a consumer of its own that never fetches.
final class KafkaMembership: Membership {
    private let log: KafkaLog
    private let group: String
    private let client: Client
    private let member: GroupMember

    init(
        _ log: KafkaLog, _ group: String, _ topic: String,
        _ hear: @escaping (MembershipChange) -> Void
    ) throws(LogError) {
        self.log = log
        self.group = group
        client = try log.client(
            .consumer, KafkaSettings.member(of: group, log.operators),
            assignments: Listener(hear))
        do throws(KafkaError) {
            member = try GroupMember(client, topic: topic)
        } catch {
            throw log.failures.logError(
                error, "group \(group)", .read, words: client.lastWords)
        }
    }

    func serve(milliseconds: Int) throws(LogError) {
        do throws(KafkaError) {
            try member.serve(milliseconds: Int32(milliseconds))
        } catch {
            let found = log.failures.logError(
                error, "group \(group)", .read, words: client.lastWords)
            switch found.code {
            case .notPermitted, .unknownTopic, .misconfigured, .fenced: throw found
            // The client joins again by itself, as soon as it can.
            default: return
            }
        }
    }

    func leave() { member.leave() }
}

/// Reports come on the thread that serves the membership, which made it, too.
private final class Listener: AssignmentReports, @unchecked Sendable {
    private let hear: (MembershipChange) -> Void

    init(_ hear: @escaping (MembershipChange) -> Void) { self.hear = hear }

    func assigned(_ partitions: [Int32]) { hear(.assigned(partitions)) }

    func revoked(_ partitions: [Int32], isLost: Bool) {
        hear(.revoked(partitions, isLost: isLost))
    }
}
