/// The names of the headers that records carry (Records.md; TheLog.md, The topics).
package enum HeaderName {
    /// The environment: optional on `bids`, always there on records of ours.
    package static let environment: StaticString = "env"
    /// Goes on to all records of the group that a record causes, and is not part of the state.
    package static let traceparent: StaticString = "traceparent"

    // Of `invalid`, whose value is the first 32 KiB of a record that could not be read.
    /// The length of the whole value in bytes, in decimal digits.
    package static let length: StaticString = "length"
    /// SHA-256 of the whole value, as 64 lower-case hexadecimal digits.
    package static let sha256: StaticString = "sha256"
    /// The code of what is wrong.
    package static let reason: StaticString = "reason"
    /// Where the record stands: topic without its environment, partition, offset.
    package static let topic: StaticString = "topic"
    package static let partition: StaticString = "partition"
    package static let offset: StaticString = "offset"
    /// Where a batch ends that can't be unpacked, and so has no value here.
    package static let lastOffset: StaticString = "lastOffset"
}
