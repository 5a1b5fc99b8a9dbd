import Foundation
import SandboxBank
import Testing

/// The bank over TLS, seen by a client that trusts its authority, and by one that doesn't.
@Suite struct TLSTests {
    private static let openssl = "/usr/bin/openssl"
    private static let isThere = FileManager.default.isExecutableFile(atPath: openssl)

    private func scene(_ faults: String = "[]") throws -> (Scene, authority: String) {
        let scene = try Scene(faults) { settings, folder in
            settings.authorityFile = folder.appending(path: "authority.pem").path
        }
        return (scene, scene.ledgerPath.replacingOccurrences(of: "bank.db", with: "authority.pem"))
    }

    /// What a client sees that hangs up where it doesn't trust the certificate.
    private func ask(_ scene: Scene, _ request: String, trusting file: String, host: String)
        throws -> String
    {
        let process = Process()
        process.executableURL = URL(filePath: Self.openssl)
        process.arguments = [
            "s_client", "-quiet", "-verify_return_error", "-CAfile", file, "-verify_hostname",
            host, "-connect", "127.0.0.1:\(scene.bank.port)",
        ]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        try? input.fileHandleForWriting.write(contentsOf: Data(request.utf8))
        let seen = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: seen, as: UTF8.self)
    }

    private let health = "GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    @Test(.enabled(if: isThere)) func itsAuthorityIsTrusted() throws {
        let (scene, authority) = try scene()
        let seen = try ask(scene, health, trusting: authority, host: "localhost")
        #expect(seen.hasPrefix("HTTP/1.1 200") && seen.contains(#"{"status":"up"}"#), "\(seen)")
    }

    @Test(.enabled(if: isThere)) func anotherAuthorityOrNameIsNotTrusted() throws {
        let (scene, authority) = try scene()
        let (other, _) = try self.scene()
        #expect(try ask(scene, health, trusting: authority, host: "example.com").isEmpty)
        #expect(try ask(other, health, trusting: authority, host: "localhost").isEmpty)
    }

    /// What goes past the library goes out encrypted, too.
    @Test(.enabled(if: isThere), arguments: ["halfHead", "trailers", "hugeLength", "drop"])
    func itFailsAsItDoesInClear(_ action: String) throws {
        let (scene, authority) = try scene(#"[{"action":"\#(action)"}]"#)
        let body = #"{"direction":"collect","amount":300,"currency":"CNY","#
            + #""account_token":"anna","reference":"r-k1"}"#
        let seen = try ask(
            scene,
            "POST /v1/payments HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n"
                + "Idempotency-Key: k1\r\nContent-Length: \(body.utf8.count)\r\n"
                + "Connection: close\r\n\r\n\(body)", trusting: authority, host: "localhost")
        switch action {
        case "halfHead": #expect(seen == "HTTP/1.1 201 Sandbox\r\nContent-Type: applica")
        case "trailers": #expect(seen.hasSuffix("X-Checked: yes\r\n\r\n"))
        case "hugeLength": #expect(seen.contains("Content-Length: 9223372036854775807"))
        default: #expect(seen.isEmpty)
        }
        #expect(scene.bank.books.movements == 1)
    }

    /// Without TLS nobody is served.
    @Test func clearTextIsNoRequest() throws {
        let (scene, _) = try scene()
        #expect(try !scene.send("GET /v1/health").contains("200"))
    }
}
