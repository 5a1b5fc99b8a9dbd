import Vocabulary

/// What `kind` is called where it is about a worker.
package enum StandstillAttentionWord: String, Sendable, CaseIterable {
    case laneStandsStill = "laneStandsStill"

    static let table = WordTable<StandstillAttentionWord>()
}

extension StandstillAttention.Worker {
    static let table = WordTable<StandstillAttention.Worker>()
}

extension RecordDecoder {
    func standstill() throws(Malformation) -> StandstillAttention {
        try members.checkListed([.type, .kind, .worker, .partition, .detail, .at])
        return StandstillAttention(
            worker: try members.choice(.worker, among: StandstillAttention.Worker.table),
            partition: try members.quantity(.partition),
            detail: try members.text(.detail, largest: StandstillAttention.largestDetail),
            at: try members.quantity(.at))
    }
}

extension RecordEncoder {
    /// Writes a record of `attention` about a worker that stands still.
    package static func encode(
        _ attention: StandstillAttention, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(
            attention: StandstillAttentionWord.laneStandsStill.rawValue, in: buffer)
        writer.member(",\"worker\":\"", word: attention.worker.rawValue)
        writer.member(",\"partition\":", attention.partition)
        writer.literal(",\"detail\":")
        writer.text(attention.detail)
        writer.member(",\"at\":", attention.at)
        return writer.end()
    }
}
