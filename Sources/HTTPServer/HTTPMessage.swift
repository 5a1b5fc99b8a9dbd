/// A request, whole.
package struct HTTPRequest: Sendable {
    package var method: String
    /// Without the query.
    package var path: String
    package var query: [String: String]
    /// By name in lower case; the last of a name counts.
    package var headers: [String: String]
    package var body: [UInt8]
}

/// What is done with a connection after a request.
package enum HTTPReply: Sendable {
    case answer(HTTPAnswer)
    // The rest is how servers fail; tests of a client need them.
    /// Announces the whole body, sends half of it and closes the connection.
    case half(HTTPAnswer)
    /// Closes the connection in the middle of the answer's head, after its first line.
    case halfHead(HTTPAnswer)
    /// Sends the body in chunks, and trailers behind them.
    case trailing(HTTPAnswer, trailers: [(name: String, value: String)])
    /// Announces this many bytes, sends the body and closes the connection.
    case announcing(HTTPAnswer, bytes: UInt64)
    /// Sends the body, and blanks behind it until there are this many bytes.
    case long(HTTPAnswer, bytes: Int)
    /// Closes the connection without a word.
    case drop
    /// Resets the connection.
    case reset
    /// Says nothing until the server stops.
    case hang
}

/// An answer.
package struct HTTPAnswer: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(
        _ status: Int, _ headers: [(name: String, value: String)] = [], body: [UInt8]
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What a server that speaks TLS shows to its clients, and the key that goes with it: PEM.
package struct HTTPIdentity: Sendable {
    package var key: String
    /// Its own certificate first, then those that it was signed by.
    package var certificates: String

    package init(key: String, certificates: String) {
        self.key = key
        self.certificates = certificates
    }
}

/// Why a server can't be started, for people.
package struct HTTPServerError: Error, CustomStringConvertible {
    package let description: String
    /// Whether another process has the address.
    package let isInUse: Bool
}
