import Foundation
import HTTPServer
import SQLite

/// Where requests are answered: many at once, while money moves one payment at a time.
final class BankDesk: @unchecked Sendable {
    /// Guards everything below.
    private let lock = NSLock()
    private let ledger: Ledger
    private var faults: FaultList
    private var requests: [[String: Any]] = []
    private var underWay: Set<String> = []

    init(_ ledger: Ledger, _ faults: FaultList) {
        self.ledger = ledger
        self.faults = faults
    }

    func answer(_ request: HTTPRequest) -> HTTPReply {
        let number = note(request)
        let reply = decide(request)
        if let number, case .answer(let answer) = reply { note(answer.status, of: number) }
        return reply
    }

    private func decide(_ request: HTTPRequest) -> HTTPReply {
        switch (request.method, request.path) {
        case ("GET", "/v1/health"): return .answer(Answers.json(200, ["status": "up"]))
        case ("GET", "/_sandbox/ledger"): return .answer(view())
        case ("GET", "/_sandbox/requests"): return .answer(Answers.json(200, seen()))
        case ("PUT", "/_sandbox/faults"): return .answer(setFaults(request.body))
        case (let method, "/v1/payments"):
            guard request.headers["authorization"]?.hasPrefix("Bearer ") == true else {
                return .answer(Answers.problem(401, "unauthorized", "a bearer token is needed"))
            }
            switch method {
            case "POST": return pay(request)
            case "GET": return lookUp(request)
            default: return .answer(Answers.problem(405, "method-not-allowed", method))
            }
        default:
            return .answer(Answers.problem(404, "not-found", request.path))
        }
    }

    // MARK: Paying

    private func pay(_ request: HTTPRequest) -> HTTPReply {
        guard let quoted = request.headers["idempotency-key"], !quoted.isEmpty else {
            return .answer(
                Answers.problem(400, "idempotency-key-missing", "Idempotency-Key is needed"))
        }
        let key = quoted.trimmingCharacters(in: ["\""])
        let wanted: PaymentRequest
        do throws(WrongMember) {
            wanted = try PaymentRequest(request.body)
        } catch {
            return .answer(Answers.problem(400, "validation", error.words))
        }
        guard begin(key) else {
            return .answer(
                Answers.problem(
                    409, "request-in-progress", "the same key is under way", retryAfter: "1"))
        }
        defer { end(key) }
        let before = strike(wanted, key, .before)
        if let before {
            if before.action == .delay { wait(before.milliseconds) }
            if let reply = Self.silence(before) { return reply }
        }
        return settle(
            wanted, key, expiresAt: request.headers["payment-expires"],
            declines: before?.action == .decline, forgets: before?.action == .forget)
    }

    /// Whether a moment as `2026-11-23T20:00:49.394Z` is over; one that can't be read is.
    private static func isOver(_ moment: String) -> Bool {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = try? format.parse(moment) else { return true }
        return date <= Date()
    }

    /// Moves the money, unless the key has been used, and answers as the faults want it.
    private func settle(
        _ wanted: PaymentRequest, _ key: String, expiresAt: String?, declines: Bool, forgets: Bool
    ) -> HTTPReply {
        let payment: Ledger.Payment
        var isReplay = false
        do throws(SQLiteError) {
            lock.lock()
            defer { lock.unlock() }
            // Asked with the lock held: nothing can come between the question and the movement.
            if let expiresAt, Self.isOver(expiresAt) {
                return .answer(Answers.problem(422, "expired", "it came after its expiry"))
            }
            if forgets, try ledger.payment(key) != nil {
                payment = try ledger.executeAgain(wanted, key: key)
            } else if let known = try ledger.payment(key) {
                guard known.fingerprint == wanted.fingerprint else {
                    return .answer(
                        Answers.problem(
                            422, "key-reused", "this key was used for another payment",
                            resource: known.id))
                }
                payment = known
                isReplay = true
            } else {
                payment = try ledger.execute(
                    wanted, key: key, failure: declines ? "insufficient_funds" : nil)
            }
        } catch {
            return .answer(Answers.problem(500, "internal", "\(error)"))
        }
        let after = strike(wanted, key, .after)
        if let after {
            if after.action == .delay { wait(after.milliseconds) }
            if let reply = Self.silence(after) { return reply }
        }
        let answer = Self.answer(payment, isReplay: isReplay, after)
        return after?.action == .half ? .half(answer) : .answer(answer)
    }

