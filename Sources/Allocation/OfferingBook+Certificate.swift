import Vocabulary

// What is certified of an offering that has ended (allocation.md, Fairness that can be shown).

/// What was put in and what was refused, as far as the book does not say so anyway.
struct InputCounts: Equatable, Sendable {
    private struct Range: Equatable, Sendable {
        var first: Offset
        var last: Offset
    }

    private var ranges: [Range?] = Array(repeating: nil, count: 3)
    private var refusals: [Int64] = Array(repeating: 0, count: Reason.allCases.count)

    /// The place of each reason in `refusals`.
    private static let places: [Reason: Int] = Dictionary(
        uniqueKeysWithValues: Reason.allCases.enumerated().map { ($1, $0) })

    /// An input about the offering. The clock's are none.
    @inline(__always)
    mutating func note(_ source: Source) {
        guard source.topic != .clock else { return }
        let topic = Int(source.topic.rawValue)
        if ranges[topic] == nil {
            ranges[topic] = Range(first: source.offset, last: source.offset)
        } else {
            ranges[topic]!.last = source.offset
        }
    }

    mutating func note(_ refusal: Reason) { refusals[Self.places[refusal]!] += 1 }

    var inputs: [Certificate.Range] {
        InputTopic.allCases.prefix(3).compactMap { topic in
            ranges[Int(topic.rawValue)].map {
                Certificate.Range(topic: topic, first: $0.first, last: $0.last)
            }
        }
    }

    var counts: [Certificate.Refusals] {
        Reason.allCases.enumerated().filter { refusals[$0.offset] > 0 }.map {
            Certificate.Refusals(reason: $0.element, count: refusals[$0.offset])
        }
    }
}

extension OfferingBook {
    var certificate: Certificate {
        Certificate(
            state: state, terms: terms, inputs: inputCounts.inputs,
            refusals: inputCounts.counts, bids: Int64(bids.count),
            accounts: Int64(accounts.count), refunded: refunded)
    }
}
