import EventLog
import Foundation
import Messages
import Vocabulary

extension Command {
    static let topicsCreate = Command(
        words: ["topics", "create"],
        summary: "make what is missing: the log, its topics, the environment's record",
        description: """
            Makes the log file if there is none, every topic of the environment, and the record
            that says what the environment is. Running it again changes nothing; an environment
            that is there with other values is refused, since they change decisions.
            """,
        options: [
            Option("partitions", "N", "partitions a topic (default 1)"),
            Option("purpose", "WORD", "production or test; load is for test (default production)"),
            Option("clock-grace", "TIME", "how much clocks may differ (default 2s)"),
            Option("archive-after", "TIME", "when a final offering is archived (default 7d)"),
            Option("retention", "TIME", "how long records are kept (default unlimited)"),
        ],
        examples: [
            "fairfill topics create",
            "fairfill topics create --log sqlite:shop.db --env staging --partitions 4 "
                + "--purpose test",
        ]
    ) { arguments throws(Failure) in try Topics(arguments).create() }

    static let topicsCheck = Command(
        words: ["topics", "check"],
        summary: "say what is wrong with the topics, and how to mend it",
        description: "",
        examples: ["fairfill topics check --log sqlite:shop.db"]
    ) { arguments throws(Failure) in try Topics(arguments).check() }

    static let topicsList = Command(
        words: ["topics", "list"],
        summary: "list the environment's topics with their records",
        description: "",
        examples: ["fairfill topics list", "fairfill topics list --json | jq .topic"]
    ) { arguments throws(Failure) in try Topics(arguments).list() }
}

/// `fairfill topics`.
private struct Topics {
    let arguments: Arguments
    let output = Output()

    init(_ arguments: Arguments) { self.arguments = arguments }

    func create() throws(Failure) -> ExitCode {
        let log = try arguments.openLog(create: true)
        let wanted = try environment(of: log)
        let retention = try retention()
        if let there = try EnvironmentRecord.read(log, wanted.name), there != wanted {
            throw Failure(
                .configuration,
                "environment '\(wanted.name)' is there already, with \(Self.text(there)), and not "
                    + "\(Self.text(wanted)); these change decisions, so they stay as they are: "
                    + "leave the options out, or make another environment with --env")
        }
        let known = try logged { () throws(LogError) in try log.topics() }
        var made: [String] = []
        for topic in Topic.allCases {
            let specification = topic.specification(wanted, retention)
            if known.contains(where: { $0.specification.name == specification.name }) { continue }
            do throws(LogError) {
                try log.create(specification)
                made.append(specification.name)
            } catch where error.code == .alreadyExists {
                // Somebody else makes them, too.
            } catch {
                throw Failure(error)
            }
        }
        if try EnvironmentRecord.read(log, wanted.name) == nil {
            try EnvironmentRecord.write(wanted, to: log)
        }
        if arguments.isJSON {
            var line = JSONLine()
            line.add("log", log.url)
            line.add("env", wanted.name)
            line.add("made", made.count)
            line.add("partitions", wanted.partitions)
            line.add("purpose", wanted.purpose.rawValue)
            try output.line(line.line)
        } else if !arguments.isQuiet {
            try output.line(
                "\(log.url): environment '\(wanted.name)', \(Self.text(wanted)); "
                    + (made.isEmpty ? "nothing was missing" : "\(made.count) topics made"))
        }
        try output.flush()
        return try check(log, wanted, retention).isEmpty ? .done : complain(log, wanted, retention)
    }

    func check() throws(Failure) -> ExitCode {
        let place = try arguments.openPlace()
        return try complain(place.log, place.environment, nil)
    }

    func list() throws(Failure) -> ExitCode {
        let place = try arguments.openPlace()
        for topic in Topic.allCases {
            let places = topic.partitions == .one
                ? [place.partition(topic, 0)] : place.partitions(topic)
            let bounds = try logged { () throws(LogError) in
                try place.log.bounds(of: places, .committed)
            }
            for (partition, bounds) in zip(places, bounds) {
                let start = bounds.start.rawValue, end = bounds.end.rawValue
                if arguments.isJSON {
                    var line = JSONLine()
                    line.add("topic", partition.topic)
                    line.add("partition", partition.partition)
                    line.add("start", start)
                    line.add("end", end)
                    try output.line(line.line)
                } else {
                    try output.line(
                        Help.padded("\(partition)", 36) + "  offsets \(start) to \(end)")
                }
            }
        }
        try output.flush()
        return .done
    }

    // MARK: The environment

    private func environment(of log: any EventLog) throws(Failure) -> Environment {
        let there = try EnvironmentRecord.read(log, arguments.environmentName)
        let partitions = try arguments.integer("partitions") ?? there?.partitions ?? 1
        guard (1...1_024).contains(partitions) else {
            throw Failure(.usage, "--partitions \(partitions): 1 to 1024")
        }
        let word = arguments.text("purpose") ?? there?.purpose.rawValue ?? "production"
        guard let purpose = Environment.Purpose(rawValue: word) else {
            throw Failure(.usage, "--purpose \(word): production or test")
        }
        var environment = Environment(
            name: arguments.environmentName, cluster: log.clusterID, partitions: partitions,
            purpose: purpose)
        environment.clockGraceMilliseconds =
            try arguments.milliseconds("clock-grace") ?? there?.clockGraceMilliseconds ?? 2_000
        environment.archiveAfterMilliseconds =
            try arguments.milliseconds("archive-after") ?? there?.archiveAfterMilliseconds
            ?? 7 * 86_400_000
        return environment
    }

