import CommandLine
import EventLog
import FairfillClient
import Foundation
import KafkaLog
import Messages
import Vocabulary

extension Command {
    static let topicsCreate = Command(
        words: ["topics", "create"],
        summary: "make the log, its topics and the environment's record, if missing",
        description: """
            Makes the log file if there is none, every topic of the environment, and the record
            with the environment's settings. Running it again changes nothing. It refuses an
            environment that exists with other settings, since they change decisions. It also
            refuses to make a topic anew that was deleted: that would begin another history.
            """,
        options: Topics.options,
        examples: [
            "fairfill topics create",
            "fairfill topics create --log sqlite:shop.db --env staging --partitions 4 "
                + "--purpose test",
        ]
    ) { arguments throws(Failure) in try Topics(arguments).create() }

    static let topicsCheck = Command(
        words: ["topics", "check"],
        summary: "check the topics and explain how to fix any problem",
        description: """
            Ends with 0 if all topics are as workers need them, and with 78 if one is not. If the
            cluster allows every user everything, a remark says so.
            """,
        examples: ["fairfill topics check --log sqlite:shop.db"]
    ) { arguments throws(Failure) in try Topics(arguments).check() }

    static let topicsList = Command(
        words: ["topics", "list"],
        summary: "list the topics with their records, and what waits in each",
        description: """
            Beside each input it shows the records without a decision, beside payment-commands the
            commands that no payer has taken up, and beside payment-journal those without a final
            answer, with the age of the oldest. A number that grows waits for a worker that isn't
            running.
            """,
        examples: ["fairfill topics list", "fairfill topics list --json | jq .topic"]
    ) { arguments throws(Failure) in try Topics(arguments).list() }
}

/// `fairfill topics`.
struct Topics {
    /// What is made, where something is missing.
    static let options = [
        Option("partitions", "N", "how many partitions each topic has (default 1)"),
        Option(
            "purpose", "WORD",
            "production, or test for made-up bids (default production)",
            words: Environment.Purpose.allCases.map(\.rawValue)),
        Option("clock-grace", "TIME", "how much clocks may differ (default 2s)"),
        Option(
            "archive-after", "TIME", "how long after its end an offering is archived (default 7d)"),
        Option("retention", "TIME", "how long records are kept (default unlimited)"),
        Option(
            "anew", "TOPIC",
            "make a topic that was deleted: "
                + Words.alternatives(Topic.anew.map(\.name))
                + " (default: none; may be repeated)",
            isRepeatable: true, words: Topic.anew.map(\.name)),
    ]

    let arguments: Arguments
    let output = Output()

    init(_ arguments: Arguments) { self.arguments = arguments }

    func create() throws(Failure) -> ExitCode {
        let (log, wanted, made) = try makeMissingTopics()
        if arguments.isJSON {
            var line = JSONLine()
            line.add("log", log.url)
            line.add("env", wanted.name)
            line.add("made", made)
            line.add("partitions", wanted.partitions)
            line.add("purpose", wanted.purpose.rawValue)
            try output.line(line.line)
        } else if !arguments.isQuiet {
            try output.text(
                "\(log.url): environment '\(wanted.name)', \(Self.text(wanted)); "
                    + (made == 0
                        ? "nothing was missing" : "\(Words.count(made, "topic")) made"))
        }
        try output.flush()
        return try complain(log, wanted)
    }

    /// Makes the log, the environment's record and its topics; answers how many topics it made.
    @discardableResult
    func makeMissingTopics() throws(Failure) -> (any EventLog, Environment, made: Int) {
        let log = try arguments.openLog(create: true)
        var there = try EnvironmentRecord.read(log, arguments.environmentName)
        if let found = there {
            try EnvironmentRecord.refuseCopy(found, log)
            try EnvironmentRecord.refuseNewer(found)
        }
        let wanted = try environment(of: log, there)
        let retention = try retention()
        if let found = there {
            // What is compared with what is asked for is the record as it would be today.
            let renewed = try EnvironmentRecord.renewed(found, log)
            try refuse(renewed, instead: wanted)
            if renewed != found {
                try refuse(
                    EnvironmentRecord.write(renewed, over: found, to: log), instead: wanted)
                there = renewed
            }
        }
        let known = try TopicCheck.topics(of: wanted.name, log)
        try refuse(known, wanted, retention, isNew: there == nil)
        let anew = topicsToMakeAnew()
        if there == nil { try LostTopics.refuseRecord(known, of: wanted, on: log, anew: anew) }
        try LostTopics.refuse(known, of: wanted, on: log, anew: anew)
        var made = 0
        // The record first: every later run makes what it says, wherever this one was killed.
        if there == nil {
            made += try make(.environment, log, wanted, nil)
            try refuse(EnvironmentRecord.writeFirst(wanted, to: log), instead: wanted)
        }
        let names = Set(known.map(\.specification.name))
        for topic in Topic.allCases
        where !names.contains(topic.fullName(environment: wanted.name)) {
            made += try make(topic, log, wanted, retention)
        }
        return (log, wanted, made)
    }

