import Vocabulary

/// The values of `type` in `bids`.
enum BidType: String, CaseIterable {
    case bid = "bid", cancel = "cancel"

    static let table = WordTable<BidType>()
}

extension RecordDecoder {
    /// Reads a record of `bids`: a bid or the cancellation of one.
    ///
    /// `allOrNone` may be left out and is false then. With `typeMayBeAbsent`, for the lines of a
    /// file of bids, a record without a `type` is a bid.
    package mutating func decodeBids(
        _ value: UnsafeRawBufferPointer?, typeMayBeAbsent: Bool = false
    ) throws(Malformation) -> InputRecord {
        try read(value)
        switch try members.type(among: BidType.table, absent: typeMayBeAbsent ? .bid : nil) {
        case .bid: return .bid(try bid())
        case .cancel: return .cancellation(try bidCancellation())
        }
    }

    @inline(__always)
    private func bid() throws(Malformation) -> Bid {
        try members.checkListed([.type, .bid, .offering, .account, .shares, .allOrNone])
        return Bid(
            bid: try members.identifier(.bid),
            offering: try members.identifier(.offering),
            account: try members.identifier(.account),
            shares: try members.quantity(.shares),
            allOrNone: members.has(.allOrNone) ? try members.boolean(.allOrNone) : false)
    }

    private func bidCancellation() throws(Malformation) -> BidCancellation {
        try members.checkListed([.type, .bid, .offering, .account])
        return BidCancellation(
            bid: try members.identifier(.bid),
            offering: try members.identifier(.offering),
            account: try members.identifier(.account))
    }
}

// Each record needs room for `largestRecord` bytes.
extension RecordEncoder {
    /// Writes a bid as a record of `bids`.
    package static func encode(
        _ bid: Bid, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestRecord)
        writer.member("{\"type\":\"bid\",\"bid\":\"", bid.bid)
        writer.member(",\"offering\":\"", bid.offering)
        writer.member(",\"account\":\"", bid.account)
        writer.member(",\"shares\":", bid.shares)
        writer.member(",\"allOrNone\":", bid.allOrNone)
        return writer.end()
    }

    /// Writes the cancellation of a bid as a record of `bids`.
    package static func encode(
        _ cancellation: BidCancellation, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestRecord)
        writer.member("{\"type\":\"cancel\",\"bid\":\"", cancellation.bid)
        writer.member(",\"offering\":\"", cancellation.offering)
        writer.member(",\"account\":\"", cancellation.account)
        return writer.end()
    }
}
