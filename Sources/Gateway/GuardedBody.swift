import Curl
import Synchronization

/// The body of one request, which is let out once, and only while the window for sending is open.
///
/// The window is asked when the connection stands and nothing has left yet, again before the
/// body's first byte, before its last byte, which is held back for its own read, and before the
/// end of a chunked body: a process may be stopped between any two. Without the end no whole
/// request exists.
///
/// When a shared connection dies, libcurl sends the request again by itself. So after its end, and
/// after a wish to rewind it, the body refuses for good.
final class GuardedBody: TransferBody {
    /// How far the body got, and why it went no further.
    struct Progress: Sendable {
        var given = 0
        /// libcurl has asked for bytes, so the head was sent.
        var isBegun = false
        /// The end was sent: a whole request may be with the provider.
        var isEnded = false
        /// The window was over when it was asked.
        var isWindowClosed = false
        /// It was wanted a second time: the connection that took it has died.
        var isAskedAgain = false

        var isRefusing: Bool { isWindowClosed || isAskedAgain }
    }

    private let bytes: [UInt8]
    private let isChunked: Bool
    private let isWindowOpen: @Sendable () -> Bool
    private let state = Mutex(Progress())

    init(_ bytes: [UInt8], isChunked: Bool, mayBegin: @escaping @Sendable () -> Bool) {
        self.bytes = bytes
        self.isChunked = isChunked
        isWindowOpen = mayBegin
    }

    var progress: Progress { state.withLock { $0 } }

    /// A second question is that of a second connection, for a second copy.
    func mayBegin() -> Bool {
        let isRepeat = state.withLock {
            if $0.isBegun { $0.isAskedAgain = true }
            return $0.isRefusing
        }
        return !isRepeat && askWindow()
    }

    func refuseRepeat() {
        state.withLock { $0.isAskedAgain = true }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let isRefused = state.withLock {
            $0.isBegun = true
            if $0.isEnded { $0.isAskedAgain = true }
            return $0.isRefusing
        }
        guard !isRefused, !buffer.isEmpty, askWindow() else { return nil }
        return state.withLock { state in
            let left = bytes.count - state.given
            let count = min(buffer.count, left > 1 ? left - 1 : left)
            bytes.withUnsafeBytes {
                buffer.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: $0[state.given..<state.given + count]))
            }
            state.given += count
            // An announced length ends with its last byte; a chunked body with a chunk of none.
            if isChunked ? count == 0 : state.given == bytes.count { state.isEnded = true }
            return count
        }
    }

    /// Outside of the lock: the clock is the caller's.
    private func askWindow() -> Bool {
        let isOpen = isWindowOpen()
        if !isOpen { state.withLock { $0.isWindowClosed = true } }
        return isOpen
    }
}