    private func retention() throws(Failure) -> Int64? {
        arguments.text("retention") == "unlimited" ? nil : try arguments.milliseconds("retention")
    }

    private static func text(_ environment: Environment) -> String {
        "\(environment.partitions) partition\(environment.partitions == 1 ? "" : "s"), "
            + "purpose \(environment.purpose.rawValue), "
            + "clock grace \(environment.clockGraceMilliseconds) ms, "
            + "archive after \(environment.archiveAfterMilliseconds / 1_000) s"
    }

    // MARK: Checking

    private func complain(
        _ log: any EventLog, _ environment: Environment, _ retention: Int64?
    ) throws(Failure) -> ExitCode {
        let findings = try check(log, environment, retention)
        for finding in findings {
            if arguments.isJSON {
                var line = JSONLine()
                line.add("finding", finding)
                try output.line(line.line)
            } else {
                try output.line(output.coloured(finding, .red))
            }
        }
        if findings.isEmpty, arguments.command.name == "topics check", !arguments.isJSON {
            try output.line(
                "\(log.url): all \(Topic.allCases.count) topics of '\(environment.name)' are right")
        }
        try output.flush()
        return findings.isEmpty ? .done : .configuration
    }

    private func check(
        _ log: any EventLog, _ environment: Environment, _ retention: Int64?
    ) throws(Failure) -> [String] {
        let known = try logged { () throws(LogError) in try log.topics() }
        return TopicCheck.findings(known, environment)
    }
}

extension Topic {
    /// The topic as it is made for an environment; `retention` is in milliseconds, nil for ever.
    func specification(_ environment: Environment, _ retention: Int64?) -> TopicSpecification {
        TopicSpecification(
            name: fullName(environment: environment.name),
            partitions: partitions == .one ? 1 : Int32(environment.partitions),
            cleanup: cleanup == .compact ? .compact : .delete,
            // The book of record is kept for ever, whatever is asked for the rest.
            retentionMilliseconds: self == .decisions || cleanup == .compact
                ? nil : retention,
            maxMessageBytes: maxMessageBytes)
    }
}

extension EnvironmentRecord {
    /// Appends the record that says what the environment is.
    static func write(_ environment: Environment, to log: any EventLog) throws(Failure) {
        var records = OutgoingRecords()
        let destination = records.destination(
            TopicPartition(Topic.environment.fullName(environment: environment.name), 0))
        var key = "environment"
        key.withUTF8 { key in
            records.append(
                to: destination, key: UnsafeRawBufferPointer(key),
                largestValue: RecordEncoder.largestSmallRecord
            ) { RecordEncoder.encode(environment, into: $0) }
        }
        _ = try Appending.append(records, to: log)
    }
}

/// What is wrong with an environment's topics: each finding a sentence with its mend (log.md,
/// Topics).
enum TopicCheck {
    static func findings(_ known: [TopicDescription], _ environment: Environment) -> [String] {
        var found: [String] = []
        for topic in Topic.allCases {
            let name = topic.fullName(environment: environment.name)
            guard let there = known.first(where: { $0.specification.name == name }) else {
                found.append("\(name) is missing; make it with: fairfill topics create")
                continue
            }
            let partitions = topic.partitions == .one ? 1 : environment.partitions
            if Int64(there.specification.partitions) != partitions {
                found.append(
                    "\(name) has \(there.specification.partitions) partitions, and the environment "
                        + "\(partitions): keys would be looked for elsewhere; make an environment "
                        + "anew with the right number and copy the records")
            }
            if there.timestampType != .logAppendTime {
                found.append(
                    "\(name) is stamped by its clients; set message.timestamp.type=LogAppendTime")
            }
            let isCompacted = there.specification.cleanup == .compact
            if isCompacted != (topic.cleanup == .compact) {
                found.append(
                    isCompacted
                        ? "\(name) is compacted, so history is lost; set cleanup.policy=delete"
                        : "\(name) grows without end; set cleanup.policy=compact")
            }
            if topic == .decisions, let kept = there.specification.retentionMilliseconds {
                found.append(
                    "\(name) is kept for \(kept / 1_000) s only, and it is the book of record; "
                        + "set retention.ms=-1")
            }
        }
        return found
    }
}

extension Place {
    /// Refuses to work on topics that would make replay impossible.
    func checkTopics() throws(Failure) {
        let known = try logged { () throws(LogError) in try log.topics() }
        let findings = TopicCheck.findings(known, environment)
        guard findings.isEmpty else {
            throw Failure(.configuration, findings.joined(separator: "\nfairfill: "))
        }
    }
}
