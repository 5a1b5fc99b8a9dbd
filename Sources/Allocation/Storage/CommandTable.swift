import Vocabulary

/// The commands that an offering heard, by their ids: each is decided once, however often it comes.
/// A pause that is delivered late a second time pauses nothing, even where it was a repeat itself
/// the first time, and what was refused never acts later.
struct CommandTable: Equatable, Sendable {
    /// What the command of an id asks for, and the decision that answered it first.
    struct Entry: Equatable, Sendable {
        var action: OfferingCommand.Action
        var sequence: DecisionNumber
        /// Why it was refused; nil where it was not.
        var refusal: Reason?
    }

    private var entries: [Identifier: Entry] = [:]
    /// What each decision did that a command brought about, or could have.
    private var actions: [DecisionNumber: OfferingCommand.Action] = [:]

    /// About the bytes that it holds on to.
    var storageBytes: Int { (entries.count + actions.count) * 192 }

    /// The decision of this number does what a command asked for, or the clock (`command` is nil).
    mutating func act(
        _ command: Identifier?, _ action: OfferingCommand.Action, sequence: DecisionNumber
    ) {
        actions[sequence] = action
        if let command { entries[command] = Entry(action: action, sequence: sequence) }
    }

    /// A command repeats what an earlier decision did.
    mutating func spend(_ command: Identifier, of sequence: DecisionNumber) {
        guard entries[command] == nil, let action = actions[sequence] else { return }
        entries[command] = Entry(action: action, sequence: sequence)
    }

    /// The decision of this number refuses a command.
    mutating func reject(
        _ command: Identifier, _ action: OfferingCommand.Action, _ reason: Reason,
        sequence: DecisionNumber
    ) {
        entries[command] = Entry(action: action, sequence: sequence, refusal: reason)
    }

    /// What was decided of the command of this id.
    func find(_ command: Identifier) -> Entry? { entries[command] }
}
