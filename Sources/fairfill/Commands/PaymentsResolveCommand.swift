import CommandLine
import FairfillClient
import Foundation
import Messages
import Payments
import Vocabulary

extension Command {
    static let paymentsResolve = Command(
        words: ["payments", "resolve"],
        summary: "say what became of a payment that waits for a person",
        description: """
            fairfill payments show --command ID says what to look for. What you found is a decision:

              paid            it was executed; --reference names the provider's id of it
              failedByPerson  nothing moved, and it is given up: reserved shares are released
              notExecuted     nothing moved: it is sent again, under a new key
              returned        it was executed, and the whole amount was given back
              retry           it was never executed: it takes its turn again

            One person proposes it, with evidence and with the version of the payment that was
            looked at, and another person approves it by its name (r-...). It changes nothing if
            more became known of the payment in between. That nothing moved counts only once no
            request can be under way any more. Nothing that was attempted is ever erased.

            --from takes many at once, a JSON object a line: {"command","decision","version",
            "evidence","reference","channel"} to propose, {"approve"} to approve. Number and sum are
            shown first. Names are claims: anyone who may write payment-resolutions is trusted with
            them.
            """,
        options: [
            Option(
                "command", "ID", "the command's id, such as loan-7/b-1/1 (required to propose)"),
            Option(
                "decision", "WORD", "what you found: see above (required to propose)",
                words: PaymentVerdict.allCases.map(\.rawValue)),
            Option(
                "evidence", "TEXT",
                "what you saw where, at most 1,000 bytes (required to propose)"),
            Option("reference", "ID", "the provider's id of the payment (required with paid)"),
            Option(
                "at-version", "N", "the version that payments show prints (required to propose)"),
            Option(
                "channel", "NAME",
                "with notExecuted: send it over this channel (default: the one it was sent over)"),
            Option("approve", nil, "approve what another person proposed"),
            Option(
                "resolution", "NAME", "the proposal's name (required with --approve)",
                isRepeatable: true),
            Option(
                "from", "FILE",
                "read many from a file of JSON lines, or - for standard input (default: none)"),
            Option("actor", "NAME", "who you are (required)"),
            Option("yes", nil, "with --from: write without asking"),
        ],
        examples: [
            "fairfill payments resolve --command loan-7/b-1/1 --decision paid --reference pay_01 "
                + "--at-version 4 --evidence 'line 17 of the statement of 24 November' "
                + "--actor anna",
            "fairfill payments resolve --approve --resolution r-5c1f09ab77e2 --actor ben",
        ]
    ) { arguments throws(Failure) in
        var resolve = try Resolve(arguments)
        return try resolve.run()
    }
}

/// `payments resolve`: checks what one person says against the journal, and writes it.
private struct Resolve {
    /// A line of `--from`.
    private struct Line: Decodable {
        var command: String?
        var decision: String?
        var version: Int64?
        var evidence: String?
        var reference: String?
        var channel: String?
        var approve: String?
    }

    /// One that can be written, with what it is about.
    private struct Ready {
        var record: PaymentResolution
        var account: Identifier
        var name: Identifier
        var verdict: PaymentVerdict
        var command: PaymentCommand?
        var id: PaymentID
    }

    private let arguments: Arguments
    private let writing: ResolutionAppender
    private let actor: Identifier
    private var journals: [JournalSnapshot] = []
    private var proposals: [Identifier: ResolutionProposal] = [:]

    init(_ arguments: Arguments) throws(Failure) {
        self.arguments = arguments
        actor = try arguments.requiredIdentifier("actor")
        let own = ["command", "decision", "evidence", "reference", "at-version", "channel"]
        if arguments.text("from") != nil {
            try arguments.refuse(
                own + ["approve", "resolution"], with: "from", because: "the file says them")
        } else if arguments.has("approve") {
            try arguments.refuse(own, with: "approve", because: "the proposal says them")
            _ = try arguments.required("resolution")
        } else {
            try arguments.refuse(["resolution"], without: "approve")
        }
        writing = ResolutionAppender(connection: try arguments.connect())
    }

