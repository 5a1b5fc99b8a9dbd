import Foundation
import FoundationNetworking
import Payments

/// Where a provider is, and what opens its door. It forms the requests, and shows the token to
/// nobody else: neither described nor mirrored is it there.
struct ProviderAddress: Sendable, CustomStringConvertible, CustomReflectable {
    let isTLS: Bool
    private let payments: String
    private let token: String
    private let timeoutSeconds: Int

    init?(baseURL: URL, token: String, deadlineMilliseconds: Int) {
        guard let parts = URLComponents(url: baseURL, resolvingAgainstBaseURL: true),
            let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https",
            parts.host?.isEmpty == false, parts.user == nil, parts.password == nil,
            parts.query == nil, parts.fragment == nil, var base = parts.string,
            Self.isVisible(token)
        else { return nil }
        while base.hasSuffix("/") { base.removeLast() }
        payments = base + "/v1/payments"
        guard URL(string: payments) != nil else { return nil }
        isTLS = scheme == "https"
        self.token = token
        // Later than the deadline, which is kept elsewhere: this one begins anew with each byte.
        timeoutSeconds = deadlineMilliseconds / 1000 + 2
    }

    /// The keys are the payer's own, 32 hex digits: one that could end a header can't be.
    func payment(_ payment: ProviderRequest, body: GuardedBody) -> URLRequest {
        precondition(Self.isVisible(payment.key), "the key of a payment is visible ASCII")
        var request = request(payments)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue(payment.key, forHTTPHeaderField: "Idempotency-Key")
        request.httpBodyStream = GuardedBodyStream(body)
        return request
    }

    func lookup(key: String) -> URLRequest {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        let escaped = key.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
        return request(payments + "?idempotency_key=" + escaped)
    }

    private func request(_ address: String) -> URLRequest {
        guard let url = URL(string: address) else {
            preconditionFailure("an address that was one when the gateway was made")
        }
        var request = URLRequest(url: url, timeoutInterval: TimeInterval(timeoutSeconds))
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        request.setValue("application/json", forHTTPHeaderField: "Accept")
        request.setValue("fairfill", forHTTPHeaderField: "User-Agent")
        request.setValue(UUID().uuidString.lowercased(), forHTTPHeaderField: "X-Request-Id")
        return request
    }

    private static func isVisible(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (33...126).contains($0) }
    }

    var description: String { payments }
    var customMirror: Mirror { Mirror(self, children: ["payments": payments]) }
}
