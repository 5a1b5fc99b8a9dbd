import Vocabulary

// What guards a journal's tail, and what people decide about it. Each needs room for
// `largestSmallRecord` bytes.
extension RecordEncoder {
    /// Writes a record of `payment-marks`.
    public static func encode(
        _ mark: JournalMark, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.literal("{\"type\":\"mark\"")
        writer.member(",\"partition\":", mark.partition)
        writer.member(",\"number\":", mark.number)
        writer.member(",\"epoch\":", mark.epoch)
        writer.member(",\"at\":", mark.at)
        writer.literal("}")
        return writer.count
    }

    /// Writes a record of `payment-resolutions`.
    public static func encode(
        _ resolution: RebuildResolution, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.member("{\"type\":\"", word: resolution.kind.rawValue)
        writer.member(",\"partition\":", resolution.damage.partition)
        writer.damage(resolution.damage)
        writer.member(",\"actor\":\"", resolution.actor)
        writer.member(",\"at\":", resolution.at)
        writer.literal("}")
        return writer.count
    }
}
