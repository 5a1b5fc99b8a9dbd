import CCurl
import Glibc

/// The epoll of the transfers: which sockets libcurl waits for, and sockets that it has left.
///
/// A socket that libcurl is done with stays open until the provider closes it, for a second at
/// most: the side that closes a connection first keeps its port for a minute, and ports are few.
final class SocketWatch {
    private static let longestStayMilliseconds: Int64 = 1_000
    /// More of them and the oldest is closed: descriptors are few as well.
    private static let largestLeftCount = 1_000

    private let epoll: Int32
    private var watched: Set<Int32> = []
    /// Sockets that wait for the provider to close, in the order in which libcurl left them.
    private var left: [(socket: Int32, until: Int64)] = []
    private var leftBegin = 0
    /// Which entry of `left` a socket's number stands for: numbers come back.
    private var waiting: [Int32: Int] = [:]
    private var dropped = 0

    /// Nil where the system has no descriptor left for it.
    init?(alarm: Int32) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { return nil }
        guard set(EPOLL_CTL_ADD, alarm, EPOLLIN.rawValue) else {
            Glibc.close(epoll)
            return nil
        }
    }

    func close() {
        for socket in waiting.keys { Glibc.close(socket) }
        waiting.removeAll()
        Glibc.close(epoll)
    }

    @discardableResult
    private func set(_ operation: Int32, _ socket: Int32, _ events: UInt32) -> Bool {
        var event = fairfill_event(events, socket)
        return epoll_ctl(epoll, operation, socket, &event) == 0
    }

    /// What libcurl waits for on a socket from now on.
    func watch(_ socket: Int32, _ what: Int32) {
        if what == CURL_POLL_REMOVE {
            // Where libcurl closed it already, the kernel has forgotten it.
            if watched.remove(socket) != nil { set(EPOLL_CTL_DEL, socket, 0) }
            return
        }
        var events: UInt32 = 0
        if what & CURL_POLL_IN != 0 { events |= EPOLLIN.rawValue }
        if what & CURL_POLL_OUT != 0 { events |= EPOLLOUT.rawValue }
        let isNew = watched.insert(socket).inserted
        // A number that came back is another socket, which the kernel doesn't know yet.
        if !set(isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, events) {
            set(isNew ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, events)
        }
    }

    /// How many events came, after so many milliseconds at most; -1: as long as it takes.
    func wait(into events: UnsafeMutableBufferPointer<epoll_event>, milliseconds: Int32) -> Int {
        Int(max(0, epoll_wait(epoll, events.baseAddress, Int32(events.count), milliseconds)))
    }

    // MARK: Sockets that libcurl has left

    /// libcurl has no more use for a socket.
    func leave(_ socket: Int32) {
        if watched.remove(socket) != nil { set(EPOLL_CTL_DEL, socket, 0) }
        guard !hasEnded(socket),
            set(EPOLL_CTL_ADD, socket, EPOLLIN.rawValue | EPOLLRDHUP.rawValue)
        else {
            Glibc.close(socket)
            return
        }
        waiting[socket] = dropped + left.count
        left.append((socket, monotonicMilliseconds() + Self.longestStayMilliseconds))
    }

    func isLeft(_ socket: Int32) -> Bool { waiting[socket] != nil }

    /// Something came on a socket that libcurl has left.
    func hearLeft(_ socket: Int32) {
        guard waiting[socket] != nil, hasEnded(socket) else { return }
        waiting[socket] = nil
        Glibc.close(socket)
    }

    /// Whether the other side has closed it; what it says before that is read and dropped.
    private func hasEnded(_ socket: Int32) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 1) { buffer in
            // A provider that goes on talking is not listened to.
            for _ in 0..<4 {
                let count = recv(socket, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
                if count == 0 { return true }
                if count < 0 { return errno != EAGAIN && errno != EINTR }
            }
            return true
        }
    }

    /// When the next of them has waited long enough.
    var closesLeftAt: Int64? { leftBegin < left.count ? left[leftBegin].until : nil }

    func closeLeft() {
        guard leftBegin < left.count else { return }
        let now = monotonicMilliseconds()
        while leftBegin < left.count {
            let (socket, until) = left[leftBegin]
            let isHere = waiting[socket] == dropped + leftBegin
            guard !isHere || until <= now || waiting.count > Self.largestLeftCount else { break }
            if isHere {
                waiting[socket] = nil
                Glibc.close(socket)
            }
            leftBegin += 1
        }
        if leftBegin == left.count || leftBegin > Self.largestLeftCount {
            left.removeFirst(leftBegin)
            dropped += leftBegin
            leftBegin = 0
        }
    }
}
