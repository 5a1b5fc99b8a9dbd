/// A statement as ISO 20022 has it: camt.053.001.02, one `Stmt` for each currency, the key as
/// `EndToEndId`.
struct CamtWriter {
    private let statement: AccountStatement

    init(_ statement: AccountStatement) { self.statement = statement }

    /// Longer keys are no `EndToEndId`; then it says that there is none, as the standard wants.
    private static let longestEndToEndID = 35

    var document: String {
        let end = CivilTime.text((statement.day + 1) * CivilTime.millisecondsOfDay)
        let id = "\(statement.name)-\(statement.dayText)"
        let statements = statement.balances.enumerated().map { index, balance in
            self.text(of: balance, number: index + 1, id: id, createdAt: end)
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">
            <BkToCstmrStmt>
            <GrpHdr><MsgId>\(Self.escaped(id))</MsgId><CreDtTm>\(end)</CreDtTm></GrpHdr>
            \(statements.joined(separator: "\n"))
            </BkToCstmrStmt>
            </Document>

            """
    }

    private func text(
        of balance: (currency: String, opening: Int64, closing: Int64), number: Int, id: String,
        createdAt: String
    ) -> String {
        let currency = Self.escaped(balance.currency)
        let entries = statement.lines.filter { $0.currency == balance.currency }.map(entry)
        let first = CivilTime.text(statement.day * CivilTime.millisecondsOfDay)
        return ([
            "<Stmt><Id>\(Self.escaped(id))-\(number)</Id><CreDtTm>\(createdAt)</CreDtTm>",
            "<FrToDt><FrDtTm>\(first)</FrDtTm><ToDtTm>\(createdAt)</ToDtTm></FrToDt>",
            "<Acct><Id><Othr><Id>\(Self.escaped(statement.name))</Id></Othr></Id>"
                + "<Ccy>\(currency)</Ccy></Acct>",
            self.balance("OPBD", balance.opening, currency),
            self.balance("CLBD", balance.closing, currency),
        ] + entries + ["</Stmt>"]).joined(separator: "\n")
    }

    private func balance(_ code: String, _ amount: Int64, _ currency: String) -> String {
        "<Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp>"
            + "<Amt Ccy=\"\(currency)\">\(Self.decimal(amount.magnitude, currency))</Amt>"
            + "<CdtDbtInd>\(amount < 0 ? "DBIT" : "CRDT")</CdtDbtInd>"
            + "<Dt><Dt>\(statement.dayText)</Dt></Dt></Bal>"
    }

    private func entry(_ line: AccountStatement.Line) -> String {
        let key = line.key.utf8.count <= Self.longestEndToEndID ? line.key : "NOTPROVIDED"
        let party = "<Nm>\(Self.escaped(line.account))</Nm>"
        let currency = Self.escaped(line.currency)
        return [
            "<Ntry><Amt Ccy=\"\(currency)\">"
                + "\(Self.decimal(line.amount.magnitude, line.currency))</Amt>"
                + "<CdtDbtInd>\(line.isCredit ? "CRDT" : "DBIT")</CdtDbtInd>"
                + (line.kind == .reversal ? "<RvslInd>true</RvslInd>" : "")
                + "<Sts>BOOK</Sts>",
            "<BookgDt><DtTm>\(CivilTime.text(line.at))</DtTm></BookgDt>"
                + "<AcctSvcrRef>\(Self.escaped(line.id))</AcctSvcrRef>"
                + "<BkTxCd><Prtry><Cd>\(line.kind.rawValue)</Cd></Prtry></BkTxCd>",
            "<NtryDtls><TxDtls><Refs><AcctSvcrRef>\(Self.escaped(line.id))</AcctSvcrRef>"
                + "<EndToEndId>\(Self.escaped(key))</EndToEndId></Refs>",
            "<RltdPties><\(line.isCredit ? "Dbtr" : "Cdtr")>\(party)"
                + "</\(line.isCredit ? "Dbtr" : "Cdtr")></RltdPties>",
            "<RmtInf><Ustrd>\(Self.escaped(line.reference))</Ustrd></RmtInf>"
                + "</TxDtls></NtryDtls></Ntry>",
        ].joined(separator: "\n")
    }

    /// Minor units as a decimal number, with the currency's digits.
    static func decimal(_ amount: UInt64, _ currency: String) -> String {
        let digits = digits(of: currency)
        let text = String(amount)
        guard digits > 0 else { return text }
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        return "\(padded.dropLast(digits)).\(padded.suffix(digits))"
    }

    /// As ISO 4217 has them.
    private static func digits(of currency: String) -> Int {
        let none: Set = [
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
            "VND", "VUV", "XAF", "XOF", "XPF",
        ]
        let three: Set = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
        if none.contains(currency) { return 0 }
        if three.contains(currency) { return 3 }
        return ["CLF", "UYW"].contains(currency) ? 4 : 2
    }

    /// XML has no way to write most control characters: they become blanks.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case _ where scalar.value < 32 || scalar.value == 0xfffe || scalar.value == 0xffff:
                escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
