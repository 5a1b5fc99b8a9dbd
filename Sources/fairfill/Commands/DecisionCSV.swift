import CommandLine
import Vocabulary

/// A decision as a line of a table: what most people want of it. Fields that its type has not are
/// empty.
enum DecisionCSV {
    static let header = "partition,seq,type,offering,bid,account,asked,shares,waiting,cut,reason,"
        + "free,reserved,settled,at"

    static func line(_ decision: Decision) -> String {
        let event = decision.event
        var fields = [
            "\(decision.source.partition)", "\(decision.sequence)", event.type.rawValue,
            decision.offering.map { "\($0)" } ?? "", bid(decision),
            event.account.map { "\($0)" } ?? "",
        ]
        fields += shares(event).map { $0.map { "\($0)" } ?? "" }
        fields.append(reason(event) ?? "")
        if let counters = decision.counters {
            fields += ["\(counters.free)", "\(counters.reserved)", "\(counters.settled)"]
        } else {
            fields += ["", "", ""]
        }
        return (fields + ["\(decision.source.at)"]).map(CSV.field).joined(separator: ",")
    }

    /// As records have it: one that this system made stands behind its offering's id.
    private static func bid(_ decision: Decision) -> String {
        guard let bid = decision.event.bid else { return "" }
        guard bid.isDerived, let offering = decision.offering else { return "\(bid)" }
        return "\(offering)\(bid)"
    }

    /// Asked for, moved by this decision, waiting after it, and cut off.
    private static func shares(_ event: DecisionEvent) -> [Shares?] {
        switch event {
        case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)):
            [placement.asked, placement.shares, placement.waiting, placement.cut?.shares]
        case .bid(.promoted(let promotion)): [nil, promotion.shares, promotion.waiting, nil]
        case .bid(.settled(let part)), .bid(.settledLate(let part)), .bid(.inDoubt(let part)),
            .bid(.released(let part, _)):
            [nil, part.shares, nil, nil]
        case .bid(.cancelRequested(let request)): [nil, request.shares, nil, nil]
        case .bid(.cancelled(let part)), .bid(.expired(let part)): [nil, part.shares, nil, nil]
        case .money(.refunding(let refund)): [nil, refund.shares, nil, nil]
        case .offering(.opened(_, let terms)), .offering(.scheduled(_, let terms)):
            [nil, terms.shares, nil, nil]
        case .rejected(let rejection):
            if case .bid(_, _, let asked, _) = rejection.subject { [asked, nil, nil, nil] } else {
                [nil, nil, nil, nil]
            }
        default: [nil, nil, nil, nil]
        }
    }

    private static func reason(_ event: DecisionEvent) -> String? {
        switch event {
        case .rejected(let rejection): rejection.reason.rawValue
        case .bid(.reserved(let placement)), .bid(.waitlisted(let placement)):
            placement.cut?.reason.rawValue
        case .repeated(.bid(_, _, _, _, let reason, _)): reason?.rawValue
        case .repeated(.command(_, _, let refused)): refused?.rawValue
        case .bid(.released(_, let reason)), .money(.payoutDeclined(_, let reason, _)):
            reason.rawValue
        case .offering(.cancelling(.shortfall)): "shortfall"
        default: nil
        }
    }
}
