import EventLog

/// Whether a copy can go on where its target ends. Nothing is written to find out.
package enum Continuation {
    /// Throws where the target holds something else than a beginning of the source. The last
    /// record of the target is compared; all of it is once the copy is whole.
    package static func check(
        _ span: CopySpan, from source: any EventLog, to target: any EventLog
    ) throws(CopyFailure) {
        guard !span.isUntouched else { return }
        guard span.target.end <= span.source.end else {
            throw other(
                target, "\(span.partition) ends at \(span.target.end) there, and at "
                    + "\(span.source.end) in \(source.url): it was written to after it was copied")
        }
        guard span.target.start <= span.source.start || span.isCompacted else {
            throw other(
                target, "\(span.partition) begins at \(span.target.start) there, and at "
                    + "\(span.source.start) in \(source.url)")
        }
        guard span.target.end >= span.source.start else {
            throw other(
                target, "\(span.partition) ends at \(span.target.end) there, and what follows was "
                    + "dropped from \(source.url), which begins at \(span.source.start) by now")
        }
        try compareLastRecord(span, source, target)
    }

    private static func compareLastRecord(
        _ span: CopySpan, _ source: any EventLog, _ target: any EventLog
    ) throws(CopyFailure) {
        guard let last = try lastOffset(span, target), last >= span.source.start else { return }
        var there = try RecordCursor(target, span.partition, from: last, upTo: span.target.end)
        var here = try RecordCursor(source, span.partition, from: last, upTo: span.target.end)
        guard try there.advance() else { return }
        guard try here.advance(), here.offset == last else {
            if span.isCompacted { return }
            throw other(
                target, "\(span.partition) has a record at \(last) there, and \(source.url) has "
                    + "none")
        }
        if let part = here.difference(from: there) {
            throw other(
                target,
                "the \(part) of \(span.partition) at \(last) is another there than in "
                    + "\(source.url)")
        }
        if try here.advance(), !span.isCompacted {
            throw other(
                target, "\(span.partition) has no record at \(here.offset) there, and "
                    + "\(source.url) has one")
        }
    }

    /// The offset of the target's last record; nil where it holds none.
    private static func lastOffset(
        _ span: CopySpan, _ target: any EventLog
    ) throws(CopyFailure) -> LogOffset? {
        // The last offsets may be a gap, rarely a long one.
        let end = span.target.end.rawValue
        for start in [max(span.target.start.rawValue, end - 100), span.target.start.rawValue] {
            var cursor = try RecordCursor(
                target, span.partition, from: LogOffset(start), upTo: span.target.end)
            var last: LogOffset?
            while try cursor.fill() {
                if cursor.batch.count > 0 { last = cursor.batch.offset(cursor.batch.count - 1) }
            }
            if let last { return last }
        }
        return nil
    }

    private static func other(_ target: any EventLog, _ sentence: String) -> CopyFailure {
        .otherTarget("\(target.url) holds something else: \(sentence); name another target")
    }
}
