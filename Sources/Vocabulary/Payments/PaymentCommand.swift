/// An order to the payer: a record of `payment-commands`, key: account.
public struct PaymentCommand: Hashable, Sendable {
    /// What the money is for, as the value of `kind` on the wire.
    public enum Kind: String, Sendable, CaseIterable {
        case collect = "collect", refund = "refund", interest = "interest", principal = "principal"
        case disburse = "disburse"
    }

    public var id: PaymentID
    /// The partition to answer to.
    public var partition: Partition
    public var account: Identifier
    public var amount: MinorUnits
    public var currency: CurrencyCode
    /// What the whole obligation may come to: the same in all its commands.
    public var due: MinorUnits
    /// Of a refund the number of the collection, among those of its bid, whose money it returns.
    public var original: Int32?

    public init(
        id: PaymentID, partition: Partition, account: Identifier, amount: MinorUnits,
        currency: CurrencyCode, due: MinorUnits, original: Int32? = nil
    ) {
        self.id = id
        self.partition = partition
        self.account = account
        self.amount = amount
        self.currency = currency
        self.due = due
        self.original = original
    }

    /// What the money is for.
    public var kind: Kind {
        switch id.kind {
        case .collection: .collect
        case .refund: .refund
        case .distribution(.interest, _): .interest
        case .distribution(.principal, _): .principal
        case .disbursement: .disburse
        }
    }
}
