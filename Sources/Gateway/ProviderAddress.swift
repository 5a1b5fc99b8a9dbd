import Foundation
import Payments
import Vocabulary

/// Where a provider is, and what opens its door. It forms the requests, and shows the token to
/// nobody else: neither described nor mirrored is it there.
struct ProviderAddress: Sendable, CustomStringConvertible, CustomReflectable {
    /// The address of the payments.
    let payments: String
    private let token: String

    init?(baseURL: URL, token: String) {
        guard let parts = URLComponents(url: baseURL, resolvingAgainstBaseURL: true),
            let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https",
            parts.host?.isEmpty == false, parts.user == nil, parts.password == nil,
            parts.query == nil, parts.fragment == nil, var base = parts.string,
            Self.isVisible(token)
        else { return nil }
        while base.hasSuffix("/") { base.removeLast() }
        payments = base + "/v1/payments"
        guard Self.isVisible(payments), URL(string: payments) != nil else { return nil }
        self.token = token
    }

    func lookup(key: String) -> String {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        let escaped = key.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
        return payments + "?idempotency_key=" + escaped
    }

    /// What every request says.
    func headers() -> [String] {
        [
            "Authorization: Bearer \(token)", "Accept: application/json",
            "Accept-Encoding: identity", "X-Request-Id: \(UUID().uuidString.lowercased())",
        ]
    }

    /// The keys are the payer's own, 32 hex digits: one that could end a header can't be.
    func headers(of payment: ProviderRequest, expiresAt: Timestamp?) -> [String] {
        precondition(Self.isVisible(payment.key), "the key of a payment is visible ASCII")
        var headers = headers()
        headers.append("Content-Type: application/json")
        headers.append("Idempotency-Key: \(payment.key)")
        if let expiresAt { headers.append("Payment-Expires: \(Self.text(expiresAt))") }
        return headers
    }

    /// RFC 3339, in UTC, to the millisecond.
    private static func text(_ moment: Timestamp) -> String {
        let date = Date(timeIntervalSince1970: Double(moment.rawValue) / 1_000)
        return date.ISO8601Format(
            .iso8601(timeZone: .gmt, includingFractionalSeconds: true)) + "Z"
    }

    private static func isVisible(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (33...126).contains($0) }
    }

    var description: String { payments }
    var customMirror: Mirror { Mirror(self, children: ["payments": payments]) }
}
