import Allocation
import CommandLine
import EventLog
import FairfillClient
import Foundation
import Messages
import Vocabulary

extension Command {
    static let offeringOpen = Command(
        words: ["offering", "open"],
        summary: "open an offering and wait for the decision about it",
        description: """
            The command is appended to offering-commands and decided by the allocator. Running it
            again with the same terms changes nothing. With --from, each line of the file is a
            record {"offering":...,"shares":...,"price":...,"currency":...,...}; opensAt and
            closesAt are milliseconds since 1970 UTC, or RFC 3339 in quotes.
            """,
        options: [
            Option("offering", "ID", "the offering (required without --from)"),
        ] + TermFlag.all.map(Option.init) + [
            Option("command", "ID", "the command's own id (default open-OFFERING)"),
            Option("from", "FILE", "open many: NDJSON, - for standard input (default: one)"),
            Option("no-wait", nil, "don't wait for the decision"),
        ],
        examples: [
            "fairfill offering open --offering loan-7 --shares 100000 --price 10000 --currency CNY",
            "fairfill offering open --from offerings.ndjson --no-wait",
        ]
    ) { arguments throws(Failure) in
        try OfferingOpenRun(arguments).run()
    }
}

/// `fairfill offering open`.
private struct OfferingOpenRun {
    let arguments: Arguments
    let output = Output()

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() throws(Failure) -> ExitCode {
        if let path = arguments.text("from") { return try openLines(of: path) }
        let command = try command()
        let submission = try submission()
        add(command, to: submission)
        return try submission.finish() ? .done : .no
    }

    private func openLines(of path: String) throws(Failure) -> ExitCode {
        let own = arguments.command.options.map(\.name).filter { $0 != "from" && $0 != "no-wait" }
        try arguments.refuse(own, with: "from", because: "each line says it for itself")
        let submission = try submission()
        var decoder = RecordDecoder()
        var badLines = 0
        try Lines.read(path, idle: { () throws(Failure) in try submission.append() }) {
            (number, bytes) throws(Failure) in
            guard !submission.isOver else { return }
            do throws(Malformation) {
                let record = try decoder.decodeOfferingCommand(
                    bytes, typeMayBeAbsent: true, defaultCommand: "open", takesDates: true)
                guard case .command(var command) = record, case .open = command.action else {
                    throw Malformation(.unknownType, member: .type, at: 0)
                }
                if let sentence = record.wrongMoment(isOfStory: false) {
                    badLines += 1
                    return Remark.say("line \(number): \(sentence)")
                }
                if command.command == "open" {
                    command.command = Self.defaultCommand(of: command.offering)
                }
                self.add(command, to: submission)
            } catch {
                badLines += 1
                Remark.say("line \(number): \(error.sentenceOfLine)")
            }
            if submission.pending >= Submission.batchSize { try submission.append() }
        }
        let isAccepted = try submission.finish()
        if badLines > 0 { return .data }
        return isAccepted ? .done : .no
    }

    private func submission() throws(Failure) -> Submission {
        let kind = Submission.Kind(
            topic: .offeringCommands, input: .offeringCommands, one: "command", many: "commands",
            advice: "run it again: an offering that is open with the same terms stays as it is")
        return try Submission(
            arguments, arguments.connect(), kind, output,
            printsReceipts: arguments.has("no-wait"), waits: !arguments.has("no-wait"))
    }

    private func add(_ command: OfferingCommand, to submission: Submission) {
        submission.add(command.offering, of: command.offering) {
            RecordEncoder.encode(command, into: $0)
        }
    }

    private static func defaultCommand(of offering: Identifier) -> Identifier {
        Identifier(parsing: String("open-\(offering)".prefix(Identifier.largestCount)))!
    }

    private func command() throws(Failure) -> OfferingCommand {
        let offering = try arguments.requiredIdentifier("offering")
        var terms = OfferingTerms(shares: 0, price: 0, currency: .noCurrency)
        for flag in TermFlag.all {
            guard let text = arguments.text(flag.name) else {
                guard flag.whenLeftOut == nil else { continue }
                throw Failure(.usage, "--\(flag.name) is missing: \(flag.help)")
            }
            try change(flag, text).apply(to: &terms)
        }
        // Left out it would always mean version 1.
        terms.rules = RulesByVersion.released.newest
        if terms.backstop == nil, arguments.text("backstop-max-shares") != nil {
            throw Failure(.usage, "--backstop-max-shares needs --backstop-account")
        }
        let command = OfferingCommand(
            command: try arguments.identifier("command") ?? Self.defaultCommand(of: offering),
            offering: offering, action: .open(terms))
        try LogConnection.check(command)
        return command
    }
}

extension OfferingOpenRun {
    /// What to write instead of a price in whole units, such as `12.50`.
    private func wholeUnits(_ text: String) -> String {
        guard let code = arguments.text("currency"), let currency = CurrencyCode(code),
            let amount = MinorUnits(wholeUnits: text, of: currency)
        else { return "; a price is in minor units, such as fen or cents" }
        return "; a price is in minor units: for \(amount.words(in: currency)) write "
            + "--price \(amount)"
    }

    private func change(_ flag: TermFlag, _ text: String) throws(Failure) -> TermChange {
        // Refuses moments in seconds and microseconds, too.
        if flag.isMoment { _ = try arguments.moment(flag.name) }
        do throws(TermTextFault) {
            return try flag.change(text)
        } catch {
            throw Failure(
                .usage,
                "--\(flag.name) \(text): it is \(error.expected)"
                    + (flag.part == .term(.price) ? wholeUnits(text) : ""))
        }
    }
}

extension Option {
    fileprivate init(_ flag: TermFlag) {
        let left = flag.whenLeftOut.map { "default: \($0)" } ?? "required without --from"
        let also = flag.otherName.map { "; also --\($0)" } ?? ""
        self.init(
            flag.name, flag.placeholder, "\(flag.help) (\(left)\(also))", words: flag.words,
            otherNames: flag.otherName.map { [$0] } ?? [])
    }
}

extension Arguments {
    /// A number that must be there; `what` says what it is.
    func integer(_ name: String, of what: String) throws(Failure) -> Int64 {
        guard let value = try integer(name) else {
            throw Failure(.usage, "--\(name) is missing: \(what)")
        }
        return value
    }
}
