import Digest
import EventLog
import Messages

/// Where a record that can't be read stands, and why; its bytes are kept in `invalid` (TheLog.md,
/// The topics): the first 32 KiB, with what is needed to find it again.
struct InvalidRecord {
    var environment: String
    /// The topic without its environment.
    var topic: String
    var partition: Int32
    var offset: LogOffset
    var reason: String
    /// Where only the beginning of the value was kept: what it was the beginning of.
    var whole: RecordBatch.Whole?
    /// The last offset of a batch that can't be unpacked; then there is no value.
    var last: LogOffset?

    /// Under the key that it came with, or under none.
    func append(
        key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        to destination: OutgoingRecords.Destination, of records: inout OutgoingRecords
    ) {
        let whole = value ?? UnsafeRawBufferPointer(start: nil, count: 0)
        var fields: [(name: String, value: [UInt8]?)] = [
            ("\(HeaderName.environment)", Array(environment.utf8))
        ]
        if last == nil {
            fields += [
                (
                    "\(HeaderName.length)",
                    Array(String(self.whole?.count ?? whole.count).utf8)
                ),
                (
                    "\(HeaderName.sha256)",
                    self.whole?.digest ?? Array(SHA256.text(of: whole).utf8)
                ),
            ]
        }
        fields += [
            ("\(HeaderName.reason)", Array(reason.utf8)),
            ("\(HeaderName.topic)", Array(topic.utf8)),
            ("\(HeaderName.partition)", Array("\(partition)".utf8)),
            ("\(HeaderName.offset)", Array("\(offset)".utf8)),
        ]
        if let last { fields.append(("\(HeaderName.lastOffset)", Array("\(last)".utf8))) }
        let details = Headers.encode(fields)
        let kept = value.map {
            UnsafeRawBufferPointer(rebasing: $0.prefix(RecordLimits.invalidExcerpt))
        }
        details.withUnsafeBytes {
            records.append(to: destination, key: key, headers: $0, value: kept)
        }
    }
}