    mutating func run() throws(Failure) -> ExitCode {
        let connection = writing.connection
        for partition in 0..<connection.environment.partitions {
            journals.append(
                try JournalSnapshot(
                    connection, Partition(rawValue: partition), quiet: arguments.isQuiet))
        }
        var open: [Identifier: ResolutionProposal] = [:]
        try writing.read { (record) throws(Failure) in
            if case .proposal(let proposal) = record { open[proposal.resolution] = proposal }
        }
        proposals = open
        var ready: [Ready] = []
        if let path = arguments.text("from") {
            try Lines.read(path) { (number, bytes) throws(Failure) in
                do throws(Failure) {
                    ready.append(try read(bytes))
                } catch {
                    throw Failure(
                        error.code == .usage ? .data : error.code,
                        "line \(number): \(error.message); nothing was written")
                }
            }
            guard !ready.isEmpty else { throw Failure(.data, "\(path) says nothing") }
            try confirm(ready)
        } else if arguments.has("approve") {
            for name in arguments.texts("resolution") { ready.append(try approval(name)) }
        } else {
            for name in ["command", "decision", "at-version", "evidence"] {
                _ = try arguments.required(name)
            }
            ready.append(
                try proposal(
                    Line(
                        command: arguments.text("command"), decision: arguments.text("decision"),
                        version: try arguments.integer("at-version"),
                        evidence: arguments.text("evidence"),
                        reference: arguments.text("reference"),
                        channel: arguments.text("channel"))))
        }
        try writing.write(ready.map { ($0.record, $0.account) })
        return try tell(ready)
    }

    private func read(_ bytes: UnsafeRawBufferPointer) throws(Failure) -> Ready {
        let line: Line
        do {
            line = try JSONDecoder().decode(Line.self, from: Data(bytes))
        } catch {
            throw Failure(
                .data, "not an object of \"command\", \"decision\", \"version\" and \"evidence\", "
                    + "or of \"approve\"")
        }
        if let name = line.approve { return try approval(name) }
        return try proposal(line)
    }

    // MARK: One of them

    private func proposal(_ line: Line) throws(Failure) -> Ready {
        guard var text = line.command, let id = text.withUTF8({
            PaymentID(UnsafeRawBufferPointer($0))
        }) else {
            throw Failure(.usage, "the command's id is OFFERING/BID/NUMBER, as loan-7/b-1/1")
        }
        guard let verdict = line.decision.flatMap({ PaymentVerdict(rawValue: $0) }) else {
            throw Failure(
                .usage, "the decision is "
                    + Words.alternatives(PaymentVerdict.allCases.map(\.rawValue)))
        }
        guard let version = line.version, version >= 0 else {
            throw Failure(.usage, "the version of \(id) is missing: payments show prints it")
        }
        guard let evidence = line.evidence, !evidence.isEmpty,
            evidence.utf8.count <= RecordLimits.evidence
        else {
            throw Failure(
                .usage, "the evidence is a text of 1 to \(RecordLimits.evidence) bytes")
        }
        if let reference = line.reference,
            !(1...RecordLimits.providerText).contains(reference.utf8.count)
        {
            throw Failure(
                .usage, "a reference has 1 to \(RecordLimits.providerText) bytes")
        }
        if line.channel != nil, verdict != .notExecuted {
            throw Failure(.usage, "a channel goes with the decision notExecuted only")
        }
        let channel = line.channel.flatMap { Identifier(parsing: $0) }
        guard channel != nil || line.channel == nil else {
            throw Failure(.usage, "\(line.channel!) is no name of a channel")
        }
        let (partition, payment) = try payment(id)
        let proposal = ResolutionProposal(
            resolution: name(id, line), partition: partition, command: id,
            account: payment.account, verdict: verdict, version: version, evidence: evidence,
            reference: line.reference, channel: channel, actor: actor, at: .now)
        try check(proposal, payment)
        return Ready(
            record: .proposal(proposal), account: payment.account, name: proposal.resolution,
            verdict: verdict, command: payment.intent?.command, id: id)
    }

    private func approval(_ text: String) throws(Failure) -> Ready {
        guard let name = Identifier(parsing: text), let proposal = proposals[name] else {
            throw Failure(
                .no, "nobody has proposed \(text); payments resolve --help says how it is done")
        }
        guard proposal.actor != actor else {
            throw Failure(
                .usage, "--actor \(actor): \(actor) proposed \(name), so another person has to "
                    + "approve")
        }
        let (partition, payment) = try payment(proposal.command)
        try check(proposal, payment)
        let approval = ResolutionApproval(
            resolution: name, partition: partition, command: proposal.command,
            version: proposal.version, actor: actor, at: .now)
        return Ready(
            record: .approval(approval), account: payment.account, name: name,
            verdict: proposal.verdict, command: payment.intent?.command, id: proposal.command)
    }

