/// The version of the rules that this code decides by, pinned for an offering's life by its term
/// `rules`. 0: the rule book is not complete, and what is written under it is no release
/// (records.md).
public let currentRulesVersion: Int64 = 0
