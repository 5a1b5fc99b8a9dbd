import Allocation
import Vocabulary

/// Which of the three inputs goes on where all of them lie in files (TheLog.md, Merging).
///
/// Nothing can arrive late here, so the rule is all that is left of it: of the records at hand the
/// one with the smallest time goes first, and between equal ones a command before a payment
/// result before a bid. Each file's own order stays, also where its times step back. A bid that
/// would be refused for want of an opening or a resumption waits for one that is stamped at most
/// the command grace later, as the allocator has it.
package struct TimedMerge {
    /// How many commands are looked at ahead, as many as an allocator has at hand at most.
    package static let commandsAhead = 10_000

    private let commandGrace: Int64
    private var commands = CommandsAtHand()
    /// The first command that was looked at.
    private var knownFrom: Int64 = 0

    /// - Parameter commandGraceMilliseconds: the environment's; 0 where one clock stamps all.
    package init(commandGraceMilliseconds: Int64) { commandGrace = commandGraceMilliseconds }

    /// The number of the input that goes on, as `InputTopic` counts them; nil: none has more.
    @inline(__always)
    package static func next(
        commands: Timestamp?, payments: Timestamp?, bids: Timestamp?
    ) -> InputTopic? {
        var first: (topic: InputTopic, at: Timestamp)?
        if let commands { first = (.offeringCommands, commands) }
        if let payments, payments < first?.at ?? .never { first = (.paymentResults, payments) }
        if let bids, bids < first?.at ?? .never { first = (.bids, bids) }
        return first?.topic
    }

    /// The number of the command, as `ahead` counts them, that goes before a bid, and with it
    /// those in front of it; nil: the bid goes.
    ///
    /// - Parameters:
    ///   - time: when the bid counts from.
    ///   - first: the number of the command at hand.
    ///   - ahead: the commands at hand with their numbers; asked for where they are not known.
    package mutating func commandGoingFirst<Fault: Error>(
        before record: InputRecord, at time: Timestamp, in whatIf: borrowing WhatIf,
        from first: Int64,
        ahead: () throws(Fault) -> [(InputRecord, CommandsAtHand.Position)]
    ) throws(Fault) -> Int64? {
        guard let wanted = whatIf.commandWanted(for: record) else { return nil }
        // Half of them gone, more are looked at.
        if first - knownFrom >= Self.commandsAhead / 2 { commands.forget() }
        if !commands.isKnown {
            knownFrom = first
            commands.know(
                try ahead().compactMap { record, position in
                    guard case .command(let command) = record else { return nil }
                    return (command, position)
                })
        }
        return commands.first(
            wanted.kind, of: wanted.offering, from: first, until: time.rawValue + commandGrace)
    }
}

extension Timestamp {
    fileprivate static let never = Timestamp(rawValue: .max)
}
