import Vocabulary

/// The one value of `type` in `payment-marks`.
enum JournalMarkType: String, CaseIterable {
    case mark = "mark"

    static let table = WordTable<JournalMarkType>()
}

extension RecordDecoder {
    /// Reads a record of `payment-marks`.
    package mutating func decodeMark(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> JournalMark {
        try read(value, largest: RecordLimits.ownValue)
        _ = try members.type(among: JournalMarkType.table)
        try members.checkListed([.type, .partition, .number, .epoch, .at])
        return JournalMark(
            partition: try members.quantity(.partition), number: try members.integer(.number),
            epoch: try members.quantity(.epoch), at: try members.quantity(.at))
    }
}

// What guards a journal's tail; it needs room for `largestSmallRecord` bytes.
extension RecordEncoder {
    /// Writes a record of `payment-marks`.
    package static func encode(
        _ mark: JournalMark, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(
            type: JournalMarkType.mark.rawValue, in: buffer, largest: largestSmallRecord)
        writer.member(",\"partition\":", mark.partition)
        writer.member(",\"number\":", mark.number)
        writer.member(",\"epoch\":", mark.epoch)
        writer.member(",\"at\":", mark.at)
        return writer.end()
    }
}
