import Vocabulary

/// Writes records into the caller's buffer, each answering how many bytes it has. The buffer
/// must have room for the largest record of its kind, which is checked before the first byte;
/// the bytes after the record are not kept.
package enum RecordEncoder {
    /// Room for the largest decision with its seal. Only `opened` has no fixed size: its lists of
    /// distribution ids come from a command and are no longer than one (`RecordLimits`). 64 bytes
    /// more are for ids, which are copied whole.
    package static let largestDecision = RecordLimits.ownValue + JSONWriter.slack

    /// Room for the largest record of an input: an operator's command with lists as long as a
    /// record may be.
    package static let largestRecord = largestDecision

    /// Room for the largest record of any other kind: the environment's, if its two texts were
    /// of control characters only.
    package static let largestSmallRecord = 4 * 1_024

    /// Room for the end of a decision.
    package static let largestSeal = 192
}
