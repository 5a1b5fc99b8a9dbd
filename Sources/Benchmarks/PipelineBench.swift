import CommandLine
import EventLog
import FairfillClient
import Foundation
import SQLiteLog
import Vocabulary
import Workers

/// `fairfill bench pipeline`: the allocator over a log that is full of bids, from a cold start
/// until all of them are decided.
package struct PipelineBench {
    private let bench: Bench
    private let target: BenchTarget
    private let partitions: Int
    private let peer: PipelinePeer?

    /// `fairfill bench pipeline`.
    package static func run(_ arguments: Arguments) throws(Failure) -> ExitCode {
        let bench = try Bench(arguments, bids: 2_000_000)
        let partitions = Int(try arguments.integer("partitions") ?? 1)
        guard (1...64).contains(partitions) else {
            throw Failure(.usage, "--partitions \(partitions): 1 to 64")
        }
        let mixes = mixes(arguments)
        let target = try BenchTarget(arguments)
        if case .path = target {
            throw Failure(
                .usage,
                "--log: each repeat makes a new log; name a folder for them with --dir, "
                    + "or memory:, or kafka:HOST:PORT")
        }
        let peer = try PipelinePeer(arguments, target)
        if let rate = try arguments.integer("rate") {
            guard (100...1_000_000).contains(rate) else {
                throw Failure(.usage, "--rate \(rate): 100 to 1000000 bids a second")
            }
            try PipelineLatency(bench: bench, target: target, rate: Int(rate)).measure()
            return .done
        }
        let pipeline = PipelineBench(
            bench: bench, target: target, partitions: partitions, peer: peer)
        for mix in mixes { try pipeline.measure(mix) }
        return .done
    }

    private static func mixes(_ arguments: Arguments) -> [PipelineSale.Mix] {
        arguments.choice("mix").map { [$0] } ?? PipelineSale.Mix.allCases
    }

    private func measure(_ mix: PipelineSale.Mix) throws(Failure) {
        var appended: [Double] = []
        var decided: [Double] = []
        var peers: [Double] = []
        var bytes: Int64?
        for number in 1...bench.repeats {
            let made = try target.make()
            defer { target.remove(made) }
            let sale = PipelineSale(
                mix, bids: bench.bids, partitions: partitions, on: made)
            appended.append(Double(bench.bids) / (try append(sale, to: made.log, number)))
            decided.append(Double(bench.bids) / (try decide(sale, made, number)))
            bytes = target.bytes(of: made).map { $0 / Int64(bench.bids) }
            if let peer {
                let progress = bench.progress("pipeline.\(mix).peer", number)
                defer { progress.end() }
                peers.append(try peer.measure(sale, on: made, progress))
            }
        }
        try bench.print(
            BenchRow(
                name: "pipeline.\(mix).append", title: "bids appended before",
                figure: .perSecond(appended), bytes: nil))
        try bench.print(
            BenchRow(
                name: "pipeline.\(mix)", title: mix.title, figure: .perSecond(decided),
                bytes: bytes))
        guard peer != nil else { return }
        try bench.print(
            BenchRow(
                name: "pipeline.\(mix).peer", title: "the peer over the same bids",
                figure: .perSecond(peers)))
        try bench.print(
            BenchRow(
                name: "pipeline.\(mix).ratio", title: "as fast as the peer",
                figure: .ratio(zip(decided, peers).map { $0 / $1 })))
    }

    private func append(
        _ sale: PipelineSale, to log: any EventLog, _ number: Int
    ) throws(Failure) -> Double {
        let connection = LogConnection(log: log, environment: sale.environment)
        try sale.open(on: connection)
        let progress = bench.progress("pipeline.\(sale.mix), appending", number)
        defer { progress.end() }
        return try sale.appendBids(to: connection, progress)
    }

    /// Answers the seconds that the allocator took.
    private func decide(
        _ sale: PipelineSale, _ made: BenchLog, _ number: Int
    ) throws(Failure) -> Double {
        let start = BenchClock.now
        // As a process would that has just been started.
        let connection = LogConnection(log: try target.reopen(made), environment: sale.environment)
        try allocate(sale, connection, number)
        let seconds = Double(BenchClock.now - start) / 1_000_000_000
        let progress = bench.progress("pipeline.\(sale.mix), checking", number)
        defer { progress.end() }
        try PipelineCheck(sale: sale, connection: connection).run(progress)
        return seconds
    }

    /// What `allocate --until-end` does.
    private func allocate(
        _ sale: PipelineSale, _ connection: LogConnection, _ number: Int
    ) throws(Failure) {
        let configurations = (0..<partitions).map {
            AllocatorConfiguration(
                environment: sale.environment, partition: Partition($0), stopsAtEnd: true)
        }
        let line = bench.progress("pipeline.\(sale.mix)", number)
        let progress = LaneProgress(line, of: sale.bids, partitions: partitions)
        defer { line.end() }
        let posts = configurations.map { LanePost(.allocator, $0.partition) }
        let daemon = LaneDaemon(posts, isBounded: true) { post in
            AllocatorDriver(
                configurations[Int(post.partition.rawValue)], log: connection.log, clock: { .now }
            ) { progress.hear(post.partition, $0) }
        } observer: { _ in }
        let watch = StopWatch { daemon.stop() }
        defer { watch.end() }
        let end = daemon.run()
        try line.update(sale.bids, of: sale.bids)
        try end.checkFinished()
    }
}

/// How far all lanes are together.
private final class LaneProgress: @unchecked Sendable {
    private let line: BenchProgress
    private let total: Int
    private let lock = NSLock()
    private var decided: [Int]

    init(_ line: BenchProgress, of total: Int, partitions: Int) {
        self.line = line
        self.total = total
        decided = Array(repeating: 0, count: partitions)
    }

    func hear(_ partition: Partition, _ notice: AllocatorNotice) {
        guard case .decided(let sequence, _) = notice else { return }
        lock.lock()
        defer { lock.unlock() }
        decided[Int(partition.rawValue)] = Int(sequence.rawValue)
        // An interruption ends the lanes, and is reported once they have ended.
        try? line.update(decided.reduce(0, +), of: total)
    }
}
