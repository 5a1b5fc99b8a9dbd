/// A partition whose worker stands still: a record of `attention`. It tries again by itself; a
/// person must look at why.
public struct StandstillAttention: Hashable, Sendable {
    /// Which worker it is.
    public enum Worker: String, Hashable, Sendable, CaseIterable {
        case allocator = "allocator", payer = "payer"
    }

    /// The longest `detail`, in bytes of UTF-8.
    public static let largestDetail = 1_024

    public var worker: Worker
    public var partition: Partition
    /// What happened and what to do about it: at most `largestDetail` bytes, without control
    /// characters.
    public private(set) var detail: String
    /// The worker's own clock.
    public var at: Timestamp

    /// A longer detail is cut, and its control characters become spaces.
    public init(worker: Worker, partition: Partition, detail: String, at: Timestamp) {
        self.worker = worker
        self.partition = partition
        self.at = at
        self.detail = Self.plain(detail)
    }

    /// A detail as records hold it: cut where it is too long, its control characters spaces.
    public static func plain(_ detail: String) -> String {
        var kept = ""
        var count = 0
        for scalar in detail.unicodeScalars {
            let plain = scalar.value < 0x20 || scalar.value == 0x7f ? " " : scalar
            count += UTF8.width(plain)
            guard count <= largestDetail else { break }
            kept.unicodeScalars.append(plain)
        }
        return kept
    }
}
