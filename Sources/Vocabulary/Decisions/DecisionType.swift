/// `type` of a record of `decisions`. `epochStarted` is a control record and no decision.
public enum DecisionType: String, Sendable, CaseIterable {
    case reserved = "reserved", waitlisted = "waitlisted", rejected = "rejected"
    case repeated = "repeated", promoted = "promoted", settled = "settled", released = "released"
    case cancelRequested = "cancelRequested", cancelled = "cancelled", expired = "expired"
    case inDoubt = "inDoubt"
    case opened = "opened", paused = "paused", resumed = "resumed", fullyReserved = "fullyReserved"
    case reopened = "reopened", filled = "filled"
    case refunding = "refunding", refunded = "refunded"
    case paymentReturned = "paymentReturned", paidOut = "paidOut", payoutDeclined = "payoutDeclined"
    case repaying = "repaying"
    case scheduled = "scheduled", amended = "amended", closing = "closing"
    case closedShort = "closedShort", cancelling = "cancelling"
    case offeringCancelled = "offeringCancelled", distributed = "distributed"
    case certificate = "certificate", archived = "archived"
    case clockCorrected = "clockCorrected", paymentsRecommanded = "paymentsRecommanded"
    case epochStarted = "epochStarted"

    /// Whether it is about the whole partition, and so names no offering.
    public var isOfPartition: Bool { self == .clockCorrected || self == .paymentsRecommanded }
}
