import Messages
import Vocabulary

/// Where, among the commands at hand, offerings are opened and resumed. Brokers' clocks differ: a
/// bid that would be refused for want of such a command waits for one that is stamped a little
/// later than itself (log.md, Merging).
struct CommandsAtHand {
    enum Kind { case opening, resumption }

    struct Place {
        let offset: Int64
        let at: Int64
    }

    private var openings: [Identifier: [Place]] = [:]
    private var resumptions: [Identifier: [Place]] = [:]
    private(set) var isKnown = false

    /// Other commands are at hand now.
    mutating func forget() {
        guard isKnown else { return }
        openings.removeAll(keepingCapacity: true)
        resumptions.removeAll(keepingCapacity: true)
        isKnown = false
    }

    /// Looks through commands in the order of their offsets; done once, whatever is found.
    mutating func know(_ commands: some Swift.Sequence<(OfferingCommand, Place)>) {
        isKnown = true
        for (command, place) in commands {
            switch command.action {
            case .open: openings[command.offering, default: []].append(place)
            case .resume: resumptions[command.offering, default: []].append(place)
            default: continue
            }
        }
    }

    /// The first such command about `offering`, from the offset `first` on, that is stamped at
    /// most at `latest`.
    func first(
        _ kind: Kind, of offering: Identifier, from first: Int64, until latest: Int64
    ) -> Int64? {
        let places = kind == .opening ? openings[offering] : resumptions[offering]
        return places?.first { $0.offset >= first && $0.at <= latest }?.offset
    }
}
