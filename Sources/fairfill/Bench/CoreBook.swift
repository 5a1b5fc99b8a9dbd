import Allocation
import Vocabulary

/// A book with one offering that is open, and what is needed to tell it more.
struct CoreBook {
    private(set) var book = PartitionBook(partition: 0)
    /// What the last input caused.
    private(set) var group = DecisionGroup()
    private var source = Source(
        topic: .offeringCommands, partition: 0, offset: 0, at: 1_700_000_000_000)

    init(_ offering: Identifier, _ terms: OfferingTerms) throws(Failure) {
        let command = OfferingCommand(
            command: BenchRecords.id(.command, 0), offering: offering, action: .open(terms))
        try decide(.record(.command(command)))
        guard case .opened = group.decisions[0].event else {
            throw Failure(.invariant, "the offering to measure with was not opened")
        }
        source.topic = .bids
        source.offset = -1
    }

    /// Decides one input; 1,000 of them are stamped within a millisecond.
    mutating func decide(_ input: Input) throws(Failure) {
        source.offset += 1
        if source.offset.rawValue % 1_000 == 0 { source.at += 1 }
        group.removeAll()
        do throws(InvariantViolation) {
            _ = try book.decide(input, from: source, into: &group, limit: 10_000)
        } catch {
            throw Failure(.invariant, "\(error)")
        }
    }
}
