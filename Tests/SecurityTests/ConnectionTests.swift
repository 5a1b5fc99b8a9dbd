import CommandRunning
import Foundation
import Kafka
import Testing

/// A connection that must not come about.
struct Refused: Sendable {
    var what: String
    var listener: SecuredCluster.Listener?
    var properties: [String]
    /// What its message must name.
    var words: [String]
}

extension SecurityTests {
    /// TLS and SASL: who gets in, and what is said to who doesn't.
    @Suite struct ConnectionTests {
        private let secured = SecuredCluster.shared!

        /// Properties with the paths of certificates in them: `@NAME` is a file's.
        private func options(_ properties: [String]) -> [String] {
            properties.flatMap {
                ["-X", $0.replacingOccurrences(of: "@", with: secured.certificates.path(""))]
            }
        }

        private func list(
            _ listener: SecuredCluster.Listener?, _ properties: [String],
            _ variables: [String: String] = [:]
        ) throws -> Run {
            let address = listener.map(secured.address) ?? secured.cluster.brokers
            let run = try Run.fairfill(
                ["topics", "create", "--env", "door", "--log", "kafka:\(address)"]
                    + options(properties),
                in: try Folder(isChecked: false), environment: variables)
            secured.expectNoSecret(in: run.output + run.errors, "\(properties)")
            return run
        }

        static let tls = ["security.protocol=SSL", "ssl.ca.location=@authority.pem"]
        static let sasl = ["security.protocol=SASL_SSL", "ssl.ca.location=@authority.pem"]

        @Test func aClientThatTrustsTheBrokerGetsIn() throws {
            let run = try list(.tls, Self.tls)
            #expect(run.exitCode == 0, "\(run.errors)")
        }

        /// Whoever sets it knows why: the brokers' certificates are not looked at.
        @Test func aCheckThatIsTurnedOffIsNotMade() throws {
            let run = try list(
                .expired,
                [
                    "security.protocol=SSL", "ssl.ca.location=@stranger.pem",
                    "enable.ssl.certificate.verification=false",
                ])
            #expect(run.exitCode == 0, "\(run.errors)")
        }

        @Test func aCertificateLetsItsOwnerIn() throws {
            let plain = try list(
                .mutual,
                Self.tls
                    + ["ssl.certificate.location=@client.pem", "ssl.key.location=@client.key"])
            #expect(plain.exitCode == 0, "\(plain.errors)")
        }

        @Test func anEncryptedKeyIsOpenedByItsPassword() throws {
            let properties = Self.tls + [
                "ssl.certificate.location=@client.pem", "ssl.key.location=@client.encrypted.key",
            ]
            let password = try secured.certificates.keyPassword()
            let file = secured.certificates.path("key-password")
            for variables in [
                ["FAIRFILL_SSL_KEY_PASSWORD": password], ["FAIRFILL_SSL_KEY_PASSWORD_FILE": file],
            ] {
                let run = try list(.mutual, properties, variables)
                #expect(run.exitCode == 0, "\(run.errors)")
            }
            // Nobody refused anything: the key can't be used here.
            for variables in [[:], ["FAIRFILL_SSL_KEY_PASSWORD": "geheim42"]] {
                let run = try list(.mutual, properties, variables)
                #expect(run.exitCode == 78, "\(run.errors)")
                #expect(run.errors.contains("ssl.key.password"), "\(run.errors)")
                #expect(!run.errors.contains("geheim42"), "\(run.errors)")
            }
            let missing = try list(
                .mutual, properties, ["FAIRFILL_SSL_KEY_PASSWORD_FILE": "/nowhere"])
            #expect(missing.exitCode == 74)
            #expect(missing.errors.contains("FAIRFILL_SSL_KEY_PASSWORD_FILE"))
        }

        /// A folder with a newer librdkafka than the one that is installed, where there is one.
        private static let newerLibrary =
            ProcessInfo.processInfo.environment["FAIRFILL_TEST_RDKAFKA"]
            .flatMap { $0.isEmpty ? nil : $0 }

        @Test(arguments: ["SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"])
        func aPasswordLetsItsUserIn(_ mechanism: String) throws {
            let properties = Self.sasl + ["sasl.mechanism=\(mechanism)", "sasl.username=walker"]
            let folder = try Folder(isChecked: false)
            let password = try secured.password(of: "walker")
            try folder.write("\(password)\n", to: "password")
            let library = Self.newerLibrary.map { ["LD_LIBRARY_PATH": $0] } ?? [:]
            for variables in [
                ["FAIRFILL_SASL_PASSWORD": password],
                ["FAIRFILL_SASL_PASSWORD_FILE": "\(folder.path)/password"],
            ] {
                let run = try list(.sasl, properties, variables.merging(library) { $1 })
                if run.exitCode != 0, mechanism != "PLAIN", Library.garblesSCRAM,
                    Self.newerLibrary == nil
                {
                    // The brokers are too new for this librdkafka, and the message must say so.
                    #expect(run.exitCode == 77, "\(run.errors)")
                    #expect(run.errors.contains("2.6.1"), "\(run.errors)")
                    #expect(run.errors.contains(Library.version), "\(run.errors)")
                } else {
                    #expect(run.exitCode == 0, "\(run.errors)")
                }
            }
        }

