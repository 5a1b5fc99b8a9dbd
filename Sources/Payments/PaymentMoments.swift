import Vocabulary

/// When to call on which command again: a heap by time. A command has one moment at most, the one
/// set last.
package struct PaymentMoments {
    private var heap: [(at: Timestamp, id: PaymentID)] = []
    private var moments: [PaymentID: Timestamp] = [:]

    package init() {}

    /// The earliest moment, which may be one that was set anew since; nil where there is none.
    package var next: Timestamp? { heap.first?.at }

    /// Sets the moment of a command, in place of the one that it had.
    package mutating func set(_ id: PaymentID, _ at: Timestamp) {
        guard moments.updateValue(at, forKey: id) != at else { return }
        heap.append((at, id))
        rise(heap.count - 1)
    }

    /// Takes out the first that is due at `now`.
    package mutating func takeDue(_ now: Timestamp) -> PaymentID? {
        while let first = heap.first, first.at <= now {
            removeFirst()
            // One that was set to another moment since stands in the heap a second time.
            guard moments[first.id] == first.at else { continue }
            moments[first.id] = nil
            return first.id
        }
        return nil
    }

    private mutating func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        var index = 0
        while true {
            let left = 2 * index + 1
            guard left < heap.count else { return }
            let right = left + 1
            let child = right < heap.count && heap[right].at < heap[left].at ? right : left
            guard heap[child].at < heap[index].at else { return }
            heap.swapAt(child, index)
            index = child
        }
    }

    private mutating func rise(_ start: Int) {
        var index = start
        while index > 0, heap[index].at < heap[(index - 1) / 2].at {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }
}
