import EventLog

/// Looks for offsets without a record, for a target that can't leave any out.
package enum Gaps {
    /// Throws at the first gap in what is to be carried. Nothing is written.
    package static func refuse(
        _ span: CopySpan, from source: any EventLog, to target: any EventLog, _ watch: CopyWatch
    ) throws(CopyFailure) {
        guard !(span.isUntouched && span.source.start > 0) else {
            throw .cannotHold(
                "\(span.partition) of \(source.url) begins at offset \(span.source.start), and "
                    + "\(target.url) begins every partition at 0; decisions name offsets, so they "
                    + "can't be moved: " + advice)
        }
        var cursor = try RecordCursor(
            source, span.partition, from: span.next, upTo: span.source.end, watch: watch)
        var expected = span.next
        while try cursor.fill() {
            for index in 0..<cursor.batch.count {
                let offset = cursor.batch.offset(index)
                guard offset == expected else {
                    throw gap(span, source, target, expected, offset)
                }
                expected = offset.next
            }
            watch.passed(Int64(cursor.batch.count))
        }
        guard expected == span.source.end else {
            throw gap(span, source, target, expected, span.source.end)
        }
    }

    private static let advice =
        "copy to an SQLite file, which keeps them, or mirror the cluster itself"

    private static func gap(
        _ span: CopySpan, _ source: any EventLog, _ target: any EventLog, _ first: LogOffset,
        _ next: LogOffset
    ) -> CopyFailure {
        let last = LogOffset(next.rawValue - 1)
        let which = first == last ? "no record at offset \(first)"
            : "no records at offsets \(first) to \(last)"
        return .cannotHold(
            "\(span.partition) of \(source.url) has \(which) (a transaction's marker, aborted or "
                + "compacted records), and \(target.url) can't leave an offset out; decisions name "
                + "offsets, so they can't be moved: " + advice)
    }
}
