import Vocabulary

/// Something for each input of an allocator's lane: one of commands, one of payment results, one
/// of bids. It stands in place, so that nothing is allocated to look at it.
package typealias PerInput<Element: ~Copyable> = InlineArray<3, Element>

extension InlineArray where Element: ~Copyable {
    /// Of this input. The clock is none: it has no record that could be at hand.
    package subscript(_ input: InputTopic) -> Element {
        @inline(__always) _read { yield self[Int(input.rawValue)] }
        @inline(__always) _modify { yield &self[Int(input.rawValue)] }
    }
}

extension InputTopic {
    /// The inputs that are topics, in the order that decides between equal append times: commands,
    /// payment results, bids.
    package static var inputs: Inputs { Inputs() }

    /// Goes through the inputs in the order of their topics.
    package struct Inputs: Sequence, IteratorProtocol {
        private var following: InputTopic? = .offeringCommands

        @inline(__always) package mutating func next() -> InputTopic? {
            let input = following
            following = switch input {
            case .offeringCommands: .paymentResults
            case .paymentResults: .bids
            case .bids, .clock, nil: nil
            }
            return input
        }
    }
}
