import Foundation
import FoundationXML
import Vocabulary

/// Hears a camt.053 document from the parser, and tells what it says, entry by entry.
final class CamtReader: NSObject, XMLParserDelegate {
    private(set) var fault: StatementFault?
    private(set) var id: String?
    private(set) var hasStatement = false
    /// Whether the last element that was opened is closed.
    var isClosed: Bool { path.isEmpty && hasBegun }

    private let zone: Int
    private let body: (StatementItem) -> Void
    private var hasBegun = false
    /// The names of the open elements, without prefixes.
    private var path: [String] = []
    private var text = ""
    private var isLong = false
    private var currency: String?
    private var lines = 0

    private var balance = CamtBalance()
    private var entry = CamtEntry()
    private var from: String?
    private var to: String?

    init(zone: Int, _ body: @escaping (StatementItem) -> Void) {
        self.zone = zone
        self.body = body
    }

    // MARK: The parser's calls

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        hasBegun = true
        path.append(Self.local(name))
        text = ""
        isLong = false
        guard path.count <= CamtStatement.deepest else {
            return stop(parser, "its elements are nested over \(CamtStatement.deepest) deep")
        }
        if path.last == "Amt" || path.last == "TxAmt" { currency = attributes["Ccy"] ?? currency }
        if path.count == 2, path[1] != "BkToCstmrStmt" {
            return stop(parser, "it is \(path[1].shown), not BkToCstmrStmt: it is no camt.053")
        }
        guard isInStatement else { return }
        switch below {
        case []:
            guard !hasStatement else {
                return stop(parser, "it holds two statements: give each in a file")
            }
            hasStatement = true
        case ["Bal"]: balance = CamtBalance()
        case ["Ntry"]:
            lines += 1
            entry = CamtEntry(number: lines)
        case ["Ntry", "NtryDtls", "TxDtls"]: entry.details.append(CamtDetails())
        case ["Ntry", "NtryDtls", "TxDtls", "RtrInf"]: entry.change { $0.isReturned = true }
        default: break
        }
        guard lines + entry.details.count <= CamtStatement.mostLines else {
            return stop(parser, "it holds over \(CamtStatement.mostLines) entries")
        }
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) {
        guard text.utf8.count + characters.utf8.count <= CamtStatement.largestText else {
            isLong = true
            return
        }
        text += characters
    }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
        self.parser(parser, foundCharacters: String(decoding: block, as: UTF8.self))
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        defer {
            if !path.isEmpty { path.removeLast() }
            text = ""
        }
        guard isInStatement else { return }
        let value = isLong ? nil : text.trimmingCharacters(in: .whitespacesAndNewlines)
        hear(below, value)
    }

    /// Named entities that nothing declared; the five of XML don't come here.
    func parser(
        _ parser: XMLParser, resolveExternalEntityName name: String, systemID: String?
    ) -> Data? {
        stop(parser, "it refers to the entity '\(name.shown)'")
        return nil
    }

    private func stop(_ parser: XMLParser, _ sentence: String) {
        fault = fault ?? StatementFault(sentence: sentence)
        parser.abortParsing()
    }

    // MARK: What it says

    private var isInStatement: Bool {
        path.count >= 3 && path[1] == "BkToCstmrStmt" && path[2] == "Stmt" && fault == nil
    }

    private var below: ArraySlice<String> { path[3...] }

    private static func local(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }

    private func hear(_ place: ArraySlice<String>, _ value: String?) {
        switch place.first {
        case "Id" where place.count == 1: id = value
        case "FrToDt":
            if place.last == "FrDtTm" { from = value }
            if place.last == "ToDtTm" {
                to = value
                tellPeriod()
            }
        case "Bal": hearBalance(place.dropFirst(), value)
        case "Ntry": hearEntry(place.dropFirst(), value)
        default: break
        }
    }

    private func tellPeriod() {
        guard let from, let to, let start = try? StatementMomentForm.iso(from, zone: zone),
            let end = try? StatementMomentForm.iso(to, zone: zone)
        else { return }
        body(.period(from: start.start, to: end.end))
    }

    private func hearBalance(_ place: ArraySlice<String>, _ value: String?) {
        switch Array(place) {
        case []:
            if let item = balance.item(zone: zone, number: lines) { body(item) }
        case ["Tp", "CdOrPrtry", "Cd"]: balance.code = value
        case ["Amt"]:
            balance.amount = value
            balance.currency = currency
        case ["CdtDbtInd"]: balance.isCredit = CamtEntry.isCredit(value)
        case ["Dt", "Dt"], ["Dt", "DtTm"]: balance.date = value
        default: break
        }
    }

    private func hearEntry(_ place: ArraySlice<String>, _ value: String?) {
        if place.starts(with: ["NtryDtls", "TxDtls"]) {
            return hearDetails(place.dropFirst(2), value)
        }
        switch Array(place) {
        case []:
            entry.items(zone: zone).forEach(body)
            lines += max(0, entry.details.count - 1)
            entry = CamtEntry()
        case ["Amt"]:
            entry.amount = value
            entry.currency = currency
        case ["CdtDbtInd"]: entry.isCredit = CamtEntry.isCredit(value)
        case ["RvslInd"]: entry.isReversal = value == "true" || value == "1"
        // A text up to version 7, a code from version 8 on.
        case ["Sts"] where value?.isEmpty == false, ["Sts", "Cd"]: entry.status = value
        case ["BookgDt", "Dt"], ["BookgDt", "DtTm"]: entry.date = value
        case ["AcctSvcrRef"]: entry.reference = value
        default: break
        }
    }

    private func hearDetails(_ place: ArraySlice<String>, _ value: String?) {
        switch Array(place) {
        case ["Refs", "EndToEndId"]:
            entry.change {
                $0.key = value
                $0.isKeyLong = isLong
            }
        case ["Refs", "AcctSvcrRef"]: entry.change { $0.reference = value }
        case ["Refs", "TxId"]: entry.change { $0.reference = $0.reference ?? value }
        case ["Amt"]:
            entry.change {
                $0.amount = value
                $0.currency = currency
            }
        case ["AmtDtls", "TxAmt", "Amt"]:
            entry.change {
                guard $0.amount == nil else { return }
                $0.amount = value
                $0.currency = currency
            }
        case ["CdtDbtInd"]: entry.change { $0.isCredit = CamtEntry.isCredit(value) }
        default: break
        }
    }
}
