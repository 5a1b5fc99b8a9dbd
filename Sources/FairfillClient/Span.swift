/// A span of time in words, as options take it.
package enum Span {
    /// nil has no end.
    package static func text(_ milliseconds: Int64?) -> String {
        guard let milliseconds else { return "forever" }
        let units: [(String, Int64)] = [
            ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000),
        ]
        for (unit, size) in units where milliseconds >= size && milliseconds % size == 0 {
            return "\(milliseconds / size)\(unit)"
        }
        return "\(milliseconds)ms"
    }
}
