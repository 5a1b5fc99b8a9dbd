import JSON

extension Fault {
    /// The members of a fault, as its page lists them.
    static let members = [
        "match", "on", "phase", "action", "times", "forMs", "ms", "status", "type", "retryAfter",
        "location", "then", "bytes",
    ]
    /// The members of `match`.
    static let matchMembers = [
        "key", "account", "direction", "kind", "chunked", "nth", "p",
    ]

    /// More than any test needs; each request looks at all of them.
    private static let mostFaults = 1_000
    /// A year.
    private static let longest: Int64 = 366 * 86_400_000

    /// Reads `[{"match":{...},"phase":"after","action":"drop","times":1}, ...]`. Nothing is
    /// guessed: a fault that was misread would strike where nobody expects it.
    static func list(_ json: [UInt8]) throws(WrongMember) -> [Fault] {
        guard let found = JSONValue(parsing: json)?.array,
            found.allSatisfy({ Members($0) != nil })
        else {
            throw WrongMember(
                "the faults are no JSON list of objects, in UTF-8, each without repeated members")
        }
        guard found.count <= mostFaults else {
            throw WrongMember("there are \(found.count) faults; at most \(mostFaults)")
        }
        var faults: [Fault] = []
        for (index, value) in found.enumerated() {
            guard let members = Members(value) else { continue }
            do throws(WrongMember) {
                faults.append(try Fault(members))
            } catch {
                throw WrongMember("fault \(index + 1): \(error.words)")
            }
        }
        return faults
    }

    private init(_ members: Members) throws(WrongMember) {
        try members.refuseOthers(Self.members)
        guard let name = try members.text("action"), let action = FaultAction(rawValue: name) else {
            let names = FaultAction.allCases.map(\.rawValue).joined(separator: ", ")
            throw WrongMember("action is none of \(names)")
        }
        self.init(action: action)
        subject = try Self.subject(of: action, try members.text("on"))
        phase = try Self.phase(of: action, on: subject, try members.text("phase"))
        times = try members.whole("times", from: 1, to: .max)
        lifetime = try members.whole("forMs", from: 1, to: Self.longest)
        hasMilliseconds = members.value("ms") != nil
        milliseconds = try members.whole("ms", from: 0, to: Self.longest) ?? 0
        status = try members.whole("status", from: 200, to: 599) ?? 500
        type = try members.text("type") ?? "sandbox"
        retryAfter = try Self.retryAfter(of: members)
        location = try members.text("location")
        bytes = try members.whole("bytes", from: 0, to: 10_000_000_000) ?? 100_000_000
        if let word = try members.text("then") {
            guard let then = Payment.Status(rawValue: word), then == .succeeded || then == .failed
            else { throw WrongMember("then is neither succeeded nor failed") }
            self.then = then
        }
        for (name, text) in [("type", type), ("location", location ?? "")]
        where !Self.isHeader(text) {
            throw WrongMember("\(name) has a control character")
        }
        guard let match = try members.object("match") else { return }
        do throws(WrongMember) {
            try readMatch(match)
        } catch {
            throw WrongMember("match: \(error.words)")
        }
    }

    private mutating func readMatch(_ match: Members) throws(WrongMember) {
        try match.refuseOthers(Self.matchMembers)
        key = try match.text("key")
        accounts = try match.texts("account")
        direction = try match.text("direction")
        kind = try match.text("kind")
        isChunked = try match.flag("chunked")
        nth = try match.whole("nth", from: 1, to: .max)
        probability = try match.share("p") ?? 1
        guard direction.map(["collect", "payout"].contains) ?? true else {
            throw WrongMember("direction is neither collect nor payout")
        }
    }

    private static func subject(
        of action: FaultAction, _ word: String?
    ) throws(WrongMember) -> FaultAction.Subject {
        guard let word else { return action.subjects[0] }
        guard let subject = FaultAction.Subject(rawValue: word) else {
            let names = FaultAction.Subject.allCases.map(\.rawValue).joined(separator: ", ")
            throw WrongMember("on is none of \(names)")
        }
        guard action.subjects.contains(subject) else {
            throw WrongMember(
                "\(action.rawValue) can only be on "
                    + action.subjects.map(\.rawValue).joined(separator: ", "))
        }
        return subject
    }

    /// Some faults make sense on one side of the execution only.
    private static func phase(
        of action: FaultAction, on subject: FaultAction.Subject, _ word: String?
    ) throws(WrongMember) -> Phase {
        let phases = action.phases
        guard let word else { return phases[0] }
        guard let phase = Phase(rawValue: word) else {
            throw WrongMember("phase is neither before nor after, nor during")
        }
        guard subject == .payment else {
            throw WrongMember("phase is for faults on payments only")
        }
        guard phases.contains(phase) else {
            throw WrongMember(
                "\(action.rawValue) can only happen "
                    + phases.map(\.rawValue).joined(separator: " or ") + " the execution")
        }
        return phase
    }

    /// A whole number as its digits, a text, or `{"date": SECONDS}`.
    private static func retryAfter(of members: Members) throws(WrongMember) -> RetryAfter? {
        guard let value = members.value("retryAfter") else { return nil }
        switch value {
        case .integer(let number): return .text(String(number))
        case .number(let text): return .text(text)
        case .string(let text):
            guard isHeader(text) else { throw WrongMember("retryAfter has a control character") }
            return .text(text)
        default:
            let form = "retryAfter is no number, no text and no {\"date\": SECONDS}"
            guard let date = Members(value) else { throw WrongMember(form) }
            do throws(WrongMember) {
                try date.refuseOthers(["date"])
                guard let seconds = try date.whole("date", from: -longest, to: longest) else {
                    throw WrongMember("date is missing")
                }
                return .date(seconds)
            } catch {
                throw WrongMember("\(form): \(error.words)")
            }
        }
    }

    private static func isHeader(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    }
}
