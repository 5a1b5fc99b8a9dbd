import CommandRunning
import Foundation
import Testing

/// The front ends of `deploy/examples` against a broker that is secured, and one that does not
/// take what is sent.
@Suite(
    .serialized,
    .enabled(
        if: Cluster.program != nil && Programs.openssl != nil && !Example.here.isEmpty,
        "no Kafka of our own here"))
struct SecuredExampleTests {
    @Test func theyWorkOverTLSWithTheRightsOfAFrontEnd() throws {
        let shop = try Shop()
        let worker = try Run.start(["allocate"], in: shop.folder)
        defer { worker.kill() }
        for example in Example.here {
            let run = try shop.bid(example, "b-\(example.rawValue)", as: "web")
            #expect(run.exitCode == 0 && run.output.contains("reserved"), "\(run)")
            for (user, password) in [("stranger", shop.password), ("web", "wrong-password")] {
                let refused = try shop.bid(example, "b-2", as: user, password)
                #expect(refused.exitCode == 69, "\(refused)")
                #expect(refused.lines.isEmpty, "\(refused)")
                #expect(!refused.errors.contains(password), "\(refused)")
            }
        }
        // A topic that wants more replicas than there are takes nothing, and the client can't know.
        try shop.limit("--add-config", "min.insync.replicas=2")
        for example in Example.here {
            let run = try shop.bid(example, "c-\(example.rawValue)", as: "web", seconds: 3)
            #expect(run.exitCode == 75 && run.lines.isEmpty, "\(run)")
            let advice = "run it again with --bid c-\(example.rawValue)"
            #expect(run.errors.contains("unknown whether it is there: \(advice)"), "\(run)")
        }
        try shop.limit("--delete-config", "min.insync.replicas")
        for example in Example.here {
            let run = try shop.bid(example, "c-\(example.rawValue)", as: "web")
            #expect(run.exitCode == 0 && run.output.contains("reserved"), "\(run)")
        }
        let state = try shop.folder.state("o-1")
        #expect(state["reserved"] as? Int == 2 * Example.here.count, "\(state)")
    }
}

/// An environment on a broker of its own, whose other listener wants TLS and a password, and lets
/// `web` do what a front end does.
private final class Shop {
    let cluster: Cluster
    let folder: Folder
    let password = "geheim-\(UInt64.random(in: .min ... .max))"
    private let brokers: String
    private let secrets: Folder

    init() throws {
        let secrets = try Folder(isChecked: false)
        self.secrets = secrets
        try Run.program(
            try #require(Programs.openssl),
            [
                "req", "-x509", "-days", "2", "-subj", "/CN=broker", "-addext",
                "subjectAltName=IP:127.0.0.1", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem", "-out", "ca.pem",
            ], in: secrets
        ).mustWork()
        let parts = try ["key.pem", "ca.pem"].map {
            try String(contentsOfFile: "\(secrets.path)/\($0)", encoding: .utf8)
        }
        try secrets.write(parts.joined(), to: "broker.pem")
        let port = Cluster.anyPort()
        brokers = "127.0.0.1:\(port + 2)"
        cluster = try Cluster(
            port: port,
            settings: [
                "listeners=CLIENT://127.0.0.1:\(port),CONTROLLER://127.0.0.1:\(port + 1),"
                    + "SECURED://\(brokers)",
                "listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT,"
                    + "SECURED:SASL_SSL",
                "ssl.keystore.type=PEM", "ssl.keystore.location=\(secrets.path)/broker.pem",
                "sasl.enabled.mechanisms=PLAIN",
                "listener.name.secured.plain.sasl.jaas.config="
                    + "org.apache.kafka.common.security.plain.PlainLoginModule required "
                    + "user_web=\"\(password)\" user_stranger=\"\(password)\";",
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users=User:ANONYMOUS",
            ])
        folder = try cluster.folder()
        try folder.createTopics()
        try Run.fairfill(
            [
                "offering", "open", "--offering", "o-1", "--shares", "100", "--price", "1",
                "--currency", "CNY", "--no-wait",
            ], in: folder
        ).mustWork()
        for (operation, topic) in [("Write", "bids"), ("Read", "decisions")] {
            try cluster.tool(
                "acls",
                [
                    "--add", "--allow-principal", "User:web", "--operation", operation, "--topic",
                    "\(folder.environment).\(topic)",
                ])
        }
    }

    /// Changes a setting of `bids`.
    func limit(_ option: String, _ setting: String) throws {
        try cluster.tool(
            "kafka.admin.ConfigCommand",
            [
                "--alter", "--entity-type", "topics", "--entity-name",
                "\(folder.environment).bids", option, setting,
            ])
    }

    func bid(
        _ example: Example, _ id: String, as user: String, _ password: String? = nil,
        seconds: Int = 10
    ) throws -> Run {
        let password = password ?? self.password
        let client = example == .java
            ? """
            sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
            username="\(user)" password="\(password)";
            ssl.truststore.type=PEM
            ssl.truststore.location=\(secrets.path)/ca.pem
            """
            : """
            # The same in librdkafka's words.
            sasl.username=\(user)
            sasl.password=\(password)
            ssl.ca.location=\(secrets.path)/ca.pem
            """
        try secrets.write(
            "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n\(client)\n",
            to: "client.properties")
        return try example.run(
            [
                "--brokers", brokers, "--env", folder.environment, "--offering", "o-1",
                "--account", "anna", "--shares", "1", "--bid", id, "--timeout", "\(seconds)",
                "--properties", "\(secrets.path)/client.properties",
            ], in: folder)
    }
}
