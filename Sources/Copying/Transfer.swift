import EventLog

/// Carries what is missing of a partition.
package enum Transfer {
    /// Answers how many records were carried.
    package static func carry(
        _ span: CopySpan, from source: any EventLog, to importer: any LogImporter,
        batch limit: Int = 10_000, _ watch: CopyWatch
    ) throws(CopyFailure) -> Int64 {
        guard !span.isComplete else { return 0 }
        var cursor = try RecordCursor(
            source, span.partition, from: span.next, upTo: span.source.end, limit: limit,
            watch: watch)
        var from = span.next
        var carried: Int64 = 0
        repeat {
            guard try cursor.fill() || carried == 0 && from == span.next else { break }
            let end = cursor.position
            do throws(LogError) {
                try importer.append(cursor.batch, to: span.partition, from: from, upTo: end)
            } catch {
                throw .log(error)
            }
            carried += Int64(cursor.batch.count)
            watch.passed(end.rawValue - from.rawValue)
            from = end
        } while from < span.source.end
        return carried
    }
}