    /// Makes a topic; answers 1, or 0 where it is there.
    private func make(
        _ topic: Topic, _ log: any EventLog, _ environment: Environment, _ retention: Int64?
    ) throws(Failure) -> Int {
        do throws(LogError) {
            try log.create(topic.specification(environment, retention))
            return 1
        } catch {
            guard error.code == .alreadyExists else { throw Failure(error) }
            return 0
        }
    }

    private func refuse(
        _ there: Environment?, instead wanted: Environment
    ) throws(Failure) {
        guard let there, there != wanted else { return }
        throw Failure(
            .configuration,
            "environment '\(wanted.name)' is there already, with \(Self.text(there)), and not "
                + "\(Self.text(wanted)); these change decisions, so they stay as they are: "
                + "leave the options out, or make another environment with --env")
    }

    /// Refuses to make an environment, or the rest of one, around topics that it doesn't fit.
    private func refuse(
        _ known: [TopicDescription], _ wanted: Environment, _ retention: Int64?, isNew: Bool
    ) throws(Failure) {
        // Of an environment that is there partitions may have been added; a new one is given
        // as many as there are.
        var findings = TopicCheck.findings(known, wanted)
            .filter { !$0.isMissing && ($0.stopsWorkers || isNew && $0.hasTooMany) }
            .map { finding in
                guard finding.hasTooMany else { return finding.sentence }
                return "\(finding.topic) \(finding.fact); make the environment with as many "
                    + "partitions (--partitions), or under another name (--env)"
            }
        if arguments.text("retention") != nil {
            for topic in Topic.allCases {
                let specification = topic.specification(wanted, retention)
                guard let there = known.first(where: {
                    $0.specification.name == specification.name
                }), there.specification.retentionMilliseconds != specification.retentionMilliseconds
                else { continue }
                let kept = Span.text(there.specification.retentionMilliseconds)
                findings.append(
                    "\(specification.name) is there and kept \(kept), not "
                        + "\(Span.text(specification.retentionMilliseconds)); --retention is "
                        + "for topics that are made: leave it out")
            }
        }
        guard findings.isEmpty else {
            throw Failure(.configuration, findings.joined(separator: "\nfairfill: "))
        }
    }

    func check() throws(Failure) -> ExitCode {
        let connection = try arguments.connect(to: arguments.openLog())
        if let log = connection.log as? KafkaLog {
            let isGuarded = try logged { () throws(LogError) in try log.hasAuthorizer() }
            if isGuarded == false {
                // A shop that trusts everybody in its network may mean it so.
                Remark.say(
                    "\(log.url) has no authorizer (authorizer.class.name): any client "
                        + "that reaches the brokers may write every topic, decisions and payment "
                        + "results among them. Set one, then grant rights with deploy/kafka-acls")
            }
        }
        return try complain(connection.log, connection.environment)
    }

    func list() throws(Failure) -> ExitCode {
        let connection = try arguments.connect(to: arguments.openLog())
        let backlog = try Backlog.ifPermitted(connection, arguments)
        for topic in Topic.allCases {
            let partitions = topic.partitions == .one
                ? [connection.partition(topic, 0)] : connection.partitions(topic)
            let bounds = try logged { () throws(LogError) in
                try connection.log.bounds(of: partitions, .committed)
            }
            if !arguments.isJSON {
                try output.line(row(topic, partitions, bounds, backlog))
                continue
            }
            for (partition, bounds) in zip(partitions, bounds) {
                let start = bounds.start.rawValue, end = bounds.end.rawValue
                let waiting = backlog?.waiting(in: topic, Int(partition.partition))
                var line = JSONLine()
                line.add("topic", partition.topic)
                line.add("partition", partition.partition)
                line.add("start", start)
                line.add("end", end)
                if let (name, waiting) = waiting {
                    line.add(name, waiting.count)
                    if let since = waiting.since { line.add("since", since.rawValue) }
                }
                try output.line(line.line)
            }
        }
        try output.flush()
        return .done
    }

