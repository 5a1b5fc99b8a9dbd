import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

/// The topics of a copy: what of them the source has, and what they are to be on the target.
///
/// A copy is the way out of an environment that workers refuse, so it asks less of its source than
/// they do, and makes on the target what they ask for.
struct CarriedTopics {
    private let source: LogConnection
    private let topics: [Topic]
    private let known: [TopicDescription]

    init(_ source: LogConnection, _ topics: [Topic]) throws(Failure) {
        self.source = source
        self.topics = topics
        known = try TopicCheck.topics(of: source.name, source.log)
    }

    private func found(_ topic: Topic) -> TopicSpecification? {
        let name = topic.fullName(environment: source.name)
        return known.first { $0.specification.name == name }?.specification
    }

    /// As the environment has them, but for how long they are kept.
    var specifications: [TopicSpecification] {
        topics.map { topic in
            let there = found(topic)
            var wanted = topic.specification(source.environment, there?.retentionMilliseconds)
            // What a client could send to the source must have room here, too.
            wanted.maxMessageBytes = max(wanted.maxMessageBytes, there?.maxMessageBytes ?? 0)
            return wanted
        }
    }

    /// The partitions that are carried: those of the environment that are there.
    func partitions(_ topic: Topic) -> [TopicPartition] {
        let count = found(topic)?.partitions ?? 0
        return source.partitions(topic).filter { $0.partition < count }
    }

    /// Whether either side may drop records that a later one makes needless.
    func isCompacted(_ topic: Topic) -> Bool {
        topic.cleanup == .compact || found(topic)?.cleanup == .compact
    }

    /// Says what is wrong with the source, and what stays behind.
    func remark(quiet: Bool) throws(Failure) {
        guard !quiet else { return }
        for finding in TopicCheck.findings(known, source.environment) {
            Remark.say(
                "in the source, \(finding.topic) \(finding.fact); "
                    + (finding.isMissing
                        ? "it is made on the target" : "it is copied none the less"))
        }
        for topic in topics {
            guard let count = found(topic)?.partitions else { continue }
            let wanted = source.partitions(topic).count
            for partition in Int32(wanted)..<max(Int32(wanted), count) {
                let surplus = TopicPartition(topic.fullName(environment: source.name), partition)
                let bounds = try logged { () throws(LogError) in
                    try source.log.bounds(of: [surplus], .committed)[0]
                }
                let left = bounds.end.rawValue - bounds.start.rawValue
                guard left > 0 else { continue }
                // Such as bids of a client that went by the topic's count: they are decided once
                // they come to where they belong.
                Remark.say(
                    "\(left) record\(left == 1 ? "" : "s") of \(surplus), which no worker reads, "
                        + "stay\(left == 1 ? "s" : "") behind"
                        + (topic == .bids
                            ? "; to have them decided on the target, read their values (kcat -C -t "
                                + "\(surplus.topic) -p \(partition) -e) and give them to fairfill "
                                + "bid --from - there" : ""))
            }
        }
    }
}
