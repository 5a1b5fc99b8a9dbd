// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target builds in the Swift 6 language mode, without a warning, and is
/// optimised across modules: the rules, the codec and the lanes are modules of their own
/// for the reader's sake, and calls between them must not cost what calls between strangers do.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "fairfill",
    products: [.executable(name: "fairfill", targets: ["fairfill"])],
    targets: [
        // The command.
        .executableTarget(
            name: "fairfill",
            dependencies: [
                "Simulation", "Analysis", "Gateway", "SandboxBank", "Payments", "Workers", "Audit", "Messages", "Allocation", "KafkaLog", "SQLiteLog",
                "MemoryLog", "EventLog", "Digest", "Vocabulary",
            ],
            swiftSettings: strict),

        // Whole systems with faults, by a seed.
        module(
            "Simulation",
            ["Workers", "Audit", "Messages", "Allocation", "Payments", "MemoryLog", "EventLog", "Vocabulary"]),

        // What people ask of the topics, and the workers that write them.
        module("Analysis", ["Messages", "Allocation", "EventLog", "Vocabulary"]),
        module(
            "Workers",
            ["Messages", "Allocation", "Payments", "EventLog", "Digest", "Vocabulary"]),
        module("Audit", ["Messages", "Digest", "Vocabulary"]),

        // Records on the wire, and the rules that decide them: neither knows the other.
        module("Messages", ["Vocabulary"]),
        module("Allocation", ["Vocabulary"]),
        // The life of one payment: what to send, what an answer means, when money may move; and
        // the way to a provider.
        module("Payments", ["Vocabulary"]),
        module("Gateway", ["Payments", "Vocabulary"]),
        // A provider to test payers against.
        module("SandboxBank", ["HTTPServer", "SQLite"]),

        // One small log protocol, and the logs behind it.
        module("KafkaLog", ["EventLog", "Kafka"]),
        module("SQLiteLog", ["EventLog", "SQLite"]),
        module("MemoryLog", ["EventLog"]),
        module("EventLog"),

        // Thin wrappers, each alone importing its C target.
        module("Kafka", ["CKafka"]),
        module("SQLite", ["CSQLite"]),
        module("HTTPServer", ["CHTTPServer"]),
        module("Digest", ["CDigest"]),
        .systemLibrary(
            name: "CKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(
            name: "CHTTPServer", pkgConfig: "libmicrohttpd",
            providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "CDigest", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        module("Vocabulary"),

        // Tests mirror the modules.
        tests("ArchitectureTests", []),
        tests("CommandTests", ["Messages", "Kafka", "KafkaLog", "SQLiteLog", "EventLog", "Vocabulary"]),
        tests("SimulationTests", ["Simulation"]),
        tests("AnalysisTests", ["Analysis", "Messages", "Allocation", "MemoryLog", "EventLog", "Vocabulary"]),
        tests(
            "WorkersTests",
            ["Workers", "Messages", "Allocation", "Payments", "Audit", "MemoryLog", "SQLiteLog", "EventLog", "Digest", "Vocabulary"]),
        tests("ForgeryTests", ["Audit", "Messages", "Allocation", "Digest", "Vocabulary"]),
        tests("AuditTests", ["Audit", "Messages", "Allocation", "Digest", "Vocabulary"]),
        tests("MessagesTests", ["Messages", "Vocabulary"]),
        tests("AllocationTests", ["Allocation", "Vocabulary"]),
        tests("KafkaLogTests", ["LogConformance", "KafkaLog", "EventLog", "CKafka"]),
        tests("PaymentsTests", ["Payments", "Vocabulary"]),
        tests("GatewayTests", ["Gateway", "Payments", "Vocabulary"]),
        tests("SandboxBankTests", ["SandboxBank"]),
        tests("SQLiteLogTests", ["LogConformance", "SQLiteLog", "EventLog", "SQLite"]),
        tests("MemoryLogTests", ["LogConformance", "MemoryLog", "EventLog"]),
        tests("EventLogTests", ["EventLog"]),
        tests("DigestTests", ["Digest"]),
        tests("VocabularyTests", ["Vocabulary"]),

        // The suite that every log passes.
        .target(
            name: "LogConformance", dependencies: ["EventLog"], path: "Tests/LogConformance",
            swiftSettings: strict),
        // A process that some of it kills.
        .executableTarget(
            name: "EndlessWriter",
            dependencies: ["LogConformance", "KafkaLog", "SQLiteLog", "EventLog"],
            path: "Tests/EndlessWriter", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
