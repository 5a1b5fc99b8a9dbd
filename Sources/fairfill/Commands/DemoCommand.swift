import CommandLine
import Demo
import FairfillClient

extension Command {
    static let demo = Command(
        words: ["demo"],
        summary: "play a sale in under a minute, on a new log",
        description: """
            Ten thousand people want 100,000 shares within ten seconds, played faster. One asks
            twice, one is a bot; one payment in ten fails, and the bank says "failed" about payments
            that it made; the allocator and the payer are killed in the middle. It ends with every
            share paid, and the bank's books agree to the fen. Beside it the same crowd meets the
            old way, a counter in memory, and you see what came of that.
            """,
        options: [
            Option(
                "log", "URL", "sqlite:PATH of a file to make, or kafka:HOST:PORT (default: a "
                    + "temporary file)"),
            Option("env", "NAME", "the environment (default dev; on Kafka a new name)"),
            Option("seed", "N", "another crowd (default 7)"),
            Option("bidders", "N", "1000 to 100000 (default 10000)"),
            Option("speed", "X", "how many times as fast as real time, 0.2 to 10 (default 2)"),
            Option("keep", nil, "keep the log"),
        ],
        examples: ["fairfill demo", "fairfill demo --speed 1 --keep"],
        usesLog: false
    ) { arguments throws(Failure) in
        var demo = Demo()
        if let url = arguments.text("log") {
            switch LogName(url) {
            case .kafka(let brokers):
                demo.log = .kafka(brokers)
                demo.environment = "demo-\(String(UInt32.random(in: .min ... .max), radix: 16))"
            case .sqlite(let path):
                demo.log = .file(path)
            case .memory, nil:
                throw Failure(
                    .usage,
                    "--log \(url): the demo makes a log at sqlite:PATH or kafka:HOST:PORT")
            }
        }
        if let name = arguments.text("env") { demo.environment = name }
        if let seed = try arguments.integer("seed") { demo.seed = UInt64(seed) }
        if let bidders = try arguments.integer("bidders") { demo.bidders = Int(bidders) }
        if let text = arguments.text("speed") {
            guard let speed = Double(text) else {
                throw Failure(.usage, "--speed \(text): not a number")
            }
            demo.speed = speed
        }
        demo.keepsFolder = arguments.has("keep")
        demo.isJSON = arguments.isJSON
        demo.isQuiet = arguments.isQuiet
        do throws(DemoFailure) {
            return ExitCode(rawValue: try demo.run()) ?? .invariant
        } catch {
            throw Failure(
                ExitCode(rawValue: error.exitCode)?.failure ?? .tryAgain, error.message)
        }
    }
}
