import CommandRunning
import Foundation
import Testing

/// A Kafka that lets in whom it knows, and lets them do what a list allows: a node with a listener
/// for each way to be secured, and an environment `shop` with rights as `deploy/kafka-acls` gives.
final class SecuredCluster: Sendable {
    /// The one that the tests of the suite share.
    @TaskLocal static var shared: SecuredCluster!
    /// Payers of one environment know a bank by its address: those of all tests have one.
    static let bankPort = (try? Bank.freePort()) ?? 0

    enum Listener: Int, CaseIterable {
        case tls = 2, mutual, sasl, scramOnly, expired, elsewhere

        var name: String { "\(self)".uppercased() }
        var isSASL: Bool { self == .sasl || self == .scramOnly }
    }

    /// Who works on `shop`, each with rights of his own; `kiosk` is a front end that reads the
    /// decisions, `machine` is who runs everything in one process, `nobody` has no right at all.
    static let users = [
        "installer", "front", "kiosk", "operator", "allocator", "payer", "machine", "analyst",
        "nobody",
    ]

    let certificates: Certificates
    let cluster: Cluster
    let port: Int
    private let passwords: [String: String]

    /// Everything that must never be seen anywhere.
    let secrets: [String]

    init() throws {
        certificates = try Certificates()
        port = Cluster.anyPort()
        let passwords = Dictionary(
            uniqueKeysWithValues: (Self.users + ["walker"]).map {
                ($0, "geheim-\($0)-\(UInt64.random(in: .min ... .max))")
            })
        self.passwords = passwords
        secrets = passwords.values + [try certificates.keyPassword()]
        cluster = try Cluster(
            port: port, settings: Self.settings(port, certificates, passwords))
        try makeUser()
        try grant(
            ["installer", "operator", "allocator", "payer", "analyst"].flatMap {
                ["--\($0)", "User:\($0)"]
            } + ["installer", "allocator", "payer"].flatMap { ["--\($0)", "User:machine"] }
                + ["--front-end", "User:front"])
        try grant(["--front-end", "User:kiosk", "--front-end-reads-decisions"])
    }

    private static func settings(
        _ port: Int, _ certificates: Certificates, _ passwords: [String: String]
    ) -> [String] {
        var settings = [
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            // The node itself, over its plain listener; a certificate; one who may do everything.
            "super.users=User:ANONYMOUS;User:CN=client;User:walker",
            "ssl.truststore.type=PEM",
            "ssl.truststore.location=\(certificates.path("authority.pem"))",
            "ssl.keystore.type=PEM",
            "ssl.keystore.location=\(certificates.path("broker.chain.pem"))",
            "listener.name.mutual.ssl.client.auth=required",
            "sasl.enabled.mechanisms=SCRAM-SHA-256,SCRAM-SHA-512,PLAIN",
            "listener.name.scramonly.sasl.enabled.mechanisms=SCRAM-SHA-512",
        ]
        var listeners = ["CLIENT://127.0.0.1:\(port)", "CONTROLLER://127.0.0.1:\(port + 1)"]
        var protocols = ["CLIENT:PLAINTEXT", "CONTROLLER:PLAINTEXT"]
        for listener in Listener.allCases {
            listeners.append("\(listener.name)://127.0.0.1:\(port + listener.rawValue)")
            protocols.append("\(listener.name):\(listener.isSASL ? "SASL_SSL" : "SSL")")
        }
        settings.append("listeners=\(listeners.joined(separator: ","))")
        settings.append("listener.security.protocol.map=\(protocols.joined(separator: ","))")
        for listener in [Listener.expired, .elsewhere] {
            settings.append(
                "listener.name.\(listener).ssl.keystore.location="
                    + certificates.path("\(listener).chain.pem"))
        }
        let module = "org.apache.kafka.common.security"
        for (listener, mechanism) in [
            ("sasl", "scram-sha-256"), ("sasl", "scram-sha-512"), ("scramonly", "scram-sha-512"),
        ] {
            settings.append(
                "listener.name.\(listener).\(mechanism).sasl.jaas.config="
                    + "\(module).scram.ScramLoginModule required;")
        }
        let users = passwords.map { "user_\($0.key)=\"\($0.value)\"" }.joined(separator: " ")
        settings.append(
            "listener.name.sasl.plain.sasl.jaas.config=\(module).plain.PlainLoginModule required "
                + "\(users);")
        return settings
    }

