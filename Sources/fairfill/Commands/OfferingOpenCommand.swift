import EventLog
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
            Option("shares", "N", "how many shares it has (required without --from)"),
            Option("price", "N", "minor units a share (required without --from)"),
            Option(
                "currency", "CODE", "ISO 4217, XXX where the unit is no currency (required without "
                    + "--from)"),
            Option("lot", "N", "a bid is a multiple of it (default 1)"),
            Option("min-shares", "N", "the smallest bid (default: the lot)"),
            Option("max-shares-per-account", "N", "what one account may hold (default: no limit)"),
            Option("max-bids-per-account", "N", "bids an account may make (default: no limit)"),
            Option(
                "bids-per-minute-per-account", "N", "how fast an account may bid (default: no "
                    + "limit)"),
            Option(
                "opens-at", "TIME", "RFC 3339, or milliseconds since 1970 UTC (default: at once)"),
            Option(
                "closes-at", "TIME", "RFC 3339, or milliseconds since 1970 UTC (default: none)"),
            Option("remainder", "RULE", "split, skip or hold (default split)"),
            Option("waitlist-shares", "N", "how many shares may wait (default: as many again)"),
            Option(
                "minimum-shares", "N", "settled at close from which it stands; below, all is given "
                    + "back (default: all shares)"),
            Option("backstop-account", "ID", "takes what is left at close (default: none)"),
            Option("backstop-max-shares", "N", "how much of it (default: all shares)"),
            Option("payee", "ID", "the account that the proceeds are paid to (default: none)"),
            Option(
                "interest", "IDS", "ids that interest may be distributed under, by commas "
                    + "(default: none)"),
            Option(
                "principal", "IDS", "ids that principal may be distributed under, by commas "
                    + "(default: none)"),
            Option("command", "ID", "the command's own id (default open-OFFERING)"),
            Option("from", "FILE", "open many: NDJSON, - for standard input (default: one)"),
            Option("no-wait", nil, "don't wait for the decision"),
        ],
        examples: [
            "fairfill offering open --offering loan-7 --shares 100000 --price 10000 --currency CNY",
            "fairfill offering open --from offerings.ndjson --no-wait",
        ]
    ) { arguments throws(Failure) in
        try OfferingOpening(arguments).run()
    }
}

/// `fairfill offering open`.
private struct OfferingOpening {
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
            arguments, arguments.openPlace(), kind, output,
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
        let shares = try arguments.integer("shares", of: "how many shares the offering has")
        let price = try arguments.integer("price", of: "minor units a share")
        let code = try arguments.required("currency")
        guard let currency = CurrencyCode(code) else {
            throw Failure(.usage, "--currency \(code): three capital letters, as CNY")
        }
        var terms = OfferingTerms(
            shares: Shares(shares), price: MinorUnits(price), currency: currency)
        terms.lot = try arguments.integer("lot").map { Shares($0) }
        terms.minShares = try arguments.integer("min-shares").map { Shares($0) }
        terms.maxSharesPerAccount = try arguments.integer("max-shares-per-account")
            .map { Shares($0) }
        terms.maxBidsPerAccount = try arguments.integer("max-bids-per-account")
        terms.bidsPerMinutePerAccount = try arguments.integer("bids-per-minute-per-account")
        terms.opensAt = try arguments.moment("opens-at")
        terms.closesAt = try arguments.moment("closes-at")
        terms.waitlistShares = try arguments.integer("waitlist-shares").map { Shares($0) }
        terms.minimumShares = try arguments.integer("minimum-shares").map { Shares($0) }
        terms.payee = try arguments.identifier("payee")
        if let rule = arguments.text("remainder") {
            guard let found = RemainderRule.allCases.first(where: { "\($0.name)" == rule }) else {
                throw Failure(.usage, "--remainder \(rule): split, skip or hold")
            }
            terms.remainder = found
        }
        if let account = try arguments.identifier("backstop-account") {
            let most = try arguments.integer("backstop-max-shares") ?? shares
            terms.backstop = Backstop(account: account, maxShares: Shares(most))
        } else if arguments.text("backstop-max-shares") != nil {
            throw Failure(.usage, "--backstop-max-shares needs --backstop-account")
        }
        let interest = try identifiers("interest")
        let principal = try identifiers("principal")
        if !interest.isEmpty || !principal.isEmpty {
            terms.distributions = AllowedDistributions(interest: interest, principal: principal)
        }
        return OfferingCommand(
            command: try arguments.identifier("command") ?? Self.defaultCommand(of: offering),
            offering: offering, action: .open(terms))
    }
}

extension OfferingOpening {
    /// Ids with commas between them.
    fileprivate func identifiers(_ name: String) throws(Failure) -> [Identifier] {
        guard let text = arguments.text(name) else { return [] }
        var ids: [Identifier] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let id = Identifier(parsing: word) else {
                throw Failure(
                    .usage, "--\(name) \(text): '\(word)' is no id, 1-64 bytes of "
                        + "[A-Za-z0-9._:-]")
            }
            ids.append(id)
        }
        return ids
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
