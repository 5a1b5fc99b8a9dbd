import Analysis
import CommandLine
import FairfillClient
import Vocabulary

/// What `fairfill what-if` prints: a table an offering, a column a variant.
struct WhatIfReport {
    let whatIf: WhatIf
    let isJSON: Bool
    let showsEach: Bool
    let onlyDiffering: Bool
    /// A bid stands at an offset of a log, and not in a line of a file.
    let isOfLog: Bool

    init(
        _ whatIf: WhatIf, isJSON: Bool, showsEach: Bool, onlyDiffering: Bool, isOfLog: Bool = false
    ) {
        self.isOfLog = isOfLog
        self.whatIf = whatIf
        self.isJSON = isJSON
        self.showsEach = showsEach
        self.onlyDiffering = onlyDiffering
    }

    func print(to output: Output) throws(Failure) {
        for (index, offering) in whatIf.offerings.enumerated() {
            let outcomes = whatIf.outcomes(of: offering)
            if isJSON {
                for outcome in outcomes { try output.line(WhatIfJSON.row(outcome)) }
            } else {
                if index > 0 { try output.line("") }
                try printTable(outcomes, of: offering, to: output)
            }
        }
        if showsEach { try printBids(to: output) }
    }

    // MARK: A table an offering

    private func printTable(
        _ outcomes: [WhatIfOutcome], of offering: Identifier, to output: Output
    ) throws(Failure) {
        var rows: [[String]] = [[""] + whatIf.variants.map(\.name)]
        for (name, cell) in Self.rows { rows.append([name] + outcomes.map(cell)) }
        if outcomes.contains(where: { $0.backstop > 0 }) {
            rows.append(["backstop"] + outcomes.map { "\($0.backstop)" })
        }
        if outcomes.contains(where: { $0.repeated > 0 }) {
            rows.append(["bids that came again"] + outcomes.map { "\($0.repeated)" })
        }
        for (kind, reason) in Self.refusals(outcomes) {
            let cells = outcomes.map { outcome in
                "\(outcome.refusals.first { $0.kind == kind && $0.reason == reason }?.count ?? 0)"
            }
            rows.append(["\(kind.rawValue) refused, \(reason.rawValue)"] + cells)
        }
        try output.line(output.coloured("\(offering)", .bold))
        for line in WhatIfColumns.lines(rows) { try output.line(line) }
    }

    private static let rows: [(String, @Sendable (WhatIfOutcome) -> String)] = [
        ("state", { state($0) }),
        ("shares", { $0.overview.map { "\($0.shares)" } ?? "-" }),
        ("free", { $0.overview.map { "\($0.counters.free)" } ?? "-" }),
        ("settled", { $0.overview.map { "\($0.counters.settled)" } ?? "-" }),
        ("reserved", { $0.overview.map { "\($0.counters.reserved)" } ?? "-" }),
        ("waiting", { $0.overview.map { "\($0.waiting)" } ?? "-" }),
        ("accounts with shares", { "\($0.accounts)" }),
        ("largest holding", { "\($0.largest.map { $0.standing.held } ?? 0)" }),
        ("bids served whole", { "\($0.whole)" }),
        ("bids served in part", { "\($0.part)" }),
        ("bids served nothing", { "\($0.nothing)" }),
    ]

    private static func state(_ outcome: WhatIfOutcome) -> String {
        if let overview = outcome.overview {
            return overview.state.rawValue + (overview.isPaused ? ", paused" : "")
        }
        guard let refusal = outcome.openRejection else { return "never opened" }
        return refusal.reason.rawValue + (refusal.member.map { ": \($0.rawValue)" } ?? "")
    }

    /// What was refused in any of the columns, in the order of kinds and checks.
    private static func refusals(
        _ outcomes: [WhatIfOutcome]
    ) -> [(WhatIfOutcome.RecordKind, Reason)] {
        WhatIfOutcome.RecordKind.allCases.flatMap { kind in
            Reason.allCases
                .filter { reason in
                    outcomes.contains { outcome in
                        outcome.refusals.contains { $0.kind == kind && $0.reason == reason }
                    }
                }
                .map { (kind, $0) }
        }
    }

    // MARK: A line a bid

