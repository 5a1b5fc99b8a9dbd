import Analysis
import CommandLine
import EventLog
import FairfillClient
import Messages
import Vocabulary

extension Command {
    static let watch = Command(
        words: ["watch"],
        summary: "follow decisions or progress as they are made",
        description: """
            Ctrl-C ends it. A bid's id is unique only within its offering. With --progress each
            offering has a bar, which moves on a terminal. \(ProgressText.legend)
            """,
        options: [
            Option("offering", "ID", "only this offering (default: all)"),
            Option("account", "ID", "only bids of this account (default: all)"),
            Option("bid", "ID", "only this bid of --offering (default: all)"),
            Option("progress", nil, "show the progress of offerings instead of decisions"),
            Option("from-start", nil, "begin with the first record, not with the next one"),
            Option("until-end", nil, "print the records from the first to the last, and end"),
        ],
        examples: [
            "fairfill watch --offering loan-7",
            "fairfill watch --from-start --json | jq 'select(.type==\"rejected\")'",
        ]
    ) { arguments throws(Failure) in try WatchRun(arguments).run() }
}

/// `fairfill watch`.
private struct WatchRun {
    let arguments: Arguments
    let connection: LogConnection
    let output = Output()
    let offering: Identifier?
    let account: Identifier?
    let bid: Identifier?

    init(_ arguments: Arguments) throws(Failure) {
        self.arguments = arguments
        offering = try arguments.identifier("offering")
        account = try arguments.identifier("account")
        bid = try arguments.identifier("bid")
        if bid != nil, offering == nil {
            throw Failure(.usage, "--bid needs --offering: a bid's id is unique there only")
        }
        if arguments.has("progress"), account != nil || bid != nil {
            throw Failure(
                .usage,
                "--progress is about whole offerings: --account and --bid don't go with it")
        }
        connection = try arguments.connect()
        if let offering, !arguments.isQuiet, !arguments.has("until-end") {
            Remark.say("following offering '\(offering)'; Ctrl-C ends it")
        }
    }

    func run() throws(Failure) -> ExitCode {
        let isProgress = arguments.has("progress")
        let topic = isProgress ? Topic.progress : .decisions
        let partitions = offering.map { [connection.partition(topic, connection.home(of: $0))] }
            ?? connection.partitions(topic)
        let bounds = try logged { () throws(LogError) in
            try connection.log.bounds(of: partitions, .committed)
        }
        let endsThere = arguments.has("until-end")
        let isFromStart = arguments.has("from-start") || endsThere
        var follow = try Follow(
            connection.log,
            zip(partitions, bounds).map {
                ReadStart($0, from: isFromStart ? $1.start : $1.end)
            })
        var decoder = RecordDecoder()
        let isJSON = arguments.isJSON
        let bars = isProgress && !isJSON && output.isLive ? MovingBars(output) : nil
        let idle: () throws(Failure) -> Void = { () throws(Failure) in
            try output.flush()
            try output.checkReader()
        }
        func show(_ batch: borrowing RecordBatch, _ index: Int) throws(Failure) {
            guard let bytes = batch.value(index) else { return }
            let progress = isProgress ? try? decoder.decodeProgress(bytes) : nil
            let line = isProgress
                ? line(progress: progress) : line(decision: try? decoder.decodeDecision(bytes))
            guard let line else { return }
            if isJSON {
                try output.line(bytes)
            } else if let bars, let progress {
                try bars.show(line, of: progress.offering)
            } else {
                try output.line(line)
            }
        }
        if endsThere {
            let isWhole = try follow.read(upTo: bounds.map(\.end)) {
                (_, batch, index) throws(Failure) in try show(batch, index)
            }
            try output.flush()
            return isWhole ? .done : .incomplete
        }
        try follow.follow(idle: idle) { (_, batch, index) throws(Failure) in
            try show(batch, index)
            return true
        }
        try output.flush()
        return .done
    }

    /// nil: not one that was asked for.
    private func line(progress: Progress?) -> String? {
        guard let progress, offering == nil || progress.offering == offering else { return nil }
        return ProgressText.line(progress, output)
    }

    private func line(decision record: DecisionRecord?) -> String? {
        guard let record else { return nil }
        switch record.content {
        case .epochStarted(let sequence, _):
            guard offering == nil, account == nil else { return nil }
            return output.coloured(
                "epoch \(record.epoch) starts after decision \(sequence)", .dim)
        case .decision(let decision):
            if let offering, decision.offering != offering { return nil }
            if let account, decision.event.account != account { return nil }
            if let bid, decision.event.bid != bid { return nil }
            return DecisionText.line(decision, output)
        }
    }
}
