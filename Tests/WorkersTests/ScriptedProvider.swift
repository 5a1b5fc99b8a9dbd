import Payments
import Synchronization
import Vocabulary

/// A provider with a memory of its own, which outlives the payers that crash. It removes no
/// duplicates: whatever is sent twice is executed twice. And it judges requests: a key comes again
/// only after it was asked for, or once nothing was executed for sure.
final class ScriptedProvider: PaymentGateway, Sendable {
    /// What becomes of a payment, by the number at the end of its bid's name.
    enum Fate: Int, CaseIterable {
        case paid
        case declined
        /// Says "failed", and has paid.
        case lie
        /// Executed, and the connection was lost.
        case silent
        /// The connection was lost the first time, before anything was executed.
        case lostOnce
        /// Nobody listened the first time.
        case refusedOnce
        /// An answer that can't be read, after the execution.
        case garbled
    }

    private struct State {
        /// By key: how often money moved, and whether the payment failed for good.
        var moved: [String: Int] = [:]
        var failed: Set<String> = []
        var tries: [String: Int] = [:]
        /// Keys that may come (again): not sent yet, asked for since, or not executed.
        var closed: Set<String> = []
        /// Keys that came again though nobody had asked for them.
        var blind: [String] = []
        /// Answers that are on their way.
        var waiting: [@Sendable () -> Void] = []
        var underWay = UnderWay()
        var most = UnderWay()

        /// One more request has no answer yet.
        mutating func begin(
            _ kind: WritableKeyPath<UnderWay, Int>, _ answer: @escaping @Sendable () -> Void
        ) {
            waiting.append(answer)
            underWay[keyPath: kind] += 1
            most[keyPath: kind] = max(most[keyPath: kind], underWay[keyPath: kind])
        }
    }

    /// Requests without an answer.
    struct UnderWay: Equatable {
        var sendings = 0
        var lookups = 0
    }

    private let state = Mutex(State())

    /// How often money moved, by key.
    var moved: [String: Int] { state.withLock { $0.moved } }

    /// How often each key was sent.
    var tries: [String: Int] { state.withLock { $0.tries } }

    /// Keys that were sent again though nobody had asked for them.
    var blind: [String] { state.withLock { $0.blind } }

    /// How many are under way now, and how many were at most.
    var underWay: UnderWay { state.withLock { $0.underWay } }
    var mostUnderWay: UnderWay { state.withLock { $0.most } }

    static func fate(_ reference: String) -> Fate {
        // `o/b-12/1`
        let bid = reference.split(separator: "/")[1]
        return Fate(rawValue: Int(bid.dropFirst(2))! % Fate.allCases.count)!
    }

    /// Hands over what is on its way; what is never delivered died with its payer.
    func deliver() {
        let answers = state.withLock { state in
            let waiting = state.waiting
            state.waiting = []
            state.underWay = UnderWay()
            return waiting
        }
        for answer in answers { answer() }
    }

    func forgetAnswers() {
        state.withLock {
            $0.waiting = []
            $0.underWay = UnderWay()
        }
    }

    func send(
        _ request: ProviderRequest, mayBegin: @escaping @Sendable () -> Bool,
        answer: @escaping @Sendable (SendingAnswer) -> Void
    ) {
        let said: SendingAnswer = mayBegin() ? execute(request) : .failed(.windowClosed)
        state.withLock { $0.begin(\.sendings) { answer(said) } }
    }

    private func execute(_ request: ProviderRequest) -> SendingAnswer {
        let fate = Self.fate(request.reference)
        let number = state.withLock { state in
            state.tries[request.key, default: 0] += 1
            if !state.closed.insert(request.key).inserted { state.blind.append(request.key) }
            return state.tries[request.key]!
        }
        if number == 1, fate == .lostOnce { return .failed(.connectionLost) }
        if number == 1, fate == .refusedOnce {
            state.withLock { _ = $0.closed.remove(request.key) }
            return .failed(.notConnected)
        }
        if fate == .declined {
            state.withLock { _ = $0.failed.insert(request.key) }
            return .answered(status: 402, record: nil, problem: "declined", retryAfterSeconds: nil)
        }
        state.withLock { $0.moved[request.key, default: 0] += 1 }
        switch fate {
        case .lie:
            return .answered(status: 402, record: nil, problem: "declined", retryAfterSeconds: nil)
        case .silent: return .failed(.connectionLost)
        case .garbled: return .failed(.unreadable)
        default:
            return .answered(
                status: 201, record: Self.record(request.key, .succeeded), problem: nil,
                retryAfterSeconds: nil)
        }
    }

    func lookUp(key: String, answer: @escaping @Sendable (LookupAnswer) -> Void) {
        let said: LookupAnswer = state.withLock { state in
            state.closed.remove(key)
            if state.moved[key] != nil { return .found(Self.record(key, .succeeded)) }
            if state.failed.contains(key) { return .found(Self.record(key, .failed)) }
            return .notFound(isComplete: true)
        }
        state.withLock { $0.begin(\.lookups) { answer(said) } }
    }

    private static func record(
        _ key: String, _ status: ProviderRecord.Status
    ) -> ProviderRecord {
        ProviderRecord(id: "p", key: key, status: status, amount: 100, currency: "CNY")
    }
}
