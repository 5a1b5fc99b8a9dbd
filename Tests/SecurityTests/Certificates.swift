import CommandRunning
import Foundation

/// Authorities, brokers' and clients' certificates, made by openssl for the tests' time.
struct Certificates {
    let folder: Folder

    init() throws {
        folder = try Folder(isChecked: false)
        // What OpenSSL asks for once, a key's password.
        try folder.write("key-\(UUID().uuidString)", to: "key-password")
        try authority("authority")
        try authority("stranger")
        let here = "IP:127.0.0.1,DNS:localhost"
        try sign("broker", "/CN=broker", for: here)
        try sign("elsewhere", "/CN=elsewhere", for: "DNS:elsewhere.example")
        // Good for the moment in which it is made, and no longer.
        try sign("expired", "/CN=expired", for: here, days: 0)
        try sign("client", "/CN=client", for: "DNS:client")
        try sign("foreign", "/CN=client", for: "DNS:client", by: "stranger")
        try openssl([
            "pkcs8", "-topk8", "-in", "client.key", "-out", "client.encrypted.key", "-passout",
            "file:key-password",
        ])
    }

    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    func keyPassword() throws -> String {
        try String(contentsOfFile: path("key-password"), encoding: .utf8)
    }

    private static let newKey = [
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
    ]

    private func authority(_ name: String) throws {
        try openssl(
            ["req", "-x509", "-days", "2", "-subj", "/CN=\(name)"] + Self.newKey
                + ["-keyout", "\(name).key", "-out", "\(name).pem"])
    }

    /// Makes `NAME.key`, `NAME.pem`, and `NAME.chain.pem` with all that a broker wants.
    private func sign(
        _ name: String, _ subject: String, for names: String, days: Int = 2,
        by authority: String = "authority"
    ) throws {
        try openssl(
            ["req", "-subj", subject] + Self.newKey
                + ["-keyout", "\(name).key", "-out", "\(name).csr"])
        try folder.write("subjectAltName=\(names)\n", to: "\(name).names")
        try openssl([
            "x509", "-req", "-in", "\(name).csr", "-days", "\(days)", "-CA", "\(authority).pem",
            "-CAkey", "\(authority).key", "-CAcreateserial", "-extfile", "\(name).names", "-out",
            "\(name).pem",
        ])
        let parts = try ["\(name).key", "\(name).pem", "\(authority).pem"].map {
            try String(contentsOfFile: path($0), encoding: .utf8)
        }
        try folder.write(parts.joined(), to: "\(name).chain.pem")
    }

    private func openssl(_ words: [String]) throws {
        try Run.program("/usr/bin/env", ["openssl"] + words, in: folder).mustWork()
    }
}
