import Foundation

/// A request, whole.
package struct HTTPRequest: Sendable {
    package var method: String
    /// Without the query.
    package var path: String
    package var query: [String: String]
    /// By name in lower case; the last of a name counts.
    package var headers: [String: String]
    package var body: Data
}

/// What is done with a connection after a request.
package enum HTTPReply: Sendable {
    case answer(HTTPAnswer)
    // The rest is how servers fail; tests of a client need them.
    /// Announces the whole body, sends half of it and closes the connection.
    case half(HTTPAnswer)
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
    package var body: Data

    package init(_ status: Int, _ headers: [(name: String, value: String)] = [], body: Data) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why a server can't be started, for people.
package struct HTTPServerError: Error, CustomStringConvertible {
    package let description: String
    /// Whether another process has the address.
    package let isInUse: Bool
}
