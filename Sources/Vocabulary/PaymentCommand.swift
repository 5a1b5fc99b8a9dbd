/// An order to the payer: a record of `payment-commands`, key: account.
public struct PaymentCommand: Hashable, Sendable {
    /// What the money is for, as the value of `kind` on the wire.
    public enum Kind: String, Sendable, CaseIterable {
        case collect
    }

    public var id: PaymentID
    public var kind: Kind
    /// The partition to answer to.
    public var partition: Partition
    public var account: Identifier
    public var amount: MinorUnits
    public var currency: CurrencyCode
    /// What the whole obligation `<offering>/<bid>` may come to: the same in all commands of a bid.
    public var due: MinorUnits

    public init(
        id: PaymentID, kind: Kind, partition: Partition, account: Identifier, amount: MinorUnits,
        currency: CurrencyCode, due: MinorUnits
    ) {
        self.id = id
        self.kind = kind
        self.partition = partition
        self.account = account
        self.amount = amount
        self.currency = currency
        self.due = due
    }
}
