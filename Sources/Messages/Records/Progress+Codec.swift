import Vocabulary

extension OfferingState {
    static let table = WordTable<OfferingState>()
}

extension RecordDecoder {
    /// Reads a record of `progress`.
    package mutating func decodeProgress(
        _ value: UnsafeRawBufferPointer?
    ) throws(Malformation) -> Progress {
        try read(value, largest: RecordLimits.ownValue)
        try members.checkListed([
            .offering, .state, .shares, .free, .reserved, .settled, .waiting, .served, .bids,
            .accounts, .at, .seq, .epoch,
        ])
        return Progress(
            offering: try members.identifier(.offering),
            state: try members.choice(.state, among: OfferingState.table),
            shares: try members.quantity(.shares),
            counters: Counters(
                free: try members.quantity(.free), reserved: try members.quantity(.reserved),
                settled: try members.quantity(.settled)),
            waiting: try members.quantity(.waiting), served: try members.quantity(.served),
            bids: try members.integer(.bids), accounts: try members.integer(.accounts),
            at: try members.quantity(.at), sequence: try members.quantity(.seq),
            epoch: try members.quantity(.epoch))
    }
}

extension RecordEncoder {
    /// Writes a record of `progress`.
    package static func encode(
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
        return writer.end()
    }
}
