import Digest
import Foundation
import JSON

/// Sends an event for each change of a payment, signed, at least once unless a fault wants it
/// otherwise: on a separate thread, one after the other.
final class WebhookSender: @unchecked Sendable {
    /// An event that isn't answered 2xx is sent this often.
    private static let mostAttempts = 5
    private static let retryMilliseconds: Int64 = 1_000
    /// An event that a fault holds back for the next one waits no longer.
    private static let longestHold: Int64 = 1_000

    private let host: String
    private let port: String
    private let path: String
    private let secret: [UInt8]
    private let clock: BankClock
    private let condition = NSCondition()
    private var queue: [Message] = []
    private var held: [Message] = []
    private var number = 0
    private var isStopped = false

    private struct Message: Sendable {
        var body: [UInt8]
        var secret: [UInt8]
        var attempts = 0
    }

    /// `address`: `http://HOST:PORT/PATH`.
    init(_ address: String, secret: [UInt8], clock: BankClock) throws(BankFailure) {
        guard let parts = URLComponents(string: address), parts.scheme == "http",
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.fragment == nil,
            address.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
        else {
            throw BankFailure("\(address): webhooks go to http://HOST:PORT/PATH", .usage)
        }
        self.host = host
        port = String(parts.port ?? 80)
        let query = parts.percentEncodedQuery.map { "?\($0)" } ?? ""
        path = (parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath) + query
        (self.secret, self.clock) = (secret, clock)
        Thread.detachNewThread { self.run() }
    }

    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    func send(_ payment: Payment, _ fault: FaultAction?, at time: Int64) {
        let id = condition.withLock {
            number += 1
            return "evt_\(payment.number)_\(number)"
        }
        let event = Message(body: Self.body(payment, id, at: time), secret: secret)
        switch fault {
        case .webhookLost: return
        case .webhookTwice: add([event, event])
        case .webhookForged: add([forged(payment, id, at: time), event])
        case .webhookReordered:
            condition.withLock { held.append(event) }
            clock.after(Self.longestHold) { [weak self] _ in self?.add([]) }
        default: add([event])
        }
    }

    /// Says that it is what it is not, under a secret that is not the bank's.
    private func forged(_ payment: Payment, _ id: String, at time: Int64) -> Message {
        var payment = payment
        payment.status = payment.status == .succeeded ? .failed : .succeeded
        payment.failure = payment.status == .failed ? "insufficient_funds" : nil
        return Message(
            body: Self.body(payment, id + "_forged", at: time),
            secret: secret.reversed() + Array("forged".utf8))
    }

    private static func body(_ payment: Payment, _ id: String, at time: Int64) -> [UInt8] {
        let event: JSONValue = [
            "created_at": Answers.time(time), "data": Answers.record(payment), "id": .string(id),
            "type": .string("payment.\(payment.status.rawValue)"),
        ]
        return event.bytes
    }

    /// What is held back goes behind it.
    private func add(_ messages: [Message]) {
        condition.withLock {
            queue += messages + held
            held = []
            condition.signal()
        }
    }

    private func run() {
        while true {
            let next = condition.withLock { () -> Message? in
                while queue.isEmpty, !isStopped { condition.wait() }
                return isStopped ? nil : queue.removeFirst()
            }
            guard var message = next else { return }
            guard !deliver(message) else { continue }
            message.attempts += 1
            guard message.attempts < Self.mostAttempts else { continue }
            let again = message
            clock.after(Self.retryMilliseconds) { [weak self] _ in self?.add([again]) }
        }
    }

    /// Whether it was answered 2xx. The signature is over the time and the body, so that who
    /// receives it can refuse what is old.
    private func deliver(_ message: Message) -> Bool {
        let time = clock.now / 1_000
        let signature = SHA256.authenticationText(
            of: Array("\(time).".utf8) + message.body, under: message.secret)
        let head = [
            "POST \(path) HTTP/1.1", "Host: \(host):\(port)", "Content-Type: application/json",
            "Content-Length: \(message.body.count)",
            "Webhook-Signature: t=\(time),v1=\(signature)", "Connection: close", "", "",
        ].joined(separator: "\r\n")
        let answer = TCP.exchange(host, port, Array(head.utf8) + message.body, most: 64)
        return answer.starts(with: Array("HTTP/1.1 2".utf8))
    }
}
