import Foundation
import Synchronization

/// Does what waits for a log on a new thread, or on that of a queue: the threads that run tasks are
/// few, and no task may hold one up. `body` is given the question whether the task was cancelled
/// meanwhile.
func onThread<Value: Sendable>(
    of queue: DispatchQueue? = nil,
    _ body: @escaping @Sendable (
        _ isCancelled: @escaping @Sendable () -> Bool
    ) throws(ClientError) -> Value
) async throws(ClientError) -> Value {
    let cancellation = Cancellation()
    let answer: Result<Value, ClientError> = await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
            let run: @Sendable () -> Void = {
                do throws(ClientError) {
                    let value = try body { cancellation.isRequested }
                    continuation.resume(returning: .success(value))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            if let queue { queue.async(execute: run) } else { Thread.detachNewThread(run) }
        }
    } onCancel: {
        cancellation.request()
    }
    return try answer.get()
}

/// Whether a task was cancelled, for threads.
private final class Cancellation: Sendable {
    private let flag = Atomic(false)

    var isRequested: Bool { flag.load(ordering: .relaxed) }

    func request() { flag.store(true, ordering: .relaxed) }
}
