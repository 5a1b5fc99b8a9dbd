import CommandRunning
import Foundation
import Testing

/// A record as a front end sends it.
struct Message {
    var key: [UInt8]?
    var value: String?
    var headers: [(name: String, value: String)] = []

    init(_ key: String?, _ value: String?, headers: [(name: String, value: String)] = []) {
        self.key = key.map { Array($0.utf8) }
        self.value = value
        self.headers = headers
    }

    /// What has a key that may be no text.
    init(key: [UInt8]) {
        self.key = key
        value = "{}"
    }
}

/// The clients that front ends are written with, each as a process of its own.
enum Client: String, CaseIterable, Sendable {
    case kcat, console, python, java

    static let here = allCases.filter(\.isHere)

    var isHere: Bool {
        switch self {
        case .kcat: Programs.kcat != nil
        case .python: Programs.python != nil
        case .console, .java: Programs.javaFolder != nil
        }
    }

    /// How messages are sent.
    struct Sending {
        /// Where each lands; murmur2, or what the client does by itself.
        var isPartitionerSet = true
        var compression = "none"
        /// In the client's own words.
        var settings: [String] = []
    }

    /// Sends all of `messages`; throws unless each was acknowledged.
    func send(
        _ messages: [Message], to topic: String, _ how: Sending = Sending(), in folder: Folder
    ) throws {
        let brokers = try #require(Broker.address)
        switch self {
        case .kcat: try sendWithKcat(messages, to: topic, how, brokers, folder)
        case .console:
            let lines = messages.map { message in
                let headers = message.headers.map { "\($0.name):\($0.value)" }
                return [
                    headers.isEmpty ? "NULL" : headers.joined(separator: ","),
                    message.key.map { String(decoding: $0, as: UTF8.self) } ?? "NULL",
                    message.value ?? "NULL",
                ].joined(separator: "\t")
            }
            let reading = ["parse.key=true", "parse.headers=true", "null.marker=NULL"]
            let words = ["--bootstrap-server", brokers, "--topic", topic]
                + reading.flatMap { ["--property", $0] }
                + ["--compression-codec", how.compression]
                + how.settings.flatMap { ["--producer-property", $0] }
            try Programs.console(
                words, in: folder, input: lines.joined(separator: "\n") + "\n"
            ).mustWorkSilently()
        case .python, .java:
            _ = try sendAndTell(messages.map { (topic, $0) }, how, in: folder)
        }
    }

