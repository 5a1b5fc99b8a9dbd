/// How large what stands in records may be, in bytes (Records.md).
package enum RecordLimits {
    /// The longest value of an input.
    package static let value = 16 * 1_024
    /// The longest value of a record of ours. `opened` and `certificate` repeat the lists of a
    /// command that may itself have the longest value; all else in them comes to less than 4 KiB:
    /// the other terms to 800 bytes, counters, source, epoch and hash to 600, the ranges and the
    /// counts of a certificate to 2,000.
    package static let ownValue = value + 4 * 1_024
    /// The longest id that is derived from others.
    package static let derivedIdentifier = 260
    /// The longest reason that an operator gives for a cancellation.
    package static let cancellationReason = 1_024
    /// The longest name of an environment or of a cluster.
    package static let environmentText = 255
    /// The longest body of a request to a provider.
    package static let paymentBody = 2 * 1_024
    /// The longest id or token that a provider made.
    package static let providerText = 255
    /// The longest evidence of a person who says what became of a payment.
    package static let evidence = 1_000
    /// How much of a record that can't be read goes to `invalid`.
    package static let invalidExcerpt = 32 * 1_024
}
