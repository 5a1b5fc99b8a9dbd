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

    /// The balance before, each booking, the balance behind: a JSON object a line.
    private var ndjson: [UInt8] {
        var bytes: [UInt8] = []
        func write(_ value: JSONValue) {
            value.append(to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        write([
            "type": "opening", "date": .string(dayText), "merchant": .string(name),
            "balances": .array(
                balances.map { ["currency": .string($0.currency), "amount": .integer($0.opening)] }
            ),
        ])
        for line in lines {
            write([
                "type": "line", "id": .string(line.id), "idempotency_key": .string(line.key),
                "reference": .string(line.reference), "kind": .string(line.kind.rawValue),
                "direction": .string(line.direction), "amount": .integer(line.amount),
                "currency": .string(line.currency), "account_token": .string(line.account),
                "booked_at": Answers.time(line.at),
            ])
        }
        write([
            "type": "closing", "date": .string(dayText), "lines": .integer(Int64(lines.count)),
            "balances": .array(
                balances.map { ["currency": .string($0.currency), "amount": .integer($0.closing)] }
            ),
        ])
        return bytes
    }

    /// With a row for each balance, too.
    private var csv: [UInt8] {
        var rows = [
            [
                "type", "id", "idempotency_key", "reference", "kind", "direction", "amount",
                "currency", "account_token", "booked_at",
            ]
        ]
        for balance in balances {
            rows.append(row("opening", balance.currency, balance.opening))
        }
        for line in lines {
            rows.append([
                "line", line.id, line.key, line.reference, line.kind.rawValue, line.direction,
                String(line.amount), line.currency, line.account, CivilTime.text(line.at),
            ])
        }
        for balance in balances {
            rows.append(row("closing", balance.currency, balance.closing))
        }
        let text = rows.map { $0.map(Self.field).joined(separator: ",") + "\r\n" }.joined()
        return Array(text.utf8)
    }

    private func row(_ type: String, _ currency: String, _ amount: Int64) -> [String] {
        [type, "", "", "", "", "", String(amount), currency, "", dayText]
    }

    /// As RFC 4180 has it.
    private static func field(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 != 34 && $0 != 44 && $0 != 10 && $0 != 13 }
        return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
