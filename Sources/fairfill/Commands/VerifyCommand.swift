import Audit
import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

extension Command {
    static let verify = Command(
        words: ["verify"],
        summary: "recompute everything from the topics and report what is wrong",
        description: """
            There are four levels, and unless told it looks at the first three:
              chain       the hashes, the numbers and the epochs of all decisions
              arithmetic  every counter and every part of every bid, added up from the
                          decisions by code that shares no rule with the allocator
              payments    payment-commands holds what the decisions ordered, each once;
                          a topic that was lost or made anew shows here
              money       journal, commands, results and decisions agree about money:
                          nothing is paid beyond what is due, settled shares were
                          paid for, released ones have their proof, each answer is
                          there once; and the sums of each currency
            --ledger holds money against a bank's ledger, as sandbox-bank answers at
            /_sandbox/ledger: one movement a payment, all amounts equal, none unexplained.
            --statement does so with statements, which need not cover everything; fairfill
            reconcile --help says how they are read.

            The level payments keeps 80 bytes for each of at most 5 million payments; if there are
            more, check fewer --partitions at a time. The level money looks at all partitions, and
            keeps some 400 bytes for each of at most 2 million payments.

            Ends with 0 if all is right, 1 if something is wrong, and 3 if not everything could be
            checked, or if there are bids or commands but no decision. The last line is the verdict.
            """,
        options: [
            Option(
                "level", "WORD",
                "chain, arithmetic, payments or money (default: the first three; may be repeated)",
                isRepeatable: true,
                words: AuditLevel.allCases.map(\.rawValue) + ["payments", "money"]),
            Option("partitions", "LIST", "such as 0,2-3 (default: all)"),
        ] + MoneyVerification.options,
        examples: [
            "fairfill verify", "fairfill verify --level chain --json | jq .head",
            "fairfill verify --level money --ledger bank.json",
        ]
    ) { arguments throws(Failure) in
        let levels = arguments.texts("level").reduceLevels()
        let bank = try BankFiles(arguments, isAskedFor: levels.money)
        let connection = try arguments.connect()
        let output = Output()
        var exitCode = ExitCode.done
        var undecided: Int64 = 0
        var payments = try levels.payments ? PaymentsVerification(connection) : nil
        let money = try levels.money ? MoneyVerification(connection) : nil
        let followed = try partitions(arguments, connection)
        for partition in levels.readsDecisions ? followed : [] {
            let decisions = connection.partition(.decisions, partition)
            let written = try payments?.writtenEnd(of: decisions) ?? 0
            let bounds = try logged { () throws(LogError) in
                try connection.log.bounds(of: [decisions], .committed)[0]
            }
            var audit = PartitionAudit(
                partition: partition, levels: levels.audit, payments: payments?.audit)
            var lastAppended: Int64 = 0
            var follow = try Follow(
                connection.log, [ReadStart(decisions, from: bounds.start)], takesUnreadable: true)
            let progress = ProgressLine("verifying \(decisions)", quiet: arguments.isQuiet)
            let isWhole = try follow.read(upTo: [bounds.end]) {
                (_, batch, index) throws(Failure) in
                let offset = batch.offset(index).rawValue
                if let last = batch.unreadable(index) {
                    let range = UnreadableRange(decisions, batch.offset(index), last)
                    return audit.examine(unreadable: Offset(offset), range.sentence)
                }
                audit.examine(offset: Offset(offset), value: batch.value(index))
                lastAppended = batch.appendTime(index)
                progress.update(offset + 1, of: bounds.end.rawValue)
            }
            progress.end()
            try OpenTransactions.remark(connection.log, [decisions], readUpTo: [bounds.end])
            let report = audit.finish()
            payments?.audit.end(
                partition, isWhole: isWhole && report.arithmeticEnd == nil,
                isEmpty: report.firstOffset == nil, isSettled: bounds.end >= written,
                lastAppended: lastAppended)
            let waiting = report.firstOffset == nil ? try inputs(of: partition, connection) : 0
            undecided += waiting
            let view = VerifyView(
                report: report, topic: "\(decisions)", isWhole: isWhole, undecided: waiting)
            if arguments.isJSON { try view.printJSON(output) } else { try view.print(output) }
            let isIncomplete =
                !isWhole || report.verdict(.arithmetic) == .incomplete || waiting > 0
            if report.totalFindings > 0 {
                exitCode = .no
            } else if isIncomplete, exitCode == .done {
                exitCode = .incomplete
            }
        }
        if let report = try payments?.run(quiet: arguments.isQuiet) {
            let view = PaymentsView(report: report, environment: connection.name)
            if arguments.isJSON { try view.printJSON(output) } else { try view.print(output) }
            if report.verdict == .failed { exitCode = .no }
            if report.verdict == .incomplete, exitCode == .done { exitCode = .incomplete }
        }
        if let report = try money?.run(bank, quiet: arguments.isQuiet) {
            let view = MoneyView(report: report, environment: connection.name)
            if arguments.isJSON { try view.printJSON(output) } else { try view.print(output) }
            if report.verdict == .failed { exitCode = .no }
            if report.verdict == .incomplete, exitCode == .done { exitCode = .incomplete }
        }
        if !arguments.isJSON { try output.line(verdict(exitCode, undecided, output)) }
        try output.flush()
        return exitCode
    }

