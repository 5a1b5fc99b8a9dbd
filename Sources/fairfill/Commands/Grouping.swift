import EventLog
import Messages
import Vocabulary
import Workers

/// How the partitions of an environment come to a worker: `allocate` and `pay` share this.
enum Grouping {
    static let option = Option(
        "partitions", "LIST", "as 0,2-3 (default: all; on Kafka a share of the group)")

    /// What `--help` says of it.
    static let description = """
        On Kafka several of them share the partitions as members of a group, and a partition moves
        when one joins, leaves or dies; one without a partition stands by. With --partitions or
        --until-end it takes those partitions, or all, whoever has them, and ends with 80 once
        another one takes them over.
        """

    /// Runs a lane for each partition that is this process's: those that it was told, or all, or
    /// on Kafka what the group of `role` gives it.
    static func run(
        _ role: String, _ place: Place, sharing topic: Topic, _ arguments: Arguments,
        _ newLane: @escaping (Partition) -> any DrivenLane & AnyObject
    ) throws(Failure) -> LaneEnd {
        Descriptors.raise(
            forLanes: arguments.text("partitions") == nil
                ? Int(place.environment.partitions)
                : try Command.partitions(arguments, place).count)
        let transactions = place.watchTransactions()
        defer { transactions.end() }
        func makeLane(_ partition: Partition) -> any DrivenLane {
            let lane = newLane(partition)
            transactions.add(
                lane, Self.readToTheEnd(sharing: topic).map { place.partition($0, partition) })
            return lane
        }
        guard arguments.text("partitions") == nil, !arguments.has("until-end"),
            let log = place.log as? any GroupLog
        else {
            let daemon = LaneDaemon(try Command.partitions(arguments, place).map(makeLane))
            let watch = StopWatch { daemon.stop() }
            defer { watch.end() }
            return daemon.run()
        }
        let isQuiet = arguments.isQuiet
        let daemon = GroupDaemon(makeLane: makeLane) { notice in
            // What needs somebody's eye is said in any case.
            if !isQuiet || notice.isAlarm { Remark.say(notice.sentence) }
        }
        let watch = StopWatch { daemon.stop() }
        defer { watch.end() }
        return try logged { () throws(LogError) in
            try daemon.run(
                on: log, group: "\(place.name).\(role)",
                topic: topic.fullName(environment: place.name))
        }
    }
}

extension Grouping {
    /// What the lanes of a worker read in which nobody's transaction may stay open; a lane says by
    /// itself what keeps it from bids and commands.
    static func readToTheEnd(sharing topic: Topic) -> [Topic] {
        topic == .bids ? [.decisions, .paymentResults] : [.paymentJournal, .paymentCommands]
    }
}

extension Place {
    /// Tells people of transactions that stay open on what lanes read.
    func watchTransactions() -> TransactionWatch {
        let environment = name
        return TransactionWatch(log) { Remark.say($0.sentence(in: environment)) }
    }
}

extension GroupNotice {
    fileprivate var isAlarm: Bool {
        switch self {
        case .assigned, .revoked(_, isLost: false): false
        case .revoked(_, isLost: true), .fenced, .failed: true
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .assigned(let partitions): "the group gives it \(Self.list(partitions))"
        case .revoked(let partitions, isLost: false):
            "the group asks \(Self.list(partitions)) back"
        case .revoked(let partitions, isLost: true):
            "the group took this process for dead; \(Self.list(partitions)) may have gone to "
                + "others, and until one takes over this process goes on"
        case .fenced(let partition, let sentence, let seconds):
            "partition \(partition): \(sentence); the group still gives it to this process, which "
                + "begins it again in \(Int(seconds)) s"
        case .failed(let partition, let sentence):
            "partition \(partition) STANDS STILL until people have looked at it: \(sentence)"
        }
    }

    private static func list(_ partitions: [Partition]) -> String {
        guard !partitions.isEmpty else { return "no partition, it stands by" }
        let numbers = partitions.sorted().map { "\($0)" }.joined(separator: ", ")
        return partitions.count == 1 ? "partition \(numbers)" : "partitions \(numbers)"
    }
}
