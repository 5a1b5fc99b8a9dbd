/// Why the bank can't open, for people.
package struct BankFailure: Error, CustomStringConvertible {
    /// What kind of thing is wrong.
    package enum Kind: Sendable {
        /// A file that is not what it should be.
        case data
        /// The faults are no faults.
        case faults
        /// The ledger can't be made or written.
        case output
        /// Another process has the address.
        case inUse
        /// The address or an option makes no sense.
        case usage
    }

    package let description: String
    package let kind: Kind

    init(_ description: String, _ kind: Kind) {
        self.description = description
        self.kind = kind
    }
}
