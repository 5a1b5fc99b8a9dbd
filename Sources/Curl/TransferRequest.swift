/// One HTTP request, to be sent once.
package struct TransferRequest: Sendable {
    /// The whole address: `http(s)://...`, of visible ASCII.
    package var url: String
    /// Lines `Name: value`, without ends of lines in them. They may hold secrets: nothing here
    /// prints them.
    package var headers: [String]
    /// What is sent; nil: the request is a GET.
    package var body: (any TransferBody)?
    /// The length that is announced; nil: the body goes out chunked.
    package var bodyLength: Int?
    /// Whether it may go out on a connection that another request used, and leave its own to one.
    package var sharesConnections: Bool
    /// From here to the whole answer.
    package var deadlineMilliseconds: Int

    package init(
        url: String, headers: [String], body: (any TransferBody)? = nil, bodyLength: Int? = nil,
        sharesConnections: Bool, deadlineMilliseconds: Int
    ) {
        self.url = url
        self.headers = headers
        self.body = body
        self.bodyLength = bodyLength
        self.sharesConnections = sharesConnections
        self.deadlineMilliseconds = deadlineMilliseconds
    }
}

/// The body of a request, asked on the thread of the transfers.
package protocol TransferBody: AnyObject, Sendable {
    /// Asked when the connection stands, before the first byte of the head: false ends the
    /// transfer with nothing sent.
    func mayBegin() -> Bool
    /// Writes the next bytes; 0 at the end, nil ends the transfer where it is.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int?
    /// libcurl wants to send the body again: it can't be had again.
    func refuseRepeat()
}

/// What came of a request.
package struct TransferResult: Sendable {
    /// Nil: the answer is whole.
    package var failure: TransferFailure?
    /// The status of the last head; nil where none came.
    package var status: Int?
    /// The header of that name, as it was sent.
    package var retryAfter: String?
    /// As much as came.
    package var body: [UInt8]
    /// How many bytes of head were handed to the connection: 0 proves that nothing was sent.
    package var sentHeadBytes: Int

    static func unsent(_ failure: TransferFailure) -> TransferResult {
        TransferResult(
            failure: failure, status: nil, retryAfter: nil, body: [], sentHeadBytes: 0)
    }
}

/// Why there is no whole answer.
package enum TransferFailure: Hashable, Sendable {
    case nameNotResolved
    /// The host answers that nobody listens there.
    case connectionRefused
    /// Any other way not to get a connection.
    case notConnected
    /// This machine has no port left for a connection to that address.
    case noPortLeft
    case proxy
    /// No TLS with that host.
    case tls
    /// TLS, but the host's certificate isn't trusted.
    case certificateNotTrusted
    /// Our own certificate, its key or the authorities' file can't be used.
    case certificateUnusable
    case timedOut
    /// Reset, or closed before the answer was whole.
    case connectionLost
    /// More than `Transfers.longestAnswerBytes`, or a head without end.
    case answerTooLong
    /// Not HTTP.
    case malformedAnswer
    /// The body, or the question before it, said no.
    case refused
    case cancelled
    /// libcurl's own number of it.
    case other(Int)
}
