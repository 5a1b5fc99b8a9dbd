import EventLog
import Messages
import Vocabulary

/// Topics that an environment had and has no longer: `topics create` must not make them anew as if
/// they had never been there, since their readers would begin again from nothing.
package enum LostTopics {
    /// Refuses to write the environment's record as if it had never been there: what it said is
    /// part of what was decided.
    package static func refuseRecord(
        _ known: [TopicDescription], of wanted: Environment, on log: any EventLog,
        anew: Set<Topic>
    ) throws(ClientError) {
        guard !anew.contains(.environment), let witness = try witness(known, wanted, log) else {
            return
        }
        throw ClientError(
            .invariant,
            "\(log.url) has no record of environment '\(wanted.name)', though \(witness) holds "
                + "records: it was deleted. \(Topic.environment.wayOn)")
    }

    /// Refuses to make what was lost, except `anew`, which the operator asked for by name.
    ///
    /// A topic counts as lost where another one of the same environment holds records: nothing is
    /// written to any before all are there.
    package static func refuse(
        _ known: [TopicDescription], of environment: Environment, on log: any EventLog,
        anew: Set<Topic>
    ) throws(ClientError) {
        let names = Set(known.map(\.specification.name))
        let missing = Topic.allCases.filter {
            $0.holdsHistory && !names.contains($0.fullName(environment: environment.name))
                && !anew.contains($0)
        }
        guard !missing.isEmpty, let witness = try witness(known, environment, log) else { return }
        let sentences = missing.map { topic in
            "\(topic.fullName(environment: environment.name)) is missing, though \(witness) holds "
                + "records: it was deleted. \(topic.wayOn)"
        }
        throw ClientError(.invariant, sentences.joined(separator: "\nfairfill: "))
    }

    /// A topic of the environment that holds records, or held some.
    private static func witness(
        _ known: [TopicDescription], _ environment: Environment, _ log: any EventLog
    ) throws(ClientError) -> String? {
        for topic in Topic.allCases where topic.holdsHistory || topic == .progress {
            let name = topic.fullName(environment: environment.name)
            guard let there = known.first(where: { $0.specification.name == name }) else {
                continue
            }
            let partitions = (0..<there.specification.partitions).map { TopicPartition(name, $0) }
            let ends = try logged { () throws(LogError) in try log.ends(of: partitions, .written) }
            if ends.contains(where: { $0 > 0 }) { return name }
        }
        return nil
    }
}

extension Topic {
    /// Whether a worker goes on by what stands in it.
    fileprivate var holdsHistory: Bool {
        switch self {
        case .bids, .offeringCommands, .paymentResults, .decisions, .paymentCommands,
            .paymentJournal:
            true
        default: false
        }
    }

    /// Those that `--anew` may name: what they held can be written again.
    package static let anew: [Topic] = [.paymentCommands, .paymentJournal, .environment]

    /// What to do about one that was lost.
    fileprivate var wayOn: String {
        switch self {
        case .paymentCommands:
            "Stop the payers, and restore it from a backup (fairfill copy --help); or make it with "
                + "'topics create --anew \(name)', and have the payments commanded again: "
                + "fairfill payments recommand --help"
        case .paymentJournal:
            "Stop the payers, and restore it from a backup (fairfill copy --help); or make it with "
                + "'topics create --anew \(name)', and rebuild it: fairfill payments rebuild --help"
        case .environment:
            "Stop all workers, and go on from a backup (fairfill copy --help). Or, if you "
                + "know what it said, write it again with 'topics create --anew environment' and "
                + "the same --partitions, --purpose, --clock-grace and --archive-after: with "
                + "other values records would be decided otherwise, and allocators would refuse "
                + "the book"
        default:
            "Stop all workers, keep what is there, and go on from a backup (fairfill copy --help)"
        }
    }
}
