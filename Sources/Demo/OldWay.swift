import CommandLine
import Synchronization
import Vocabulary

/// How offerings like this were sold before: one counter of remaining shares, and many clients
/// that change it, on the same crowd at the same time. Nothing of the outcome is written down
/// here: threads race for a counter, and what they leave is what is shown.
final class OldWay: Sendable {
    enum Method: Sendable {
        /// Look whether enough is left, write the order, then take it off the counter.
        case checkThenTake
        /// Take it off the counter under compare-and-set; give it back if a later step fails.
        case lockAndGiveBack
    }

    static let clients = 32
    /// Between the look and the taking stands a trip to a database, of the story's time.
    static let roundTripMicroseconds: ClosedRange<Int64> = 4_000...20_000
    /// Between the lock and the outcome of the later steps stands a payment.
    static let paymentMicroseconds: ClosedRange<Int64> = 200_000...1_600_000

    let method: Method
    /// Shares that the counter says are left; it may fall below 0.
    private let remaining = Atomic<Int>(Int(Terms.shares))
    private let sold = Atomic<Int>(0)
    private let soldToBot = Atomic<Int>(0)
    private let soldToImpatient = Atomic<Int>(0)
    private let givenBack = Atomic<Int>(0)
    private let givenBackWhenFull = Atomic<Int>(0)
    private let casRetries = Atomic<Int>(0)
    /// Microseconds of the story at which it was marked full; -1: not yet.
    private let fullAt = Atomic<Int64>(-1)
    private let isStopped = Atomic<Bool>(false)

    init(_ method: Method) { self.method = method }

    /// What has come of it so far.
    struct Outcome: Sendable {
        var sold: Int
        var soldToBot: Int
        var soldToImpatient: Int
        var givenBack: Int
        var givenBackWhenFull: Int
        var compareAndSetRetries: Int
        /// nil: it was never marked full.
        var markedFullAtSeconds: Double?
    }

    var outcome: Outcome {
        let full = fullAt.load(ordering: .relaxed)
        return Outcome(
            sold: sold.load(ordering: .relaxed),
            soldToBot: soldToBot.load(ordering: .relaxed),
            soldToImpatient: soldToImpatient.load(ordering: .relaxed),
            givenBack: givenBack.load(ordering: .relaxed),
            givenBackWhenFull: givenBackWhenFull.load(ordering: .relaxed),
            compareAndSetRetries: casRetries.load(ordering: .relaxed),
            markedFullAtSeconds: full < 0 ? nil : Double(full / 10_000) / 100)
    }

    /// Lets the crowd buy: client k serves every 32nd request, as they come.
    func start(_ crowd: Crowd, clock: StoryClock) -> Threads {
        Threads(Self.clients) { [self] client in
            switch method {
            case .checkThenTake: checkThenTake(crowd, client, clock)
            case .lockAndGiveBack: lockAndGiveBack(crowd, client, clock)
            }
        }
    }

    /// The clients stop at their next request.
    func stop() { isStopped.store(true, ordering: .relaxed) }

    private func checkThenTake(_ crowd: Crowd, _ client: Int, _ clock: StoryClock) {
        for index in stride(from: client, to: crowd.requests.count, by: Self.clients) {
            clock.sleep(until: crowd.requests[index].at)
            guard !isStopped.load(ordering: .relaxed) else { return }
            guard case .bid(let bid, _) = crowd.requests[index].content else { continue }
            let left = remaining.load(ordering: .sequentiallyConsistent)
            guard left > 0 else { continue }
            let shares = min(Int(bid.shares.rawValue), left)
            // The order is written. Another buyer who looks meanwhile sees the same shares.
            clock.sleep(for: .random(in: Self.roundTripMicroseconds))
            let after = remaining.subtract(shares, ordering: .sequentiallyConsistent).newValue
            if after <= 0 { markFull(clock) }
            count(shares, for: bid)
        }
    }

    private func lockAndGiveBack(_ crowd: Crowd, _ client: Int, _ clock: StoryClock) {
        // Purchases of this client whose payment is under way, the first to be over in front.
        var open: [(at: Int64, shares: Int, bid: Bid)] = []
        for index in stride(from: client, to: crowd.requests.count, by: Self.clients) {
            let request = crowd.requests[index]
            while let first = open.first, first.at <= request.at {
                settle(open.removeFirst(), clock)
            }
            clock.sleep(until: request.at)
            guard !isStopped.load(ordering: .relaxed) else { return }
            guard case .bid(let bid, let cannotPay) = request.content else { continue }
            guard let shares = lock(Int(bid.shares.rawValue), clock) else { continue }
            count(shares, for: bid)
            if cannotPay {
                let at = request.at + .random(in: Self.paymentMicroseconds)
                let position = open.firstIndex { $0.at > at } ?? open.endIndex
                open.insert((at, shares, bid), at: position)
            }
        }
        for purchase in open where !isStopped.load(ordering: .relaxed) { settle(purchase, clock) }
    }

    /// Takes shares off the counter, as `gets` and `cas` do; nil: it is full.
    private func lock(_ wanted: Int, _ clock: StoryClock) -> Int? {
        while fullAt.load(ordering: .relaxed) < 0 {
            let left = remaining.load(ordering: .acquiring)
            let shares = min(wanted, left)
            guard shares > 0 else { return nil }
            let (exchanged, _) = remaining.compareExchange(
                expected: left, desired: left - shares, ordering: .acquiringAndReleasing)
            if exchanged {
                if left == shares { markFull(clock) }
                return shares
            }
            casRetries.add(1, ordering: .relaxed)
        }
        return nil
    }

    /// The payment failed: what was locked goes back to the counter, full or not.
    private func settle(_ purchase: (at: Int64, shares: Int, bid: Bid), _ clock: StoryClock) {
        clock.sleep(until: purchase.at)
        remaining.add(purchase.shares, ordering: .acquiringAndReleasing)
        count(-purchase.shares, for: purchase.bid)
        givenBack.add(purchase.shares, ordering: .relaxed)
        if fullAt.load(ordering: .relaxed) >= 0 {
            givenBackWhenFull.add(purchase.shares, ordering: .relaxed)
        }
    }

    /// The page says "sold out" from here on.
    private func markFull(_ clock: StoryClock) {
        _ = fullAt.compareExchange(
            expected: -1, desired: clock.now, ordering: .relaxed)
    }

    private func count(_ shares: Int, for bid: Bid) {
        sold.add(shares, ordering: .relaxed)
        if bid.account == Crowd.bot { soldToBot.add(shares, ordering: .relaxed) }
        if bid.account == Crowd.impatient { soldToImpatient.add(shares, ordering: .relaxed) }
    }
}
