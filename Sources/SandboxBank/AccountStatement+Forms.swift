import JSON

// The forms in which a statement is given out.
extension AccountStatement {
    /// By its name in the query, with what it is sent as.
    enum Form: String, CaseIterable, Sendable {
        case ndjson = "ndjson"
        case csv = "csv"
        case camt053 = "camt053"

        var contentType: String {
            switch self {
            case .ndjson: "application/x-ndjson"
            case .csv: "text/csv"
            case .camt053: "application/xml"
            }
        }
    }

    func text(_ form: Form) -> [UInt8] {
        switch form {
        case .ndjson: ndjson
        case .csv: csv
        case .camt053: Array(CamtWriter(self).document.utf8)
        }
    }

    /// The balances before, each booking, the balances behind: a JSON object a line, in the form
    /// that `fairfill reconcile` reads without a mapping.
    private var ndjson: [UInt8] {
        var bytes: [UInt8] = []
        func write(_ value: JSONValue) {
            value.append(to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        func write(_ word: String, _ currency: String, _ amount: Int64) {
            write([
                "line": .string(word), "merchant": .string(name), "amount": .integer(amount),
                "currency": .string(currency), "booked_at": .string(dayText),
            ])
        }
        for balance in balances { write("opening", balance.currency, balance.opening) }
        for line in lines {
            write([
                "line": .string(Self.word(line)), "id": .string(line.id),
                "key": .string(line.key), "reference": .string(line.reference),
                "direction": .string(line.direction), "amount": .integer(line.amount),
                "currency": .string(line.currency), "account_token": .string(line.account),
                "booked_at": Answers.time(line.at),
            ])
        }
        for balance in balances { write("closing", balance.currency, balance.closing) }
        return bytes
    }

    private static func word(_ line: Line) -> String {
        line.kind == .payment ? "booked" : "returned"
    }

    /// The same as rows.
    private var csv: [UInt8] {
        var rows = [
            [
                "line", "id", "key", "reference", "direction", "amount", "currency",
                "account_token", "booked_at",
            ]
        ]
        for balance in balances {
            rows.append(row("opening", balance.currency, balance.opening))
        }
        for line in lines {
            rows.append([
                Self.word(line), line.id, line.key, line.reference, line.direction,
                String(line.amount), line.currency, line.account, CivilTime.text(line.at),
            ])
        }
        for balance in balances {
            rows.append(row("closing", balance.currency, balance.closing))
        }
        let text = rows.map { $0.map(Self.field).joined(separator: ",") + "\r\n" }.joined()
        return Array(text.utf8)
    }

    private func row(_ word: String, _ currency: String, _ amount: Int64) -> [String] {
        [word, "", "", "", "", String(amount), currency, "", dayText]
    }

    /// As RFC 4180 has it.
    private static func field(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 != 34 && $0 != 44 && $0 != 10 && $0 != 13 }
        return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
