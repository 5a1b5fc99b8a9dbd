import Foundation
import Vocabulary

extension PaymentChannel {
    /// The channel that leads to an address, in one form for all harmless ways to write it:
    /// the case of scheme and host, the port that goes without saying, slashes at the end. Nil
    /// where it is no address of a provider.
    package init?(name: Identifier, address: String, merchant: String?) {
        guard let parts = URLComponents(string: address), let scheme = parts.scheme?.lowercased(),
            let port = Self.ports[scheme], var host = parts.encodedHost?.lowercased(),
            parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil
        else { return nil }
        if host.hasSuffix(".") { host.removeLast() }
        guard !host.isEmpty else { return nil }
        var origin = "\(scheme)://\(host)"
        if let given = parts.port, given != port { origin += ":\(given)" }
        var path = parts.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        guard origin.utf8.count <= 255, path.utf8.count <= 255 else { return nil }
        self.init(name: name, origin: origin, path: path, merchant: merchant)
    }

    private static let ports = ["http": 80, "https": 443]
}
