import Glibc
import Synchronization

/// Whether somebody wants the command to end: a signal, or a pipe that nobody reads any more.
enum Interruption {
    private static let number = Atomic<Int32>(0)

    /// The signal that came, or 0.
    static var signal: Int32 { number.load(ordering: .relaxed) }

    /// Ends by signals become requests, so that the children can be ended too.
    static func listen() {
        // Touched here, so that it exists before a handler needs it.
        number.store(0, ordering: .relaxed)
        for request in [SIGINT, SIGTERM, SIGHUP] {
            Glibc.signal(request) { Interruption.request($0) }
        }
        Glibc.signal(SIGPIPE, SIG_IGN)
        // Whoever started us may have blocked them, and a blocked mask is inherited.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_UNBLOCK, &all, nil)
    }

    static func request(_ signal: Int32) { number.store(signal, ordering: .relaxed) }

    /// Throws once somebody wants the demo to end.
    static func check() throws(DemoFailure) {
        if signal != 0 { throw DemoFailure("interrupted", exitCode: 128 + signal) }
    }
}
