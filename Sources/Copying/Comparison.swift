import EventLog

/// What was found where both sides of a copy were read again, side by side.
package struct Comparison: Sendable {
    /// Records that are the same on both sides.
    package var same: Int64 = 0
    /// The first difference, as a sentence; nil where there is none.
    package var difference: String?
    /// What could not be unpacked in the source, the first of it: empty records stand for it in
    /// the target.
    package var unreadable: [UnreadableRange] = []

    /// Compares all that both sides hold of a partition, up to the source's asked-for end:
    /// offsets, append times, keys, values, headers.
    package static func compare(
        _ span: CopySpan, _ source: any EventLog, _ target: any EventLog, _ watch: CopyWatch
    ) throws(CopyFailure) -> Comparison {
        var found = Comparison()
        let bounds = try logged { () throws(LogError) in
            // A commit may be answered a moment before the end shows it: what is written is sure.
            try target.bounds(of: [span.partition], .written)[0]
        }
        guard bounds.end == span.source.end else {
            found.difference = "\(span.partition) ends at \(span.source.end) in \(source.url), and "
                + "at \(bounds.end) in \(target.url)"
            return found
        }
        guard span.held > 0 else { return found }
        var here = try RecordCursor(
            source, span.partition, from: span.first, upTo: span.source.end, watch: watch)
        var there = try RecordCursor(
            target, span.partition, from: span.first, upTo: span.source.end, watch: watch)
        var hasHere = try here.advance()
        var hasThere = try there.advance()
        var told = span.first.rawValue
        while hasHere || hasThere {
            let left = hasHere ? here.offset : span.source.end
            let right = hasThere ? there.offset : span.source.end
            if left != right {
                guard span.isCompacted else {
                    found.difference = "\(span.partition) has a record at \(min(left, right)) in "
                        + "\((left < right ? source : target).url) only"
                    return found
                }
            } else {
                if let part = here.difference(from: there) {
                    found.difference = "the \(part) of \(span.partition) at \(left) differs"
                    return found
                }
                found.same += 1
            }
            if left <= right { hasHere = try here.advance() }
            if right <= left { hasThere = try there.advance() }
            let passed = min(left, right).rawValue + 1
            if passed - told >= 10_000 {
                watch.passed(passed - told)
                told = passed
            }
        }
        found.unreadable = here.unreadable
        watch.passed(max(0, span.source.end.rawValue - told))
        return found
    }
}