        @Test(arguments: [
            Refused(
                what: "another authority", listener: .tls,
                properties: ["security.protocol=SSL", "ssl.ca.location=@stranger.pem"],
                words: ["ssl.ca.location", "vouches"]),
            Refused(
                what: "no authority", listener: .tls, properties: ["security.protocol=SSL"],
                words: ["ssl.ca.location", "vouches"]),
            Refused(
                what: "an expired certificate", listener: .expired, properties: tls,
                words: ["expired", "renewed"]),
            Refused(
                what: "another host's certificate", listener: .elsewhere, properties: tls,
                words: ["another host", "--log"]),
            Refused(
                what: "plain text to TLS", listener: .tls, properties: [],
                words: ["security.protocol to SSL"]),
            Refused(
                what: "plain text to SASL and TLS", listener: .sasl, properties: [],
                words: ["security.protocol to SSL", "SASL_SSL"]),
            Refused(
                what: "TLS to plain text", listener: nil, properties: tls,
                words: ["security.protocol to PLAINTEXT"]),
            Refused(
                what: "no certificate", listener: .mutual, properties: tls,
                words: ["ssl.certificate.location", "ssl.key.location"]),
            Refused(
                what: "a certificate from a stranger", listener: .mutual,
                properties: tls + [
                    "ssl.certificate.location=@foreign.pem", "ssl.key.location=@foreign.key",
                ], words: ["ssl.certificate.location", "trusts"]),
            Refused(
                what: "no SASL where it is wanted", listener: .sasl, properties: tls,
                words: ["security.protocol to SASL_SSL", "sasl.username"]),
        ])
        func aConnectionThatIsRefusedIsExplained(_ refused: Refused) throws {
            let start = Date()
            let run = try list(refused.listener, refused.properties)
            let seconds = Date().timeIntervalSince(start)
            #expect(run.exitCode == 77, "\(refused.what): \(run.errors)")
            for word in refused.words {
                #expect(run.errors.contains(word), "\(refused.what): \(run.errors)")
            }
            #expect(seconds < 9, "\(refused.what): told after \(seconds) s")
        }

        @Test(arguments: [
            Refused(
                what: "a wrong password", listener: .sasl,
                properties: ["sasl.mechanism=SCRAM-SHA-256", "sasl.username=walker"],
                words: ["sasl.username and sasl.password"]),
            Refused(
                what: "a wrong password", listener: .sasl,
                properties: ["sasl.mechanism=SCRAM-SHA-512", "sasl.username=walker"],
                words: ["sasl.username and sasl.password"]),
            Refused(
                what: "a wrong password", listener: .sasl,
                properties: ["sasl.mechanism=PLAIN", "sasl.username=walker"],
                words: ["sasl.username and sasl.password"]),
            Refused(
                what: "an unknown user", listener: .sasl,
                properties: ["sasl.mechanism=SCRAM-SHA-512", "sasl.username=stranger"],
                words: ["sasl.username and sasl.password"]),
            Refused(
                what: "a mechanism that is not offered", listener: .scramOnly,
                properties: ["sasl.mechanism=PLAIN", "sasl.username=walker"],
                words: ["sasl.mechanism", "SCRAM-SHA-512"]),
            Refused(
                what: "SASL where it is not wanted", listener: .tls,
                properties: ["sasl.mechanism=PLAIN", "sasl.username=walker"],
                words: ["security.protocol to SSL"]),
        ])
        func aPasswordThatIsRefusedIsNotShown(_ refused: Refused) throws {
            let start = Date()
            let run = try list(
                refused.listener, Self.sasl + refused.properties,
                ["FAIRFILL_SASL_PASSWORD": "geheim42"])
            let seconds = Date().timeIntervalSince(start)
            #expect(run.exitCode == 77, "\(refused.what): \(run.errors)")
            for word in refused.words {
                #expect(run.errors.contains(word), "\(refused.what): \(run.errors)")
            }
            #expect(!run.errors.contains("geheim42"), "\(run.errors)")
            #expect(seconds < 9, "\(refused.what): told after \(seconds) s")
        }
    }
}
