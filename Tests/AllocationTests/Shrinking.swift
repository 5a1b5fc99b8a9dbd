/// The fewest elements, in their order, that still do what `elements` do: from them none can be
/// taken away any more. Halves are dropped first, then quarters, down to single ones (delta
/// debugging); what is long and mostly idle is short after few tries.
func shrunk<Element>(
    _ elements: [Element], while holds: ([Element]) -> Bool
) -> [Element] {
    var kept = elements
    var size = max(1, kept.count / 2)
    while true {
        let before = kept.count
        var start = 0
        while start < kept.count {
            let rest = Array(kept[..<start] + kept[min(start + size, kept.count)...])
            // What stands behind moves to `start`, and is tried next.
            if holds(rest) { kept = rest } else { start += size }
        }
        // Single ones are gone through until all of them are needed.
        if size == 1 && kept.count == before { return kept }
        size = max(1, size / 2)
    }
}