    /// How many records of the inputs stand there to be decided.
    private static func inputs(
        of partition: Partition, _ connection: LogConnection
    ) throws(Failure) -> Int64 {
        let sources = [Topic.bids, .offeringCommands].map { connection.partition($0, partition) }
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: sources, .committed)
        }
        return bounds.reduce(0) { $0 + $1.end.rawValue - $1.start.rawValue }
    }

    /// The last line, which says what the exit code says.
    private static func verdict(
        _ exitCode: ExitCode, _ undecided: Int64, _ output: Output
    ) -> String {
        switch exitCode {
        case .done: output.coloured("verified: nothing is wrong", .green)
        case .no: output.coloured("NOT RIGHT: see what was found above", .red)
        default:
            output.coloured("not verified: ", .yellow)
                + (undecided > 0
                    ? Words.count(undecided, "bid or command", "bids and commands")
                        + ", no decision: none was made, or all are lost"
                    : "not everything could be looked at")
        }
    }
}

/// What `--level` asks for.
private struct Levels {
    var audit: Set<AuditLevel> = []
    var payments = false
    var money = false

    /// Whether anything but money is asked for.
    var readsDecisions: Bool { payments || !audit.isEmpty }
}

extension [String] {
    fileprivate func reduceLevels() -> Levels {
        guard !isEmpty else { return Levels(audit: Set(AuditLevel.allCases), payments: true) }
        var levels = Levels()
        for word in self {
            if word == "payments" {
                levels.payments = true
            } else if word == "money" {
                levels.money = true
            } else if let level = AuditLevel(rawValue: word) {
                levels.audit.insert(level)
            }
        }
        return levels
    }
}

/// What `verify` prints of one partition.
struct VerifyView {
    let report: AuditReport
    let topic: String
    let isWhole: Bool
    /// Bids and commands of a partition without a decision.
    let undecided: Int64

    func print(_ output: Output) throws(Failure) {
        guard let first = report.firstOffset, let last = report.lastOffset else {
            return try output.text(
                "\(topic)  no decisions yet"
                    + (undecided > 0
                        ? ", and " + Words.count(undecided, "bid or command", "bids and commands")
                        : ""))
        }
        let range = "offsets \(first) to \(last), decisions \(report.firstSequence) to "
            + "\(report.lastSequence)"
        for level in AuditLevel.allCases {
            try output.text(
                "\(topic)  \(Help.padded(level.rawValue, 10)) \(verdict(level, range, output))")
        }
        let types = report.types.map { "\($0.count) \($0.type.rawValue)" }
        try output.text("  \(types.joined(separator: ", "))")
        if report.ignoredStale > 0 {
            try output.text("  \(report.ignoredStale) ignored: their writers had been replaced")
        }
        let epochs = report.epochs == 1 ? "1 epoch" : "\(report.epochs) epochs"
        try output.text("  head \(report.head), \(epochs)")
        let shown = report.findings.prefix(Self.mostFindings)
        for finding in shown { try output.text(output.coloured("  " + text(finding), .red)) }
        let more = report.totalFindings - Int64(shown.count)
        if more > 0 {
            try output.text(
                "  ... and \(more) more, which may follow from these; --json shows the first 1000")
        }
    }

    /// One wrong number can make everything after it look wrong.
    static let mostFindings = 20

    private func verdict(_ level: AuditLevel, _ range: String, _ output: Output) -> String {
        switch report.verdict(level) {
        case .notAskedFor: output.coloured("not asked for", .dim)
        case .failed: output.coloured("FAILED", .red) + ": \(range)"
        case .right:
            (isWhole
                ? output.coloured("right", .green) : output.coloured("right so far", .yellow))
                + ": \(range)"
        case .incomplete:
            output.coloured("not looked at", .yellow) + " from offset "
                + "\(report.arithmeticEnd!) on: a decision there can't be read, or is missing; "
                + "right before it"
        }
    }

    private func text(_ finding: AuditFinding) -> String {
        var parts = ["offset \(finding.offset)"]
        if let sequence = finding.sequence { parts.append("decision \(sequence)") }
        if let offering = finding.offering { parts.append("\(offering)") }
        if let bid = finding.bid { parts.append("bid \(bid)") }
        return "\(finding.code.rawValue) (\(parts.joined(separator: ", "))): \(finding.sentence)"
    }

    func printJSON(_ output: Output) throws(Failure) {
        for finding in report.findings {
            var line = JSONLine()
            line.add("finding", finding.code.rawValue)
            line.add("level", finding.level.rawValue)
            line.add("topic", topic)
            line.add("offset", finding.offset.rawValue)
            if let sequence = finding.sequence { line.add("seq", sequence.rawValue) }
            if let offering = finding.offering { line.add("offering", "\(offering)") }
            if let bid = finding.bid { line.add("bid", "\(bid)") }
            line.add("sentence", finding.sentence)
            try output.line(line.line)
        }
        var line = JSONLine()
        line.add("topic", topic)
        for level in report.levels {
            line.add(level.rawValue, report.verdict(level).rawValue)
        }
        if let end = report.arithmeticEnd { line.add("arithmeticEnd", end.rawValue) }
        line.add("whole", isWhole)
        if undecided > 0 { line.add("undecided", undecided) }
        line.add("records", report.records)
        if let first = report.firstOffset { line.add("firstOffset", first.rawValue) }
        if let last = report.lastOffset { line.add("lastOffset", last.rawValue) }
        line.add("firstSeq", report.firstSequence.rawValue)
        line.add("lastSeq", report.lastSequence.rawValue)
        line.add("epochs", report.epochs)
        line.add("ignoredStale", report.ignoredStale)
        line.add("findings", report.totalFindings)
        line.add("head", report.head)
        var types = JSONLine()
        for (type, count) in report.types { types.add(type.rawValue, count) }
        line.add("types", json: types.line)
        var reasons = JSONLine()
        for (reason, count) in report.reasons { reasons.add(reason.rawValue, count) }
        line.add("reasons", json: reasons.line)
        try output.line(line.line)
    }
}
