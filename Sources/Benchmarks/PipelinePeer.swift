import CommandLine
import EventLog
import FairfillClient
import Foundation
import JSON
import Vocabulary

/// Another allocator, run as a separate process over the bids of `bench pipeline`, in the shape
/// that it reads.
struct PipelinePeer {
    private let program: String
    private let brokers: String
    /// How often it commits: about as often as our lanes do under the same load.
    private static let commitMilliseconds = 100

    /// nil where none was asked for.
    init?(_ arguments: Arguments, _ target: BenchTarget) throws(Failure) {
        guard let program = arguments.text("peer") else { return nil }
        guard case .kafka(let brokers, _) = target else {
            throw Failure(.usage, "--peer is for --log kafka:HOST:PORT: it reads a topic there")
        }
        guard access(program, X_OK) == 0 else {
            throw Failure(.data, "--peer \(program): no such program, or not to be run")
        }
        self.program = program
        self.brokers = brokers
    }

    /// Appends the sale's bids in the peer's shape, runs it from a cold start until all are
    /// decided, and answers how many it decided a second, by its own clock: from the first one's
    /// arrival to the end of the last commit.
    func measure(
        _ sale: PipelineSale, on made: BenchLog, _ progress: BenchProgress
    ) throws(Failure) -> Double {
        let input = "\(made.name).peer-in", output = "\(made.name).peer-out"
        for name in [input, output] {
            try logged { () throws(LogError) in
                try made.log.create(
                    TopicSpecification(
                        name: name, partitions: Int32(sale.offerings.count), cleanup: .delete,
                        retentionMilliseconds: nil, maxMessageBytes: 1 << 20))
            }
        }
        _ = try sale.appendBids(to: input, of: made.log, headers: [], progress) { bid, room in
            var line = JSONLine()
            line.add("order", "\(bid.bid)")
            line.add("offering", "\(bid.offering)")
            line.add("investor", "\(bid.account)")
            line.add("shares", bid.shares.rawValue)
            let value = Array(line.line.utf8)
            room.copyBytes(from: value)
            return value.count
        }
        let said = try run([
            brokers, input, output, "\(sale.shares(of: 0))", "\(Self.commitMilliseconds)",
            "\(sale.bids)",
        ])
        for line in said.split(separator: "\n").reversed() {
            let found =
                switch JSONValue(parsing: Array(line.utf8))?["orders_per_second"] {
                case .integer(let number)?: Double(number)
                case .number(let text)?: Double(text) ?? 0
                default: 0.0
                }
            if found > 0, found.isFinite { return found }
        }
        throw Failure(
            .data,
            "\(program) printed no {\"orders_per_second\":N}; it said: \(said.suffix(2_000))")
    }

    /// Runs it to its end; answers what it printed.
    private func run(_ words: [String]) throws(Failure) -> String {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = words
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        do {
            try process.run()
        } catch {
            throw Failure(.data, "--peer \(program) can't be started: \(error)")
        }
        let watch = StopWatch { process.terminate() }
        defer { watch.end() }
        let said = String(
            decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0, Interruption.signal == 0 else {
            throw Failure(
                Interruption.signal == 0 ? .data : .tryAgain,
                "\(program) ended with \(process.terminationStatus): \(said.suffix(2_000))")
        }
        return said
    }
}