    /// Makes the user of SCRAM. The password is in a file, where no process list shows it.
    private func makeUser() throws {
        let password = try #require(passwords["walker"])
        for mechanism in ["SCRAM-SHA-256", "SCRAM-SHA-512"] {
            try cluster.folder.write(
                "\(mechanism)=iterations=4096,password=\(password)\n", to: "walker.properties")
            try tool(
                "kafka.admin.ConfigCommand",
                [
                    "--alter", "--add-config-file", "\(cluster.folder.path)/walker.properties",
                    "--entity-type", "users", "--entity-name", "walker",
                ])
        }
    }

    // MARK: Rights

    /// Java that is gone again after a second need not be compiled well.
    private static let java = [
        "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    ]

    private func tool(_ name: String, _ words: [String]) throws {
        try Run.program(
            try #require(Cluster.program),
            ["tool", name, "--bootstrap-server", cluster.brokers] + words, in: cluster.folder,
            environment: Self.java
        ).mustWork()
    }

    static var script: String { FileManager.default.currentDirectoryPath + "/deploy/kafka-acls" }

    private func grant(_ words: [String]) throws {
        try Run.program(
            Self.script,
            [
                "--bootstrap-server", cluster.brokers, "--env", "shop", "--tool",
                "\(try #require(Cluster.program)) tool acls", "--configs-tool",
                "\(try #require(Cluster.program)) tool kafka.admin.ConfigCommand",
            ] + words, in: cluster.folder, environment: Self.java
        ).mustWork()
    }

    /// Forbids something, such as `--operation Write --topic shop.bids`, until `body` is over.
    func without<Result>(
        _ right: String, of user: String, _ body: () throws -> Result
    ) throws -> Result {
        let rule = right.split(separator: " ").map(String.init)
            + ["--deny-principal", "User:\(user)"]
        try tool("acls", ["--add"] + rule)
        let result = Swift.Result { try body() }
        try tool("acls", ["--remove", "--force"] + rule)
        return try result.get()
    }

    // MARK: Clients

    func address(_ listener: Listener) -> String { "127.0.0.1:\(port + listener.rawValue)" }

    func password(of user: String) throws -> String { try #require(passwords[user]) }

    /// How a user of `shop` reaches the brokers.
    func properties(of user: String) throws -> [(name: String, value: String)] {
        [
            ("security.protocol", "SASL_SSL"),
            ("ssl.ca.location", certificates.path("authority.pem")),
            ("sasl.mechanism", "PLAIN"), ("sasl.username", user),
            ("sasl.password", try password(of: user)),
        ]
    }

    /// A folder whose commands are a user's, in `shop` unless told otherwise. The properties are
    /// in a file there.
    func folder(of user: String, environment: String = "shop") throws -> Folder {
        let folder = try Folder(
            settings: [
                "FAIRFILL_LOG": "kafka:\(address(.sasl))", "FAIRFILL_ENV": environment,
                "FAIRFILL_FILE": "client.properties",
            ], isChecked: false)
        try folder.write(
            try properties(of: user).map { "\($0.name)=\($0.value)\n" }.joined(),
            to: "client.properties")
        return folder
    }

    /// Runs a command as a user; no secret may be in what it says.
    func run(
        _ user: String, _ words: [String], environment: String = "shop", input: String? = nil
    ) throws -> Run {
        let run = try Run.fairfill(
            words, in: try folder(of: user, environment: environment), input: input)
        expectNoSecret(in: run.output + run.errors, "\(words)")
        return run
    }

    func expectNoSecret(in text: String, _ subject: String) {
        for secret in secrets {
            #expect(!text.contains(secret), "\(subject) shows a secret")
        }
    }
}

/// Gives the tests of a suite one cluster, from before the first to after the last.
struct Secured: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        try await SecuredCluster.$shared.withValue(try SecuredCluster()) { try await body() }
    }
}

/// All tests against the secured cluster, one after the other.
@Suite(.serialized, .enabled(if: Cluster.program != nil, "no Kafka to start here"), Secured())
struct SecurityTests {}
