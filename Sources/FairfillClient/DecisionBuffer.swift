import Foundation

/// Between the thread that reads decisions and the task that takes them: at most so many wait. The
/// thread waits while it is full; the task while it is empty, without holding up a thread.
final class DecisionBuffer: @unchecked Sendable {
    private let condition = NSCondition()
    private let limit: Int
    private var waiting: [FollowedDecision] = []
    /// Of `waiting`, what was taken already.
    private var taken = 0
    private var end: Result<Void, ClientError>?
    private var cancelled = false
    private var taker: CheckedContinuation<Void, Never>?

    init(limit: Int) { self.limit = max(1, limit) }

    var isCancelled: Bool { condition.withLock { cancelled } }

    /// Adds one once there is room; answers false where nobody takes any more.
    func put(_ decision: FollowedDecision) -> Bool {
        condition.lock()
        while waiting.count - taken >= limit, !cancelled { condition.wait() }
        guard !cancelled else {
            condition.unlock()
            return false
        }
        waiting.append(decision)
        let taker = self.taker
        self.taker = nil
        condition.unlock()
        taker?.resume()
        return true
    }

    /// Nothing comes any more: what waits is still given.
    func finish(_ end: Result<Void, ClientError>) {
        let taker = condition.withLock { () -> CheckedContinuation<Void, Never>? in
            if self.end == nil { self.end = end }
            defer { self.taker = nil }
            return self.taker
        }
        taker?.resume()
    }

    /// Nobody takes any more: both sides end.
    func cancel() {
        let taker = condition.withLock { () -> CheckedContinuation<Void, Never>? in
            cancelled = true
            condition.broadcast()
            defer { self.taker = nil }
            return self.taker
        }
        taker?.resume()
    }

    /// The next one; nil at the end, and once the task is cancelled.
    func next() async throws(ClientError) -> FollowedDecision? {
        while true {
            if Task.isCancelled { cancel() }
            switch step() {
            case .give(let decision): return decision
            case .end(let end):
                try end.get()
                return nil
            case .wait: break
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { taker in
                    if !wait(taker) { taker.resume() }
                }
            } onCancel: {
                cancel()
            }
        }
    }

    private enum Step {
        case give(FollowedDecision)
        case end(Result<Void, ClientError>)
        case wait
    }

    private func step() -> Step {
        condition.withLock {
            if cancelled { return .end(.success(())) }
            if taken < waiting.count {
                let decision = waiting[taken]
                taken += 1
                if taken == waiting.count {
                    waiting.removeAll(keepingCapacity: true)
                    taken = 0
                } else if taken >= limit {
                    waiting.removeFirst(taken)
                    taken = 0
                }
                condition.signal()
                return .give(decision)
            }
            return end.map(Step.end) ?? .wait
        }
    }

    /// Whether there is something to wait for.
    private func wait(_ taker: CheckedContinuation<Void, Never>) -> Bool {
        condition.withLock {
            guard !cancelled, end == nil, taken == waiting.count else { return false }
            self.taker = taker
            return true
        }
    }
}
