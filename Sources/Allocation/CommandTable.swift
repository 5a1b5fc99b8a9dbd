import Vocabulary

/// The commands that an offering acted on, by their ids: each acts once, however often it comes,
/// and a pause that is delivered late a second time pauses nothing.
struct CommandTable: Equatable, Sendable {
    /// What a command did.
    enum Action: Equatable, Sendable { case pause, resume }

    private struct Entry: Equatable, Sendable {
        var action: Action
        var sequence: Sequence
    }

    private var entries: [Identifier: Entry] = [:]
    /// The decision that acted last.
    private(set) var last: (action: Action, sequence: Sequence)?

    mutating func add(_ command: Identifier, _ action: Action, sequence: Sequence) {
        entries[command] = Entry(action: action, sequence: sequence)
        last = (action, sequence)
    }

    /// What the command of this id did, and the number of the decision.
    func find(_ command: Identifier) -> (action: Action, sequence: Sequence)? {
        entries[command].map { ($0.action, $0.sequence) }
    }

    static func == (left: CommandTable, right: CommandTable) -> Bool {
        left.entries == right.entries && left.last?.action == right.last?.action
            && left.last?.sequence == right.last?.sequence
    }
}
