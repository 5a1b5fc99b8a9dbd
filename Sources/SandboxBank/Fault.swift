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
        /// Has forgotten the key of a request that comes again, and executes it anew.
        case forget
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

    /// Reads `[{"match":{...},"phase":"after","action":"drop","times":1}, ...]`. Nothing is
    /// guessed: a fault that was misread would strike where nobody expects it.
    static func list(_ json: Data) throws(WrongMember) -> [Fault] {
        let found: [JSONMembers]
        do {
            found = try JSONDecoder().decode([JSONMembers].self, from: json)
        } catch {
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

    private init(_ members: JSONMembers) throws(WrongMember) {
        try members.refuseOthers([
            "match", "phase", "action", "times", "ms", "status", "retryAfter",
        ])
        guard let name = try members.text("action"), let action = Action(rawValue: name) else {
            let names = Action.allCases.map(\.rawValue).joined(separator: ", ")
            throw WrongMember("action is none of \(names)")
        }
        self.action = action
        phase = try Self.phase(of: action, try members.text("phase"))
        times = try members.whole("times", from: 1)
        milliseconds = try members.whole("ms", from: 0) ?? 0
        status = try members.whole("status", from: 200) ?? 500
        guard status <= 599 else { throw WrongMember("status is above 599") }
        retryAfter = try members.textOrWhole("retryAfter")
        guard let match = try members.object("match") else { return }
        do throws(WrongMember) {
            try match.refuseOthers(["key", "account", "direction", "nth", "p"])
            key = try match.text("key")
            account = try match.text("account")
            direction = try match.text("direction")
            nth = try match.whole("nth", from: 1)
            probability = try match.share("p") ?? 1
        } catch {
            throw WrongMember("match: \(error.words)")
        }
        guard direction.map(["collect", "payout"].contains) ?? true else {
            throw WrongMember("match: direction is neither collect nor payout")
        }
    }

    /// Some faults make sense on one side of the execution only.
    private static func phase(
        of action: Action, _ word: String?
    ) throws(WrongMember) -> Phase {
        let only: Phase?
        switch action {
        case .decline, .forget: only = .before
        case .lie, .half, .wrongAmount, .wrongCurrency, .wrongKey: only = .after
        default: only = nil
        }
        guard let word else { return only ?? .after }
        guard let phase = Phase(rawValue: word) else {
            throw WrongMember("phase is neither before nor after")
        }
        guard only ?? phase == phase else {
            throw WrongMember("\(action.rawValue) can only happen \(only!.rawValue) the execution")
        }
        return phase
    }
}
