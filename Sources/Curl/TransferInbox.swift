import CCurl
import Glibc
import Synchronization

/// Requests on their way to the thread of the transfers, and what wakes it.
final class TransferInbox: Sendable {
    struct Job: Sendable {
        var request: TransferRequest
        var answer: @Sendable (TransferResult) -> Void
    }

    private struct State {
        var isClosed = false
        var jobs: [Job] = []
    }

    private let state = Mutex(State())
    /// An eventfd: readable once something is here.
    let socket: Int32

    init?() {
        socket = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard socket >= 0 else { return nil }
    }

    deinit { Glibc.close(socket) }

    /// False where it is closed: nobody will take the job.
    func put(_ job: Job) -> Bool {
        let (isOpen, isFirst) = state.withLock { state in
            if !state.isClosed { state.jobs.append(job) }
            return (!state.isClosed, state.jobs.count == 1)
        }
        if isOpen, isFirst { wake() }
        return isOpen
    }

    func close() {
        state.withLock { $0.isClosed = true }
        wake()
    }

    /// Moves what is here into `jobs`; false once it is closed.
    func take(into jobs: inout [Job]) -> Bool {
        var count: UInt64 = 0
        _ = read(socket, &count, 8)
        return state.withLock { state in
            swap(&state.jobs, &jobs)
            return !state.isClosed
        }
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(socket, &one, 8)
    }
}
