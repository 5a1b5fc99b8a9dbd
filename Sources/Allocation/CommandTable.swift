import Vocabulary

/// The commands that an offering heard and did not refuse, by their ids: each acts once, however
/// often it comes, and a pause that is delivered late a second time pauses nothing, even where it
/// was a repeat itself the first time.
struct CommandTable: Equatable, Sendable {
    private struct Entry: Equatable, Sendable {
        var action: OfferingCommand.Action
        var sequence: Sequence
    }

    private var entries: [Identifier: Entry] = [:]
    /// What each decision did that a command brought about, or could have.
    private var actions: [Sequence: OfferingCommand.Action] = [:]

    /// About the bytes that it holds on to.
    var storageBytes: Int { (entries.count + actions.count) * 192 }

    /// The decision of this number does what a command asked for, or the clock (`command` is nil).
    mutating func act(
        _ command: Identifier?, _ action: OfferingCommand.Action, sequence: Sequence
    ) {
        actions[sequence] = action
        if let command { entries[command] = Entry(action: action, sequence: sequence) }
    }

    /// A command repeats what an earlier decision did.
    mutating func spend(_ command: Identifier, of sequence: Sequence) {
        guard entries[command] == nil, let action = actions[sequence] else { return }
        entries[command] = Entry(action: action, sequence: sequence)
    }

    /// What the command of this id did or repeated, and the number of the decision that did it.
    func find(
        _ command: Identifier
    ) -> (action: OfferingCommand.Action, sequence: Sequence)? {
        entries[command].map { ($0.action, $0.sequence) }
    }
}
