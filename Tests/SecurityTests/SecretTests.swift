import CommandRunning
import Foundation
import Testing

extension SecurityTests {
    /// Passwords never show: not in what commands say, not in a process list, not in the log.
    @Suite(.serialized) struct SecretTests {
        private let secured = SecuredCluster.shared!

        /// A worker under way: its command line, and its variables where a file holds the secret.
        @Test func noProcessListShowsASecret() throws {
            try secured.run("installer", ["topics", "create"]).mustWork()
            let bank = try Bank(in: Folder(isChecked: false), port: SecuredCluster.bankPort)
            let allocator = try secured.folder(of: "allocator")
            let payer = try secured.folder(of: "payer")
            try payer.write("sandbox-token\n", to: "token.txt")
            let workers = [
                try Run.start(["allocate", "--verbose"], in: allocator),
                try Run.start(
                    ["pay", "--provider", bank.url, "--profile", "sandbox", "--token-file",
                        "token.txt"], in: payer),
            ]
            defer {
                withExtendedLifetime([allocator, payer]) {
                    for worker in workers { worker.kill() }
                }
            }
            for worker in workers {
                #expect(
                    eventually(within: 60) { worker.errors.contains("epoch") },
                    "\(worker.errors)")
                for name in ["cmdline", "environ"] {
                    let path = "/proc/\(worker.child.id)/\(name)"
                    let bytes = try Data(contentsOf: URL(filePath: path))
                    #expect(bytes.count > 10)
                    secured.expectNoSecret(in: String(decoding: bytes, as: UTF8.self), path)
                }
            }
            for worker in workers {
                #expect(worker.terminate() == 0, "\(worker.errors)")
                secured.expectNoSecret(in: worker.errors, "a worker")
            }
        }

        /// The client's own talk for whoever looks for a fault, everything of it.
        @Test func whatTheClientSaysWithDebugShowsNone() throws {
            try secured.run("installer", ["topics", "create"]).mustWork()
            let run = try secured.run("analyst", ["topics", "check", "-X", "debug=all"])
            #expect(run.exitCode == 0, "\(run.errors.suffix(1_000))")
            #expect(run.errors.contains("librdkafka: "))
            #expect(run.errors.contains("[redacted]"), "the configuration was not shown at all")
            let wrong = try Run.fairfill(
                ["topics", "check", "-X", "debug=all", "-X", "ssl.key.location=client.key", "-X",
                    "ssl.certificate.location=\(secured.certificates.path("client.pem"))"],
                in: try secured.folder(of: "analyst"),
                environment: ["FAIRFILL_SSL_KEY_PASSWORD": secured.certificates.keyPassword()])
            #expect(wrong.exitCode == 78, "\(wrong.errors.suffix(1_000))")
            secured.expectNoSecret(in: wrong.output + wrong.errors, "debug")
        }

        /// All that the brokers keep of the topics.
        @Test func noTopicHoldsASecret() throws {
            try secured.run("installer", ["topics", "create"]).mustWork()
            let data = "\(secured.cluster.folder.path)/kafka/node-1/data"
            var files = 0
            for topic in try FileManager.default.contentsOfDirectory(atPath: data)
            where topic.hasPrefix("shop.") || topic.hasPrefix("__") {
                for file in try FileManager.default.contentsOfDirectory(atPath: "\(data)/\(topic)")
                where file.hasSuffix(".log") {
                    let bytes = try Data(contentsOf: URL(filePath: "\(data)/\(topic)/\(file)"))
                    files += 1
                    for secret in secured.secrets {
                        #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(topic)/\(file)")
                    }
                }
            }
            #expect(files > 11)
        }
    }
}
