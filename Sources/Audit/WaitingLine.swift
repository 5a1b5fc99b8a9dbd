import Vocabulary

/// Who waits, by time of arrival. What left the line is dropped when it comes to the front.
struct WaitingLine {
    /// Bids that may be split, in order of arrival.
    private var split: [Int] = []
    private var splitFront = 0
    /// Bids that are served as a whole: a heap, the smallest wish on top, among equals the
    /// earliest.
    private var whole: [(shares: Shares, bid: Int)] = []
    /// All of them, where nobody may be passed over.
    private var all: [Int] = []
    private var allFront = 0

    mutating func join(_ bid: Int, _ shares: Shares, asWhole: Bool, inOrder: Bool) {
        if inOrder {
            all.append(bid)
            return
        }
        guard asWhole else {
            split.append(bid)
            return
        }
        whole.append((shares, bid))
        var at = whole.count - 1
        while at > 0, less(at, (at - 1) / 2) {
            whole.swapAt(at, (at - 1) / 2)
            at = (at - 1) / 2
        }
    }

    /// The earliest bid that waits, where nobody may be passed over.
    mutating func front(_ bids: [OfferingAudit.Bid]) -> Int? {
        while allFront < all.count {
            if bids[all[allFront]].waiting > 0 { return all[allFront] }
            allFront += 1
        }
        return nil
    }

    /// The earliest bid that may be split and still waits.
    mutating func firstSplit(_ bids: [OfferingAudit.Bid]) -> Int? {
        while splitFront < split.count {
            if bids[split[splitFront]].waiting > 0 { return split[splitFront] }
            splitFront += 1
        }
        return nil
    }

    /// The bid to be served as a whole that wants least.
    mutating func smallestWhole(_ bids: [OfferingAudit.Bid]) -> Int? {
        while let top = whole.first {
            if bids[top.bid].waiting > 0 { return top.bid }
            removeTop()
        }
        return nil
    }

    /// A bid that waits though so many free shares would do for it.
    mutating func servable(with free: Shares, _ bids: [OfferingAudit.Bid]) -> Int? {
        if let bid = firstSplit(bids) { return bid }
        guard let bid = smallestWhole(bids), bids[bid].waiting <= free else { return nil }
        return bid
    }

    private func less(_ left: Int, _ right: Int) -> Bool {
        (whole[left].shares, whole[left].bid) < (whole[right].shares, whole[right].bid)
    }

    private mutating func removeTop() {
        let last = whole.removeLast()
        guard !whole.isEmpty else { return }
        whole[0] = last
        var at = 0
        while true {
            var least = at
            for child in [2 * at + 1, 2 * at + 2] where child < whole.count && less(child, least) {
                least = child
            }
            guard least != at else { return }
            whole.swapAt(at, least)
            at = least
        }
    }
}