    /// A topic with all its partitions, for people.
    private func row(
        _ topic: Topic, _ partitions: [TopicPartition], _ bounds: [Bounds], _ backlog: Backlog?
    ) -> String {
        var records: Int64 = 0
        var waiting: (name: String, waiting: Backlog.Waiting)?
        for (partition, bounds) in zip(partitions, bounds) {
            records += bounds.end.rawValue - bounds.start.rawValue
            guard let here = backlog?.waiting(in: topic, Int(partition.partition)) else { continue }
            waiting = (here.name, waiting?.waiting ?? Backlog.Waiting())
            waiting?.waiting += here.waiting
        }
        let name = Layout.cut(partitions[0].topic, to: 30)
        let columns = Layout.padded(name, 30) + "  "
            + Layout.padded(Words.count(partitions.count, "partition"), 15)
            + Layout.aligned(Words.count(records, "record"), 18)
        let words = waiting?.waiting.words(waiting?.name ?? "", now: .now)
        return columns + (words.map { "\n    \($0)" } ?? "")
    }

    // MARK: The environment

    private func environment(
        of log: any EventLog, _ there: Environment?
    ) throws(Failure) -> Environment {
        let partitions = try arguments.integer("partitions") ?? there?.partitions ?? 1
        guard (1...1_024).contains(partitions) else {
            throw Failure(.usage, "--partitions \(partitions): 1 to 1024")
        }
        let purpose = arguments.choice("purpose", as: Environment.Purpose.self)
            ?? there?.purpose ?? .production
        var environment = Environment(
            name: arguments.environmentName, cluster: log.clusterID, partitions: partitions,
            purpose: purpose)
        environment.clockGraceMilliseconds =
            try arguments.milliseconds("clock-grace") ?? there?.clockGraceMilliseconds ?? 2_000
        environment.archiveAfterMilliseconds =
            try arguments.milliseconds("archive-after") ?? there?.archiveAfterMilliseconds
            ?? 7 * 86_400_000
        let isKept = there.map { $0.edition == Environment.currentEdition } ?? false
        environment.commandGraceMilliseconds =
            isKept
            ? there!.commandGraceMilliseconds
            : EnvironmentRecord.commandGrace(environment.clockGraceMilliseconds, log)
        return environment
    }

    private func topicsToMakeAnew() -> Set<Topic> {
        let words = arguments.texts("anew")
        return Set(Topic.anew.filter { words.contains($0.name) })
    }

    private func retention() throws(Failure) -> Int64? {
        arguments.text("retention") == "unlimited" ? nil : try arguments.milliseconds("retention")
    }

    private static func text(_ environment: Environment) -> String {
        "\(environment.partitions) partition\(environment.partitions == 1 ? "" : "s"), "
            + "purpose \(environment.purpose.rawValue), "
            + "clock grace \(Span.text(environment.clockGraceMilliseconds)), "
            + "archive after \(Span.text(environment.archiveAfterMilliseconds))"
    }

    // MARK: Checking

    private func complain(
        _ log: any EventLog, _ environment: Environment
    ) throws(Failure) -> ExitCode {
        let known = try TopicCheck.topics(of: environment.name, log)
        let findings = TopicCheck.findings(known, environment)
        for finding in findings {
            if arguments.isJSON {
                var line = JSONLine()
                line.add("finding", finding.sentence)
                try output.line(line.line)
            } else {
                try output.text(output.coloured(finding.sentence, .red))
            }
        }
        if findings.isEmpty, arguments.command.name == "topics check" {
            if arguments.isJSON {
                var line = JSONLine()
                line.add("log", log.url)
                line.add("env", environment.name)
                line.add("topics", Topic.allCases.count)
                line.add("right", true)
                try output.line(line.line)
            } else if !arguments.isQuiet {
                try output.text(
                    "\(log.url): all \(Topic.allCases.count) topics of '\(environment.name)' are "
                        + "right")
            }
        }
        try output.flush()
        return findings.isEmpty ? .done : .configuration
    }
}
