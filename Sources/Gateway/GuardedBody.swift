import Foundation
import Synchronization

/// The body of one request, which is let out once, and only while the window for sending is open.
///
/// libcurl reads it when the connection stands and the head is out, and sends it chunked: without
/// the last chunk no whole request exists. So a read that is refused here has sent nothing whole.
/// The window is asked before the first byte, again before the last byte, which is held back for
/// its own read, and again before the end is sent: a process may be stopped between any two.
///
/// When a reused connection dies, libcurl sends the request again by itself, from wherever this
/// stream stands. So after its end, and after a caller asked to rewind it, it refuses for good.
final class GuardedBody: Sendable {
    /// How far the body got, and why it went no further.
    struct Progress: Sendable {
        var given = 0
        /// libcurl has asked for bytes, so a connection stood.
        var isBegun = false
        /// The end was sent: a whole request may be with the provider.
        var isEnded = false
        var isRefusing = false
        /// The window was over while the last byte was still here.
        var isWindowClosed = false
        /// It was wanted a second time: the connection that took it has died.
        var isAskedAgain = false
    }

    private let bytes: [UInt8]
    private let mayBegin: @Sendable () -> Bool
    private let state = Mutex(Progress())

    init(_ bytes: [UInt8], mayBegin: @escaping @Sendable () -> Bool) {
        self.bytes = bytes
        self.mayBegin = mayBegin
    }

    var progress: Progress { state.withLock { $0 } }

    /// From now on nothing more is given: the request has been answered, or is cancelled.
    func refuse() {
        state.withLock { $0.isRefusing = true }
    }

    /// libcurl wants to send it again; that is for the payer to decide, not for a library.
    func refuseRepeat() {
        state.withLock {
            $0.isRefusing = true
            $0.isAskedAgain = true
        }
    }

    /// How many bytes were written to `buffer`; 0 at the end, -1 where nothing may go out.
    func read(_ buffer: UnsafeMutablePointer<UInt8>, atMost maxLength: Int) -> Int {
        let portion = nextPortion(atMost: maxLength)
        guard let portion else { return -1 }
        for (index, byte) in portion.enumerated() { buffer[index] = byte }
        return portion.count
    }

    private func nextPortion(atMost maxLength: Int) -> ArraySlice<UInt8>? {
        let isRefused = state.withLock {
            $0.isBegun = true
            if $0.isEnded { $0.isAskedAgain = true }
            return $0.isRefusing || $0.isEnded
        }
        guard !isRefused, maxLength > 0 else { return nil }
        // Asked outside of the lock: it is the caller's code.
        let isOpen = mayBegin()
        return state.withLock { state in
            guard isOpen, !state.isRefusing else {
                if !isOpen, state.given < bytes.count { state.isWindowClosed = true }
                state.isRefusing = true
                return nil
            }
            let count = length(after: state.given, atMost: maxLength)
            let portion = bytes[state.given..<state.given + count]
            state.given += count
            if count == 0 { state.isEnded = true }
            return portion
        }
    }

    /// Everything but the last byte, then the last byte, then nothing.
    private func length(after given: Int, atMost limit: Int) -> Int {
        let left = bytes.count - given
        return min(limit, left > 1 ? left - 1 : left)
    }
}

/// A guarded body as URLSession takes it. Streams may not cross threads; the body may.
final class GuardedBodyStream: InputStream {
    private let body: GuardedBody
    private var status = Stream.Status.notOpen

    init(_ body: GuardedBody) {
        self.body = body
        super.init(data: Data())
    }

    /// -1 makes libcurl abort the transfer; 0 would make it send the last chunk.
    override func read(_ buffer: UnsafeMutablePointer<UInt8>, maxLength: Int) -> Int {
        body.read(buffer, atMost: maxLength)
    }

    override var hasBytesAvailable: Bool { true }
    override var streamStatus: Stream.Status { status }
    override func open() { status = .open }
    override func close() { status = .closed }
    override func property(forKey key: Stream.PropertyKey) -> AnyObject? { nil }

    override func setProperty(_ property: AnyObject?, forKey key: Stream.PropertyKey) -> Bool {
        false
    }
}
