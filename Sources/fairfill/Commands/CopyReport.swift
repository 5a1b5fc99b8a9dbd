import CommandLine
import Copying
import EventLog
import FairfillClient

/// What `fairfill copy` prints.
struct CopyReport {
    private let arguments: Arguments
    private let source: LogConnection
    private let target: any EventLog
    private let output = Output()

    init(_ arguments: Arguments, _ source: LogConnection, _ target: any EventLog) {
        self.arguments = arguments
        self.source = source
        self.target = target
    }

    /// One partition, once it is compared.
    func row(_ span: CopySpan, _ copied: Int64, _ found: Comparison) throws(Failure) {
        guard arguments.isJSON else {
            for range in found.unreadable.prefix(10) {
                Remark.say(
                    "\(range.offsets), can't be unpacked: workers refuse what is there "
                        + "as malformed. Empty records stand for it in \(target.url)")
            }
            let more = found.unreadable.count - 10
            if more > 0 {
                Remark.say(
                    "\(span.partition): at least \(Words.count(more, "more range")) can't be "
                        + "unpacked")
            }
            return
        }
        var line = JSONLine()
        line.add("topic", span.partition.topic)
        line.add("partition", span.partition.partition)
        line.add("start", span.source.start.rawValue)
        line.add("end", span.source.end.rawValue)
        line.add("copied", copied)
        line.add("same", found.same)
        if !found.unreadable.isEmpty {
            let ranges = found.unreadable.map { "[\($0.first),\($0.last)]" }
            line.add("unreadable", json: "[\(ranges.joined(separator: ","))]")
        }
        if let difference = found.difference { line.add("difference", difference) }
        try output.line(line.line)
    }

    /// Both sides differ.
    func difference(_ sentence: String) throws(Failure) {
        if arguments.isJSON {
            try summary([("difference", sentence)])
        } else {
            try output.text(output.coloured("they differ: \(sentence)", .red))
            try output.text(
                "\(target.url) is no copy of '\(source.name)'; keep it to look into, and copy to "
                    + "a new target")
            try output.flush()
        }
    }

    /// Both sides are the same, and workers may start on the target.
    func summary(partitions: Int, copied: Int64, same: Int64) throws(Failure) {
        if arguments.isJSON {
            return try summary([], [("partitions", Int64(partitions)), ("copied", copied),
                ("same", same)])
        }
        if !arguments.isQuiet {
            try output.text(
                "\(target.url): \(copied == 0 ? "nothing" : Words.count(copied, "record")) copied "
                    + "from \(source.log.url); both sides agree on every record of "
                    + "'\(source.name)', \(Words.count(same, "record"))")
        }
        try output.flush()
    }

    private func summary(
        _ texts: [(String, String)], _ numbers: [(String, Int64)] = []
    ) throws(Failure) {
        var line = JSONLine()
        line.add("from", source.log.url)
        line.add("to", target.url)
        line.add("env", source.name)
        for (name, number) in numbers { line.add(name, number) }
        for (name, text) in texts { line.add(name, text) }
        line.add("identical", texts.isEmpty)
        try output.line(line.line)
        try output.flush()
    }
}

/// How far a part of a copy is, on standard error.
final class CopyProgress {
    private let line: ProgressLine
    private let total: Int64
    private var done: Int64 = 0

    init(_ what: String, _ counts: [Int64], _ arguments: Arguments) {
        line = ProgressLine(what, quiet: arguments.isQuiet)
        total = counts.reduce(0, +)
    }

    func add(_ count: Int64) {
        done += count
        line.update(done, of: total)
    }

    func end() { line.end() }
}
