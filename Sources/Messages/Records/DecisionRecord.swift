import Vocabulary

/// A record of `decisions`: what it says, and its place in the chain (TheLog.md, A decision).
package struct DecisionRecord: Hashable, Sendable {
    /// What the record is about.
    package enum Content: Hashable, Sendable {
        case decision(Decision)
        /// A writer took over. `sequence` and the record's hash are those of the decision before
        /// it; it does not extend the chain.
        case epochStarted(sequence: DecisionNumber, partition: Partition)
    }

    package var content: Content
    package var epoch: Epoch
    /// The hash of this decision; with `epochStarted`, of the one before.
    package var hash: HashText
    /// How many bytes of the record the hash covers: those before `,"epoch":`.
    package var hashedCount: Int
    /// Of a certificate the hash of the decision before it, as it says.
    package var head: HashText?

    package init(
        content: Content, epoch: Epoch, hash: HashText, hashedCount: Int, head: HashText? = nil
    ) {
        self.head = head
        self.content = content
        self.epoch = epoch
        self.hash = hash
        self.hashedCount = hashedCount
    }
}
