import Vocabulary

/// The commands that an offering acted on, by their ids: each acts once, however often it comes,
/// and a pause that is delivered late a second time pauses nothing.
struct CommandTable: Equatable, Sendable {
    private struct Entry: Equatable, Sendable {
        var action: OfferingCommand.Action
        var sequence: Sequence
    }

    private var entries: [Identifier: Entry] = [:]

    mutating func add(
        _ command: Identifier, _ action: OfferingCommand.Action, sequence: Sequence
    ) {
        entries[command] = Entry(action: action, sequence: sequence)
    }

    /// What the command of this id did, and the number of the decision, its first one.
    func find(
        _ command: Identifier
    ) -> (action: OfferingCommand.Action, sequence: Sequence)? {
        entries[command].map { ($0.action, $0.sequence) }
    }
}
