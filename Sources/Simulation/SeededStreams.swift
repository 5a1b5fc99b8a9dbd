import SeededNumbers

extension SeededGenerator {
    /// Its own stream of the same seed: what is drawn from one leaves the others as they are,
    /// so that a run with a fault less still has the same crowd.
    init(seed: UInt64, stream: UInt64) {
        var mixed = SeededGenerator(seed: stream &+ 1)
        self.init(seed: seed ^ mixed.next())
    }

    /// True once in `times`, on average.
    mutating func once(in times: Int) -> Bool { Int.random(in: 0..<times, using: &self) == 0 }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &self)
    }
}
