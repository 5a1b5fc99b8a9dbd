import CCurl
import Glibc

/// The thread of the transfers: libcurl says which sockets and which moment it waits for, an
/// epoll waits for them. All of it is touched by this thread alone.
final class TransferLoop {
    /// How many events are taken out at once.
    private static let largestEventCount = 256

    private let inbox: TransferInbox
    private let multi: OpaquePointer
    private let sockets: SocketWatch
    private let easyHandles: EasyHandles
    private var jobs: [TransferInbox.Job] = []
    /// Those under way, by their easy handle.
    private var underWay: [UnsafeMutableRawPointer: Transfer] = [:]
    /// When libcurl wants to be asked without an event, in monotonic milliseconds.
    private var wantedAt: Int64?

    /// Nil where the system has no descriptor left for it.
    init?(_ options: TransferOptions, _ inbox: TransferInbox) {
        guard Self.isLibraryReady, let sockets = SocketWatch(alarm: inbox.socket) else {
            return nil
        }
        guard let multi = OpaquePointer(curl_multi_init()) else {
            sockets.close()
            return nil
        }
        self.inbox = inbox
        self.multi = multi
        self.sockets = sockets
        easyHandles = EasyHandles(options)
    }

    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Until the inbox is closed.
    func run() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        fairfill_multi_set_callbacks(
            UnsafeMutableRawPointer(multi),
            { _, socket, what, context, _ in
                loop(context).sockets.watch(socket, what)
                return 0
            },
            { _, milliseconds, context in
                loop(context).wantedAt =
                    milliseconds < 0 ? nil : monotonicMilliseconds() + Int64(milliseconds)
                return 0
            }, context)
        let events = UnsafeMutableBufferPointer<epoll_event>.allocate(
            capacity: Self.largestEventCount)
        defer { events.deallocate() }
        while takeJobs() {
            finish()
            let count = sockets.wait(into: events, milliseconds: pause())
            for index in 0..<count { hear(&events[index]) }
            if let wantedAt, wantedAt <= monotonicMilliseconds() {
                self.wantedAt = nil
                act(CURL_SOCKET_TIMEOUT, 0)
            }
            sockets.closeLeft()
        }
        end()
    }

    private func pause() -> Int32 {
        let moments = [wantedAt, sockets.closesLeftAt].compactMap { $0 }
        guard let next = moments.min() else { return -1 }
        return Int32(clamping: max(0, next - monotonicMilliseconds()))
    }

    private func hear(_ event: inout epoll_event) {
        let socket = fairfill_event_socket(&event)
        guard socket != inbox.socket, !sockets.isLeft(socket) else {
            return sockets.hearLeft(socket)
        }
        let events = event.events
        var mask: Int32 = 0
        if events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
        act(socket, mask)
    }

    private func act(_ socket: curl_socket_t, _ mask: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(UnsafeMutableRawPointer(multi), socket, mask, &running)
    }

    // MARK: Transfers

    private func takeJobs() -> Bool {
        let isOpen = inbox.take(into: &jobs)
        for job in jobs {
            guard isOpen, let transfer = Transfer(job, easyHandles, sockets) else {
                job.answer(.unsent(.cancelled))
                continue
            }
            underWay[transfer.easy] = transfer
            guard curl_multi_add_handle(UnsafeMutableRawPointer(multi), transfer.easy) == CURLM_OK
            else {
                underWay[transfer.easy] = nil
                transfer.end(nil, easyHandles)
                continue
            }
        }
        jobs.removeAll(keepingCapacity: true)
        return isOpen
    }

    /// Answers those that are done.
    private func finish() {
        var result = CURLE_OK
        while let easy = fairfill_next_done(UnsafeMutableRawPointer(multi), &result) {
            guard let transfer = underWay.removeValue(forKey: easy) else {
                preconditionFailure("a transfer that was never begun is done")
            }
            curl_multi_remove_handle(UnsafeMutableRawPointer(multi), easy)
            transfer.end(result, easyHandles)
        }
    }

    private func end() {
        finish()
        for transfer in underWay.values {
            curl_multi_remove_handle(UnsafeMutableRawPointer(multi), transfer.easy)
            transfer.end(nil, easyHandles)
        }
        underWay.removeAll()
        easyHandles.close()
        curl_multi_cleanup(UnsafeMutableRawPointer(multi))
        sockets.close()
    }
}

/// The loop that a callback of libcurl is about.
private func loop(_ context: UnsafeMutableRawPointer?) -> TransferLoop {
    guard let context else { preconditionFailure("libcurl lost the context of a callback") }
    return Unmanaged<TransferLoop>.fromOpaque(context).takeUnretainedValue()
}

/// The clock of libcurl's own time-outs.
func monotonicMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
}