    private static func answer(
        _ payment: Ledger.Payment, isReplay: Bool, _ fault: Fault?
    ) -> HTTPAnswer {
        if fault?.action == .lie || payment.failure != nil {
            return Answers.problem(402, "declined", payment.failure ?? "insufficient_funds")
        }
        let record = Answers.record(payment) { object in
            switch fault?.action {
            case .wrongAmount: object["amount"] = payment.request.amount + 1
            case .wrongCurrency: object["currency"] = "XTS"
            case .wrongKey: object["idempotency_key"] = "another"
            default: break
            }
        }
        return Answers.json(
            isReplay ? 200 : 201, record, isReplay ? [("Idempotent-Replayed", "true")] : [])
    }

    /// The reply of a bank that doesn't get as far as an answer.
    private static func silence(_ fault: Fault) -> HTTPReply? {
        switch fault.action {
        case .hang: .hang
        case .drop: .drop
        case .reset: .reset
        case .html:
            .answer(
                HTTPAnswer(
                    200, [("Content-Type", "text/html")],
                    body: Data("<html><body>Maintenance</body></html>".utf8)))
        case .status:
            .answer(
                Answers.problem(
                    fault.status, "sandbox", "as it was told to", retryAfter: fault.retryAfter))
        default: nil
        }
    }

    // MARK: Looking up

    private func lookUp(_ request: HTTPRequest) -> HTTPReply {
        guard let key = request.query["idempotency_key"], !key.isEmpty else {
            return .answer(Answers.problem(400, "validation", "idempotency_key is missing"))
        }
        lock.lock()
        defer { lock.unlock() }
        do throws(SQLiteError) {
            let payment = try ledger.payment(key)
            let now = Int64(Date().timeIntervalSince1970 * 1_000)
            let fault = faults.strikeLookup(payment, key: key, age: now - (payment?.at ?? now))
            if fault?.action == .lookupFails {
                return .answer(Answers.problem(500, "internal", "as it was told to"))
            }
            let found = fault == nil ? payment : nil
            return .answer(
                Answers.json(
                    200,
                    [
                        "data": found.map { [Answers.record($0)] } ?? [],
                        "as_of": ISO8601DateFormatter().string(from: Date()),
                        // While it hides a payment, its view is not complete.
                        "complete": fault == nil,
                    ]))
        } catch {
            return .answer(Answers.problem(500, "internal", "\(error)"))
        }
    }

    // MARK: What happens beside

    private func strike(
        _ request: PaymentRequest, _ key: String, _ phase: Fault.Phase
    ) -> Fault? {
        lock.lock()
        defer { lock.unlock() }
        return faults.strike(request, key: key, phase)
    }

    private func begin(_ key: String) -> Bool {
        lock.lock()
        defer { lock.unlock() }
        return underWay.insert(key).inserted
    }

    private func end(_ key: String) {
        lock.lock()
        defer { lock.unlock() }
        underWay.remove(key)
    }

    private func wait(_ milliseconds: Int) { usleep(UInt32(max(0, milliseconds)) * 1_000) }

    /// Answers the number of a request that is shown.
    private func note(_ request: HTTPRequest) -> Int? {
        guard request.path.hasPrefix("/v1/payments") else { return nil }
        lock.lock()
        defer { lock.unlock() }
        requests.append([
            "method": request.method, "path": request.path,
            "key": request.headers["idempotency-key"] ?? request.query["idempotency_key"] ?? "",
            "bytes": request.body.count,
        ])
        return requests.count - 1
    }

    /// What was answered to it, where anything was.
    private func note(_ status: Int, of number: Int) {
        lock.lock()
        defer { lock.unlock() }
        requests[number]["status"] = status
    }

    private func seen() -> [[String: Any]] {
        lock.lock()
        defer { lock.unlock() }
        return requests
    }

    private func view() -> HTTPAnswer {
        lock.lock()
        defer { lock.unlock() }
        do throws(SQLiteError) {
            return Answers.json(200, try ledger.view())
        } catch {
            return Answers.problem(500, "internal", "\(error)")
        }
    }

    private func setFaults(_ json: Data) -> HTTPAnswer {
        do throws(WrongMember) {
            let list = try Fault.list(json)
            lock.lock()
            faults.set(list)
            lock.unlock()
            return Answers.json(200, ["faults": list.count])
        } catch {
            return Answers.problem(400, "validation", error.words)
        }
    }
}