    /// Sends all, of a client that tells the partition of each.
    func sendAndTell(
        _ messages: [(topic: String, Message)], _ how: Sending = Sending(), in folder: Folder
    ) throws -> [Int] {
        var settings = how.settings + ["compression.type=\(how.compression)", "linger.ms=20"]
        if self == .python, how.isPartitionerSet { settings.append("partitioner=murmur2_random") }
        let lines = messages.map { topic, message in
            let headers = message.headers.map {
                "\(Self.packed($0.name.utf8))=\(Self.packed($0.value.utf8))"
            }
            return [
                Self.packed(topic.utf8), Self.packed(message.key),
                Self.packed(message.value?.utf8),
                headers.isEmpty ? "-" : headers.joined(separator: ","),
            ].joined(separator: "\t")
        }
        let run = try Programs.run(
            self, ["produce", try #require(Broker.address)] + settings, in: folder,
            input: lines.joined(separator: "\n") + "\n")
        let partitions = run.lines.compactMap { Int($0) }
        try #require(partitions.count == messages.count, "\(run)")
        return partitions
    }

    /// `partition offset value` of every record of a topic that it may see, in the order of each
    /// partition; with `isChained` the client has checked the hashes of decisions.
    func consume(
        _ topic: String, isolation: String = "read_committed", isChained: Bool = false,
        in folder: Folder
    ) throws -> [Int: [String]] {
        let brokers = try #require(Broker.address)
        let run: Run
        switch self {
        case .kcat:
            run = try Run.program(
                try #require(Programs.kcat),
                [
                    "-C", "-b", brokers, "-t", topic, "-e", "-q", "-f", "%p\t%o\t%s\n",
                    "-o", "beginning", "-X", "isolation.level=\(isolation)",
                ], in: folder
            ).mustWork()
        default:
            run = try Programs.run(
                self,
                ["consume", brokers, topic, "isolation.level=\(isolation)"]
                    + (isChained ? ["chain=yes"] : []), in: folder)
        }
        var found: [Int: [String]] = [:]
        for line in run.lines {
            found[Int(line.prefix { $0 != "\t" }) ?? -1, default: []].append(line)
        }
        return found
    }

    /// kcat takes headers for all lines of a call, and so for each kind of line a call.
    private func sendWithKcat(
        _ messages: [Message], to topic: String, _ how: Sending, _ brokers: String,
        _ folder: Folder
    ) throws {
        var calls: [(words: [String], lines: [String])] = []
        for message in messages {
            var words = message.headers.flatMap { ["-H", "\($0.name)=\($0.value)"] }
            if message.key != nil { words += ["-K", "\t"] }
            // Empty ones are null.
            if message.value == nil { words.append("-Z") }
            let key = message.key.map { String(decoding: $0, as: UTF8.self) + "\t" } ?? ""
            let line = key + (message.value ?? "")
            if calls.last?.words == words {
                calls[calls.count - 1].lines.append(line)
            } else {
                calls.append((words, [line]))
            }
        }
        for call in calls {
            try Run.program(
                try #require(Programs.kcat),
                ["-P", "-b", brokers, "-t", topic]
                    + (how.compression == "none" ? [] : ["-z", how.compression])
                    + (how.isPartitionerSet ? ["-X", "partitioner=murmur2_random"] : [])
                    + how.settings.flatMap { ["-X", $0] } + call.words,
                in: folder, input: call.lines.joined(separator: "\n") + "\n"
            ).mustWork()
        }
    }

    private static func packed(_ bytes: (some Sequence<UInt8>)?) -> String {
        guard let bytes else { return "-" }
        return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

extension Run {
    /// Kafka's console producer ends with 0 whatever became of its records: what it complains of
    /// counts, and what became of them is looked for in the log.
    func mustWorkSilently() throws {
        try mustWork()
        guard !errors.contains("ERROR"), !errors.contains("Exception") else {
            throw Unexpected(self)
        }
    }
}

/// Where the clients are.
enum Programs {
    static let kcat = path(of: "kcat")
    static let jq = path(of: "jq")
    static let openssl = path(of: "openssl")

    /// A Python that has confluent-kafka: the first in the path may be another than Debian's.
    static let python = [path(of: "python3"), "/usr/bin/python3"].compactMap(\.self).first {
        guard let folder = try? Folder() else { return false }
        return (try? Run.program($0, ["-c", "import confluent_kafka"], in: folder))?.exitCode == 0
    }

    /// The jars of an Apache Kafka, where there is a Java to run them, too.
    static let javaFolder: String? = {
        let named = ProcessInfo.processInfo.environment["KAFKA_LIBS"]
        let beside = Cluster.program.map { "\(($0 as NSString).deletingLastPathComponent)/libs" }
        guard path(of: "java") != nil, let folder = named ?? beside,
            FileManager.default.fileExists(atPath: folder)
        else { return nil }
        return folder
    }()

    /// Runs Kafka's console producer.
    static func console(_ words: [String], in folder: Folder, input: String) throws -> Run {
        if let program = Cluster.program {
            return try Run.program(
                program, ["tool", "console-producer"] + words, in: folder, input: input)
        }
        return try java("org.apache.kafka.tools.ConsoleProducer", words, in: folder, input: input)
    }

    /// Runs a Java program: a class of the jars, or one file of source.
    static func java(_ file: String, _ words: [String], in folder: Folder, input: String? = nil)
        throws -> Run
    {
        // These two make a short run shorter.
        let flags = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
        return try Run.program(
            try #require(path(of: "java")),
            flags + ["-cp", "\(try #require(javaFolder))/*", file] + words, in: folder,
            input: input)
    }

    /// Runs the test's own program of a client, which must work.
    static func run(_ client: Client, _ words: [String], in folder: Folder, input: String? = nil)
        throws -> Run
    {
        let programs = Bundle.module.bundleURL.appending(path: "Programs").path
        if client == .java {
            return try java("\(programs)/Client.java", words, in: folder, input: input).mustWork()
        }
        return try Run.program(
            try #require(python), ["\(programs)/client.py"] + words, in: folder, input: input
        ).mustWork()
    }

    private static func path(of program: String) -> String? {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return folders.split(separator: ":").map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
