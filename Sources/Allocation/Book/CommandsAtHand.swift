import Vocabulary

/// Where, among the commands at hand, offerings are opened and resumed. Brokers' clocks differ: a
/// bid that would be refused for want of such a command waits for one that is stamped a little
/// later than itself (TheLog.md, Merging).
package struct CommandsAtHand: Sendable {
    /// What a bid may want: that its offering is open, or that it takes bids again.
    package enum Kind: Hashable, Sendable { case opening, resumption }

    /// Where a command stands, and when it was appended.
    package struct Position: Sendable {
        package let offset: Int64
        package let at: Int64

        package init(offset: Int64, at: Int64) {
            self.offset = offset
            self.at = at
        }
    }

    private var openings: [Identifier: [Position]] = [:]
    private var resumptions: [Identifier: [Position]] = [:]
    package private(set) var isKnown = false

    package init() {}

    /// Other commands are at hand now.
    package mutating func forget() {
        guard isKnown else { return }
        openings.removeAll(keepingCapacity: true)
        resumptions.removeAll(keepingCapacity: true)
        isKnown = false
    }

    /// Looks through commands in the order of their offsets; done once, found or not.
    package mutating func know(_ commands: some Sequence<(OfferingCommand, Position)>) {
        isKnown = true
        for (command, position) in commands {
            switch command.action {
            case .open: openings[command.offering, default: []].append(position)
            case .resume: resumptions[command.offering, default: []].append(position)
            default: continue
            }
        }
    }

    /// The first such command about `offering`, from the offset `first` on, that is stamped at
    /// most at `latest`: the bid's own time and the command grace.
    package func first(
        _ kind: Kind, of offering: Identifier, from first: Int64, until latest: Int64
    ) -> Int64? {
        let positions = kind == .opening ? openings[offering] : resumptions[offering]
        return positions?.first { $0.offset >= first && $0.at <= latest }?.offset
    }
}

extension PartitionBook {
    /// The command without which a record of `bids` would be refused; nil where none is wanted.
    package func commandWanted(
        for record: InputRecord
    ) -> (kind: CommandsAtHand.Kind, offering: Identifier)? {
        guard let offering = record.offering else { return nil }
        guard let isPaused = isPaused(offering) else { return (.opening, offering) }
        guard isPaused, case .bid = record else { return nil }
        return (.resumption, offering)
    }
}
