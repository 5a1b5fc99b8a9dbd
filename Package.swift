// swift-tools-version: 6.2
import PackageDescription

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources)
}

let package = Package(
    name: "fairfill",
    products: [
        .executable(name: "fairfill", targets: ["fairfill"]),
        // For programs that bid and follow decisions.
        .library(name: "FairfillClient", targets: ["FairfillClient"]),
    ],
    targets: [
        // The command.
        .executableTarget(
            name: "fairfill",
            dependencies: [
                "CommandLine", "Demo", "Benchmarks", "FairfillClient", "Simulation", "Analysis",
                "Copying", "Gateway", "SandboxBank", "Statements", "Payments", "Workers", "Audit",
                "Schemas", "Messages", "JSON", "Allocation", "KafkaLog", "SQLiteLog", "EventLog",
                "Digest", "Vocabulary",
            ]),
        // Counts what a bench asks the heap for: the one C of our own that is more than a header.
        .target(name: "CHeap"),

        // A log opened by its URL and checked, bids and commands sent, decisions followed.
        module(
            "FairfillClient",
            ["Messages", "KafkaLog", "SQLiteLog", "MemoryLog", "EventLog", "Vocabulary"]),

        // How fast it is: the rules, the codec, the logs, the workers.
        module(
            "Benchmarks",
            [
                "CommandLine", "FairfillClient", "Gateway", "Curl", "SandboxBank", "Payments",
                "Workers", "Messages", "JSON", "Allocation", "KafkaLog", "SQLiteLog", "MemoryLog",
                "EventLog", "Digest", "Vocabulary", "CHeap",
            ]),
        // The story in a minute, on a log made for it.
        module(
            "Demo",
            [
                "CommandLine", "SandboxBank", "Messages", "KafkaLog", "SQLiteLog", "EventLog",
                "SeededNumbers", "FairfillClient", "Vocabulary",
            ]),
        // What the subcommands have in common: words, help, properties, output, signals.
        module(
            "CommandLine",
            ["FairfillClient", "Workers", "Messages", "Payments", "JSON", "EventLog", "Vocabulary"]),

        // Whole systems with faults, by a seed.
        module(
            "Simulation",
            ["Workers", "Audit", "Messages", "Allocation", "Payments", "MemoryLog", "EventLog", "SeededNumbers", "Vocabulary"]),

        // What people ask of the topics, and the workers that write them.
        module("Analysis", ["Messages", "Allocation", "EventLog", "Vocabulary"]),
        // From one log to another, record by record.
        module("Copying", ["EventLog"]),
        module(
            "Workers",
            ["Messages", "Allocation", "Payments", "EventLog", "Digest", "Vocabulary"]),
        module("Audit", ["Messages", "Digest", "Vocabulary"]),
        // The records in words that programs understand: JSON Schema and AsyncAPI.
        module("Schemas", ["Messages", "JSON", "Vocabulary"]),

        // Records on the wire, and the rules that decide them: neither knows the other.
        module("Messages", ["Vocabulary"]),
        module("Allocation", ["Vocabulary"]),
        // The life of one payment: what to send, what an answer means, when money may move; and
        // the way to a provider.
        module("Payments", ["Vocabulary"]),
        module("Gateway", ["Payments", "Curl", "JSON", "Vocabulary"]),
        // What a provider's statement says, held against what the payer knows.
        module("Statements", ["Payments", "JSON", "Vocabulary"]),
        // A provider to test payers against.
        module("SandboxBank", ["HTTPServer", "SQLite", "Digest", "JSON"]),

        // One small log protocol, and the logs behind it.
        module("KafkaLog", ["EventLog", "Kafka"]),
        module("SQLiteLog", ["EventLog", "SQLite"]),
        module("MemoryLog", ["EventLog"]),
        module("EventLog"),

        // Thin wrappers, each alone importing its C target.
        module("Kafka", ["CKafka"]),
        module("SQLite", ["CSQLite"]),
        module("HTTPServer", ["CHTTPServer"]),
        module("Curl", ["CCurl"]),
        module("Digest", ["CDigest"]),
        .systemLibrary(
            name: "CKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(
            name: "CHTTPServer", pkgConfig: "libmicrohttpd",
            providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CDigest", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        module("Vocabulary"),
        // JSON as a tree: documents that are written, and answers of others that are read.
        module("JSON"),
        // What is drawn at random and a seed brings again.
        module("SeededNumbers"),

        // Tests mirror the modules.
        tests("ArchitectureTests", []),
        tests(
            "CommandTests",
            [
                "fairfill", "CommandLine", "CommandRunning", "SchemaConformance", "Schemas",
                "Messages", "Kafka", "KafkaLog", "SQLite", "SQLiteLog", "EventLog", "Vocabulary",
            ]),
        tests(
            "CommandLineTests",
            ["fairfill", "Benchmarks", "CommandLine", "CommandRunning", "Vocabulary"]),
        tests("FairfillClientTests", ["CommandRunning", "TestRun", "FairfillClient"]),
        tests(
            "ClusterTests",
            [
                "CommandRunning", "TestRun", "Messages", "Kafka", "KafkaLog", "EventLog",
                "Vocabulary",
            ]),
        tests(
            "InteroperabilityTests",
            ["CommandRunning", "Messages", "KafkaLog", "EventLog", "Vocabulary"],
            resources: [.copy("Programs")]),
        tests("SecurityTests", ["CommandRunning", "Messages", "Kafka", "KafkaLog", "EventLog"]),
        tests("SimulationTests", ["TestRun", "Simulation"]),
        tests(
            "AnalysisTests",
            [
                "LedgerLanguage", "SeededNumbers", "Analysis", "Messages", "Allocation",
                "MemoryLog", "EventLog", "Vocabulary",
            ]),
        tests(
            "WorkersTests",
            ["SchemaConformance", "Workers", "Messages", "Analysis", "Allocation", "Payments", "Audit", "MemoryLog", "SQLiteLog", "EventLog", "Digest", "Vocabulary"]),
        tests(
            "ForgeryTests",
            [
                "LedgerLanguage", "TestRun", "SeededNumbers", "Audit", "Messages", "Allocation",
                "Digest", "Vocabulary",
            ]),
        tests(
            "GoldenTests",
            ["Workers", "Audit", "Messages", "Allocation", "EventLog", "Vocabulary"],
            resources: [.copy("Golden")]),
        tests(
            "AuditTests",
            ["LedgerLanguage", "Audit", "Messages", "Allocation", "Digest", "Vocabulary"]),
        tests("SchemasTests", ["SchemaConformance", "Schemas", "Messages", "JSON", "Vocabulary"]),
        tests(
            "MessagesTests",
            ["SeededNumbers", "SchemaConformance", "Messages", "Vocabulary"]),
        tests(
            "AllocationTests",
            ["LedgerLanguage", "TestRun", "SeededNumbers", "Allocation", "Vocabulary"]),
        tests(
            "KafkaLogTests",
            [
                "CommandRunning", "LogConformance", "Workers", "Messages", "KafkaLog", "Kafka",
                "EventLog", "Vocabulary", "CKafka",
            ]),
        tests("PaymentsTests", ["Payments", "Vocabulary"]),
        tests("StatementsTests", ["SeededNumbers", "Statements", "Payments", "Vocabulary"]),
        tests(
            "PaymentCaseTests",
            [
                "TestRun", "Gateway", "SandboxBank", "Statements", "Payments", "Workers",
                "Messages", "SQLiteLog", "MemoryLog", "EventLog", "Digest", "Vocabulary",
            ]),
        tests("GatewayTests", ["Gateway", "Payments", "Curl", "Vocabulary"]),
        tests("SandboxBankTests", ["SandboxBank", "SQLite", "Digest"]),
        tests("SQLiteLogTests", ["LogConformance", "SQLiteLog", "EventLog", "SQLite"]),
        tests("MemoryLogTests", ["LogConformance", "MemoryLog", "EventLog"]),
        tests("CopyingTests", ["CommandRunning", "Copying", "KafkaLog", "SQLiteLog", "MemoryLog", "EventLog"]),
        tests("EventLogTests", ["EventLog"]),
        tests("DigestTests", ["Digest"]),
        tests("VocabularyTests", ["Vocabulary"]),
        tests("JSONTests", ["JSON"]),

        // The built command, a bank and a Kafka of one's own as processes.
        .target(
            name: "CommandRunning",
            dependencies: [
                "SchemaConformance", "Messages", "KafkaLog", "SQLiteLog", "EventLog",
            ],
            path: "Tests/CommandRunning"),
        // The suite that every log passes.
        .target(
            name: "LogConformance", dependencies: ["TestRun", "SeededNumbers", "EventLog"],
            path: "Tests/LogConformance"),
        // How much a run goes through, and what it tells of tests that pass.
        .target(name: "TestRun", path: "Tests/TestRun"),
        // Records and decisions in words, a book that is told them, terms drawn at random.
        .target(
            name: "LedgerLanguage", dependencies: ["Allocation", "Vocabulary"],
            path: "Tests/LedgerLanguage"),
        // A process that some of it kills.
        .executableTarget(
            name: "EndlessWriter",
            dependencies: ["LogConformance", "KafkaLog", "SQLiteLog", "SQLite", "EventLog"],
            path: "Tests/EndlessWriter"),
        // A validator, and the check that tests put what they read through.
        .target(
            name: "SchemaConformance", dependencies: ["Schemas", "Messages", "Vocabulary"],
            path: "Tests/SchemaConformance"),
    ],
    swiftLanguageModes: [.v6]
)
