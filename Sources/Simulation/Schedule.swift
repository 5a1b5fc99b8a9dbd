/// A worker's process: it may stand still, and it may die.
final class Process {
    let name: String
    private(set) var isDead = false
    /// Until when it stands still.
    var stoppedUntil: Int64 = 0

    init(_ name: String) { self.name = name }

    func die() { isDead = true }
}

/// What is to happen at which moment: a heap by time, and by the order of adding among equals.
///
/// What belongs to a process waits while that stands still, and is forgotten when it is dead.
final class Schedule {
    private struct Event {
        let at: Int64
        let number: Int
        let process: Process?
        let body: () throws -> Void
    }

    private var heap: [Event] = []
    private var count = 0

    var next: Int64? { heap.first?.at }

    func add(_ at: Int64, of process: Process? = nil, _ body: @escaping () throws -> Void) {
        count += 1
        insert(Event(at: at, number: count, process: process, body: body))
    }

    /// Nothing more is to happen, and nobody is held on to for its sake.
    func removeAll() { heap = [] }

    /// Lets the first event happen; the clock stands at its time.
    func runFirst() throws {
        let event = removeFirst()
        if let process = event.process {
            if process.isDead { return }
            if process.stoppedUntil > event.at {
                return insert(
                    Event(
                        at: process.stoppedUntil, number: event.number, process: process,
                        body: event.body))
            }
        }
        try event.body()
    }

    private func isBefore(_ left: Event, _ right: Event) -> Bool {
        (left.at, left.number) < (right.at, right.number)
    }

    private func insert(_ event: Event) {
        heap.append(event)
        var index = heap.count - 1
        while index > 0, isBefore(heap[index], heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private func removeFirst() -> Event {
        heap.swapAt(0, heap.count - 1)
        let first = heap.removeLast()
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < heap.count && isBefore(heap[child], heap[least]) {
                least = child
            }
            if least == index { return first }
            heap.swapAt(index, least)
            index = least
        }
    }
}
