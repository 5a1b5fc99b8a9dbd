import Vocabulary

/// Which of the three inputs goes on where all of them lie in files (log.md, Merging).
///
/// Nothing can arrive late here, so the rule is all that is left of it: of the records at hand the
/// one with the smallest time goes first, and between equal ones a command before a payment
/// result before a bid. Each file's own order stays, also where its times step back.
public enum TimedMerge {
    /// The number of the input that goes on, as `InputTopic` counts them; nil: none has more.
    @inline(__always)
    public static func next(
        commands: Milliseconds?, payments: Milliseconds?, bids: Milliseconds?
    ) -> InputTopic? {
        var first: (topic: InputTopic, at: Milliseconds)?
        if let commands { first = (.offeringCommands, commands) }
        if let payments, payments < first?.at ?? .never { first = (.paymentResults, payments) }
        if let bids, bids < first?.at ?? .never { first = (.bids, bids) }
        return first?.topic
    }
}

extension Milliseconds {
    fileprivate static let never = Milliseconds(rawValue: .max)
}
