/// The names of the headers that records carry (Records.md; TheLog.md, The topics).
public enum HeaderName {
    /// The environment: optional on `bids`, always there on records of ours.
    public static let environment: StaticString = "env"
    /// Goes on to all records of the group that a record causes, and is not part of the state.
    public static let traceparent: StaticString = "traceparent"

    // Of `invalid`, whose value is the first 32 KiB of a record that could not be read.
    /// The length of the whole value in bytes, in decimal digits.
    public static let length: StaticString = "length"
    /// SHA-256 of the whole value, as 64 lower-case hexadecimal digits.
    public static let sha256: StaticString = "sha256"
    /// The code of what is wrong.
    public static let reason: StaticString = "reason"
    /// Where the record stands: topic without its environment, partition, offset.
    public static let topic: StaticString = "topic"
    public static let partition: StaticString = "partition"
    public static let offset: StaticString = "offset"
    /// Where a batch ends that can't be unpacked, and so has no value here.
    public static let lastOffset: StaticString = "lastOffset"
}
