import Payments
import Synchronization
import Vocabulary

/// The way to a bank, which tells what is under way and what was asked for when. Where it leads can
/// be changed, as an address behind a name can.
final class WatchedGateway: PaymentGateway, Sendable {
    /// One request that a payer made.
    struct Asked: Sendable {
        var isLookup: Bool
        var key: String
        var body: [UInt8] = []
        /// By the payer's clock.
        var at: Int64
        /// What came of a sending; nil of lookups, and before the answer.
        var answer: SendingAnswer?
    }

    private struct State {
        var way: (any PaymentGateway)?
        var asked: [Asked] = []
        var underWay = 0
        var answered = 0
    }

    private let state = Mutex(State())
    private let clock: SteppedClock

    init(_ clock: SteppedClock) { self.clock = clock }

    func lead(to gateway: any PaymentGateway) { state.withLock { $0.way = gateway } }

    var asked: [Asked] { state.withLock { $0.asked } }
    var sendings: [Asked] { asked.filter { !$0.isLookup } }
    var lookups: [Asked] { asked.filter(\.isLookup) }
    /// Requests without an answer.
    var underWay: Int { state.withLock { $0.underWay } }
    /// How many answers were handed over.
    var answered: Int { state.withLock { $0.answered } }

    private func begin(
        _ key: String, _ body: [UInt8] = [], isLookup: Bool
    ) -> (way: any PaymentGateway, number: Int) {
        state.withLock { state in
            guard let way = state.way else { preconditionFailure("a gateway that leads nowhere") }
            state.underWay += 1
            state.asked.append(Asked(isLookup: isLookup, key: key, body: body, at: clock.now))
            return (way, state.asked.count - 1)
        }
    }

    private func end(_ number: Int, _ answer: SendingAnswer?) {
        state.withLock {
            $0.asked[number].answer = answer
            $0.underWay -= 1
            $0.answered += 1
        }
    }

    func send(
        _ request: ProviderRequest, mayBegin: @escaping @Sendable () -> Bool,
        answer: @escaping @Sendable (SendingAnswer) -> Void
    ) {
        let (way, number) = begin(request.key, request.body, isLookup: false)
        way.send(request, mayBegin: mayBegin) { [self] said in
            answer(said)
            end(number, said)
        }
    }

    func lookUp(key: String, answer: @escaping @Sendable (LookupAnswer) -> Void) {
        let (way, number) = begin(key, isLookup: true)
        way.lookUp(key: key) { [self] said in
            answer(said)
            end(number, nil)
        }
    }
}

/// A clock that stands still until it is moved.
final class SteppedClock: Sendable {
    private let time: Mutex<Int64>
    init(_ milliseconds: Int64) { time = Mutex(milliseconds) }
    var now: Int64 { time.withLock { $0 } }
    func advance(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
}
