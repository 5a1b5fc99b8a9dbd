import Audit
import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary
import Workers

/// The part of `verify` that holds journals, commands, answers and decisions against each other,
/// and against what a bank has.
///
/// A sale may go on meanwhile. So ends are asked for against the way of the money: what a decision
/// names was answered before it, and what was answered was journaled with it.
struct MoneyVerification {
    static let options = [
        Option(
            "ledger", "FILE", "with --level money: the bank's ledger, in JSON (default: none)",
            isRepeatable: true),
        Option(
            "statement", "FILE", "with --level money: a statement of the bank (default: none)",
            isRepeatable: true),
        Option(
            "mapping", "FILE", "what its columns are (default: those of sandbox-bank)"),
        Option(
            "format", "FORMAT", "csv, ndjson or camt053 (default: by how each begins)",
            words: StatementFormat.allCases.map(\.rawValue)),
        Option("channel", "NAME", "the bank's channel (default: any)"),
    ]

    private let audit: MoneyAudit
    private let connection: LogConnection
    /// Up to here decisions and answers were committed before anything else was asked for.
    private let decisions: [Bounds]?
    private let oldResults: [LogOffset]

    /// Begins before anything is looked at.
    init(_ connection: LogConnection) throws(Failure) {
        self.connection = connection
        audit = MoneyAudit(
            environment: connection.name, partitionCount: connection.environment.partitions)
        decisions = try Self.bounds(of: .decisions, connection)
        oldResults = try Self.bounds(of: .paymentResults, connection)?.map(\.end) ?? []
    }

    /// Reads the topics, then what the bank has.
    func run(_ bank: BankFiles, quiet: Bool) throws(Failure) -> MoneyReport {
        let marks = try marks()
        let journals = try settledBounds(of: .paymentJournal)
        let results = try settledBounds(of: .paymentResults)
        let commands = try Self.bounds(of: .paymentCommands, connection).map {
            $0.map { ($0, isSettled: true) }
        }
        try read(.paymentJournal, journals, marks, quiet)
        try read(.paymentCommands, commands, [], quiet)
        try read(.paymentResults, results, [], quiet)
        try read(.decisions, decisions.map { $0.map { ($0, isSettled: true) } }, [], quiet)
        try bank.read(into: audit)
        return audit.finish()
    }

    /// What each journal's mark says. A mark is written with the entries that it is about, so one
    /// that is asked for first is not past them.
    private func marks() throws(Failure) -> [Int64] {
        guard try Self.bounds(of: .paymentMarks, connection) != nil else {
            audit.miss(.paymentMarks)
            return []
        }
        var marks: [Int64] = []
        for place in connection.partitions(.paymentMarks) {
            marks.append(
                try logged { () throws(LogError) in
                    try JournalMarks.last(in: place, of: connection.log, .committed) {
                        Interruption.signal != 0
                    } ?? 0
                })
        }
        return marks
    }

    /// nil: there is no such topic.
    private static func bounds(
        of topic: Topic, _ connection: LogConnection
    ) throws(Failure) -> [Bounds]? {
        do throws(LogError) {
            return try connection.log.bounds(of: connection.partitions(topic), .committed)
        } catch {
            guard error.code == .unknownTopic, !error.isRetriable else { throw Failure(error) }
            return nil
        }
    }

    /// nil: there is no such topic.
    private func settledBounds(
        of topic: Topic
    ) throws(Failure) -> [(bounds: Bounds, isSettled: Bool)]? {
        guard try Self.bounds(of: topic, connection) != nil else { return nil }
        return try connection.settledBounds(of: connection.partitions(topic))
    }

    private func read(
        _ topic: Topic, _ bounds: [(bounds: Bounds, isSettled: Bool)]?, _ marks: [Int64],
        _ quiet: Bool
    ) throws(Failure) {
        guard let bounds else { return audit.miss(topic) }
        for (index, place) in connection.partitions(topic).enumerated() {
            let partition = Partition(rawValue: Int64(index))
            let (bounds, isSettled) = bounds[index]
            audit.begin(topic, partition, from: Offset(rawValue: bounds.start.rawValue))
            let isWhole = try read(
                topic, place, partition, bounds,
                old: topic == .paymentResults && index < oldResults.count
                    ? oldResults[index] : bounds.end, quiet)
            audit.end(
                topic, partition, isWhole: isWhole && isSettled,
                mark: index < marks.count ? marks[index] : 0)
        }
    }

    private func read(
        _ topic: Topic, _ place: TopicPartition, _ partition: Partition, _ bounds: Bounds,
        old: LogOffset, _ quiet: Bool
    ) throws(Failure) -> Bool {
        let audit = audit
        var follow = try Follow(
            connection.log, [ReadStart(place, from: bounds.start)], takesUnreadable: true)
        let progress = ProgressLine("verifying \(place)", quiet: quiet)
        defer { progress.end() }
        return try follow.read(upTo: [bounds.end]) { (_, batch, index) throws(Failure) in
            let offset = Offset(rawValue: batch.offset(index).rawValue)
            if let last = batch.unreadable(index) {
                let range = UnreadableRange(place, batch.offset(index), last)
                return audit.examine(unreadable: offset, topic, partition, range.sentence)
            }
            audit.examine(
                topic, partition, offset, isOld: batch.offset(index) < old,
                value: batch.value(index))
            progress.update(offset.rawValue + 1, of: bounds.end.rawValue)
        }
    }
}

