import Vocabulary

// What is certified of an offering that has ended (Certificate.md).

/// What was put in and what was refused, as far as the book does not say so anyway. It is looked at
/// with every input, and so holds its numbers in itself.
struct InputCounts: Sendable {
    /// By `InputTopic`; -1 where nothing came.
    private var first = InlineArray<3, Int64>(repeating: -1)
    private var last = InlineArray<3, Int64>(repeating: -1)
    /// By `Reason.index`.
    private var refusals = InlineArray<32, Int64>(repeating: 0)

    /// An input about the offering. The clock's are none.
    @inline(__always)
    mutating func note(_ source: Source) {
        let topic = Int(source.topic.rawValue)
        guard topic < 3 else { return }
        if first[topic] < 0 { first[topic] = source.offset.rawValue }
        last[topic] = source.offset.rawValue
    }

    @inline(__always)
    mutating func note(_ refusal: Reason) { refusals[refusal.index] += 1 }

    var inputs: [Certificate.Range] {
        InputTopic.allCases.prefix(3).compactMap { topic in
            let index = Int(topic.rawValue)
            guard first[index] >= 0 else { return nil }
            return Certificate.Range(
                topic: topic, first: Offset(rawValue: first[index]),
                last: Offset(rawValue: last[index]))
        }
    }

    var counts: [Certificate.Refusals] {
        Reason.allCases.filter { refusals[$0.index] > 0 }.map {
            Certificate.Refusals(reason: $0, count: refusals[$0.index])
        }
    }
}

extension InputCounts: Equatable {
    static func == (left: InputCounts, right: InputCounts) -> Bool {
        left.inputs == right.inputs && left.counts == right.counts
    }
}

extension Reason {
    /// Its number in the order of the cases, which is how the compiler holds it.
    @inline(__always)
    fileprivate var index: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}

extension OfferingBook {
    var certificate: Certificate {
        var terms = terms
        terms.closesAt = closesAt
        return Certificate(
            state: state, terms: terms, inputs: inputCounts.inputs,
            refusals: inputCounts.counts, bids: Int64(bids.count),
            accounts: Int64(accounts.count), refunded: refunded, returned: returned)
    }
}
