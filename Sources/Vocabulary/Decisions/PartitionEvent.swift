/// An operator changed a whole partition.
public enum PartitionEvent: Hashable, Sendable {
    /// Bids that were stamped ahead count from another moment.
    indirect case clockCorrected(command: Identifier, ClockCorrection)
    /// So many payments and recalls without a final result were commanded again.
    case paymentsRecommanded(command: Identifier, payments: Int64, recalls: Int64)

    /// The value of `type` on the wire.
    public var type: DecisionType {
        switch self {
        case .clockCorrected: .clockCorrected
        case .paymentsRecommanded: .paymentsRecommanded
        }
    }
}
