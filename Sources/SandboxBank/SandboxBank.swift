import Digest
import Foundation
import HTTPServer

/// A bank to test against: real sockets, a double-entry ledger, and scripted faults. Its endpoints
/// and faults are listed in Bank.md.
package final class SandboxBank: Sendable {
    private let server: HTTPServer
    private let desk: BankDesk
    private let writer: LedgerWriter
    private let webhooks: WebhookSender?

    /// The word that stands for a ledger that is kept in memory alone.
    package static let memory = "memory"

    /// Opens the ledger, making it if it is missing, and listens.
    ///
    /// - Parameters:
    ///   - host: an IPv4 address.
    ///   - port: 0 is any that is free.
    ///   - path: of the ledger's file, or `memory`.
    ///   - settings: all else.
    package init(
        host: String, port: Int, ledger path: String, settings: BankSettings = BankSettings()
    ) throws(BankFailure) {
        let faults: [Fault]
        do throws(WrongMember) {
            faults = try settings.faults.map(Fault.list) ?? []
        } catch {
            throw BankFailure(error.words, .faults)
        }
        let file = path == Self.memory ? nil : try LedgerFile(path: path)
        let books = try file?.books(path) ?? Books()
        let shared = try settings.sharedTruth.map(SharedTruth.init(path:))
        do {
            let moved = books.movements.map { ($0, books.payments[Int($0.payment) - 1]) }
            try shared?.write(moved, of: settings.name)
        } catch {
            throw BankFailure("\(settings.sharedTruth ?? ""): \(error)", .output)
        }
        let clock = BankClock(offset: (try? file?.offset()) ?? 0)
        writer = LedgerWriter(file, shared.map { ($0, settings.name) })
        webhooks = try settings.webhooks.map { address throws(BankFailure) in
            try WebhookSender(address, secret: settings.webhookSecret, clock: clock)
        }
        // The server holds the desk: requests under way end before either goes.
        let desk = BankDesk(
            books, faults, settings: settings, clock: clock, writer: writer, webhooks: webhooks)
        self.desk = desk
        let identity = try Self.identity(host, settings)
        do throws(HTTPServerError) {
            server = try HTTPServer(host: host, port: port, identity: identity) {
                desk.answer($0, $1)
            }
        } catch {
            Self.stop(clock, webhooks, writer)
            throw BankFailure("\(error)", error.isInUse ? .inUse : .usage)
        }
    }

    deinit { stop() }

    /// The port that it listens on.
    package var port: Int { server.port }

    /// What it moved so far.
    package var books: BankBooks { BankBooks(desk.locked { $0.books }) }

    /// Stops to listen. What was executed stays executed.
    package func stop() {
        server.stop()
        Self.stop(desk.clock, webhooks, writer)
    }

    private static func stop(
        _ clock: BankClock, _ webhooks: WebhookSender?, _ writer: LedgerWriter
    ) {
        clock.stop()
        webhooks?.stop()
        writer.stop()
    }

    /// A certificate for the address, by an authority made for it; nil where there is no TLS.
    private static func identity(
        _ host: String, _ settings: BankSettings
    ) throws(BankFailure) -> HTTPIdentity? {
        guard let path = settings.authorityFile else { return nil }
        let now = Int64(Date().timeIntervalSince1970)
        guard
            let made = ServerCertificate(
                names: ["localhost"], addresses: [host, "127.0.0.1"],
                from: now - 86_400, to: now + 86_400 * 365)
        else { throw BankFailure("libcrypto makes no certificate", .usage) }
        do {
            try Data(made.authority.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw BankFailure("\(path): can't be written", .output)
        }
        return HTTPIdentity(key: made.key, certificates: made.certificate)
    }
}

extension SandboxBank {
    /// The names of all that faults do, in lines for people.
    package static var faultActions: [String] {
        var lines: [String] = []
        for word in FaultAction.allCases.map(\.rawValue) {
            if let last = lines.last, last.count + word.count < 73 {
                lines[lines.count - 1] += ", " + word
            } else {
                if !lines.isEmpty { lines[lines.count - 1] += "," }
                lines.append(word)
            }
        }
        return lines
    }
}
