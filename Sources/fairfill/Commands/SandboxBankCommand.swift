import CommandLine
import FairfillClient
import Foundation
import SandboxBank

extension Command {
    static let sandboxBank = Command(
        words: ["sandbox-bank"],
        summary: "run a bank to test payers against, with a ledger and faults",
        description: """
            Speaks the payment contract over HTTP, keeps a double-entry ledger on disk, and fails as
            the list of faults says. GET /_sandbox/ledger shows what it really did;
            PUT /_sandbox/faults sets other faults. SIGTERM and SIGINT end it.
            """,
        options: [
            Option(
                "listen", "HOST:PORT",
                "the address to listen on; port 0 takes a free one (default 127.0.0.1:8090)"),
            Option("ledger", "FILE", "the ledger; made if it is missing (default bank.db)"),
            Option(
                "faults", "FILE",
                #"[{"match":{"p":0.1},"phase":"after","action":"drop"}] (default: none)"#),
            Option("seed", "N", "chooses the payments that a fault with a p strikes (default 0)"),
        ],
        examples: [
            "fairfill sandbox-bank --ledger bank.db", "fairfill sandbox-bank --faults f.json",
        ],
        usesLog: false, isDaemon: true
    ) { arguments throws(Failure) in
        let (host, port) = try address(arguments.text("listen") ?? "127.0.0.1:8090")
        var faults: Data?
        if let path = arguments.text("faults") {
            faults = try InputFile.read(path, "--faults names a JSON file")
        }
        let seed = UInt64(try arguments.integer("seed") ?? 0)
        do throws(BankFailure) {
            let bank = try SandboxBank(
                host: host, port: port, ledger: arguments.text("ledger") ?? "bank.db",
                faults: faults, seed: seed)
            // Who calls it may know where it listens, and nobody need read this.
            DaemonOutput.line("listening on http://\(host):\(bank.port)")
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

    private static func address(_ text: String) throws(Failure) -> (String, Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...])
        else { throw Failure(.usage, "--listen \(text): HOST:PORT, such as 127.0.0.1:8090") }
        return (String(text[..<colon]), port)
    }
}
