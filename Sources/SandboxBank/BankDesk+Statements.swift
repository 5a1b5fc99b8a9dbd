import Digest
import Foundation
import HTTPServer

// The statement of a day: once it is closed, its lines never change.
extension BankDesk {
    func state(_ request: HTTPRequest, _ text: String, _ reply: @escaping Reply) {
        guard let day = CivilTime.day(text) else {
            let words = "\(text.prefix(40)) is no day; one is 2025-03-31"
            return reply(.answer(Answers.problem(400, "validation", words)))
        }
        let wanted = request.query["format"] ?? AccountStatement.Form.ndjson.rawValue
        guard let form = AccountStatement.Form(rawValue: wanted) else {
            let names = AccountStatement.Form.allCases.map(\.rawValue).joined(separator: ", ")
            return reply(.answer(Answers.problem(400, "validation", "format is none of \(names)")))
        }
        let now = clock.now
        let end = (day + 1) * CivilTime.millisecondsOfDay
        let target = FaultList.Target(key: text, nil)
        let fault = strike(.statement, target) {
            $0.action != .statementLate || now < end + $0.milliseconds
        }
        guard now >= end, fault?.action != .statementLate else {
            let words = "the statement of \(text) is not closed yet"
            return reply(.answer(Answers.problem(404, "not-closed", words)))
        }
        let statement = locked { state -> AccountStatement in
            state.books.close(until: end)
            return AccountStatement(
                of: day, state.books, state.faults, name: settings.name, at: now)
        }
        let body = statement.text(form)
        let digest = fault?.action == .statementBadDigest ? Array("another".utf8) : body
        let sent = fault?.action == .statementTruncated
            ? Array(body.prefix(body.count / 2)) : body
        let answered = HTTPAnswer(
            200, [("Content-Type", form.contentType), ("Digest", Self.digest(of: digest))],
            body: sent)
        whenWritten(reply) { [self] in answer(answered, fault, reply) }
    }

    /// As RFC 3230 has it.
    private static func digest(of body: [UInt8]) -> String {
        let digest = body.withUnsafeBytes { SHA256.digest(of: $0) }
        return "sha-256=" + Data(digest).base64EncodedString()
    }
}
