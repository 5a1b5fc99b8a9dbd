/// Money is given back or paid out.
public enum MoneyEvent: Hashable, Sendable {
    /// Money is given back.
    indirect case refunding(Refund)
    indirect case refunded(PayoutResult)
    /// `inDoubt`, of what is paid out.
    indirect case payoutInDoubt(PayoutResult)
    /// Money came back from the bank after it was paid. It moves no share.
    indirect case paymentReturned(PayoutResult)
    /// A distribution or the proceeds are paid.
    indirect case paidOut(PayoutResult)
    /// What was to be paid out was not. With `isProven` nothing moved for sure.
    indirect case payoutDeclined(PayoutResult, ReleaseReason, isProven: Bool)
    /// A payout that was declined or came back is commanded again, under the next number. `named`
    /// is the payment as the command has it: the obligation, or its last command.
    indirect case repaying(command: Identifier, named: PaymentID, PayoutResult)
    /// A holder's part of a distribution.
    indirect case distributed(Distributed)

    /// The value of `type` on the wire.
    public var type: DecisionType {
        switch self {
        case .refunding: .refunding
        case .refunded: .refunded
        case .payoutInDoubt: .inDoubt
        case .paymentReturned: .paymentReturned
        case .paidOut: .paidOut
        case .payoutDeclined: .payoutDeclined
        case .repaying: .repaying
        case .distributed: .distributed
        }
    }
}
