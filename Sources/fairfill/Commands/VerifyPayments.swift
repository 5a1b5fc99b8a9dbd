import Audit
import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

/// The part of `verify` that holds payment-commands against the decisions.
struct PaymentsVerification: ~Copyable {
    let audit: PaymentsAudit
    private let connection: LogConnection
    /// Up to here all was committed before any decisions' end was asked for.
    private let old: [LogOffset]
    private let isMissing: Bool
    private var topic: String { Topic.paymentCommands.fullName(environment: connection.name) }

    /// Begins before the decisions are looked at.
    init(_ connection: LogConnection) throws(Failure) {
        self.connection = connection
        audit = PaymentsAudit(
            topic: Topic.paymentCommands.fullName(environment: connection.name),
            partitionCount: connection.environment.partitions)
        do throws(LogError) {
            old = try connection.log.ends(of: connection.partitions(.paymentCommands), .committed)
            isMissing = false
        } catch {
            guard error.code == .unknownTopic, !error.isRetriable else { throw Failure(error) }
            old = []
            isMissing = true
        }
    }

    /// The end of what is written to a partition's decisions; asked for before the end of what is
    /// committed, it tells whether that is past every decision of an old order.
    func writtenEnd(of decisions: TopicPartition) throws(Failure) -> LogOffset {
        guard !connection.log.boundsAreOfOneMoment else { return 0 }
        return try logged { () throws(LogError) in
            try connection.log.ends(of: [decisions], .written)[0]
        }
    }

    /// Reads payment-commands, once all decisions were audited.
    mutating func run(quiet: Bool) throws(Failure) -> PaymentsReport {
        guard !isMissing else {
            for partition in 0..<connection.environment.partitions {
                audit.begin(Partition(rawValue: partition), from: 0, isWhole: true)
            }
            var report = audit.finish()
            report.notLookedAt.append("\(topic): there is no such topic, so it was deleted")
            return report
        }
        let partitions = connection.partitions(.paymentCommands)
        let bounds = try settledBounds(partitions)
        for (index, partition) in partitions.enumerated() {
            try read(partition, from: bounds[index].start, upTo: bounds[index].end, quiet, index)
        }
        try OpenTransactions.remark(connection.log, partitions, readUpTo: bounds.map(\.end))
        return audit.finish()
    }

    /// What an audited decision ordered was written before its end was asked for, but may be
    /// behind a transaction that is under way.
    private func settledBounds(_ partitions: [TopicPartition]) throws(Failure) -> [Bounds] {
        let settled = try connection.settledBounds(of: partitions)
        for (index, (bounds, isSettled)) in settled.enumerated() {
            audit.begin(
                Partition(rawValue: Int64(index)), from: Offset(rawValue: bounds.start.rawValue),
                isWhole: isSettled)
        }
        return settled.map(\.bounds)
    }

    private func read(
        _ source: TopicPartition, from start: LogOffset, upTo end: LogOffset, _ quiet: Bool,
        _ index: Int
    ) throws(Failure) {
        let partition = Partition(rawValue: Int64(index))
        var follow = try Follow(
            self.connection.log, [ReadStart(source, from: start)], takesUnreadable: true)
        let progress = ProgressLine("verifying \(source)", quiet: quiet)
        let isWhole = try follow.read(upTo: [end]) { (_, batch, index) throws(Failure) in
            let offset = Offset(rawValue: batch.offset(index).rawValue)
            if let last = batch.unreadable(index) {
                let range = UnreadableRange(source, batch.offset(index), last)
                return audit.examine(unreadable: offset, partition, range.sentence)
            }
            audit.examine(
                partition, offset, appended: batch.appendTime(index),
                isOld: batch.offset(index) < old[Int(partition.rawValue)],
                key: batch.key(index), value: batch.value(index))
            progress.update(offset.rawValue + 1, of: end.rawValue)
        }
        progress.end()
        if !isWhole { audit.begin(partition, from: 0, isWhole: false) }
    }
}

/// What `verify` prints of payment-commands.
struct PaymentsView {
    let report: PaymentsReport
    let environment: String

    private var topic: String { Topic.paymentCommands.fullName(environment: environment) }

    func print(_ output: Output) throws(Failure) {
        // Of nothing there is nothing to say.
        if report.verdict == .right, report.ordered + report.records == 0 { return }
        let range = "\(report.ordered) ordered by decisions, "
            + Words.count(report.records, "record")
            + (report.repeats > 0 ? ", \(report.repeats) of them ordered again" : "")
        let verdict = switch report.verdict {
        case .right, .notAskedFor: output.coloured("right", .green)
        case .incomplete: output.coloured("not all looked at", .yellow)
        case .failed: output.coloured("FAILED", .red)
        }
        try output.text("\(topic)  \(Help.padded("payments", 10)) \(verdict): \(range)")
        for words in report.notLookedAt {
            try output.text(output.coloured("  not looked at: \(words)", .yellow))
        }
        let shown = report.findings.prefix(VerifyView.mostFindings)
        for finding in shown { try output.text(output.coloured("  " + text(finding), .red)) }
        let more = report.totalFindings - Int64(shown.count)
        if more > 0 {
            try output.text("  ... and \(more) more; --json shows the first 1000")
        }
        if report.missing > 0 {
            try output.text(
                "  \(report.missing) missing: \(topic) was deleted, made anew or cut; what has no "
                    + "result yet comes back with: fairfill payments recommand --help")
        }
    }

    private func text(_ finding: OrderFinding) -> String {
        let location = switch finding.location {
        case .decision(let partition, let offset, let sequence):
            "decision \(sequence) of partition \(partition), offset \(offset)"
        case .record(let partition, let offset): "\(topic)[\(partition)], offset \(offset)"
        }
        return "\(finding.code.rawValue) (\(location)): \(finding.sentence)"
    }

    func printJSON(_ output: Output) throws(Failure) {
        for finding in report.findings {
            var line = JSONLine()
            line.add("finding", finding.code.rawValue)
            line.add("level", "payments")
            switch finding.location {
            case .decision(let partition, let offset, let sequence):
                let decisions = Topic.decisions.fullName(environment: environment)
                line.add("topic", "\(decisions)[\(partition)]")
                line.add("offset", offset.rawValue)
                line.add("seq", sequence.rawValue)
            case .record(let partition, let offset):
                line.add("topic", "\(topic)[\(partition)]")
                line.add("offset", offset.rawValue)
            }
            if let command = finding.command { line.add("command", "\(command)") }
            line.add("sentence", finding.sentence)
            try output.line(line.line)
        }
        var line = JSONLine()
        line.add("topic", topic)
        line.add("payments", report.verdict.rawValue)
        line.add("ordered", report.ordered)
        line.add("records", report.records)
        line.add("repeats", report.repeats)
        line.add("missing", report.missing)
        line.add("findings", report.totalFindings)
        if !report.notLookedAt.isEmpty {
            let words = report.notLookedAt.map(JSONLine.quoted).joined(separator: ",")
            line.add("notLookedAt", json: "[\(words)]")
        }
        try output.line(line.line)
    }
}
