import Allocation
import Analysis
import CommandLine
import FairfillClient
import Messages
import Vocabulary

extension Command {
    static let whatIf = Command(
        words: ["what-if"],
        summary: "decide the bids of a log or of files under several terms, side by side",
        description: """
            Without files it reads the log and decides its records again, in the order of the
            decisions, even if append times say otherwise, and with the payment results in the
            log. With --paid-at-once every payment succeeds at once. If other terms lead to a
            payment that no result answers, its shares stay reserved. Nothing is written.

            With --bids and --offerings no log is touched. Each line of the files is a record as on
            the topics bids, offering-commands and payment-results, with one more member: "at", its
            time in milliseconds, or RFC 3339 in quotes. Invented times may begin at 0; a time that
            can only be seconds or microseconds is refused. The files are merged by "at", and each
            keeps its own order. The rules are the allocator's, also for the merge: a bid that would
            be refused because its offering is not open yet, or still paused, waits for a command
            that is at most --command-grace later, since brokers' clocks differ (topics create
            writes 0 on SQLite, where one clock stamps all records, and the clock grace on Kafka).
            Without --payments every payment succeeds at once; with it only its results count.

            Each --with adds a column: the same records under other terms. A term has the name of
            its flag in `fairfill offering open`, and the value none leaves it out; all-or-none=true
            makes every bid all-or-none. A line that can't be read is reported, the rest go on, and
            the exit code is 65.

              offerings.ndjson
                {"offering":"loan-7","shares":1000,"price":100,"currency":"CNY","at":1000}
              bids.ndjson
                {"bid":"b-1","offering":"loan-7","account":"anna","shares":300,"at":2000}
            """,
        options: [
            Option(
                "bids", "FILE", "bids and cancellations: NDJSON, - for standard input (default: "
                    + "those of the log)"),
            Option(
                "offerings", "FILE", "offering commands: NDJSON, - for standard input (default: "
                    + "those of the log)"),
            Option(
                "payments", "FILE", "payment results; then only these count (default: all is paid "
                    + "at once; with a log: its results)"),
            Option(
                "command-grace", "TIME",
                "with files: the environment's command grace (default 2s, as on Kafka)"),
            Option("paid-at-once", nil, "with a log: let every payment succeed at once"),
            Option(
                "with", "TERM=VALUE[,...]",
                "one more column, under these terms (default: none; may be repeated)",
                isRepeatable: true),
            Option(
                "each", nil, "also a line for each bid: what it got in each column; keeps all "
                    + "bids in memory"),
            Option("differing", nil, "with --each: only bids whose columns differ"),
        ],
        examples: [
            "fairfill what-if --log sqlite:shop.db --with remainder=skip",
            "fairfill what-if --bids bids.ndjson --offerings offerings.ndjson \\\n"
                + "      --with remainder=skip --with shares=1200,max-shares-per-account=300",
            "fairfill what-if --bids bids.ndjson --offerings offerings.ndjson \\\n"
                + "      --with all-or-none=true --each --differing --json",
        ]
    ) { arguments throws(Failure) in
        guard arguments.text("bids") == nil, arguments.text("offerings") == nil else {
            return try WhatIfRun(arguments).run()
        }
        return try WhatIfLog(arguments, try WhatIfRun.columns(arguments)).run()
    }
}

/// `fairfill what-if`.
struct WhatIfRun {
    let arguments: Arguments
    let variants: [Variant]
    let bidsPath: String
    let offerings: TimedFile
    let payments: TimedFile?
    let bids: TimedFile
    let commandGrace: Int64

    init(_ arguments: Arguments) throws(Failure) {
        self.arguments = arguments
        variants = try Self.columns(arguments)
        try arguments.refuse(
            ["paid-at-once"], with: "bids", because: "without --payments all is paid at once")
        commandGrace = try arguments.milliseconds("command-grace") ?? 2_000
        bidsPath = try arguments.required("bids")
        let offeringsPath = try arguments.required("offerings")
        let paymentsPath = arguments.text("payments")
        let paths = [bidsPath, offeringsPath, paymentsPath ?? ""]
        guard paths.count(where: { $0 == "-" }) <= 1 else {
            throw Failure(.usage, "standard input can be one of the files only")
        }
        offerings = try TimedFile(offeringsPath, of: .offeringCommands)
        payments = try paymentsPath.map { path throws(Failure) in
            try TimedFile(path, of: .paymentResults)
        }
        bids = try TimedFile(bidsPath, of: .bids)
    }

    /// The columns that are asked for: the records as they are, and one a `--with`.
    static func columns(_ arguments: Arguments) throws(Failure) -> [Variant] {
        let variants = try [.asGiven] + Self.variants(arguments)
        if arguments.has("differing") {
            guard arguments.has("each") else {
                throw Failure(.usage, "--differing says nothing without --each")
            }
            guard variants.count > 1 else {
                throw Failure(.usage, "--differing says nothing without --with")
            }
        }
        return variants
    }

