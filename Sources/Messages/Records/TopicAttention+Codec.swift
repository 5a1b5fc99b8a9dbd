import Vocabulary

extension RecordDecoder {
    func topicAttention(_ kind: TopicAttention.Kind) throws(Malformation) -> TopicAttention {
        try members.checkListed(
            [.type, .kind, .topic, .partition, .offset, .since, .detail, .at])
        return TopicAttention(
            kind, topic: try members.choice(.topic, among: Topic.table),
            partition: try members.quantity(.partition),
            offset: kind == .openTransaction
                ? try members.quantity(.offset) : try members.optionalQuantity(.offset),
            since: try members.quantity(.since),
            detail: try members.text(.detail, largest: StandstillAttention.largestDetail),
            at: try members.quantity(.at))
    }
}

extension RecordEncoder {
    /// Writes a record of `attention` about a partition that can't be read, or that nobody reads.
    package static func encode(
        _ attention: TopicAttention, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(attention: attention.kind.rawValue, in: buffer)
        writer.member(",\"topic\":\"", word: attention.topic.rawValue)
        writer.member(",\"partition\":", attention.partition)
        if let offset = attention.offset { writer.member(",\"offset\":", offset) }
        writer.member(",\"since\":", attention.since)
        writer.literal(",\"detail\":")
        writer.text(attention.detail)
        writer.member(",\"at\":", attention.at)
        return writer.end()
    }
}
