import Foundation
import HTTPServer

/// What the bank says, in its wire form.
enum Answers {
    static func json(
        _ status: Int, _ object: Any, _ headers: [(name: String, value: String)] = []
    ) -> HTTPAnswer {
        let body = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
        return HTTPAnswer(
            status, [("Content-Type", "application/json")] + headers, body: body ?? Data())
    }

    /// A refusal, as RFC 9457 has it.
    static func problem(
        _ status: Int, _ type: String, _ detail: String, retryAfter: String? = nil,
        resource: String? = nil
    ) -> HTTPAnswer {
        var object: [String: Any] = ["type": type, "status": status, "detail": detail]
        if let resource { object["resource_id"] = resource }
        let body = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
        var headers = [(name: "Content-Type", value: "application/problem+json")]
        if let retryAfter { headers.append(("Retry-After", retryAfter)) }
        return HTTPAnswer(status, headers, body: body ?? Data())
    }

    /// A payment's record; `change` is how a broken bank gets it wrong.
    static func record(
        _ payment: Ledger.Payment, change: (inout [String: Any]) -> Void = { _ in }
    ) -> [String: Any] {
        let at = ISO8601DateFormatter().string(
            from: Date(timeIntervalSince1970: Double(payment.at) / 1_000))
        var object: [String: Any] = [
            "id": payment.id, "idempotency_key": payment.key, "status": payment.status,
            "reference": payment.request.reference, "amount": payment.request.amount,
            "currency": payment.request.currency, "direction": payment.request.direction,
            "created_at": at, "completed_at": at, "failure": NSNull(),
        ]
        if let failure = payment.failure { object["failure"] = ["code": failure, "final": true] }
        change(&object)
        return object
    }
}
