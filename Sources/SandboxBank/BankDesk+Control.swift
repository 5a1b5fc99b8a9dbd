import HTTPServer
import JSON

// What tests ask of the bank and tell it: its clients never do.
extension BankDesk {
    func control(_ request: HTTPRequest, _ parts: [String], _ reply: @escaping Reply) {
        switch (request.method, parts.first ?? "", parts.count) {
        case ("GET", "ledger", 1):
            let view = locked { LedgerView.json($0.books) }
            whenWritten(reply) { reply(.answer(Answers.json(200, view))) }
        case ("GET", "requests", 1):
            reply(.answer(Answers.json(200, locked { $0.requests.json })))
        case ("PUT", "faults", 1): reply(.answer(setFaults(request.body)))
        case ("GET", "clock", 1): reply(.answer(Answers.json(200, time)))
        case ("POST", "clock", 1):
            let answer = advance(request.body)
            whenWritten(reply) { reply(.answer(answer)) }
        case ("POST", "payments", 2): move(request.body, parts[1], reply)
        case ("GET", "truth", 1): reply(.answer(truth()))
        case (_, "ledger", 1), (_, "requests", 1), (_, "faults", 1), (_, "clock", 1),
            (_, "payments", 2), (_, "truth", 1):
            refuse(405, request, reply)
        default: refuse(404, request, reply)
        }
    }

    private func setFaults(_ json: [UInt8]) -> HTTPAnswer {
        do throws(WrongMember) {
            let list = try Fault.list(json)
            let now = clock.now
            locked { $0.faults.set(list, at: now) }
            return Answers.json(200, ["faults": .integer(Int64(list.count))])
        } catch {
            return Answers.problem(400, "validation", error.words)
        }
    }

    private var time: JSONValue {
        let now = clock.now
        return ["milliseconds": .integer(now), "now": Answers.time(now)]
    }

    /// `{"advance":"36h"}`: what becomes due in between is done before the answer.
    private func advance(_ json: [UInt8]) -> HTTPAnswer {
        let form = "advance must be a duration as \"36h\": a whole number with ms, s, m, h or d, "
            + "at most 3660d in all"
        do throws(WrongMember) {
            guard let members = Members(parsing: json) else {
                throw WrongMember("the body is no JSON object")
            }
            try members.refuseOthers(["advance"])
            guard let text = try members.text("advance"), let milliseconds = Self.duration(text)
            else { throw WrongMember(form) }
            guard let offset = clock.advance(milliseconds) else { throw WrongMember(form) }
            locked { $0.books.noteOffset(offset) }
            return Answers.json(200, time)
        } catch {
            return Answers.problem(400, "validation", error.words)
        }
    }

    private static func duration(_ text: String) -> Int64? {
        let units: [(String, Int64)] = [
            ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
        ]
        for (unit, size) in units where text.hasSuffix(unit) {
            let digits = text.dropLast(unit.count)
            guard !digits.isEmpty, digits.utf8.count <= 12,
                digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int64(digits)
            else { continue }
            let (product, isTooLarge) = number.multipliedReportingOverflow(by: size)
            return isTooLarge ? nil : product
        }
        return nil
    }

    /// `{"to":"reversed"}`, of the payment with this key or this id.
    private func move(_ json: [UInt8], _ name: String, _ reply: @escaping Reply) {
        let known = locked { $0.books.payment(name) ?? $0.books.payment(id: name) }
        guard let known else {
            return reply(.answer(Answers.problem(404, "not-found", "no payment \(name)")))
        }
        do throws(WrongMember) {
            guard let members = Members(parsing: json) else {
                throw WrongMember("the body is no JSON object")
            }
            try members.refuseOthers(["to"])
            guard let word = try members.text("to"), let status = Payment.Status(rawValue: word),
                status != .pending
            else { throw WrongMember("to is none of succeeded, failed, cancelled, reversed") }
            let isChanged = change(known.number, to: status, at: clock.now)
            let payment = locked { $0.books.payments[Int(known.number) - 1] }
            guard isChanged else {
                let words = "\(payment.id) is \(payment.status.rawValue) and can't become \(word)"
                return reply(.answer(Answers.problem(409, "no-such-way", words)))
            }
            whenWritten(reply) { reply(.answer(Answers.json(200, Answers.record(payment)))) }
        } catch {
            reply(.answer(Answers.problem(400, "validation", error.words)))
        }
    }

    /// What all banks with the same file moved.
    private func truth() -> HTTPAnswer {
        guard let path = settings.sharedTruth else {
            let words = "this bank shares no truth; start it with --shared-truth FILE"
            return Answers.problem(404, "not-found", words)
        }
        do throws(BankFailure) {
            let found = try SharedTruth(path: path).obligations()
            return Answers.json(
                200,
                [
                    "obligations": .array(
                        found.map {
                            [
                                "channels": .strings($0.channels), "count": .integer($0.count),
                                "currency": .string($0.currency),
                                "direction": .string($0.direction),
                                "obligation": .string($0.obligation), "sum": .integer($0.sum),
                            ]
                        })
                ])
        } catch {
            return Answers.internalError(error.description)
        }
    }
}
