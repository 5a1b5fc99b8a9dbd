import EventLog
import Kafka

extension KafkaLog: GroupLog {
    package func join(
        group: String, topic: String, hear: @escaping (MembershipChange) -> Void
    ) throws(LogError) -> any Membership {
        try KafkaMembership(self, group, topic, hear)
    }

    package func openOffsets(of group: String) throws(LogError) -> any GroupOffsets {
        KafkaOffsets(try client(.consumer, KafkaSettings.offsets(of: group)))
    }
}

/// A consumer that commits offsets and does nothing else.
private final class KafkaOffsets: GroupOffsets {
    private let client: Client

    init(_ client: Client) { self.client = client }

    func tell(_ positions: [ReadStart]) {
        client.poll()
        client.commit(positions.map(Assignment.init))
    }
}

/// A place in a consumer group, on its own consumer that never fetches.
final class KafkaMembership: Membership {
    private let log: KafkaLog
    private let group: String
    private let client: Client
    private let member: GroupMember
    private let listener: Listener

    init(
        _ log: KafkaLog, _ group: String, _ topic: String,
        _ hear: @escaping (MembershipChange) -> Void
    ) throws(LogError) {
        self.log = log
        self.group = group
        listener = Listener(hear)
        client = try log.client(
            .consumer, KafkaSettings.member(of: group, log.operators),
            assignments: listener)
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
            // Once a client has ended, every later call only says that it did.
            let found = log.failures.logError(
                client.finalError ?? error, "group \(group)", .read, words: client.lastWords)
            switch found.code {
            case .notPermitted, .misconfigured, .fenced: throw found
            // The client joins again by itself, as soon as it can; a topic may come back.
            default: break
            }
        }
        if let end = client.finalError ?? listener.failure {
            throw log.failures.logError(end, "group \(group)", .read, words: client.lastWords)
        }
    }

    func leave() { member.leave() }
}

/// Reports come on the thread that serves the membership, which made it, too.
private final class Listener: AssignmentReports, @unchecked Sendable {
    private let hear: (MembershipChange) -> Void
    private(set) var failure: KafkaError?

    init(_ hear: @escaping (MembershipChange) -> Void) { self.hear = hear }

    func assigned(_ partitions: [Int32]) { hear(.assigned(partitions)) }

    func revoked(_ partitions: [Int32], isLost: Bool) {
        hear(.revoked(partitions, isLost: isLost))
    }

    func failed(_ error: KafkaError) { failure = error }
}
