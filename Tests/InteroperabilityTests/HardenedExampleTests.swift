import CommandRunning
import Foundation
import Testing

/// The front ends of `deploy/examples` against a broker that is secured, and over a network that
/// loses answers.
@Suite(
    .serialized,
    .enabled(
        if: Cluster.program != nil && Programs.openssl != nil && !Example.here.isEmpty,
        "no Kafka of our own here"))
struct HardenedExampleTests {
    @Test func theyWorkOverTLSWithTheRightsOfAFrontEnd() throws {
        let shop = try Shop()
        let worker = try Run.start(["allocate"], in: shop.folder)
        defer { worker.kill() }
        for example in Example.here {
            let run = try shop.bid(example, "b-\(example.rawValue)", as: "web")
            #expect(run.exitCode == 0 && run.output.contains("reserved"), "\(run)")
            for (user, password) in [
                ("stranger", shop.password), ("analyst", shop.password), ("web", "wrong-password"),
            ] {
                let refused = try shop.bid(example, "b-2", as: user, password)
                #expect(refused.exitCode == 77, "\(refused)")
                #expect(refused.lines.isEmpty, "\(refused)")
                #expect(!refused.errors.contains(password), "\(refused)")
            }
        }
    }

    /// An acknowledgement is lost: the bid is there, and its sender can't know. It says so, and
    /// sent again under its id the bid buys once.
    @Test func aBidWhoseAcknowledgementIsLostBuysOnceHoweverOftenItIsSent() throws {
        let shop = try Shop()
        let proxy = try LosingProxy(port: shop.lossyPort, target: shop.port + 3)
        defer { proxy.stop() }
        let worker = try Run.start(["allocate"], in: shop.folder)
        defer { worker.kill() }
        for example in Example.here {
            proxy.loseAnswers(true)
            let lost = proxy.lostAnswers
            let first = try shop.bid(example, "b-\(example.rawValue)", seconds: 3)
            #expect(proxy.lostAnswers > lost)
            #expect(first.exitCode == 75 && first.lines.isEmpty, "\(first)")
            let advice = "run it again with --bid b-\(example.rawValue)"
            #expect(first.errors.contains("unknown whether it is there: \(advice)"), "\(first)")
            proxy.loseAnswers(false)
            let second = try shop.bid(example, "b-\(example.rawValue)")
            #expect(second.exitCode == 0, "\(second)")
            let decision = try second.objects().last ?? [:]
            #expect(decision["type"] as? String == "repeated", "\(second)")
            #expect(decision["was"] as? String == "reserved", "\(second)")
        }
        let state = try shop.folder.state("o-1")
        #expect(state["reserved"] as? Int == Example.here.count, "\(state)")
    }
}

/// An environment on a broker of its own. One listener wants TLS and a password, and lets `web` do
/// what a front end does and `analyst` read; another sends its clients to a proxy.
private final class Shop {
    let cluster: Cluster
    let folder: Folder
    let password = "geheim-\(UInt64.random(in: .min ... .max))"
    let port: Int
    /// Where a proxy is expected: the broker sends clients there.
    var lossyPort: Int { port + 4 }
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
        self.port = port
        cluster = try Cluster(
            port: port,
            settings: [
                "listeners=CLIENT://127.0.0.1:\(port),CONTROLLER://127.0.0.1:\(port + 1),"
                    + "SECURED://127.0.0.1:\(port + 2),LOSSY://127.0.0.1:\(port + 3)",
                "advertised.listeners=CLIENT://127.0.0.1:\(port),"
                    + "SECURED://127.0.0.1:\(port + 2),LOSSY://127.0.0.1:\(port + 4)",
                "listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT,"
                    + "SECURED:SASL_SSL,LOSSY:PLAINTEXT",
                "ssl.keystore.type=PEM", "ssl.keystore.location=\(secrets.path)/broker.pem",
                "sasl.enabled.mechanisms=PLAIN",
                "listener.name.secured.plain.sasl.jaas.config="
                    + "org.apache.kafka.common.security.plain.PlainLoginModule required "
                    + "user_web=\"\(password)\" user_stranger=\"\(password)\" "
                    + "user_analyst=\"\(password)\";",
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users=User:ANONYMOUS",
            ])
        folder = try cluster.folder()
        try folder.createTopics()
        try folder.open("o-1", shares: 100)
        for (user, operation, topic) in [
            ("web", "Write", "bids"), ("web", "Read", "decisions"), ("analyst", "Read", "bids"),
            ("analyst", "Read", "decisions"),
        ] {
            try cluster.tool(
                "acls",
                [
                    "--add", "--allow-principal", "User:\(user)", "--operation", operation,
                    "--topic", "\(folder.environment).\(topic)",
                ])
        }
    }

    /// A bid for one share: of a user, or over the listener behind a proxy that knows none.
    func bid(
        _ example: Example, _ id: String, as user: String? = nil, _ password: String? = nil,
        seconds: Int = 20
    ) throws -> Run {
        let security = user.map { properties(of: example, $0, password ?? self.password) } ?? ""
        try secrets.write("# How to reach the brokers.\n\(security)\n", to: "client.properties")
        return try example.run(
            [
                "--brokers", user == nil ? "127.0.0.1:\(lossyPort)" : "127.0.0.1:\(port + 2)",
                "--env", folder.environment, "--offering", "o-1", "--account", "anna", "--shares",
                "1", "--bid", id, "--timeout", "\(seconds)", "--properties",
                "\(secrets.path)/client.properties",
            ], in: folder)
    }

    private func properties(of example: Example, _ user: String, _ password: String) -> String {
        let common = "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n"
        guard example == .java else {
            return common + """
                sasl.username=\(user)
                sasl.password=\(password)
                ssl.ca.location=\(secrets.path)/ca.pem
                """
        }
        return common + """
            sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
            username="\(user)" password="\(password)";
            ssl.truststore.type=PEM
            ssl.truststore.location=\(secrets.path)/ca.pem
            """
    }
}
