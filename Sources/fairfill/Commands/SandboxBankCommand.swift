import CommandLine
import FairfillClient
import Foundation
import SandboxBank

extension Command {
    static let sandboxBank = Command(
        words: ["sandbox-bank"],
        summary: "run a bank to test payers against, with a ledger and faults",
        description: """
            Speaks the payment contract over HTTP, keeps a double-entry ledger, and fails as the
            list of faults says, such as
              [{"match":{"account":"anna"},"action":"drop","times":1},
               {"match":{"p":0.1},"phase":"before","action":"decline"}]
            A fault strikes before, during or after money moves. Its actions:
            \(SandboxBank.faultActions.map { "  " + $0 }.joined(separator: "\n"))
            Tests ask it and tell it:
              GET  /_sandbox/ledger         what it really did
              GET  /_sandbox/requests       what it was asked
              PUT  /_sandbox/faults         other faults, at once
              POST /_sandbox/clock          {"advance":"36h"}: hours pass at once
              POST /_sandbox/payments/KEY   {"to":"reversed"}
              GET  /_sandbox/truth          what all banks with one --shared-truth moved
            The page Bank.md lists all. SIGTERM and SIGINT end it.
            """,
        options: [
            Option(
                "listen", "HOST:PORT",
                "the address to listen on; port 0 takes a free one (default 127.0.0.1:8090)"),
            Option(
                "ledger", "FILE",
                "the ledger; made if it is missing; memory keeps none (default bank.db)"),
            Option(
                "faults", "FILE",
                "faults as above, in a file (default: none)"),
            Option("seed", "N", "chooses the payments that a fault with a p strikes (default 0)"),
            Option(
                "name", "NAME", "what its profile and the shared truth call it (default sandbox)"),
            Option(
                "shared-truth", "FILE",
                "where several banks write what they moved, by obligation (default: none)"),
            Option(
                "webhooks", "URL",
                "http://127.0.0.1:9000/webhooks, where events are sent (default: none)"),
            Option(
                "webhook-secret-file", "FILE", "what signs the events (required with --webhooks)"),
            Option(
                "tls", "FILE",
                "speak HTTPS, and write the authority to trust to FILE (default: HTTP)"),
        ],
        examples: [
            "fairfill sandbox-bank --ledger bank.db", "fairfill sandbox-bank --faults f.json",
            "fairfill sandbox-bank --listen 127.0.0.1:8091 --name second --ledger b.db "
                + "--shared-truth truth.db",
        ],
        usesLog: false, isDaemon: true
    ) { arguments throws(Failure) in
        let (host, port) = try address(arguments.text("listen") ?? "127.0.0.1:8090")
        let settings = try settings(arguments)
        raiseDescriptorLimit()
        do throws(BankFailure) {
            let bank = try SandboxBank(
                host: host, port: port, ledger: arguments.text("ledger") ?? "bank.db",
                settings: settings)
            // Who calls it may know where it listens, and nobody need read this.
            let scheme = settings.authorityFile == nil ? "http" : "https"
            DaemonOutput.line("listening on \(scheme)://\(host):\(bank.port)")
            while Interruption.signal == 0 { usleep(50_000) }
            bank.stop()
            return .done
        } catch {
            let code: Failure.Code
            switch error.kind {
            case .data, .faults: code = .data
            case .output: code = .cannotCreate
            case .inUse: code = .tryAgain
            case .usage: code = .usage
            }
            let file = error.kind == .faults ? arguments.text("faults").map { "\($0): " } : nil
            throw Failure(code, (file ?? "") + error.description)
        }
    }

    private static func settings(_ arguments: Arguments) throws(Failure) -> BankSettings {
        var settings = BankSettings()
        settings.seed = UInt64(try arguments.integer("seed") ?? 0)
        if let path = arguments.text("faults") {
            settings.faults = Array(try InputFile.read(path, "--faults names a JSON file"))
        }
        if let name = arguments.text("name") {
            let isPlain = name.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 44 }
            guard isPlain, (1...32).contains(name.utf8.count) else {
                throw Failure(
                    .usage, "--name \(name): 1 to 32 letters, digits or signs, without a comma")
            }
            settings.name = name
        }
        settings.sharedTruth = arguments.text("shared-truth")
        settings.authorityFile = arguments.text("tls")
        settings.webhooks = arguments.text("webhooks")
        guard settings.webhooks != nil else { return settings }
        guard let path = arguments.text("webhook-secret-file") else {
            throw Failure(.usage, "--webhooks needs --webhook-secret-file FILE to sign events with")
        }
        let secret = try InputFile.secret(path, "--webhook-secret-file names a file")
        guard (1...1_024).contains(secret.utf8.count) else {
            throw Failure(.data, "\(path) holds no secret of 1 to 1024 bytes")
        }
        settings.webhookSecret = Array(secret.utf8)
        return settings
    }

    /// Each connection takes a descriptor, and a payer may have a thousand.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func address(_ text: String) throws(Failure) -> (String, Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...])
        else { throw Failure(.usage, "--listen \(text): HOST:PORT, such as 127.0.0.1:8090") }
        return (String(text[..<colon]), port)
    }
}
