import EventLog
import Foundation
import SeededNumbers
import TestRun

extension Check {
    /// Promises of logs that outlive the process that writes them.
    package static let outliving = [
        Check("kill -9 of a writer, at any point: what was acknowledged is there, the rest whole") {
            bench in
            try Endings.repeat(100, on: bench, "kill -9") { try $0.kill($1) }
        },
        Check("a writer of another process is fenced at work: it ends, and nothing of it follows") {
            bench in
            try Endings.repeat(20, on: bench, "fencing") { try $0.fence($1) }
        },
    ]
}

/// Ends one writer after another. Each has a successor that looks at what is there, and writes.
private final class Endings {
    /// Does it so many times, a fifth of it in the quick run and ten times as many in the long one,
    /// and looks at the whole at the end.
    static func `repeat`(
        _ count: Int, on bench: Workbench, _ name: String, _ body: (Endings, Int) throws -> Void
    ) throws {
        let seed = UInt64.random(in: 0...UInt64(UInt32.max))
        note("\(name) on \(bench.log.url): seed \(seed)")
        do {
            let endings = try Endings(bench, seed: seed)
            let rounds = Extent.size(quick: count / 5, all: count, long: count * 10)
            for round in 0..<rounds { try body(endings, round) }
            try endings.checkAll()
            note("\(name) on \(bench.log.url): \(endings.summary)")
        } catch {
            throw Broken(description: "seed \(seed): \(error)")
        }
    }

    private let bench: Workbench
    private let prefix: String
    private var random: SeededGenerator
    private let reader: any LogReader
    /// All that must be in each of the partitions of `EndlessWork`.
    private var expected: [[String]] = [[], [], []]
    private var reports: [EndlessWork.Report] = []
    private var acknowledged = 0
    private var unanswered = 0

    init(_ bench: Workbench, seed: UInt64) throws {
        self.bench = bench
        random = SeededGenerator(seed: seed)
        prefix = bench.newName()
        let work = EndlessWork(prefix: prefix, round: 0)
        var counts: [String: Int32] = [:]
        for partition in work.partitions + [work.outside] {
            counts[partition.topic, default: 0] += 1
        }
        for (topic, count) in counts {
            try bench.log.create(.plain(topic, partitions: count))
        }
        reader = try bench.log.openReader(work.partitions.map { ReadStart($0, from: 0) })
    }

    deinit { reader.close() }

    /// Runs a writer, kills it, and checks what it left behind.
    func kill(_ round: Int) throws {
        let child = try start(round)
        // One in four dies while it begins: while it fences, or before that.
        if random.next(below: 4) > 0 { try child.listen(for: "committed 0\n") }
        child.listen(milliseconds: random.next(below: 150))
        let report = try EndlessWork.Report(try child.kill())
        let successor = try openSuccessor()
        defer { successor.close() }
        try check(round, report, successor, mayBeUnanswered: true)
    }

    /// Takes over from a writer that is at work, and checks what there is of it.
    func fence(_ round: Int) throws {
        let child = try start(round)
        try child.listen(for: "committed 0\n")
        child.listen(milliseconds: random.next(below: 150))
        let successor = try openSuccessor()
        defer { successor.close() }
        let report = try EndlessWork.Report(try child.waitForEnd(exitCode: 80))
        try check(round, report, successor, mayBeUnanswered: false)
    }

    private func start(_ round: Int) throws -> ChildWriter {
        try ChildWriter("EndlessWriter", [bench.log.url, prefix, "\(round)"])
    }

    private func openSuccessor() throws -> any LogWriter {
        let work = EndlessWork(prefix: prefix, round: 0)
        return try bench.log.openWriter(transactionalIDs: [work.transactionalID])
    }

    private func check(
        _ round: Int, _ report: EndlessWork.Report, _ successor: any LogWriter,
        mayBeUnanswered: Bool
    ) throws {
        let work = EndlessWork(prefix: prefix, round: round)
        reports.append(report)
        acknowledged += report.committed.count
        let last = "successor \(round)"
        for partition in work.partitions { try successor.write([last], to: partition) }
        var seen: [[String]] = []
        for (input, partition) in work.partitions.enumerated() {
            let end = try bench.bounds(partition).end
            seen.append(try bench.read(reader, input, upTo: end).map(\.text))
        }
        let visible = try visibleTransactions(in: seen[0].dropLast(), round, report)
        try expect(
            mayBeUnanswered || visible == report.committed,
            "round \(round): fenced, yet committed: \(visible), acknowledged \(report.committed)")
        for index in work.partitions.indices {
            let values = visible.flatMap { work.values($0, in: index) } + [last]
            try expect(
                seen[index] == values,
                "round \(round), \(work.partitions[index]): found \(seen[index]), "
                    + "expected \(values)")
            expected[index] += values
        }
    }

    /// The numbers of the transactions of which there is a record: all that were acknowledged, and
    /// at most the one that was under way.
    private func visibleTransactions(
        in values: ArraySlice<String>, _ round: Int, _ report: EndlessWork.Report
    ) throws -> [Int] {
        var numbers: [Int] = []
        for value in values {
            let words = value.split(separator: " ").compactMap { Int($0) }
            try expect(
                words.count == 3 && words[0] == round, "round \(round): a stray record \(value)")
            if numbers.last != words[1] { numbers.append(words[1]) }
        }
        guard numbers != report.committed else { return numbers }
        unanswered += 1
        try expect(
            numbers == report.committed + [report.begun]
                && report.begun != report.committed.last
                && !EndlessWork.isAborted(report.begun),
            "round \(round): found \(numbers), acknowledged \(report.committed), begun "
                + "\(report.begun)")
        return numbers
    }

    /// Reads all of it anew from the beginning, and what was appended outside.
    func checkAll() throws {
        try expect(acknowledged > reports.count / 2, "they were ended too early to matter")
        let work = EndlessWork(prefix: prefix, round: 0)
        for (index, partition) in work.partitions.enumerated() {
            let all = try bench.values(partition)
            try expect(all == expected[index], "\(partition) read anew is not what was read before")
        }
        // A record that was under way when its appender died may come after the next round's.
        let outside = try bench.read(work.outside)
        for (round, report) in reports.enumerated() {
            let found = outside.filter { $0.text.hasPrefix("\(round) ") }
            let all = (0...max(report.begun, 0)).filter { !EndlessWork.isAborted($0) }
                .flatMap { EndlessWork(prefix: prefix, round: round).outsideValues($0) }
            try expect(
                found.map(\.text) == Array(all.prefix(found.count)),
                "round \(round), outside: found \(found.map(\.text))")
            for (number, offset) in report.appended {
                let first = found.first { $0.offset == offset }?.text
                try expectEqual(first, "\(round) \(number) 0")
            }
            try expect(
                found.count >= report.appended.count * EndlessWork.outsideCount,
                "round \(round), outside: \(found.count) of \(report.appended.count) appends")
        }
    }

    var summary: String {
        let early = reports.filter { $0.begun < 0 }.count
        return "\(reports.count) times, \(acknowledged) transactions acknowledged, \(unanswered) "
            + "committed without an answer; \(early) ended before their first"
    }
}

extension SeededGenerator {
    fileprivate mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
