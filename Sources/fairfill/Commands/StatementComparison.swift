import CommandLine
import FairfillClient
import Payments
import Statements
import Vocabulary

/// `reconcile`: reads the journal of all partitions, then the statements line by line.
final class StatementComparison {
    private let arguments: Arguments
    private let options: StatementOptions
    private let place: LogConnection
    private let view: StatementView
    private var reconciliation: Reconciliation
    private var chain: StatementChain
    private var digests: [String] = []
    private var findings = StatementFindings()
    private let recording: StatementRecording?
    private var isIncomplete = false
    private var hasBreaks = false
    /// What could not be printed: the reader of the output is gone.
    private var failure: Failure?

    init(_ arguments: Arguments) throws(Failure) {
        self.arguments = arguments
        options = try StatementOptions(arguments)
        let wanted = try arguments.identifier("channel")
        if !arguments.has("apply") { try arguments.refuse(["actor"], without: "apply") }
        let actor =
            arguments.has("apply") ? try arguments.requiredIdentifier("actor") : nil
        place = try arguments.connect()
        view = StatementView(arguments)
        var payments: [ReconciledPayment] = []
        var channels: [Identifier] = []
        for partition in 0..<place.environment.partitions {
            let book = try JournalSnapshot(
                place, Partition(rawValue: partition), quiet: arguments.isQuiet
            ).book
            for payment in book.payments {
                guard var known = ReconciledPayment(payment, of: book, profile: options.profile)
                else { continue }
                known.partition = Partition(rawValue: partition)
                payments.append(known)
            }
            for binding in book.bindings where !channels.contains(binding.name) {
                channels.append(binding.name)
            }
        }
        let channel = try Self.channel(wanted, of: channels)
        let decided = try DecidedParts(place, quiet: arguments.isQuiet)
        for index in payments.indices {
            payments[index].decided = decided.parts[payments[index].id]
        }
        let connection = place
        recording = actor.map { StatementRecording(connection, channel: channel, actor: $0) }
        reconciliation = Reconciliation(
            payments, channel: channel, bookingDelay: options.bookingDelay)
        chain = StatementChain(previousClosing: options.previousClosing)
    }

    /// A statement is of one channel: with another one every line would be another payer's.
    private static func channel(
        _ wanted: Identifier?, of known: [Identifier]
    ) throws(Failure) -> Identifier {
        let names = known.map { "'\($0)'" }
        if let wanted {
            guard known.isEmpty || known.contains(wanted) else {
                throw Failure(
                    .usage,
                    "--channel \(wanted): nothing was sent over it; there is "
                        + Words.alternatives(names))
            }
            return wanted
        }
        guard known.count <= 1 else {
            throw Failure(
                .usage,
                "--channel is missing: payments were sent over \(names.joined(separator: " and "))"
                    + ", and a statement is of one of them")
        }
        return known.first ?? "default"
    }

    func run() throws(Failure) -> ExitCode {
        for path in options.paths { try read(path) }
        reconciliation.finish(
            chain.coverage, { self.tell($0, in: nil) },
            absent: { absence in
                self.findings.take(absence)
                self.attempt { () throws(Failure) in try self.view.show(absence) }
            })
        if let failure { throw failure }
        if let recording, let last = digests.last {
            try view.show(recorded: try recording.record(findings, lastStatement: last))
        }
        let exitCode: ExitCode =
            hasBreaks ? .no : isIncomplete || chain.coverage == nil ? .incomplete : .done
        try view.end(reconciliation, chain.coverage, exitCode)
        return exitCode
    }

    private func read(_ path: String) throws(Failure) {
        let name = path == "-" ? "standard input" : path
        // Which lines count is known once the form is.
        var check = StatementCheck(balancesComeFirst: false)
        var isDocument = false
        let file = try StatementFile(path, options) { format in
            isDocument = format == .camt053
            check = StatementCheck(balancesComeFirst: isDocument)
        } _: { item in
            guard let line = check.take(item) else { return }
            self.reconciliation.take(line) { self.tell($0, in: name) }
        }
        if let failure { throw failure }
        guard !digests.contains(file.digest) else {
            throw Failure(.data, "\(name) is the same statement as one before it")
        }
        digests.append(file.digest)
        let statement = check.finish()
        findings.end(statement, digest: file.digest)
        let gap = chain.add(statement)
        for remark in check.remarks + (gap.map { [$0] } ?? []) {
            try view.show(remark, in: name, isDocument: isDocument)
        }
        try view.show(
            statement, name, file.digest, unshown: check.remarkCount - check.remarks.count)
        if statement.isBroken || chain.isBroken { isIncomplete = true }
    }

    private func tell(_ found: StatementBreak, in name: String?) {
        hasBreaks = true
        findings.take(found)
        attempt { () throws(Failure) in try self.view.show(found, in: name) }
    }

    /// Keeps the first failure: readers of statements know nothing of output.
    private func attempt(_ body: () throws(Failure) -> Void) {
        guard failure == nil else { return }
        do throws(Failure) {
            try body()
        } catch {
            failure = error
        }
    }
}