/// What `verify` prints of money.
struct MoneyView {
    let report: MoneyReport
    let environment: String

    private var topic: String { Topic.paymentJournal.fullName(environment: environment) }

    func print(_ output: Output) throws(Failure) {
        let verdict = switch report.verdict {
        case .right, .notAskedFor: output.coloured("right", .green)
        case .incomplete: output.coloured("not all looked at", .yellow)
        case .failed: output.coloured("FAILED", .red)
        }
        let range = [
            Words.count(report.payments, "payment"), Words.count(report.answers, "answer"),
            Words.count(report.decisions, "decision") + " by them",
        ].joined(separator: ", ")
        try output.text("\(topic)  \(Help.padded("money", 10)) \(verdict): \(range)")
        for sums in report.sums { try print(sums, output) }
        if report.movements > 0 {
            try output.text(
                "  " + Words.count(report.movements, "movement") + " of the bank"
                    + (report.doubtsExecuted > 0
                        ? ", \(report.doubtsExecuted) of them of payments in doubt" : ""))
        }
        for words in report.notLookedAt {
            try output.text(output.coloured("  not looked at: \(words)", .yellow))
        }
        let shown = report.findings.prefix(VerifyView.mostFindings)
        for finding in shown { try output.text(output.coloured("  " + text(finding), .red)) }
        let more = report.totalFindings - Int64(shown.count)
        if more > 0 {
            try output.text("  ... and \(more) more; --json shows the first 1000")
        }
    }

    private func print(_ sums: MoneyReport.Sums, _ output: Output) throws(Failure) {
        let rows: [(String, MoneyReport.Sum)] = [
            ("collected", sums.collected), ("refunded", sums.refunded),
            ("distributed", sums.distributed), ("disbursed", sums.disbursed),
            ("came back", sums.returned), ("in doubt, to collect", sums.collectionsInDoubt),
            ("in doubt, to pay out", sums.payoutsInDoubt),
        ]
        for (name, sum) in rows where sum.count > 0 {
            try output.text(
                "  \(Help.padded(name, 22))\(sum.amount.words(in: sums.currency)) ("
                    + Words.count(sum.count, "payment") + ")")
        }
        try output.text(
            "  \(Help.padded("collected - paid out", 22))\(sums.kept.words(in: sums.currency))")
    }

    private func text(_ finding: MoneyFinding) -> String {
        let location = switch finding.location {
        case .record(let topic, let partition, let offset):
            "\(topic.fullName(environment: environment))[\(partition)], offset \(offset)"
        case .movement(let place): place
        }
        let command = finding.command.map { ", \($0)" } ?? ""
        return "\(finding.code.rawValue) (\(location)\(command)): \(finding.sentence)"
    }

    func printJSON(_ output: Output) throws(Failure) {
        for finding in report.findings {
            var line = JSONLine()
            line.add("finding", finding.code.rawValue)
            line.add("level", "money")
            switch finding.location {
            case .record(let topic, let partition, let offset):
                line.add("topic", "\(topic.fullName(environment: environment))[\(partition)]")
                line.add("offset", offset.rawValue)
            case .movement(let place): line.add("movement", place)
            }
            if let command = finding.command { line.add("command", command) }
            line.add("sentence", finding.sentence)
            try output.line(line.line)
        }
        var line = JSONLine()
        line.add("topic", topic)
        line.add("money", report.verdict.rawValue)
        line.add("payments", report.payments)
        line.add("obligations", report.obligations)
        line.add("entries", report.entries)
        line.add("answers", report.answers)
        line.add("decisions", report.decisions)
        line.add("movements", report.movements)
        line.add("doubtsExecuted", report.doubtsExecuted)
        line.add("sums", report.sums.map(Self.row))
        line.add("findings", report.totalFindings)
        if !report.notLookedAt.isEmpty {
            let words = report.notLookedAt.map(JSONLine.quoted).joined(separator: ",")
            line.add("notLookedAt", json: "[\(words)]")
        }
        try output.line(line.line)
    }

    private static func row(_ sums: MoneyReport.Sums) -> JSONLine {
        var row = JSONLine()
        row.add("currency", "\(sums.currency)")
        let rows: [(String, MoneyReport.Sum)] = [
            ("collected", sums.collected), ("refunded", sums.refunded),
            ("distributed", sums.distributed), ("disbursed", sums.disbursed),
            ("returned", sums.returned), ("collectionsInDoubt", sums.collectionsInDoubt),
            ("payoutsInDoubt", sums.payoutsInDoubt),
        ]
        for (name, sum) in rows {
            var member = JSONLine()
            member.add("amount", sum.amount.rawValue)
            member.add("count", sum.count)
            row.add(name, member)
        }
        row.add("kept", sums.kept.rawValue)
        return row
    }
}
