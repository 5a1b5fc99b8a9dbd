import Vocabulary

// The records of the allocator's inputs, for the programs that append them. Each needs room for
// `largestRecord` bytes.
extension RecordEncoder {
    /// Writes a bid as a record of `bids`.
    public static func encode(
        _ bid: Bid, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestRecord)
        writer.member("{\"type\":\"bid\",\"bid\":\"", bid.bid)
        writer.member(",\"offering\":\"", bid.offering)
        writer.member(",\"account\":\"", bid.account)
        writer.member(",\"shares\":", bid.shares)
        writer.member(",\"allOrNone\":", bid.allOrNone)
        writer.literal("}")
        return writer.count
    }

    /// Writes the cancellation of a bid as a record of `bids`.
    public static func encode(
        _ cancellation: BidCancellation, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestRecord)
        writer.member("{\"type\":\"cancel\",\"bid\":\"", cancellation.bid)
        writer.member(",\"offering\":\"", cancellation.offering)
        writer.member(",\"account\":\"", cancellation.account)
        writer.literal("}")
        return writer.count
    }

    /// Writes a record of `offering-commands`. A reason has at most 1,024 bytes, and a `repay`
    /// names a payment that this system derived.
    ///
    /// Lists of distributions may make a command longer than a record may be; the caller looks
    /// at the count before appending it.
    public static func encode(
        _ command: OfferingCommand, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var writer = JSONWriter(buffer, largest: largestRecord)
        writer.literal("{\"type\":\"")
        writer.word(OfferingCommandType(command.action).rawValue)
        writer.member("\",\"command\":\"", command.command)
        writer.member(",\"offering\":\"", command.offering)
        if case .repay(payment: nil) = command.action {
            preconditionFailure("a repay names a payment")
        }
        writer.members(of: command.action)
        writer.literal("}")
        return writer.count
    }

    /// Writes a record of `payment-results`; it answers a command that this system derived.
    public static func encode(
        _ result: PaymentResult, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        guard let payment = result.payment else {
            preconditionFailure("a result answers a payment command")
        }
        var writer = JSONWriter(buffer, largest: largestRecord)
        writer.literal("{\"type\":\"")
        writer.word(result.kind.rawValue)
        writer.member("\",\"command\":\"", payment)
        writer.member(",\"result\":", result.result)
        writer.member(",\"offering\":\"", result.offering)
        writer.member(",\"account\":\"", result.account)
        writer.optionalMember(",\"amount\":", result.amount)
        if result.isProven { writer.literal(",\"proven\":true") }
        writer.literal("}")
        return writer.count
    }
}

extension OfferingCommandType {
    init(_ action: OfferingCommand.Action) {
        switch action {
        case .open: self = .open
        case .close: self = .close
        case .pause: self = .pause
        case .resume: self = .resume
        case .amend: self = .amend
        case .cancel: self = .cancel
        case .repay: self = .repay
        case .distribute: self = .distribute
        }
    }
}

extension JSONWriter {
    mutating func cancellationReason(_ reason: String) {
        precondition(
            reason.utf8.count <= RecordLimits.cancellationReason,
            "a reason has at most 1,024 bytes")
        literal(",\"reason\":")
        text(reason)
    }
}
