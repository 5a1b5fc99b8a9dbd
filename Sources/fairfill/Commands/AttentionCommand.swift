import CommandLine
import EventLog
import FairfillClient
import Foundation
import Messages
import Vocabulary

extension Command {
    static let attentionList = Command(
        words: ["attention", "list"],
        summary: "list what an operator must look at",
        description: """
            Reads the topic attention: what the allocator and the payer could not settle by rules,
            and signs of a mistake elsewhere, in the order of each partition.
            """,
        options: [
            Option("offering", "ID", "about one offering (default: all)"),
            Option("account", "ID", "about payments of one account (default: all)"),
            Option(
                "kind", "WORD", "of one kind, as --json names it (default: all; may be repeated)",
                isRepeatable: true, words: AttentionRecord.kinds),
            Option("open", nil, "leave out what a person has looked at (attention ack)"),
        ],
        examples: [
            "fairfill attention list",
            "fairfill attention list --kind payoutDeclined --json | jq -r .command",
        ]
    ) { arguments throws(Failure) in try AttentionList(arguments).run() }
}

/// `fairfill attention list`.
private struct AttentionList {
    private let connection: LogConnection
    private let arguments: Arguments
    private let offering: Identifier?
    private let account: Identifier?
    private let kinds: [String]
    /// Who has looked at what; nil where nobody asked.
    private let looked: Acknowledgements?
    private let output = Output()

    init(_ arguments: Arguments) throws(Failure) {
        self.arguments = arguments
        offering = try arguments.identifier("offering")
        account = try arguments.identifier("account")
        kinds = arguments.texts("kind")
        connection = try arguments.connect()
        looked = arguments.has("open")
            ? try Acknowledgements(ResolutionAppender(connection: connection)) : nil
    }

    func run() throws(Failure) -> ExitCode {
        var decoder = RecordDecoder()
        var unreadable = 0
        var isEmpty = true
        for (number, partition) in connection.partitions(.attention).enumerated() {
            let bounds = try logged { () throws(LogError) in
                try connection.log.bounds(of: [partition], .committed)[0]
            }
            var follow = try Follow(connection.log, [ReadStart(partition, from: bounds.start)])
            let isWhole = try follow.read(upTo: [bounds.end]) {
                (_, batch, index) throws(Failure) in
                let bytes = batch.value(index)
                guard let record = try? decoder.decodeAttention(bytes) else {
                    unreadable += 1
                    return
                }
                let at = AttentionLocation(Int64(number), batch.offset(index).rawValue)
                guard admits(record), looked?[at] == nil else { return }
                isEmpty = false
                if arguments.isJSON {
                    try output.line(bytes!)
                } else {
                    try show(record, at)
                }
            }
            guard isWhole else {
                throw Failure(.incomplete, "interrupted before the end of \(partition)")
            }
        }
        try output.flush()
        if unreadable > 0 {
            throw Failure(
                .incomplete,
                Words.count(unreadable, "record") + " of attention can't be read, and left out")
        }
        if isEmpty {
            arguments.remarkEmpty(
                "nothing that was asked for needs attention in '\(connection.name)' of "
                    + "\(connection.log.url)")
        }
        return .done
    }

    private func admits(_ record: AttentionRecord) -> Bool {
        if let offering, record.offering != offering { return false }
        if let account, record.account != account { return false }
        return kinds.isEmpty || kinds.contains(record.kind)
    }

    /// When and what, and below it what it is about and what to do.
    private func show(
        _ record: AttentionRecord, _ location: AttentionLocation
    ) throws(Failure) {
        try output.line(
            output.coloured(MomentText.local(record.at), .dim) + "  "
                + output.coloured(record.kind, .yellow) + "  \(location)")
        try output.text("  \(record.subject)")
        try output.text("  \(record.sentence)")
    }
}

extension AttentionRecord {
    /// Every value of `kind`.
    static let kinds =
        Attention.Kind.allCases.map(\.rawValue)
        + PaymentAttentionWord.allCases.map(\.rawValue)
        + StandstillAttentionWord.allCases.map(\.rawValue)
        + TopicAttention.Kind.allCases.map(\.rawValue)

    var kind: String {
        switch self {
        case .decision(let attention): attention.kind.rawValue
        case .payment(let attention, _): PaymentAttentionWord(attention.kind).rawValue
        case .standstill: StandstillAttentionWord.laneStandsStill.rawValue
        case .topic(let attention): attention.kind.rawValue
        }
    }

    var at: Timestamp {
        switch self {
        case .decision(let attention): attention.source.at
        case .payment(_, let at): at
        case .standstill(let attention): attention.at
        case .topic(let attention): attention.at
        }
    }

    var offering: Identifier? {
        switch self {
        case .decision(let attention): attention.offering
        case .payment(let attention, _): attention.command.offering
        case .standstill, .topic: nil
        }
    }

    /// The account of the payment that it is about.
    var account: Identifier? {
        switch self {
        case .decision(let attention): attention.account
        case .payment(let attention, _): attention.account
        case .standstill, .topic: nil
        }
    }

    /// What it is about, for people.
    var subject: String {
        switch self {
        case .decision(let attention):
            (attention.offering.map { "\($0), " } ?? "") + "decision \(attention.sequence)"
                + (attention.command.map { ", \($0)" } ?? "")
                + (attention.account.map { " of \($0)" } ?? "")
                + (attention.money.map { " over \($0)" } ?? "")
        case .payment(let attention, _): "\(attention.command) of \(attention.account)"
        case .standstill(let attention):
            "the \(attention.worker.rawValue) of partition \(attention.partition)"
        case .topic(let attention):
            "\(attention.topic.name)[\(attention.partition)]"
                + (attention.offset.map { "/\($0)" } ?? "")
                + " since \(MomentText.local(attention.since))"
        }
    }

    /// What happened, and what to do about it.
    var sentence: String {
        switch self {
        case .payment(let attention, _): attention.sentence
        case .standstill(let attention): "stands still: \(attention.detail)"
        case .topic(let attention): attention.detail
        case .decision(let attention):
            "\(attention.kind.sentence) (\(attention.source.topic.name)/"
                + "\(attention.source.partition)/\(attention.source.offset))"
                + (attention.expectedPartition.map { "; it belongs to partition \($0)" } ?? "")
                + (attention.error.map { ": \($0.sentence)" } ?? "")
        }
    }
}

extension Attention {
    /// The amount that it names, for people.
    fileprivate var money: String? {
        guard let amount, let currency else { return nil }
        return amount.words(in: currency)
    }
}

extension Attention.Kind {
    /// What happened, and what to do about it.
    fileprivate var sentence: String {
        switch self {
        case .wrongEnvironment:
            "a record of another environment was refused: find out which client writes to this one"
        case .misrouted:
            "records are on the wrong partition: the client's partitioner is not murmur2 of the key"
        case .malformed:
            "a record can't be read and was refused: the topic invalid has its bytes; at "
                + "most one a minute of each input is listed here"
        case .unknownCommand:
            "a payment result answers no command of ours: find out whose money it is"
        case .amountMismatch:
            "a payment came with another amount than was commanded: it moved no share"
        case .contradiction:
            "a payment result contradicts what is decided, and moved no share: compare the bank's "
                + "records"
        case .late: "a bid was in time, and became readable too late: it was refused"
        case .payoutDeclined:
            "money that is owed was not paid: fairfill offering repay commands it again, and the "
                + "payer sends it once it is proven that nothing moved"
        case .paymentReturned:
            "the bank took back what was paid: no share moves; what was paid out is owed again, "
                + "and fairfill offering repay commands it again"
        }
    }
}