    private func printBids(to output: Output) throws(Failure) {
        if !isJSON { try output.line("") }
        try whatIf.forEachBid { (bid, results) throws(Failure) in
            if onlyDiffering, results.allSatisfy({ $0 == results[0] }) { return }
            if isJSON {
                try output.line(WhatIfJSON.row(bid, results, whatIf.variants, isOfLog))
            } else {
                try output.line(line(bid, results))
            }
        }
    }

    private func line(_ bid: WhatIfBid, _ results: [WhatIfBid.Result]) -> String {
        let got = zip(whatIf.variants, results).map { variant, result in
            (results.count > 1 ? "\(variant.name): " : "") + text(result)
        }
        let asked = "\(bid.offering) \(bid.bid) of \(bid.account), \(bid.asked) asked"
        let last = got.count - 1
        let columns = got.enumerated().map { $0 < last ? "\($1)  |" : $1 }
        return Layout.pieces([asked] + columns, indent: 4)
    }

    private func text(_ result: WhatIfBid.Result) -> String {
        if let refusal = result.refusal { return refusal.rawValue }
        let standing = result.standing
        var parts = ["\(result.got)"]
        if standing.reserved > 0 { parts.append("\(standing.reserved) not paid") }
        if standing.waiting > 0 { parts.append("\(standing.waiting) wait") }
        return parts.joined(separator: ", ")
    }
}

extension Standing {
    /// Shares that are reserved or paid.
    var held: Shares { reserved + settled }
}

/// The rows of `what-if --json`.
enum WhatIfJSON {
    static func row(_ outcome: WhatIfOutcome) -> String {
        var line = JSONLine()
        line.add("row", "offering")
        line.add("offering", "\(outcome.offering)")
        line.add("variant", outcome.variant.name)
        if let overview = outcome.overview {
            line.add("state", overview.state.rawValue)
            line.add("paused", overview.isPaused)
            line.add("shares", overview.shares.rawValue)
            line.add("free", overview.counters.free.rawValue)
            line.add("settled", overview.counters.settled.rawValue)
            line.add("reserved", overview.counters.reserved.rawValue)
            line.add("waiting", overview.waiting.rawValue)
        } else {
            line.add("state", outcome.openRejection == nil ? "neverOpened" : "refused")
            if let refusal = outcome.openRejection {
                line.add("reason", refusal.reason.rawValue)
                if let member = refusal.member { line.add("member", member.rawValue) }
            }
        }
        line.add("accounts", outcome.accounts)
        if let largest = outcome.largest {
            line.add("largestAccount", "\(largest.account)")
            line.add("largestHolding", largest.standing.held.rawValue)
        }
        line.add("whole", outcome.whole)
        line.add("part", outcome.part)
        line.add("nothing", outcome.nothing)
        line.add("backstop", outcome.backstop.rawValue)
        line.add("repeated", outcome.repeated)
        line.add("refused", json: refusals(outcome))
        return line.line
    }

    /// By kind of record, then by reason.
    private static func refusals(_ outcome: WhatIfOutcome) -> String {
        var kinds = JSONLine()
        for kind in WhatIfOutcome.RecordKind.allCases {
            let found = outcome.refusals.filter { $0.kind == kind }
            guard !found.isEmpty else { continue }
            var reasons = JSONLine()
            for refusal in found { reasons.add(refusal.reason.rawValue, refusal.count) }
            kinds.add(kind.rawValue, json: reasons.line)
        }
        return kinds.line
    }

    static func row(
        _ bid: WhatIfBid, _ results: [WhatIfBid.Result], _ variants: [Variant], _ isOfLog: Bool
    ) -> String {
        var line = JSONLine()
        line.add("row", "bid")
        line.add("offering", "\(bid.offering)")
        line.add("bid", "\(bid.bid)")
        line.add("account", "\(bid.account)")
        line.add("asked", bid.asked.rawValue)
        line.add(isOfLog ? "offset" : "line", isOfLog ? bid.offset : bid.offset + 1)
        let columns = zip(variants, results).map { variant, result in
            var column = JSONLine()
            column.add("variant", variant.name)
            column.add("got", result.got.rawValue)
            column.add("settled", result.standing.settled.rawValue)
            column.add("reserved", result.standing.reserved.rawValue)
            column.add("waiting", result.standing.waiting.rawValue)
            if let refusal = result.refusal { column.add("refused", refusal.rawValue) }
            return column.line
        }
        line.add("results", json: "[\(columns.joined(separator: ","))]")
        return line.line
    }
}
