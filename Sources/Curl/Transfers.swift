import Foundation

/// HTTP requests, each sent once: a thread with libcurl's multi interface and an epoll.
///
/// Nothing is done that the request doesn't say: no redirect is followed, no password is looked
/// for, no variable of the environment names a proxy, and no request is sent a second time.
/// libcurl would do the last by itself where a shared connection dies; the body refuses.
package final class Transfers: Sendable {
    /// No record of a provider is longer; of a longer answer the rest is not read.
    package static let longestAnswerBytes = 1 << 20

    private let inbox: TransferInbox

    /// Nil where the system has no descriptor left for it.
    package init?(_ options: TransferOptions = TransferOptions()) {
        guard let inbox = TransferInbox(), let loop = TransferLoop(options, inbox) else {
            return nil
        }
        self.inbox = inbox
        // The loop is handed to its thread, and is nowhere else from here on.
        nonisolated(unsafe) let handed = loop
        let thread = Thread { handed.run() }
        thread.name = "transfers"
        thread.start()
    }

    /// Begins a request; its answer comes exactly once, on the thread of the transfers, which it
    /// shouldn't hold up. Of closed transfers it comes at once: `.cancelled`.
    package func start(
        _ request: TransferRequest, answer: @escaping @Sendable (TransferResult) -> Void
    ) {
        if !inbox.put(TransferInbox.Job(request: request, answer: answer)) {
            answer(.unsent(.cancelled))
        }
    }

    /// Ends what is under way: it is answered `.cancelled`, on the thread of the transfers.
    package func close() { inbox.close() }

    deinit { close() }
}
