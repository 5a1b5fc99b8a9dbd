import Foundation
import HTTPServer

/// A bank to test against: real sockets, a double-entry ledger on disk, and scripted faults.
///
///     POST /v1/payments                        collects or pays out, once for each key
///     GET  /v1/payments?idempotency_key=KEY    what became of it
///     GET  /v1/health                          whether it is up
///     GET  /_sandbox/ledger                    the truth, by which payers are judged
///     GET  /_sandbox/requests                  every request that was seen
///     PUT  /_sandbox/faults                    how to fail from now on
package final class SandboxBank: Sendable {
    private let server: HTTPServer

    /// Opens the ledger, making it if it is missing, and listens.
    ///
    /// - Parameters:
    ///   - host: an IPv4 address; port 0 is any that is free.
    ///   - faults: a list as `PUT /_sandbox/faults` takes it.
    ///   - seed: decides which keys a fault with a probability strikes.
    package init(
        host: String, port: Int, ledger path: String, faults json: Data? = nil, seed: UInt64 = 0
    ) throws(BankFailure) {
        let faults: FaultList
        do throws(WrongMember) {
            faults = FaultList(try json.map(Fault.list) ?? [], seed: seed)
        } catch {
            throw BankFailure(error.words, .faults)
        }
        // The server holds the desk: requests under way end before either goes.
        let desk = BankDesk(try Ledger(path: path), faults)
        do throws(HTTPServerError) {
            server = try HTTPServer(host: host, port: port) { desk.answer($0) }
        } catch {
            throw BankFailure("\(error)", error.isInUse ? .inUse : .usage)
        }
    }

    deinit { stop() }

    /// The port that it listens on.
    package var port: Int { server.port }

    /// Stops to listen. What was executed stays executed.
    package func stop() { server.stop() }
}
