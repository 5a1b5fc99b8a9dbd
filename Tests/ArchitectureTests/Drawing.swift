/// The drawing of the modules: what each may import, and nothing else. Arrows point down only,
/// so whoever reads a module need not know what stands above it.
///
/// A new module, or a new arrow, is drawn here first.
enum Drawing {
    struct Module {
        /// Modules of this package that it may import.
        var below: Set<String>
        /// Modules of the toolchain that it may import.
        var system: Set<String> = []
        /// No clock, no I/O, no floats, no order that hashing decides: the same input gives the
        /// same bytes on every machine.
        var isPure = false
    }

    /// Where threads wait for each other: the standard library has locks, but nothing to wait on,
    /// so those modules take Foundation's conditions.
    private static let threads: Set<String> = ["Foundation", "Glibc", "Synchronization"]

    /// By name. `fairfill` is the command; it may use all that it wires together.
    static let modules: [String: Module] = [
        "fairfill": Module(
            below: [
                "CommandLine", "Demo", "Benchmarks", "FairfillClient", "Simulation", "Analysis",
                "Copying", "Gateway", "SandboxBank", "Statements", "Payments", "Workers", "Audit",
                "Schemas", "Messages", "JSON", "Allocation", "KafkaLog", "SQLiteLog", "EventLog",
                "Digest", "Vocabulary",
            ],
            system: threads),

        // What people's programs import: it prints nothing, and ends no process.
        "FairfillClient": Module(
            below: [
                "Messages", "KafkaLog", "SQLiteLog", "MemoryLog", "EventLog", "Vocabulary",
            ],
            system: threads),

        // How fast it is: the rules, the codec, the logs, the workers.
        "Benchmarks": Module(
            below: [
                "CommandLine", "FairfillClient", "Gateway", "Curl", "SandboxBank", "Payments",
                "Workers", "Messages", "JSON", "Allocation", "KafkaLog", "SQLiteLog", "MemoryLog",
                "EventLog", "Digest", "Vocabulary", "CHeap",
            ],
            system: threads),
        // The story in a minute, on a log made for it.
        "Demo": Module(
            below: [
                "CommandLine", "SandboxBank", "Messages", "KafkaLog", "SQLiteLog", "EventLog",
                "SeededNumbers", "FairfillClient", "Vocabulary",
            ],
            system: threads),
        // What the subcommands have in common: words, help, properties, output, signals.
        "CommandLine": Module(
            below: [
                "FairfillClient", "Workers", "Messages", "Payments", "JSON", "EventLog",
                "Vocabulary",
            ],
            system: threads),

        // Whole systems with faults, by a seed: what happens follows from it alone.
        "Simulation": Module(
            below: [
                "Workers", "Audit", "Messages", "Allocation", "Payments", "MemoryLog", "EventLog",
                "SeededNumbers", "Vocabulary",
            ],
            system: ["Synchronization"]),

        // What people ask of the topics, and the workers that write them.
        "Analysis": Module(below: ["Messages", "Allocation", "EventLog", "Vocabulary"]),
        // From one log to another: bytes and offsets, whatever the records mean.
        "Copying": Module(below: ["EventLog"], system: ["Glibc"]),
        "Workers": Module(
            below: ["Messages", "Allocation", "Payments", "EventLog", "Digest", "Vocabulary"],
            system: threads),
        // The auditor shares no rule with the allocator, so it can't share a mistake either.
        "Audit": Module(below: ["Messages", "Digest", "Vocabulary"], isPure: true),
        // The records in words that programs understand: JSON Schema and AsyncAPI.
        "Schemas": Module(below: ["Messages", "JSON", "Vocabulary"], isPure: true),

        // Records on the wire, and the rules that decide them: neither knows the other.
        "Messages": Module(below: ["Vocabulary"], isPure: true),
        "Allocation": Module(below: ["Vocabulary"], isPure: true),
        // The life of one payment, the way to a provider, and a provider to test against.
        "Payments": Module(below: ["Vocabulary"], isPure: true),
        "Gateway": Module(below: ["Payments", "Curl", "JSON", "Vocabulary"], system: threads),
        // Foundation is its reader of XML, and nothing else of it.
        "Statements": Module(
            below: ["Payments", "JSON", "Vocabulary"], system: ["Foundation", "FoundationXML"],
            isPure: true),
        "SandboxBank": Module(
            below: ["HTTPServer", "SQLite", "Digest", "JSON"], system: threads),

        // One log protocol, which depends on nothing, and the logs behind it.
        "KafkaLog": Module(below: ["EventLog", "Kafka"], system: threads),
        "SQLiteLog": Module(below: ["EventLog", "SQLite"], system: threads),
        "MemoryLog": Module(below: ["EventLog"], system: threads),
        "EventLog": Module(below: [], isPure: true),

        // Thin wrappers, each alone importing its C target.
        "Kafka": Module(below: ["CKafka"], system: ["Foundation"]),
        "HTTPServer": Module(below: ["CHTTPServer"], system: threads),
        "SQLite": Module(below: ["CSQLite"], system: ["Glibc"]),
        "Curl": Module(below: ["CCurl"], system: threads),
        "Digest": Module(below: ["CDigest"], isPure: true),

        "Vocabulary": Module(below: [], isPure: true),
        // JSON as a tree, whatever it says.
        "JSON": Module(below: [], isPure: true),
        "SeededNumbers": Module(below: [], isPure: true),
    ]

    /// The C targets, and the one module that may import each: a wrapper, or for the heap's
    /// counters the benches, which read them.
    static let wrappers = [
        "CKafka": "Kafka", "CHTTPServer": "HTTPServer", "CSQLite": "SQLite", "CCurl": "Curl",
        "CDigest": "Digest", "CHeap": "Benchmarks",
    ]
}
