import Vocabulary

// What the allocator writes beside its decisions, and the environment. Each needs room for
// `largestSmallRecord` bytes.
extension RecordEncoder {
    /// Writes a record of `payment-commands`.
    public static func encode(
        _ command: PaymentCommand, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.member("{\"type\":\"payment\",\"command\":\"", command.id)
        writer.member(",\"kind\":\"", word: command.kind.rawValue)
        writer.member(",\"offering\":\"", command.id.offering)
        writer.member(",\"partition\":", command.partition)
        if let bid = command.id.bid {
            writer.bidder(bid, command.account, of: command.id.offering)
        } else {
            writer.member(",\"account\":\"", command.account)
        }
        writer.member(",\"amount\":", command.amount)
        writer.member(",\"currency\":\"", command.currency)
        writer.member(",\"obligation\":\"", command.id.obligation)
        writer.member(",\"due\":", command.due)
        if let original = command.original {
            writer.literal(",\"original\":\"")
            writer.collectionID(
                offering: command.id.offering, bid: command.id.subject, number: original)
            writer.literal("\"")
        }
        writer.literal("}")
        return writer.count
    }

    /// Writes a record of `progress`.
    public static func encode(
        _ progress: Progress, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.member("{\"offering\":\"", progress.offering)
        writer.member(",\"state\":\"", word: progress.state.rawValue)
        writer.member(",\"shares\":", progress.shares)
        writer.member(",\"free\":", progress.counters.free)
        writer.member(",\"reserved\":", progress.counters.reserved)
        writer.member(",\"settled\":", progress.counters.settled)
        writer.member(",\"waiting\":", progress.waiting)
        writer.member(",\"served\":", progress.served)
        writer.member(",\"bids\":", progress.bids)
        writer.member(",\"accounts\":", progress.accounts)
        writer.member(",\"at\":", progress.at)
        writer.member(",\"seq\":", progress.sequence)
        writer.member(",\"epoch\":", progress.epoch)
        writer.literal("}")
        return writer.count
    }

    /// Writes the record of `environment`. Name and cluster have at most 255 bytes.
    public static func encode(
        _ environment: Environment, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        precondition(
            environment.name.utf8.count <= RecordLimits.environmentText
                && environment.cluster.utf8.count <= RecordLimits.environmentText,
            "the name of an environment or a cluster is too long")
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.literal("{\"env\":")
        writer.text(environment.name)
        writer.literal(",\"cluster\":")
        writer.text(environment.cluster)
        writer.member(",\"partitions\":", environment.partitions)
        writer.member(",\"purpose\":\"", word: environment.purpose.rawValue)
        writer.member(",\"clockGrace\":", environment.clockGraceMilliseconds)
        writer.member(",\"archiveAfter\":", environment.archiveAfterMilliseconds)
        writer.member(",\"writers\":", environment.writers)
        // A record of an earlier build is written on as it was: it had neither.
        if environment.edition > 0 {
            writer.member(",\"commandGrace\":", environment.commandGraceMilliseconds)
            writer.member(",\"edition\":", environment.edition)
        }
        writer.literal("}")
        return writer.count
    }

    /// Writes a record of `attention`.
    public static func encode(
        _ attention: Attention, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.member("{\"type\":\"attention\",\"kind\":\"", word: attention.kind.rawValue)
        if let offering = attention.offering { writer.member(",\"offering\":\"", offering) }
        writer.member(",\"seq\":", attention.sequence)
        writer.source(attention.source)
        writer.member(",\"at\":", attention.source.at)
        writer.optionalMember(",\"expectedPartition\":", attention.expectedPartition)
        if let command = attention.command { writer.member(",\"command\":\"", command) }
        if let account = attention.account { writer.member(",\"account\":\"", account) }
        writer.optionalMember(",\"amount\":", attention.amount)
        if let currency = attention.currency { writer.member(",\"currency\":\"", currency) }
        if let error = attention.error { writer.error(error) }
        writer.literal("}")
        return writer.count
    }

    /// Writes a record of `attention` about a worker that stands still.
    public static func encode(
        _ attention: StandstillAttention, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.member(
            "{\"type\":\"attention\",\"kind\":\"",
            word: StandstillAttentionWord.laneStandsStill.rawValue)
        writer.member(",\"worker\":\"", word: attention.worker.rawValue)
        writer.member(",\"partition\":", attention.partition)
        writer.literal(",\"detail\":")
        writer.text(attention.detail)
        writer.member(",\"at\":", attention.at)
        writer.literal("}")
        return writer.count
    }

    /// Writes a record of `attention` about a partition that can't be read, or that nobody reads.
    public static func encode(
        _ attention: TopicAttention, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSmallRecord)
        writer.member("{\"type\":\"attention\",\"kind\":\"", word: attention.kind.rawValue)
        writer.member(",\"topic\":\"", word: attention.topic.rawValue)
        writer.member(",\"partition\":", attention.partition)
        if let offset = attention.offset { writer.member(",\"offset\":", offset) }
        writer.member(",\"since\":", attention.since)
        writer.literal(",\"detail\":")
        writer.text(attention.detail)
        writer.member(",\"at\":", attention.at)
        writer.literal("}")
        return writer.count
    }
}
