/// Something that a profile or the contract claims of a provider, and what the provider showed.
package struct CheckedClaim: Hashable, Sendable {
    /// What was seen of it.
    package enum Verdict: String, Sendable {
        /// The provider did as it is claimed.
        case holds = "holds"
        /// The provider does otherwise: a payer that relies on it may pay twice, or never.
        case broken = "broken"
        /// It can't be seen from here, or only by waiting for days.
        case unchecked = "unchecked"
    }

    /// The member of the profile, or `contract`.
    package var claim: String
    package var verdict: Verdict
    /// What was seen, in a sentence.
    package var sentence: String

    package init(_ claim: String, _ verdict: Verdict, _ sentence: String) {
        self.claim = claim
        self.verdict = verdict
        self.sentence = sentence
    }
}
