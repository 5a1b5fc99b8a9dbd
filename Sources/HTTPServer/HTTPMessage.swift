import Foundation

/// A request, whole.
public struct HTTPRequest: Sendable {
    public var method: String
    /// Without the query.
    public var path: String
    public var query: [String: String]
    /// By name in lower case; the last of a name counts.
    public var headers: [String: String]
    public var body: Data
}

/// What is done with a connection after a request.
public enum HTTPReply: Sendable {
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
public struct HTTPAnswer: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: Data

    public init(_ status: Int, _ headers: [(name: String, value: String)] = [], body: Data) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why a server can't be started, for people.
public struct HTTPServerError: Error, CustomStringConvertible {
    public let description: String
    /// Whether another process has the address.
    public let isInUse: Bool
}
