import Foundation

/// A way in which the bank fails, on purpose.
struct Fault {
    /// What it does, by its name in the list of faults.
    enum Action: String, CaseIterable {
        /// Refuses for good, and moves nothing.
        case decline
        /// Says that it declined, and has paid: lookups tell the truth.
        case lie
        /// Waits `ms` before it goes on.
        case delay
        case hang, drop, reset, half, html
        case wrongAmount, wrongCurrency, wrongKey
        /// Answers `status`, with `retryAfter` if given.
        case status
        /// Lookups find nothing for `ms` after the payment.
        case lookupNotFound
        /// Lookups answer 500.
        case lookupFails
    }

    /// Before or after money moved.
    enum Phase: String { case before, after }

    var action: Action
    var phase = Phase.after
    var key: String?
    var account: String?
    var direction: String?
    /// The nth request that would match, from 1.
    var nth: Int?
    /// How likely it is for a key, 0 to 1; the same key always has the same answer.
    var probability = 1.0
    /// How often at most; nil: always.
    var times: Int?
    var milliseconds = 0
    var status = 500
    var retryAfter: String?

    /// Whether the fault is about lookups.
    var isAboutLookups: Bool { action == .lookupNotFound || action == .lookupFails }

    /// Reads `[{"match":{...},"phase":"after","action":"drop","times":1}, ...]`.
    static func list(_ json: Data) throws(WrongMember) -> [Fault] {
        guard let found = try? JSONSerialization.jsonObject(with: json) as? [[String: Any]] else {
            throw WrongMember("the faults are no JSON list of objects")
        }
        var faults: [Fault] = []
        for (index, members) in found.enumerated() {
            do throws(WrongMember) {
                faults.append(try Fault(members))
            } catch {
                throw WrongMember("fault \(index + 1): \(error.words)")
            }
        }
        return faults
    }

    private init(_ members: [String: Any]) throws(WrongMember) {
        let known: Set = ["match", "phase", "action", "times", "ms", "status", "retryAfter"]
        if let other = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw WrongMember("there is no member '\(other)'")
        }
        guard let name = members["action"] as? String, let action = Action(rawValue: name) else {
            let names = Action.allCases.map(\.rawValue).joined(separator: ", ")
            throw WrongMember("action is none of \(names)")
        }
        self.action = action
        if let word = members["phase"] {
            guard let phase = Phase(rawValue: word as? String ?? "") else {
                throw WrongMember("phase is neither before nor after")
            }
            self.phase = phase
        }
        times = members["times"] as? Int
        milliseconds = members["ms"] as? Int ?? 0
        status = members["status"] as? Int ?? 500
        retryAfter = members["retryAfter"].map { "\($0)" }
        guard let match = members["match"] as? [String: Any]? else {
            throw WrongMember("match is no object")
        }
        for name in (match ?? [:]).keys.sorted() {
            let value = match?[name]
            switch name {
            case "key": key = value as? String
            case "account": account = value as? String
            case "direction": direction = value as? String
            case "nth": nth = value as? Int
            case "p": probability = (value as? NSNumber)?.doubleValue ?? 1
            default: throw WrongMember("match has no member '\(name)'")
            }
        }
    }
}
