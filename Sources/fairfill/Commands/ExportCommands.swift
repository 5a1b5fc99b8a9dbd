import Allocation
import Analysis
import EventLog
import Messages
import Vocabulary

extension Command {
    static let exportDecisions = Command(
        words: ["export", "decisions"],
        summary: "print every decision",
        description: "NDJSON as the records are, or a table of what most people want.",
        options: [
            Option("offering", "ID", "of this offering only"),
            Option("format", "WORD", "ndjson or csv (default ndjson)"),
        ],
        examples: ["fairfill export decisions --offering loan-7 | jq -r .type | sort | uniq -c"]
    ) { arguments throws(Failure) in
        let isCSV = try wantsCSV(arguments)
        let offering = try arguments.identifier("offering")
        let place = try arguments.openPlace()
        let output = Output()
        if isCSV {
            try output.line("partition,seq,type,offering,bid,account,free,reserved,settled,at")
        }
        let partitions = offering.map { [place.home(of: $0)] }
            ?? (0..<place.environment.partitions).map { Partition(rawValue: $0) }
        var decoder = RecordDecoder()
        for partition in partitions {
            try Replaying.read(place, partition, arguments) { (bytes) throws(Failure) in
                guard let bytes else { return }
                if offering == nil, !isCSV { return try output.line(bytes) }
                guard let record = try? decoder.decodeDecision(bytes),
                    case .decision(let decision) = record.content,
                    offering == nil || decision.offering == offering
                else { return }
                if isCSV { try output.line(csv(decision)) } else { try output.line(bytes) }
            }
        }
        try output.flush()
        return .done
    }

    static let exportHoldings = Command(
        words: ["export", "holdings"],
        summary: "print who holds what: reserved, settled and waiting shares by account",
        description: "Rebuilt from the decisions.",
        options: [
            Option("offering", "ID", "of this offering only"),
            Option("format", "WORD", "ndjson or csv (default ndjson)"),
        ],
        examples: ["fairfill export holdings --offering loan-7 --format csv > holdings.csv"]
    ) { arguments throws(Failure) in
        let isCSV = try wantsCSV(arguments)
        let offering = try arguments.identifier("offering")
        let place = try arguments.openPlace()
        let output = Output()
        if isCSV { try output.line("offering,account,reserved,settled,waiting") }
        let partitions = offering.map { [place.home(of: $0)] }
            ?? (0..<place.environment.partitions).map { Partition(rawValue: $0) }
        for partition in partitions {
            let book = try Replaying.book(place, partition, arguments)
            for overview in book.overviews where offering == nil || overview.offering == offering {
                for holder in book.holders(of: overview.offering) ?? [] {
                    try output.line(text(holder, of: overview.offering, csv: isCSV))
                }
            }
        }
        try output.flush()
        return .done
    }

    private static func wantsCSV(_ arguments: Arguments) throws(Failure) -> Bool {
        switch arguments.text("format") ?? "ndjson" {
        case "ndjson": return false
        case "csv": return true
        case let word: throw Failure(.usage, "--format \(word): ndjson or csv")
        }
    }

    private static func csv(_ decision: Decision) -> String {
        var fields = [
            "\(decision.source.partition)", "\(decision.sequence)", decision.event.type.rawValue,
            decision.offering.map { "\($0)" } ?? "",
            decision.event.bid.map { "\($0)" } ?? "",
            decision.event.account.map { "\($0)" } ?? "",
        ]
        if let counters = decision.counters {
            fields += ["\(counters.free)", "\(counters.reserved)", "\(counters.settled)"]
        } else {
            fields += ["", "", ""]
        }
        return (fields + ["\(decision.source.at)"]).joined(separator: ",")
    }

    private static func text(
        _ holder: Holder, of offering: Identifier, csv: Bool
    ) -> String {
        let standing = holder.standing
        if csv {
            return "\(offering),\(holder.account),\(standing.reserved),\(standing.settled),"
                + "\(standing.waiting)"
        }
        var line = JSONLine()
        line.add("offering", "\(offering)")
        line.add("account", "\(holder.account)")
        line.add("reserved", standing.reserved.rawValue)
        line.add("settled", standing.settled.rawValue)
        line.add("waiting", standing.waiting.rawValue)
        return line.line
    }
}

/// Reading a partition's decisions from the first on.
enum Replaying {
    /// Calls `body` with each value up to the end of now.
    static func read(
        _ place: Place, _ partition: Partition, _ arguments: Arguments,
        _ body: (UnsafeRawBufferPointer?) throws(Failure) -> Void
    ) throws(Failure) {
        let decisions = place.partition(.decisions, partition)
        let bounds = try logged { () throws(LogError) in
            try place.log.bounds(of: [decisions], .committed)[0]
        }
        var follow = try Follow(place.log, [ReadStart(decisions, from: bounds.start)])
        let progress = ProgressLine("\(decisions)", quiet: arguments.isQuiet)
        defer { progress.end() }
        let isWhole = try follow.read(upTo: [bounds.end]) { (_, batch, index) throws(Failure) in
            try body(batch.value(index))
            progress.update(batch.offset(index).rawValue + 1, of: bounds.end.rawValue)
        }
        guard isWhole else {
            throw Failure(.incomplete, "interrupted before the end of \(decisions)")
        }
    }

    /// The book of a partition as its decisions make it.
    static func book(
        _ place: Place, _ partition: Partition, _ arguments: Arguments
    ) throws(Failure) -> PartitionBook {
        var replay = BookReplay(partition: partition)
        try read(place, partition, arguments) { (bytes) throws(Failure) in
            do throws(ReplayFailure) {
                try replay.follow(bytes)
            } catch {
                throw Failure(
                    .invariant,
                    "the book of partition \(partition) contradicts itself: \(error.sentence); "
                        + "fairfill verify says more")
            }
        }
        return replay.book
    }
}