    private static func variants(_ arguments: Arguments) throws(Failure) -> [Variant] {
        let texts = arguments.texts("with")
        guard texts.count < WhatIf.mostVariants else {
            throw Failure(.usage, "--with \(texts.count) times: \(WhatIf.mostVariants - 1) at most")
        }
        return try texts.map { text throws(Failure) in
            do throws(VariantFault) {
                return try Variant(parsing: text)
            } catch {
                switch error {
                case .badValue(let sentence): throw Failure(.usage, "--with \(sentence)")
                case .unknownTerm(let name):
                    let names = TermFlag.all.map(\.name) + [Variant.allOrNoneName]
                    let near = Nearest.word(to: name, among: names)
                    throw Failure(
                        .usage,
                        "--with \(text): there is no term '\(name)'"
                            + (near.map { "; did you mean '\($0)'?" }
                                ?? "; there are: \(names.joined(separator: ", "))"))
                }
            }
        }
    }

    func run() throws(Failure) -> ExitCode {
        var whatIf = WhatIf(
            variants, paysAtOnce: payments == nil, keepsBids: arguments.has("each"))
        try decideAll(&whatIf)
        if whatIf.offerings.isEmpty, !arguments.isQuiet { Remark.say("the files hold no records") }
        let output = Output()
        let report = WhatIfReport(
            whatIf, isJSON: arguments.isJSON, showsEach: arguments.has("each"),
            onlyDiffering: arguments.has("differing"))
        try report.print(to: output)
        try output.flush()
        let badLines = bids.badLines + offerings.badLines + (payments?.badLines ?? 0)
        if badLines > 0 {
            Remark.say(
                badLines == 1
                    ? "1 line can't be read and is left out"
                    : "\(badLines) lines can't be read and are left out")
        }
        return badLines > 0 ? .data : .done
    }

    private func decideAll(_ whatIf: inout WhatIf) throws(Failure) {
        // What is read of the bids is what there is to wait for.
        let size = Lines.size(of: bidsPath)
        let progress = ProgressLine(
            "deciding \(bidsPath), bytes", quiet: arguments.isQuiet || size == nil)
        defer { progress.end() }
        var bytesRead = bids.bytesRead
        var merge = TimedMerge(commandGraceMilliseconds: commandGrace)
        while let topic = try next(whatIf) {
            if topic == .bids, let last = try commandGoingFirst(&merge, whatIf) {
                while try offerings.head() != nil, Int64(offerings.atHand.number) <= last {
                    try decide(.offeringCommands, &whatIf)
                }
                continue
            }
            try decide(topic, &whatIf)
            if let size, bids.bytesRead != bytesRead {
                bytesRead = bids.bytesRead
                progress.update(bytesRead, of: size)
            }
        }
        try holding { () throws(InvariantViolation) in try whatIf.finish() }
    }

    private func decide(_ topic: InputTopic, _ whatIf: inout WhatIf) throws(Failure) {
        let line = file(topic).take()
        try holding { () throws(InvariantViolation) in
            try whatIf.decide(
                line.record.record, from: topic, offset: Int64(line.number - 1),
                at: line.record.at)
        }
    }

    @inline(__always)
    private func next(_ whatIf: borrowing WhatIf) throws(Failure) -> InputTopic? {
        TimedMerge.next(
            commands: try offerings.head(), payments: try payments?.head(),
            bids: try bids.head().map { timeOfBid($0, whatIf) })
    }

    /// When the bid at hand counts from.
    private func timeOfBid(_ at: Timestamp, _ whatIf: borrowing WhatIf) -> Timestamp {
        whatIf.time(ofBidAt: Int64(bids.atHand.number - 1), stamped: at)
    }

    /// The line of the command that goes before the bid at hand, with those in front of it.
    private func commandGoingFirst(
        _ merge: inout TimedMerge, _ whatIf: borrowing WhatIf
    ) throws(Failure) -> Int64? {
        guard try offerings.head() != nil else { return nil }
        let bid = bids.atHand.record
        return try merge.commandGoingFirst(
            before: bid.record, at: timeOfBid(bid.at, whatIf), in: whatIf,
            from: Int64(offerings.atHand.number)
        ) { () throws(Failure) in
            try offerings.ahead(TimedMerge.commandsAhead).map { line in
                (
                    line.record.record,
                    CommandsAtHand.Position(
                        offset: Int64(line.number), at: line.record.at.rawValue)
                )
            }
        }
    }

    @inline(__always)
    private func file(_ topic: InputTopic) -> TimedFile {
        switch topic {
        case .offeringCommands: offerings
        case .paymentResults: payments ?? bids
        case .bids, .clock: bids
        }
    }

    private func holding(_ body: () throws(InvariantViolation) -> Void) throws(Failure) {
        do throws(InvariantViolation) {
            try body()
        } catch {
            throw Failure(.invariant, "the book contradicts itself: \(error)")
        }
    }
}
