import HTTPServer
import JSON

/// Every request that the bank saw of payments, as `GET /_sandbox/requests` shows them. Guarded by
/// the bank's lock.
struct RequestLog: Sendable {
    private struct Seen: Sendable {
        var method: String
        var path: String
        var key: String
        var bytes: Int
        var at: Int64
        var status: Int?
    }

    /// The older half goes when there are more: a bench must not fill the memory.
    private static let most = 1 << 20

    private var seen: [Seen] = []
    /// How many are gone.
    private var dropped = 0

    /// Answers the number of the request; nil of one that isn't shown.
    mutating func note(_ request: HTTPRequest, at time: Int64) -> Int? {
        guard request.path.hasPrefix("/v1/payments") || request.path.hasPrefix("/v1/refunds")
        else { return nil }
        if seen.count >= Self.most {
            seen.removeFirst(Self.most / 2)
            dropped += Self.most / 2
        }
        let key = request.headers["idempotency-key"] ?? request.query["idempotency_key"] ?? ""
        seen.append(
            Seen(
                method: request.method, path: request.path, key: key, bytes: request.body.count,
                at: time))
        return dropped + seen.count - 1
    }

    /// What was answered to it, where anything was.
    mutating func note(_ status: Int, of number: Int) {
        guard seen.indices.contains(number - dropped) else { return }
        seen[number - dropped].status = status
    }

    var json: JSONValue {
        .array(
            seen.map { request in
                var members: [JSONValue.Member] = [
                    .init("at", .integer(request.at)),
                    .init("bytes", .integer(Int64(request.bytes))),
                    .init("key", .string(request.key)),
                    .init("method", .string(request.method)),
                    .init("path", .string(request.path)),
                ]
                if let status = request.status {
                    members.append(.init("status", .integer(Int64(status))))
                }
                return .object(members)
            })
    }
}
