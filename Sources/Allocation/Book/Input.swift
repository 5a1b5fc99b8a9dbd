import Vocabulary

/// One input record of a partition, as far as it could be read.
package enum Input: Hashable, Sendable {
    /// A record for the rules to decide.
    case record(InputRecord)
    /// A record that is rejected before the rules look at it: malformed, of another environment,
    /// or on the wrong partition. `offering` is the one that it names, if that could be read.
    indirect case rejected(Rejection, offering: Identifier?)
    /// The deadline that `PartitionBook.nextDeadline` names has come.
    case deadline
}

/// Whether the group of decisions that one input causes is whole.
package enum GroupProgress: Hashable, Sendable {
    case complete
    /// There are more to come: nothing else may be decided before `PartitionBook.resume`.
    case more
}
