/// What a decision says, by what it is about. A switch names every event of the families that it
/// looks into, so that a new one is not forgotten.
public enum DecisionEvent: Hashable, Sendable {
    /// Shares went to a bid, or from it.
    case bid(BidEvent)
    /// Money is given back or paid out.
    case money(MoneyEvent)
    /// An offering begins, changes or ends.
    case offering(OfferingEvent)
    /// An operator changed the whole partition; it names no offering.
    case partition(PartitionEvent)
    /// Any input was refused.
    case rejected(Rejection)
    /// Any input came again.
    case repeated(Repetition)

    /// The value of `type` on the wire.
    public var type: DecisionType {
        switch self {
        case .bid(let event): event.type
        case .money(let event): event.type
        case .offering(let event): event.type
        case .partition(let event): event.type
        case .rejected: .rejected
        case .repeated: .repeated
        }
    }
}
