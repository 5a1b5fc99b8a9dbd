import CCurl
import Glibc

/// One request under way, on the thread of the transfers.
final class Transfer {
    /// More of a head than that is no answer.
    private static let longestHeadBytes = 64 << 10

    let easy: UnsafeMutableRawPointer
    private let body: (any TransferBody)?
    private let answer: @Sendable (TransferResult) -> Void
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var headBytes = 0
    /// libcurl takes a head that breaks off behind its first line for a whole one.
    private var isHeadWhole = false
    private var retryAfter: String?
    private var received: [UInt8] = []
    private var isTooLong = false
    /// What was sent before the request itself, such as the word with a proxy; nil: it never came
    /// to the request.
    private var bytesBeforeHead: Int?
    private var hasRefused = false

    /// Nil where there is no memory for it, or where libcurl doesn't know an option.
    init?(_ job: TransferInbox.Job, _ easyHandles: EasyHandles, _ sockets: SocketWatch) {
        guard let easy = easyHandles.take() else { return nil }
        self.easy = easy
        body = job.request.body
        answer = job.answer
        guard prepare(job.request, sockets) else {
            easyHandles.giveBack(easy, isClean: false)
            curl_slist_free_all(headers)
            return nil
        }
    }

    private func prepare(_ request: TransferRequest, _ sockets: SocketWatch) -> Bool {
        let context = Unmanaged.passUnretained(self).toOpaque()
        var lines = request.headers
        if !request.sharesConnections {
            lines.append("Connection: close")
            fairfill_set_long(easy, CURLOPT_FRESH_CONNECT, 1)
            fairfill_set_long(easy, CURLOPT_FORBID_REUSE, 1)
        }
        if request.body != nil {
            // Bodies are short: to wait for leave to send one would cost a round trip.
            lines.append("Expect:")
            fairfill_set_long(easy, CURLOPT_POST, 1)
            if let length = request.bodyLength {
                fairfill_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(length))
            } else {
                lines.append("Transfer-Encoding: chunked")
            }
            fairfill_set_bytes_callback(easy, CURLOPT_READFUNCTION) { bytes, size, count, context in
                transfer(context).give(bytes, size * count)
            }
            fairfill_set_pointer(easy, CURLOPT_READDATA, context)
            fairfill_set_seek_callback(easy) { context, _, _ in
                transfer(context).body?.refuseRepeat()
                return CURL_SEEKFUNC_FAIL
            }
            fairfill_set_pointer(easy, CURLOPT_SEEKDATA, context)
            fairfill_set_begin_callback(easy) { context, _, _, _, _ in
                transfer(context).begin()
            }
            fairfill_set_pointer(easy, CURLOPT_PREREQDATA, context)
        }
        fairfill_set_bytes_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            transfer(context).hearHead(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        fairfill_set_pointer(easy, CURLOPT_HEADERDATA, context)
        fairfill_set_bytes_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            transfer(context).hear(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        fairfill_set_pointer(easy, CURLOPT_WRITEDATA, context)
        if !request.sharesConnections {
            // libcurl may close a socket when the transfer is long gone; the watch lives on.
            fairfill_set_close_callback(easy) { context, socket in
                guard let context else { return 1 }
                Unmanaged<SocketWatch>.fromOpaque(context).takeUnretainedValue().leave(socket)
                return 0
            }
            fairfill_set_pointer(
                easy, CURLOPT_CLOSESOCKETDATA, Unmanaged.passUnretained(sockets).toOpaque())
        }
        for line in lines {
            guard let longer = curl_slist_append(headers, line) else { return false }
            headers = longer
        }
        fairfill_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
        fairfill_set_size(easy, CURLOPT_TIMEOUT_MS, curl_off_t(request.deadlineMilliseconds))
        return fairfill_set_text(easy, CURLOPT_URL, request.url) == CURLE_OK
    }

    // MARK: What libcurl asks and tells

    private func begin() -> Int32 {
        if bytesBeforeHead == nil { bytesBeforeHead = number(CURLINFO_REQUEST_SIZE) }
        if body?.mayBegin() != false { return CURL_PREREQFUNC_OK }
        hasRefused = true
        return CURL_PREREQFUNC_ABORT
    }

    private func give(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: count)
        if let given = body?.read(into: buffer) { return given }
        hasRefused = true
        return Int(CURL_READFUNC_ABORT)
    }

    private func hearHead(_ line: UnsafeRawBufferPointer) -> Int {
        headBytes += line.count
        guard headBytes <= Self.longestHeadBytes else {
            isTooLong = true
            return 0
        }
        // Each head begins anew, as after 100; what comes behind the body is no head.
        if line.starts(with: "HTTP/".utf8) { (retryAfter, isHeadWhole) = (nil, false) }
        if line.allSatisfy({ $0 == 13 || $0 == 10 }) { isHeadWhole = true }
        if received.isEmpty, let value = Self.value(of: "retry-after", in: line) {
            retryAfter = value
        }
        return line.count
    }

    private static func value(of name: StaticString, in line: UnsafeRawBufferPointer) -> String? {
        let count = name.utf8CodeUnitCount
        guard line.count > count, line.count <= 256, line[count] == UInt8(ascii: ":"),
            (0..<count).allSatisfy({ line[$0] | 0x20 == name.utf8Start[$0] })
        else { return nil }
        let blanks: [UInt8] = [9, 10, 13, 32]
        let value = line[(count + 1)...].drop { blanks.contains($0) }
        let end = value.lastIndex { !blanks.contains($0) }
        return end.map { String(decoding: value[...$0], as: UTF8.self) }
    }

    private func hear(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard received.count + bytes.count <= Transfers.longestAnswerBytes else {
            isTooLong = true
            return 0
        }
        received.append(contentsOf: bytes)
        return bytes.count
    }

    // MARK: The end

    /// Answers, once libcurl's multi handle has let it go. Nil: it was not let come to its end.
    func end(_ code: CURLcode?, _ easyHandles: EasyHandles) {
        var result = TransferResult.unsent(.cancelled)
        if let code {
            result.failure = isTooLong
                ? .answerTooLong : hasRefused
                    ? .refused : TransferFailure(code, systemError: number(CURLINFO_OS_ERRNO))
            if result.failure == nil, !isHeadWhole { result.failure = .connectionLost }
        }
        let status = number(CURLINFO_RESPONSE_CODE)
        result.status = status > 0 ? status : nil
        result.retryAfter = retryAfter
        result.body = received
        let sent = number(CURLINFO_REQUEST_SIZE)
        result.sentHeadBytes = body == nil ? sent : bytesBeforeHead.map { sent - $0 } ?? 0
        easyHandles.giveBack(easy, isClean: result.failure == nil)
        curl_slist_free_all(headers)
        answer(result)
    }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        fairfill_get_long(easy, info, &value)
        return value
    }
}

/// The transfer that a callback of libcurl is about.
private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer {
    guard let context else { preconditionFailure("libcurl lost the context of a callback") }
    return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
}
