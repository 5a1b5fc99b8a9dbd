import CommandRunning
import Foundation
import Synchronization
import TestRun
import Testing

/// A sale that goes on while its brokers fail: a front end that keeps every receipt, an allocator,
/// a payer with its bank, and somebody who watches the decisions. No process is started again.
final class FaultySale {
    let cluster: Cluster
    let folder: Folder
    let allocator: Running
    private let payer: Running
    private let bank: Bank
    let watch: DecisionWatch
    private let frontEnd: Running
    private let crowd: Crowd
    private let begin: Double

    /// More than a short run sells, so that payments are made all along; a long one sells out.
    static let shares = 40_000
    static let price = 100

    init(on cluster: Cluster) throws {
        self.cluster = cluster
        folder = try cluster.folder()
        try folder.createTopics()
        try folder.open("sale", shares: Self.shares, price: Self.price)
        watch = try DecisionWatch(cluster.brokers, "\(folder.environment).decisions")
        allocator = try Run.start(["allocate"], in: folder)
        bank = try Bank(in: folder)
        payer = try Run.start(["pay"] + bank.options, in: folder)
        crowd = try Crowd(folder)
        frontEnd = try Run.start(
            ["bid", "--from", "-", "--json"], in: folder, input: crowd.path,
            output: "\(folder.path)/receipts.ndjson")
        begin = DecisionWatch.now
        crowd.begin()
        try #require(
            eventually(within: 90) { watch.isFlowing }, "\(allocator.errors)")
    }

    deinit {
        crowd.end()
        watch.end()
        if allocator.isRunning { allocator.kill() }
        if payer.isRunning { payer.kill() }
        if frontEnd.isRunning { frontEnd.kill() }
    }

    func topic(_ name: String) -> String { "\(folder.environment).\(name)" }

    /// The transactional id that the allocator writes under.
    var transactionalID: String { "\(folder.environment).allocator.0.0" }

    /// Lets something go wrong and waits until decisions flow again. The longest time without one
    /// is printed, and may be `bound` seconds. Where the brokers are all away during the fault,
    /// that time does not count.
    func stall(
        _ name: String, atMost bound: Double, allAreAway: Bool = false, _ fault: () throws -> Void
    ) throws {
        let start = DecisionWatch.now
        try fault()
        // Its effect may come late, so the flow must have come back after it.
        let faulted = DecisionWatch.now
        let isBack = eventually(within: 90) {
            DecisionWatch.now > faulted + 3 && watch.isFlowing
        }
        let gap = watch.since(start).longestGap
        let away = allAreAway ? faulted - start : 0
        func text(_ seconds: Double) -> String { String(format: "%.1f s", seconds) }
        note(
            "\(name): stood still for \(text(gap))"
                + (allAreAway ? ", of which \(text(away)) without a broker" : ""))
        #expect(isBack, "\(name): not at work again: \(allocator.errors)")
        #expect(gap - away <= bound, "\(name): \(allocator.errors)")
    }

    /// What Kafka's own tool says is left of a topic for a group.
    private func lag(of group: String, in topic: String) throws -> String? {
        let text = try cluster.tool(
            "consumer-groups", ["--describe", "--group", "\(folder.environment).\(group).lag"])
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        // group, topic, partition, its offset, the end, the lag
        return lines.first { $0.count > 5 && $0[1] == self.topic(topic) }.map { String($0[5]) }
    }

    /// Ends the crowd and holds what was decided against what was acknowledged.
    func finish() throws {
        crowd.end()
        #expect(frontEnd.wait() == 0, "\(frontEnd.errors)")
        let text = try String(contentsOfFile: "\(folder.path)/receipts.ndjson", encoding: .utf8)
        let receipts = Run(exitCode: 0, output: text, errors: "")
        let offsets = try receipts.objects().compactMap { ($0["offset"] as? Int).map(Int64.init) }
        #expect(offsets.count == crowd.written, "each bid has its receipt")
        #expect(Set(offsets).count == offsets.count, "each receipt has its offset")
        let isDecided = eventually(within: 60) { offsets.allSatisfy { watch.isDecided($0) } }
        #expect(isDecided, "\(allocator.errors)")
        #expect(watch.twice.isEmpty)
        #expect(watch.order == watch.order.sorted(), "in the order of the log")
        #expect(watch.complaints.isEmpty, "\(watch.complaints)")

        let sold = min(Self.shares, crowd.written * 2)
        // However many are behind, each minute must bring more of them.
        var settled = 0
        while settled != sold {
            let before = settled
            try eventually(within: 60, every: 2_000) {
                settled = try folder.state("sale")["settled"] as? Int ?? settled
                return settled == sold
            }
            guard settled > before else { break }
        }
        #expect(settled == sold, "\(payer.errors)")
        for (group, topic) in [("allocator", "bids"), ("payer", "payment-commands")] {
            let isTold = eventually(within: 30) { (try? lag(of: group, in: topic)) == "0" }
            #expect(isTold, "\(group) has not told the group how far it is in \(topic)")
        }
        for worker in [allocator, payer] {
            #expect(worker.isRunning, "\(worker.errors)")
            #expect(worker.terminate() == 0, "\(worker.errors)")
        }
        try bank.expectAgreement(with: folder, on: "sale", price: Self.price)
        let ids = try folder.bidDecisions().compactMap { $0["bid"] as? String }
        #expect(ids.count == offsets.count && Set(ids).count == ids.count, "one decision a bid")
        let seconds = DecisionWatch.now - begin
        note("\(offsets.count) bids in \(Int(seconds)) s; the allocator said:")
        note("\(allocator.errors)\nthe payer said:\n\(payer.errors)")
    }
}

/// Writes bids into a pipe, about a hundred a second, until it is ended.
private final class Crowd: Sendable {
    let path: String
    private let pipe: Int32
    private let isOver = Atomic<Bool>(false)
    private let isGone = Atomic<Bool>(false)
    private let count = Atomic<Int>(0)

    init(_ folder: Folder) throws {
        path = "\(folder.path)/bids"
        guard mkfifo(path, 0o600) == 0 else { throw POSIXError(.EIO) }
        // Open for both, so that opening it waits for nobody.
        pipe = open(path, O_RDWR | O_CLOEXEC)
        guard pipe >= 0 else { throw POSIXError(.EIO) }
    }

    func begin() {
        Thread { [self] in
            while !isOver.load(ordering: .acquiring) {
                let number = count.load(ordering: .relaxed)
                let line = """
                    {"bid":"b-\(number)","offering":"sale","account":"a-\(number % 97)","shares":2}

                    """
                // Less than a pipe takes at once, so it goes in whole.
                guard write(pipe, line, line.utf8.count) == line.utf8.count else { break }
                count.store(number + 1, ordering: .releasing)
                usleep(10_000)
            }
            close(pipe)
            isGone.store(true, ordering: .releasing)
        }.start()
    }

    /// No bid comes after this.
    func end() {
        isOver.store(true, ordering: .releasing)
        eventually(within: 60, every: 10) { isGone.load(ordering: .acquiring) }
    }

    var written: Int { count.load(ordering: .acquiring) }
}
