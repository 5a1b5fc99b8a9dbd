import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary
import Workers

/// How the partitions of an environment come to a worker: `allocate` and `pay` share this.
enum GroupOption {
    static let option = Option(
        "partitions", "LIST", "such as 0,2-3 (default: all; on Kafka its share in the group)")

    /// What `--help` says of it.
    static let description = """
        On Kafka several workers share the partitions as members of a group, and partitions move
        when a worker joins, leaves or dies; a worker without a partition stands by. With
        --partitions a worker takes over those partitions, and with --until-end all of them; it ends
        with 80 once other workers have taken all of them back.
        """

    /// Runs a lane for each partition that is this process's: those that were given, or all, or
    /// on Kafka what the group of `role` gives it. `ended` is called with each lane that can't go
    /// on for now; `provider` is who pays.
    static func run(
        _ role: WorkerRole, _ connection: LogConnection, sharing topic: Topic, memory: MemoryShare,
        _ arguments: Arguments, provider: String? = nil,
        ended: @escaping @Sendable (Partition) -> Void = { _ in },
        _ newLane: @escaping (Partition) -> any DrivenLane
    ) throws(Failure) -> LaneEnd {
        let partitions = try Command.partitions(arguments, connection)
        Descriptors.raise(forLanes: partitions.count)
        let isShared = arguments.text("partitions") == nil && !arguments.has("until-end")
        let log = isShared ? connection.log as? any GroupLog : nil
        let group = "\(connection.name).\(role.rawValue)"
        Greeting.say(
            role.rawValue, connection, partitions, group: log == nil ? nil : group,
            provider: provider,
            arguments)
        let seats = SeatReporter(connection) { ended($0.partition) }
        defer { seats.close() }
        let topics = TopicWatch(connection.log, connection.environment, hear: seats.hear)
        defer { topics.end() }
        let lane = { (post: LanePost) throws(LaneEnd) -> any DrivenLane in
            try check(post, sharing: topic, connection)
            return newLane(post.partition)
        }
        guard let log else {
            let daemon = LaneDaemon(
                partitions.map { LanePost(role, $0) }, isBounded: arguments.has("until-end"),
                watch: topics, memory: memory, makeLane: lane, observer: seats.hear)
            let watch = StopWatch { daemon.stop() }
            defer { watch.end() }
            return daemon.run()
        }
        let isQuiet = arguments.isQuiet
        let daemon = GroupDaemon(role, watch: topics, memory: memory, makeLane: lane) { notice in
            if case .seat(let notice) = notice { return seats.hear(notice) }
            // An operator must see alarms in any case.
            if !isQuiet || notice.isAlarm { notice.remark.say() }
        }
        let watch = StopWatch { daemon.stop() }
        defer { watch.end() }
        return try logged { () throws(LogError) in
            try daemon.run(
                on: log, group: group, topic: topic.fullName(environment: connection.name))
        }
    }

    /// Whether there can be a lane: a topic may have grown since the environment was made.
    private static func check(
        _ post: LanePost, sharing topic: Topic, _ connection: LogConnection
    ) throws(LaneEnd) {
        let count = connection.environment.partitions
        guard post.partition.rawValue >= count else { return }
        throw .log(
            LogError(
                .unknownTopic,
                "partition \(post.partition) was added to "
                    + "\(topic.fullName(environment: connection.name)), and the environment has "
                    + "\(count): no worker reads it; \(TopicCheck.wayOnFromAdded)"))
    }
}

/// What a worker says when it starts: what it is, and on what it works.
enum Greeting {
    static func say(
        _ role: String, _ connection: LogConnection, _ partitions: [Partition] = [],
        group: String? = nil, provider: String? = nil, _ arguments: Arguments
    ) {
        guard !arguments.isQuiet else { return }
        let count = connection.environment.partitions
        let whole = count == 1 ? "its one partition" : "all \(count) partitions"
        let share = "a share of \(count) partition\(count == 1 ? "" : "s"), group"
        let which = group.map { "\(share) \($0)" }
            ?? (Int64(partitions.count) == count ? whole : partitions.words)
        var remark = Remark(
            .started,
            "\(role) \(Main.version) on \(connection.log.url), environment '\(connection.name)' "
                + "(\(connection.environment.purpose.rawValue)), \(which)"
                + (provider.map { "; pays through \($0)" } ?? "")
        ).with("role", role).with("version", Main.version).with("log", connection.log.url)
            .with("env", connection.name).with("purpose", connection.environment.purpose.rawValue)
            .with("provider", provider).with("group", group).with("of", count)
        if group == nil { remark = remark.with("partitions", partitions) }
        remark.say()
    }
}

extension GroupNotice {
    fileprivate var isAlarm: Bool {
        switch self {
        case .assigned, .revoked(_, isLost: false), .seat: false
        case .revoked(_, isLost: true): true
        }
    }

    fileprivate var remark: Remark {
        switch self {
        case .assigned(let partitions):
            Remark(.assigned, "the group gives it \(partitions.words)")
                .with("partitions", partitions)
        case .revoked(let partitions, isLost: false):
            Remark(.revoked, "the group asks \(partitions.words) back")
                .with("partitions", partitions)
        case .revoked(let partitions, isLost: true):
            Remark(
                .lost,
                "the group took this process for dead; \(partitions.words) may have gone to "
                    + "others, and this process keeps working until another takes over"
            ).with("partitions", partitions)
        case .seat: preconditionFailure("seats have a reporter of their own")
        }
    }
}

extension [Partition] {
    /// For people.
    fileprivate var words: String {
        guard !isEmpty else { return "no partition, it stands by" }
        let numbers = sorted().map { "\($0)" }.joined(separator: ", ")
        return count == 1 ? "partition \(numbers)" : "partitions \(numbers)"
    }
}