    private func payment(_ id: PaymentID) throws(Failure) -> (Partition, Payment) {
        for (partition, journal) in journals.enumerated() {
            if let payment = journal.book[id] {
                return (Partition(rawValue: Int64(partition)), payment)
            }
        }
        throw Failure(.no, "no payer has taken up a command \(id)")
    }

    private func check(_ proposal: ResolutionProposal, _ payment: Payment) throws(Failure) {
        let book = journals[Int(proposal.partition.rawValue)].book
        guard let refusal = book.refusal(of: proposal) else { return }
        if refusal == .wrongVersion {
            throw Failure(
                .no, "\(proposal.command) is at version \(payment.version) and not "
                    + "\(proposal.version): \(refusal.words)")
        }
        throw Failure(
            refusal == .noReference ? .usage : .no,
            "\(proposal.command) (\(payment.state.words)), \(proposal.verdict.rawValue): "
                + refusal.words)
    }

    /// The same words of the same person have the same name, so that saying them twice is saying
    /// them once.
    private func name(_ id: PaymentID, _ line: Line) -> Identifier {
        let words: [String] = [
            "\(id)", line.decision ?? "", "\(line.version ?? 0)", line.evidence ?? "",
            line.reference ?? "", line.channel ?? "", "\(actor)",
        ]
        // FNV-1a: it names a proposal and proves nothing.
        let hash = words.joined(separator: "\u{0}").utf8.reduce(
            UInt64(14_695_981_039_346_656_037)
        ) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        guard let name = Identifier(parsing: "r-\(String(hash, radix: 16))") else {
            preconditionFailure("hex digits are an identifier")
        }
        return name
    }

    // MARK: What is said about it

    /// Number and sum, and a question.
    private func confirm(_ ready: [Ready]) throws(Failure) {
        var sums: [(currency: CurrencyCode, amount: Int64)] = []
        for command in ready.compactMap(\.command) {
            if let index = sums.firstIndex(where: { $0.currency == command.currency }) {
                let (sum, isTooMuch) = sums[index].amount.addingReportingOverflow(
                    command.amount.rawValue)
                sums[index].amount = isTooMuch ? .max : sum
            } else {
                sums.append((command.currency, command.amount.rawValue))
            }
        }
        let counts = PaymentVerdict.allCases.compactMap { verdict -> String? in
            let count = ready.count { $0.verdict == verdict }
            return count > 0 ? "\(count) \(verdict.rawValue)" : nil
        }
        let money = sums.map { MinorUnits(rawValue: $0.amount).words(in: $0.currency) }
        let sentence =
            Words.count(ready.count, "payment") + " over " + money.joined(separator: " and ")
            + ": " + counts.joined(separator: ", ")
        if arguments.has("yes") {
            if !arguments.isQuiet { Remark.say(sentence) }
            return
        }
        guard arguments.text("from") != "-", isatty(STDIN_FILENO) == 1 else {
            throw Failure(.usage, "\(sentence). Nothing was written; --yes writes it")
        }
        StandardError.write("fairfill: \(sentence).\nWrite it? [y/N] ")
        let answer = StandardStream.readLine()?.lowercased() ?? ""
        guard answer == "y" || answer == "yes" else {
            throw Failure(.no, "nothing was written")
        }
    }

    private func tell(_ ready: [Ready]) throws(Failure) -> ExitCode {
        let output = Output()
        for one in ready {
            let isApproval = if case .approval = one.record { true } else { false }
            if arguments.isJSON {
                var line = JSONLine()
                line.add("resolution", "\(one.name)")
                line.add("command", "\(one.id)")
                line.add("decision", one.verdict.rawValue)
                line.add("state", isApproval ? "approved" : "proposed")
                line.add("actor", "\(actor)")
                try output.line(line.line)
            } else if isApproval {
                try output.text(
                    "\(one.id): \(one.verdict.rawValue), approved by \(actor); the payer acts on "
                        + "it (fairfill payments show --command \(one.id))")
            } else {
                try output.text(
                    "\(one.id): \(one.verdict.rawValue), proposed by \(actor); another person has "
                        + "to approve it: fairfill payments resolve --approve --resolution "
                        + "\(one.name) --actor NAME")
            }
        }
        try output.flush()
        return .done
    }
}
