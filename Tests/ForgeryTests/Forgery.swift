import Testing

import Audit
import Vocabulary

/// Something false that is told under a right chain: how the true decisions are changed, and what
/// must be found.
struct Forgery: Sendable, CustomTestStringConvertible {
    let code: AuditFinding.Code
    let name: String
    let forge: @Sendable (inout Forged) throws -> Void

    init(
        _ code: AuditFinding.Code, _ name: String,
        _ forge: @escaping @Sendable (inout Forged) throws -> Void
    ) {
        self.code = code
        self.name = name
        self.forge = forge
    }

    var testDescription: String { "\(code): \(name)" }
}

/// The decisions of the story, to be changed. What is taken out or put in moves the numbers of all
/// that follow, so that the chain stays right.
struct Forged {
    private(set) var decisions: [Decision]

    init() throws { decisions = try TrueHistory.whole() }

    /// Where the first decision of this type is, about this bid and offering where they are named.
    func index(
        _ type: DecisionType, _ bid: Identifier? = nil, of offering: Identifier? = nil
    ) throws -> Int {
        try #require(
            decisions.firstIndex {
                $0.event.type == type && (bid == nil || $0.event.bid == bid)
                    && (offering == nil || $0.offering == offering)
            })
    }

    func reason(_ reason: Reason) throws -> Int {
        try #require(
            decisions.firstIndex {
                if case .rejected(let rejection) = $0.event {
                    rejection.reason == reason
                } else {
                    false
                }
            })
    }

    /// Where the first decision is of which `isMeant` says so.
    func index(_ isMeant: (DecisionEvent) -> Bool) throws -> Int {
        try #require(decisions.firstIndex { isMeant($0.event) })
    }

    subscript(index: Int) -> Decision {
        get { decisions[index] }
        set { decisions[index] = newValue }
    }

    mutating func remove(_ index: Int) {
        let removed = decisions.remove(at: index)
        move(from: index, by: -1, in: removed.source)
    }

    /// Lets each of two decisions say what the other said.
    mutating func exchange(_ first: Int, _ second: Int) {
        let event = decisions[first].event
        decisions[first].event = decisions[second].event
        decisions[second].event = event
    }

    /// Puts a decision in front of the one at `index`, as its own group or inside that one's.
    mutating func insert(_ event: DecisionEvent, inGroupOf position: Int) {
        var decision = decisions[position]
        decision.event = event
        decisions.insert(decision, at: position)
        move(from: position + 1, by: 1, in: decision.source)
    }

    /// Adds an input with one decision at the end.
    mutating func add(
        _ event: DecisionEvent, of offering: Identifier? = "note", counters: Counters? = nil
    ) {
        let last = decisions.last { $0.offering == offering && $0.counters != nil }
        decisions.append(
            Decision(
                sequence: DecisionNumber(decisions.count + 1), offering: offering, event: event,
                counters: counters ?? last?.counters,
                source: Source(
                    topic: .bids, partition: TrueHistory.partition, offset: 9_999, at: 9_999),
                n: 0))
    }

    private mutating func move(from position: Int, by step: Int64, in group: Source) {
        for index in position..<decisions.count {
            decisions[index].sequence += DecisionNumber(step)
            if decisions[index].source == group { decisions[index].n += step }
        }
    }
}

extension DecisionEvent {
    /// The bid that it is about.
    var bid: Identifier? {
        switch self {
        case .bid(let event): event.bid
        case .repeated(.bid(let bid, _, _, _, _, _)): bid
        case .rejected(let rejection):
            if case .bid(let bid, _, _, _) = rejection.subject { bid } else { nil }
        case .money(.refunding(let refund)): refund.bid
        case .money, .offering, .partition, .repeated: nil
        }
    }

    /// The event with another placement.
    mutating func changePlacement(_ change: (inout Placement) -> Void) {
        switch self {
        case .bid(.reserved(var placement)): change(&placement); self = .bid(.reserved(placement))
        case .bid(.waitlisted(var placement)):
            change(&placement)
            self = .bid(.waitlisted(placement))
        default: Issue.record("\(type) places nothing")
        }
    }

    /// The event with another paid part.
    mutating func pay(_ change: (inout PaidPart) -> Void) {
        switch self {
        case .bid(.settled(var part)): change(&part); self = .bid(.settled(part))
        case .bid(.released(var part, let reason)):
            change(&part)
            self = .bid(.released(part, reason))
        case .bid(.inDoubt(var part)): change(&part); self = .bid(.inDoubt(part))
        default: Issue.record("\(type) is about no payment")
        }
    }
}

extension BidEvent {
    fileprivate var bid: Identifier {
        switch self {
        case .reserved(let placement), .waitlisted(let placement): placement.bid
        case .promoted(let promotion): promotion.bid
        case .settled(let part), .settledLate(let part), .released(let part, _),
            .inDoubt(let part):
            part.bid
        case .cancelRequested(let request): request.bid
        case .cancelled(let part), .expired(let part): part.bid
        }
    }
}
