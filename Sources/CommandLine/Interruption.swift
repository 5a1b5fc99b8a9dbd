import Glibc
import Synchronization

/// Whether the command is asked to end: a signal, or a pipe that nobody reads any more.
package enum Interruption {
    private static let number = Atomic<Int32>(0)

    /// The signal that came, or 0.
    package static var signal: Int32 { number.load(ordering: .relaxed) }

    /// Ends by signals become requests, so that the children can be ended too. A hang-up or an
    /// interrupt that our parent process ignored stays ignored: `nohup` means it, and so does
    /// a shell that starts something in the background.
    package static func listen() {
        // Touched here, so that it exists before a handler needs it.
        number.store(0, ordering: .relaxed)
        for request in [SIGINT, SIGTERM, SIGHUP] {
            if request != SIGTERM, isIgnored(request) { continue }
            Glibc.signal(request) { Interruption.request($0) }
        }
        Glibc.signal(SIGPIPE, SIG_IGN)
        // Our parent process may have blocked them, and a blocked mask is inherited.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_UNBLOCK, &all, nil)
    }

    private static func isIgnored(_ request: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(request, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Asks the command to end as `signal` does.
    package static func request(_ signal: Int32) { number.store(signal, ordering: .relaxed) }
}
