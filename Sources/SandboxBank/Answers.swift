import HTTPServer
import JSON

/// What the bank says, in its wire form. Members stand in the order of the alphabet.
enum Answers {
    static func json(
        _ status: Int, _ value: JSONValue, _ headers: [(name: String, value: String)] = []
    ) -> HTTPAnswer {
        HTTPAnswer(status, [("Content-Type", "application/json")] + headers, body: value.bytes)
    }

    /// A refusal, as RFC 9457 has it.
    static func problem(
        _ status: Int, _ type: String, _ detail: String, retryAfter: String? = nil,
        resource: String? = nil, location: String? = nil
    ) -> HTTPAnswer {
        var members = [JSONValue.Member("detail", .string(detail))]
        if let resource { members.append(.init("resource_id", .string(resource))) }
        members.append(.init("status", .integer(Int64(status))))
        members.append(.init("type", .string(type)))
        var headers = [(name: "Content-Type", value: "application/problem+json")]
        if let retryAfter { headers.append(("Retry-After", retryAfter)) }
        if let location { headers.append(("Location", location)) }
        return HTTPAnswer(status, headers, body: JSONValue.object(members).bytes)
    }

    /// What the bank can't do because its ledger can't.
    static func internalError(_ words: String) -> HTTPAnswer { problem(500, "internal", words) }

    /// A payment's record.
    static func record(_ payment: Payment) -> JSONValue {
        let request = payment.request
        var members: [JSONValue.Member] = [
            .init("account_token", .string(request.account)),
            .init("amount", .integer(request.amount)),
            .init("completed_at", payment.completedAt.map { time($0) } ?? .null),
            .init("created_at", time(payment.at)),
            .init("currency", .string(request.currency)),
            .init("direction", .string(request.direction)),
            .init("failure", payment.failure.map { ["code": .string($0), "final": true] } ?? .null),
            .init("id", .string(payment.id)),
            .init("idempotency_key", .string(payment.key)),
        ]
        for (name, text) in [("original", request.original), ("purpose", request.purpose)]
        where !text.isEmpty {
            members.append(.init(name, .string(text)))
        }
        members.append(.init("reference", .string(request.reference)))
        members.append(.init("status", .string(payment.status.rawValue)))
        return .object(members)
    }

    /// How a broken bank gets a payment wrong; the payment itself with any other fault.
    static func wrong(_ payment: Payment, _ action: FaultAction?) -> Payment {
        var payment = payment
        switch action {
        case .wrongAmount: payment.request.amount += 1
        case .wrongCurrency: payment.request.currency = "XTS"
        case .wrongKey: payment.key = "another"
        case .wrongDirection:
            payment.request.direction = payment.request.direction == "collect"
                ? "payout" : "collect"
        case .wrongReference: payment.request.reference = "another"
        case .wrongAccount: payment.request.account = "another"
        default: break
        }
        return payment
    }

    static func time(_ milliseconds: Int64) -> JSONValue {
        .string(CivilTime.text(milliseconds))
    }
}

extension Fault {
    /// The reply of a bank that doesn't get as far as an answer; nil where this fault lets it.
    func silence(at time: Int64) -> HTTPReply? {
        switch action {
        case .hang: .hang
        case .drop: .drop
        case .reset: .reset
        case .html:
            .answer(
                HTTPAnswer(
                    200, [("Content-Type", "text/html")],
                    body: Array("<html><body>Maintenance</body></html>".utf8)))
        case .status, .storeError: .answer(refusal(at: time))
        default: nil
        }
    }

    /// Its status as an answer.
    func refusal(at time: Int64) -> HTTPAnswer {
        let after: String? =
            switch retryAfter {
            case nil: nil
            case .text(let text)?: text
            case .date(let seconds)?: CivilTime.httpDate(time + seconds * 1_000)
            }
        // Another host, which nobody listens on.
        let elsewhere = (300..<400).contains(status) ? "http://127.0.0.2:9/v1/payments" : nil
        return Answers.problem(
            Int(status), type, "as it was told to", retryAfter: after,
            location: location ?? elsewhere)
    }

    /// How an answer goes out.
    func reply(_ answer: HTTPAnswer) -> HTTPReply {
        switch action {
        case .half: return .half(answer)
        case .halfHead: return .halfHead(answer)
        case .trailers: return .trailing(answer, trailers: [("X-Checked", "yes")])
        case .hugeLength: return .announcing(answer, bytes: UInt64(Int64.max))
        case .bigBody: return .long(answer, bytes: Int(bytes))
        case .badJSON:
            var answer = answer
            answer.body = Array(answer.body.prefix(answer.body.count / 2))
            return .answer(answer)
        default: return .answer(answer)
        }
    }
}
