import CommandLine
import FairfillClient
import Statements
import Vocabulary

/// What `reconcile` prints.
final class StatementView {
    private let isJSON: Bool
    private let output = Output()
    private var breaks: [StatementBreak.Kind: MoneyTally] = [:]
    private var proven = MoneyTally()
    private var evidence = MoneyTally()

    init(_ arguments: Arguments) { isJSON = arguments.isJSON }

    func show(_ found: StatementBreak, in name: String?) throws(Failure) {
        breaks[found.kind, default: MoneyTally()].add(found.amount, found.currency)
        if isJSON {
            var line = JSONLine()
            line.add("break", found.kind.rawValue)
            if let name { line.add("statement", name) }
            if let of = found.line {
                line.add("line", of.number)
                if let key = of.key { line.add("key", key) }
                if let reference = of.reference { line.add("reference", reference) }
            }
            if let payment = found.payment { line.add(payment) }
            line.add("amount", found.amount.rawValue)
            line.add("currency", "\(found.currency)")
            line.add("sentence", found.sentence)
            return try output.line(line.line)
        }
        let subject = found.payment.map { "\($0.id)" } ?? found.line?.key ?? found.line?.reference
        try row(
            found.kind.rawValue, .red, found.line.map { "\($0.number)" } ?? "-",
            subject.map(Self.visible) ?? "-", found.amount.words(in: found.currency),
            found.sentence)
    }

    func show(_ absence: AbsentPayment) throws(Failure) {
        let payment = absence.payment
        if absence.provesDecline {
            proven.add(payment.amount, payment.currency)
        } else {
            evidence.add(payment.amount, payment.currency)
        }
        let sentence =
            absence.provesDecline
            ? "declined here, and the closed statements that cover it have no line: the decline "
                + "is proven"
            : "in doubt here, and the closed statements that cover it have no line: evidence for "
                + "two people, and no proof"
        if isJSON {
            var line = JSONLine()
            line.add("absent", absence.provesDecline ? "declineProven" : "evidence")
            line.add(payment)
            line.add("amount", payment.amount.rawValue)
            line.add("currency", "\(payment.currency)")
            line.add("from", absence.coverage.from.rawValue)
            line.add("to", absence.coverage.to.rawValue)
            line.add("sentence", sentence)
            return try output.line(line.line)
        }
        try row(
            "absent", .yellow, "-", "\(payment.id)", payment.amount.words(in: payment.currency),
            sentence)
    }

    /// A line or entry that can't be read, or what is wrong with the whole.
    func show(_ remark: StatementRemark, in name: String, isDocument: Bool) throws(Failure) {
        let unit = isDocument ? "entry" : "line"
        if isJSON {
            var line = JSONLine()
            line.add("fault", remark.weight == .broken ? "broken" : "open")
            line.add("statement", name)
            if let number = remark.number { line.add(unit, number) }
            line.add("sentence", remark.sentence)
            return try output.line(line.line)
        }
        let place = remark.number.map { ", \(unit) \($0)" } ?? ""
        try output.text(
            output.coloured(
                "\(name)\(place): \(remark.sentence)", remark.weight == .broken ? .red : .yellow))
    }

    /// A statement as it came to its end.
    func show(
        _ statement: CheckedStatement, _ name: String, _ digest: String, unshown: Int
    ) throws(Failure) {
        if isJSON {
            var line = JSONLine()
            line.add("statement", name)
            line.add("sha256", digest)
            line.add("lines", statement.lineCount)
            line.add("ignored", statement.ignoredCount)
            line.add("closed", statement.isClosed)
            line.add("broken", statement.isBroken)
            if let opening = statement.opening { line.add("opening", opening.amount.rawValue) }
            if let closing = statement.closing { line.add("closing", closing.amount.rawValue) }
            if let currency = statement.currency { line.add("currency", "\(currency)") }
            if let from = statement.from { line.add("from", from.rawValue) }
            if let to = statement.to { line.add("to", to.rawValue) }
            return try output.line(line.line)
        }
        if unshown > 0 { try output.text("... and \(unshown) more of \(name)") }
        var words = "\(name): " + Words.count(statement.lineCount, "line")
        if statement.ignoredCount > 0 { words += ", \(statement.ignoredCount) not booked" }
        if let opening = statement.opening {
            words += ", opening \(opening.amount.words(in: opening.currency))"
        }
        if let closing = statement.closing {
            words += ", closing \(closing.amount.words(in: closing.currency))"
        }
        words += statement.isClosed ? "; it adds up" : statement.isBroken ? "; BROKEN" : "; open"
        try output.text(words)
    }

