import Foundation
import FoundationNetworking
import Payments
import Synchronization

/// One request under way, which is answered exactly once: by what came, by the deadline, or by
/// `cancel`. Anything later is ignored, and from the answer on its body gives nothing more.
final class Exchange: Sendable {
    /// What came of it.
    enum Outcome: Sendable {
        case answered(HTTPAnswer)
        case failed(TransportFailure)
    }

    /// No record is longer; a longer answer is not read on.
    private static let longestAnswerBytes = 1 << 20

    private struct State {
        var answer: (@Sendable (Outcome) -> Void)?
        var task: URLSessionTask?
        var head: HTTPAnswer?
    }

    let body: GuardedBody?
    private let isTLS: Bool
    private let isReused: Bool
    private let state: Mutex<State>

    init(
        body: GuardedBody?, isTLS: Bool, isReused: Bool,
        answer: @escaping @Sendable (Outcome) -> Void
    ) {
        self.body = body
        self.isTLS = isTLS
        self.isReused = isReused
        state = Mutex(State(answer: answer))
    }

    /// Starts the task and its deadline. URLSession's own timeout begins anew with each byte that
    /// comes, so a provider that drips would be waited for without end.
    func start(_ task: URLSessionTask, deadlineMilliseconds: Int) {
        let isWanted = state.withLock {
            if $0.answer != nil { $0.task = task }
            return $0.answer != nil
        }
        guard isWanted else { return task.cancel() }
        let deadline = DispatchTime.now() + .milliseconds(deadlineMilliseconds)
        DispatchQueue.global().asyncAfter(deadline: deadline) { [weak self] in
            self?.cancel(.timedOut)
        }
        task.resume()
    }

    /// Answers with the failure, unless it is answered already, and gives up the connection.
    func cancel(_ failure: TransportFailure) {
        let task = state.withLock { $0.task }
        finish(.failed(failure))
        task?.cancel()
    }

    /// A later head takes the place of an earlier one, as after 100.
    func receive(_ response: HTTPURLResponse) {
        let now = Int64(Date().timeIntervalSince1970)
        let retryAfter = response.value(forHTTPHeaderField: "Retry-After").flatMap {
            RetryAfter.seconds($0, nowSeconds: now)
        }
        let head = HTTPAnswer(
            status: response.statusCode, retryAfterSeconds: retryAfter, body: [])
        state.withLock { $0.head = head }
    }

    func receive(_ data: Data) {
        let isTooLong = state.withLock {
            $0.head?.body.append(contentsOf: data)
            return ($0.head?.body.count ?? 0) > Self.longestAnswerBytes
        }
        if isTooLong { cancel(.unreadable) }
    }

    /// The task is over, with URLSession's view of why. Some heads are reported only now, such as
    /// that of a redirect that leads nowhere.
    func complete(_ error: URLError.Code?, response: URLResponse?) {
        if let response = response as? HTTPURLResponse, state.withLock({ $0.head == nil }) {
            receive(response)
        }
        let progress = body?.progress
        let head = state.withLock { $0.head }
        if let error {
            finish(outcome(of: error, head: head, progress: progress))
        } else if let head, head.status >= 200 {
            // What answers a second copy says nothing about the first, unless it is the payment.
            let isOfCopy = progress?.isAskedAgain == true && head.status >= 300
            finish(isOfCopy ? .failed(.connectionLost) : .answered(head))
        } else {
            finish(.failed(.other))
        }
    }

    private func outcome(
        of error: URLError.Code, head: HTTPAnswer?, progress: GuardedBody.Progress?
    ) -> Outcome {
        let failure = TransportFailure(
            error, body: progress, isTLS: isTLS, isReused: isReused)
        // An answer began, and its end is missing: the status is known, the rest is not.
        guard var half = head, half.status >= 200, failure == .other, error != .cancelled
        else { return .failed(failure) }
        half.isTruncated = true
        return .answered(half)
    }

    private func finish(_ outcome: Outcome) {
        body?.refuse()
        let answer = state.withLock { state in
            defer { (state.answer, state.task) = (nil, nil) }
            return state.answer
        }
        answer?(outcome)
    }
}
