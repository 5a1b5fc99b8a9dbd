import Testing

import Payments
import Vocabulary

/// Every row of the table of answers, for a first sending and for a repeated one.
@Suite struct ClassificationTests {
    static let id = payment("b-1")
    static let request = ProviderRequest(
        key: key(id).description, direction: .collect, amount: 60, currency: euro,
        accountToken: "acc_9", reference: id.description, body: [])

    typealias Row = (
        answer: SendingAnswer, first: PaymentOutcome.Class, repeated: PaymentOutcome.Class
    )

    static let rows: [Row] = [
        (.failed(.windowClosed), .notExecuted, .unknown),
        (.failed(.notConnected), .notExecuted, .unknown),
        (.failed(.notConnectedReused), .unknown, .unknown),
        (.failed(.timedOut), .unknown, .unknown),
        (.failed(.connectionLost), .unknown, .unknown),
        (.failed(.unreadable), .unknown, .unknown),
        (.failed(.other), .unknown, .unknown),
        (answered(201, record(id)), .paid, .paid),
        (answered(200, record(id)), .paid, .paid),
        (answered(202, record(id, .pending)), .pending, .pending),
        (answered(202, record(id)), .pending, .pending),
        (answered(200, record(id, .pending)), .pending, .pending),
        (answered(200, record(id, .failed)), .declined, .declined),
        (answered(200, record(id, .cancelled)), .declined, .declined),
        (answered(200, record(id, .reversed)), .unknown, .unknown),
        (answered(200), .unknown, .unknown),
        (answered(204), .unknown, .unknown),
        (answered(201, record(id, amount: 61)), .mismatch, .mismatch),
        (answered(201, record(id, currency: "CNY")), .mismatch, .mismatch),
        (answered(201, record(id, key: "other")), .mismatch, .mismatch),
        (answered(202, record(id, .pending, amount: 1)), .mismatch, .mismatch),
        (answered(402, problem: "declined"), .declined, .declined),
        (answered(402, record(id, .failed)), .declined, .declined),
        (answered(402, record(id, .succeeded)), .unknown, .unknown),
        (answered(402, record(id, .failed, key: "other")), .mismatch, .mismatch),
        (answered(403, problem: "urn:bank:account-closed"), .declined, .declined),
        (answered(500, problem: "account-closed"), .unknown, .unknown),
        (answered(400, problem: "validation"), .rejected, .unknown),
        (answered(400, problem: "idempotency-key-missing"), .rejected, .unknown),
        (answered(422, problem: "https://bank.example/validation"), .rejected, .unknown),
        (answered(400), .unknown, .unknown),
        (answered(400, problem: "else"), .unknown, .unknown),
        (answered(401), .notExecuted, .unknown),
        (answered(403), .notExecuted, .unknown),
        (answered(404), .unknown, .unknown),
        (answered(405), .unknown, .unknown),
        (answered(409, problem: "request-in-progress"), .unknown, .unknown),
        (answered(409, problem: "key-reused"), .conflict, .conflict),
        (answered(422, problem: "urn:key-reused"), .conflict, .conflict),
        (answered(409, problem: "key-cancelled"), .unknown, .unknown),
        (answered(429, retryAfter: 7), .notExecuted, .unknown),
    ] + [301, 302, 307, 408, 410, 418, 424, 425, 500, 501, 502, 503, 504, 0, 100, 600].map {
        (answered($0), .unknown, .unknown)
    }

    @Test func everyRow() {
        for row in Self.rows {
            let classes = [true, false].map {
                Classification.classify(
                    row.answer, to: Self.request, isFirstSend: $0, profile: generous)
            }
            #expect(classes == [row.first, row.repeated], "\(row.answer)")
        }
    }

    /// A record of another reference, direction or account is not that of the payment.
    @Test func aRecordEchoesWhatItNames() {
        let changes: [(inout ProviderRecord) -> Void] = [
            { $0.reference = "o/other/1" }, { $0.direction = "sideways" },
            { $0.accountToken = "of-another" },
        ]
        for change in changes {
            var other = record(Self.id)
            change(&other)
            #expect(
                Classification.classify(
                    .answered(status: 201, record: other, problem: nil, retryAfterSeconds: nil),
                    to: Self.request, isFirstSend: true, profile: generous) == .mismatch)
            #expect(
                Classification.classify(
                    .found(other), of: Self.request, isQuiet: true, isFinal: true,
                    profile: generous) == .mismatch)
        }
    }

    /// Where libcurl may send twice by itself, only a success proves anything.
    @Test func onReusedConnectionsOnlyASuccessCounts() {
        var profile = generous
        profile.reusesConnections = true
        for row in Self.rows {
            var isSuccess = false
            if case .answered(200...202, _, _, _) = row.answer { isSuccess = true }
            for isFirst in [true, false] {
                let found = Classification.classify(
                    row.answer, to: Self.request, isFirstSend: isFirst, profile: profile)
                #expect(found == (isSuccess ? row.first : .unknown), "\(row.answer)")
            }
        }
    }

    /// A profile that claims nothing gets nothing: only a connection that never stood, and a
    /// window that closed, are proof.
    @Test func withoutGuaranteesFewAnswersAreProof() {
        for row in Self.rows where row.first == .notExecuted {
            let found = Classification.classify(
                row.answer, to: Self.request, isFirstSend: true, profile: ProviderProfile())
            var isTransport = false
            if case .failed = row.answer { isTransport = true }
            #expect(found == (isTransport ? .notExecuted : .unknown), "\(row.answer)")
        }
    }

    @Test func lookups() {
        var final = generous
        final.notFoundIsFinal = true
        typealias Class = PaymentLookup.Class
        let rows: [(LookupAnswer, loud: Class, quiet: Class, over: Class)] = [
            (.found(record(Self.id)), .paid, .paid, .paid),
            (.found(record(Self.id, .failed)), .declined, .declined, .declined),
            (.found(record(Self.id, .cancelled)), .declined, .declined, .declined),
            (.found(record(Self.id, .pending)), .pending, .pending, .pending),
            (.found(record(Self.id, .reversed)), .returned, .returned, .returned),
            (.found(record(Self.id, amount: 6)), .mismatch, .mismatch, .mismatch),
            (.found(record(Self.id, currency: "XXX")), .mismatch, .mismatch, .mismatch),
            (.found(record(Self.id, key: "k")), .mismatch, .mismatch, .mismatch),
            (.notFound(isComplete: true), .unknown, .notFound, .notExecuted),
            (.notFound(isComplete: false), .unknown, .unknown, .unknown),
            (.failed(.timedOut, status: nil), .unknown, .unknown, .unknown),
            (.failed(nil, status: 500), .unknown, .unknown, .unknown),
        ]
        func classify(
            _ answer: LookupAnswer, _ quiet: Bool, _ over: Bool, _ profile: ProviderProfile
        ) -> Class {
            Classification.classify(
                answer, of: Self.request, isQuiet: quiet, isFinal: over, profile: profile)
        }
        for row in rows {
            #expect(classify(row.0, false, false, final) == row.loud)
            #expect(classify(row.0, true, false, final) == row.quiet)
            #expect(classify(row.0, true, true, final) == row.over)
            #expect(classify(row.0, true, true, generous) == row.quiet, "claims no finality")
        }
        // The end of a request may still go out late, and neither key nor expiry stops it.
        final.isIdempotent = false
        #expect(classify(.notFound(isComplete: true), true, true, final) == .notFound)
        final.honoursExpiry = true
        #expect(classify(.notFound(isComplete: true), true, true, final) == .notExecuted)
    }
}