    /// How many records say to the payer what was found.
    func show(recorded count: Int) throws(Failure) {
        guard isJSON else {
            return try output.text(
                "\(Words.count(count, "record")) written to payment-resolutions"
                    + (count > 0 ? ": the payer takes them up" : ""))
        }
        var line = JSONLine()
        line.add("recorded", count)
        try output.line(line.line)
    }

    /// The last lines.
    func end(
        _ reconciliation: Reconciliation, _ coverage: StatementChain.Coverage?,
        _ exitCode: ExitCode
    ) throws(Failure) {
        isJSON
            ? try endJSON(reconciliation, coverage)
            : try endText(reconciliation, coverage, exitCode)
        try output.flush()
    }

    private func endText(
        _ reconciliation: Reconciliation, _ coverage: StatementChain.Coverage?,
        _ exitCode: ExitCode
    ) throws(Failure) {
        for kind in StatementBreak.Kind.allCases {
            guard let tally = breaks[kind] else { continue }
            try output.text(
                "  " + Layout.padded(kind.rawValue, 14) + "\(tally.count.grouped)  \(tally.words)")
        }
        if proven.count > 0 {
            try output.text(
                "  " + Words.count(proven.count, "decline")
                    + " proven by absence (\(proven.words))")
        }
        if evidence.count > 0 {
            try output.text(
                "  " + Words.count(evidence.count, "payment")
                    + " in doubt without a line (\(evidence.words))")
        }
        if reconciliation.uncovered.count > 0 {
            try output.text(
                "  " + Words.count(reconciliation.uncovered.count, "payment")
                    + " without a line that no closed statement covers "
                    + "(\(reconciliation.uncovered.words))")
        }
        if let coverage {
            try output.text(
                "  covered: \(MomentText.local(coverage.from)) to \(MomentText.local(coverage.to))")
        }
        let matched = reconciliation.matched
        let agree =
            "\(matched.count.grouped) of \(Words.count(reconciliation.lineCount, "line")) agree"
            + (matched.count > 0 ? " (\(matched.words))" : "")
        let verdict =
            switch exitCode {
            case .no: output.coloured("NOT RIGHT", .red)
            case .incomplete: output.coloured("not all checked", .yellow)
            default: output.coloured("reconciled", .green)
            }
        let count = breaks.values.reduce(0) { $0 + $1.count }
        try output.text("\(verdict): \(agree), \(Words.count(count, "break"))")
    }

    private func endJSON(
        _ reconciliation: Reconciliation, _ coverage: StatementChain.Coverage?
    ) throws(Failure) {
        var line = JSONLine()
        line.add("lines", reconciliation.lineCount)
        line.add("matched", json: reconciliation.matched.json)
        var kinds = JSONLine()
        for kind in StatementBreak.Kind.allCases {
            guard let tally = breaks[kind] else { continue }
            kinds.add(kind.rawValue, json: tally.json)
        }
        line.add("breaks", json: kinds.line)
        line.add("declinesProven", json: proven.json)
        line.add("evidence", json: evidence.json)
        line.add("uncovered", json: reconciliation.uncovered.json)
        if let coverage {
            line.add("from", coverage.from.rawValue)
            line.add("to", coverage.to.rawValue)
        }
        try output.line(line.line)
    }

    private func row(
        _ kind: String, _ colour: Output.Colour, _ number: String, _ subject: String,
        _ amount: String, _ sentence: String
    ) throws(Failure) {
        let left = Layout.padded(kind, 13) + " " + Layout.aligned(number, 7) + " "
        let width = max(10, Layout.width - left.count - max(15, amount.count) - 1)
        try output.line(
            output.coloured(left, colour) + Layout.padded(Layout.cut(subject, to: width), width)
                + " " + Layout.aligned(amount, 15))
        try output.text("    \(Self.visible(sentence))")
    }

    /// Keys are what a provider's file says: no control characters reach a terminal.
    private static func visible(_ text: String) -> String {
        var visible = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 32 || (127..<160).contains(scalar.value)
            visible.append(isControl ? "?" : scalar)
        }
        return String(visible)
    }
}

extension JSONLine {
    /// The payment that a break is about.
    fileprivate mutating func add(_ payment: ReconciledPayment) {
        add("command", "\(payment.id)")
        add("account", "\(payment.account)")
        add("state", payment.standing.rawValue)
        add("commanded", payment.amount.rawValue)
    }
}

extension MoneyTally {
    fileprivate var json: String {
        var line = JSONLine()
        line.add("count", count)
        var amounts = JSONLine()
        for sum in sums { amounts.add("\(sum.currency)", sum.amount.rawValue) }
        line.add("sums", json: amounts.line)
        return line.line
    }
}
