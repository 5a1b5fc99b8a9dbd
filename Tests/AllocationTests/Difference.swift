import Allocation
import LedgerLanguage
import Vocabulary

/// Records after which the book and the naive one are not of one opinion.
struct Difference: CustomStringConvertible {
    /// From which the terms and the records were made.
    var seed: UInt64
    var terms: OfferingTerms
    var fault: NaiveBook.Fault?
    /// Up to the one that they decide differently.
    var records: [InputRecord]

    /// The same difference, or another one, told with as few records and as small numbers as it
    /// takes: what is left can't be made simpler in any one place.
    func shrunk() -> Difference {
        var shortest = self
        while true {
            let terms = shortest.terms
            let records = shortest.records
            shortest.records = AllocationTests.shrunk(records) { shortest.outcome($0) != nil }
            shortest.cutBehindTheEnd()
            while let simpler = shortest.simpler.first(where: { $0.outcome != nil }) {
                shortest = simpler
                shortest.cutBehindTheEnd()
            }
            if shortest.terms == terms && shortest.records == records { return shortest }
        }
    }

    private mutating func cutBehindTheEnd() {
        if let end = outcome?.count { records.removeLast(records.count - end) }
    }

    /// How many records it takes, and what is said after the last of them; nil where all agree.
    var outcome: (count: Int, said: String)? { outcome(records) }

    private func outcome(_ records: [InputRecord]) -> (count: Int, said: String)? {
        var comparison: Comparison
        do {
            comparison = try Comparison(terms, fault: fault)
        } catch {
            return (0, "\(error)")
        }
        // Under terms that are refused nothing can be compared.
        guard case .offering(.opened) = comparison.group.decisions[0].event else { return nil }
        for (index, record) in records.enumerated() {
            do {
                guard try comparison.agree(on: record) else {
                    return (index + 1, comparison.difference)
                }
            } catch {
                // A rule that breaks an invariant is a difference, too.
                return (index + 1, "\(error)")
            }
        }
        return nil
    }

    /// As lines that a ledger takes.
    var description: String {
        let lines = ["open \(Comparison.opening) \(words(terms))"] + records.map { words($0) }
        return """
            seed \(seed)
            \(lines.joined(separator: "\n"))
            \(outcome?.said ?? "now all agree")
            """
    }
}
