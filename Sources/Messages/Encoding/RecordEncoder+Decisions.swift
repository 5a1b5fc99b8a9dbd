import Vocabulary

extension RecordEncoder {
    /// Writes the bytes of a decision that its hash covers: all before `,"epoch":`.
    ///
    /// `buffer` must have room for `largestDecision` bytes; then the seal has room, too. `head` is
    /// the hash of the decision before it, which a certificate carries.
    public static func encode(
        _ decision: borrowing Decision, after head: HashText? = nil,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestDecision)
        writer.event(decision)
        if let head, case .offering(.certificate) = decision.event {
            writer.literal(",\"head\":\"")
            writer.hash(head)
            writer.literal("\"")
        }
        if let counters = decision.counters {
            writer.member(",\"free\":", counters.free)
            writer.member(",\"reserved\":", counters.reserved)
            writer.member(",\"settled\":", counters.settled)
        }
        writer.source(decision.source)
        writer.member(",\"n\":", decision.n)
        writer.member(",\"at\":", decision.source.at)
        return writer.count
    }

    /// Writes the bytes of `epochStarted` before `,"epoch":`. `sequence` is that of the decision
    /// before it, 0 in an empty book; the hash to seal it with is that decision's, too.
    public static func encodeEpochStarted(
        sequence: Sequence, partition: Partition, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSeal)
        writer.member("{\"type\":\"epochStarted\",\"seq\":", sequence)
        writer.member(",\"partition\":", partition)
        return writer.count
    }

    /// Writes what ends a record of `decisions`, from `,"epoch":` on.
    ///
    /// `buffer` must have room for `largestSeal` bytes.
    public static func seal(
        epoch: Epoch, hash: borrowing HashText, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestSeal)
        writer.member(",\"epoch\":", epoch)
        writer.literal(",\"hash\":\"")
        writer.hash(hash)
        writer.literal("\"}")
        return writer.count
    }
}

extension JSONWriter {
    /// `topic`, `partition` and `offset`; other members may stand between them and `at`.
    @inline(__always)
    mutating func source(_ source: Source) {
        switch source.topic {
        case .offeringCommands: literal(",\"topic\":\"offering-commands\",\"partition\":")
        case .paymentResults: literal(",\"topic\":\"payment-results\",\"partition\":")
        case .bids: literal(",\"topic\":\"bids\",\"partition\":")
        case .clock: literal(",\"topic\":\"clock\",\"partition\":")
        }
        integer(source.partition)
        member(",\"offset\":", source.offset)
    }
}
