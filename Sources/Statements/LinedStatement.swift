import JSON

/// Reads a statement in lines, CSV or NDJSON, as its pieces come: nothing but the line at hand is
/// held.
package struct LinedStatement {
    /// How it is written.
    package enum Form: Sendable { case csv, ndjson }

    private let form: Form
    private let mapping: StatementMapping
    private var splitter: CSVSplitter
    /// Where the mapping's columns stand in the file, in their order; nil before the first line.
    private var places: [Int?]?
    private var fieldCount: Int?
    private var line: [UInt8] = []
    private var lineNumber = 1
    private var hasEndedWithCR = false
    private var beginning: [UInt8]? = []
    private var fault: StatementFault?

    private static let largestLine = 1 << 20

    package init(_ form: Form, _ mapping: StatementMapping) {
        self.form = form
        self.mapping = mapping
        splitter = CSVSplitter(delimiter: mapping.delimiter)
        if form == .csv, !mapping.hasHeader {
            places = mapping.columns.map { $0.flatMap { Int($0) }.map { $0 - 1 } }
        }
    }

    /// Takes a piece in, and calls `body` with what ends in it. Throws where no line of the file
    /// could be read.
    package mutating func take(
        _ piece: some Sequence<UInt8>, _ body: (StatementItem) -> Void
    ) throws(StatementFault) {
        for byte in piece {
            if var begun = beginning {
                begun.append(byte)
                beginning = begun.count < 3 ? begun : nil
                if begun.count == 3, begun != [0xEF, 0xBB, 0xBF] { begun.forEach { put($0, body) } }
            } else {
                put(byte, body)
            }
        }
        if let fault { throw fault }
    }

    /// The last line needs no end.
    package mutating func finish(_ body: (StatementItem) -> Void) throws(StatementFault) {
        for byte in beginning ?? [] { put(byte, body) }
        beginning = nil
        switch form {
        case .ndjson: endLine(body)
        case .csv:
            var records: [(Int, CSVSplitter.Record)] = []
            splitter.finish { records.append(($0, $1)) }
            for (number, record) in records { take(record, number, body) }
        }
        if let fault { throw fault }
        guard form == .ndjson || places != nil else {
            throw StatementFault(sentence: "it is empty: not even the names of columns are there")
        }
    }

    private mutating func put(_ byte: UInt8, _ body: (StatementItem) -> Void) {
        guard form == .csv else { return putJSON(byte, body) }
        var found: (Int, CSVSplitter.Record)?
        splitter.take(byte) { found = ($0, $1) }
        if let (number, record) = found { take(record, number, body) }
    }

    // MARK: CSV

    private mutating func take(
        _ record: CSVSplitter.Record, _ number: Int, _ body: (StatementItem) -> Void
    ) {
        let fields: [[UInt8]]
        switch record {
        case .wrong(let words): return body(.wrong(number: number, words))
        case .fields(let found): fields = found
        }
        let texts = fields.map { String(validating: $0, as: UTF8.self) }
        guard !texts.contains(nil) else { return body(.wrong(number: number, "is not UTF-8")) }
        guard let places else { return findColumns(texts.map { $0 ?? "" }) }
        if let fieldCount, fields.count != fieldCount {
            return body(
                .wrong(number: number, "has \(fields.count) fields, the first has \(fieldCount)"))
        }
        fieldCount = fields.count
        let values = places.map { place -> String? in
            guard let place, place < texts.count, let text = texts[place] else { return nil }
            let trimmed = text.trimmed
            return trimmed.isEmpty ? nil : trimmed
        }
        body(mapping.item(values, number: number))
    }

    private mutating func findColumns(_ names: [String]) {
        let names = names.map(\.trimmed)
        var places: [Int?] = []
        for column in mapping.columns {
            guard let column else {
                places.append(nil)
                continue
            }
            let found = names.indices.filter { names[$0] == column }
            guard let place = found.first, found.count == 1 else {
                let shown = names.prefix(30).map(\.shown).joined(separator: ", ")
                fault = fault ?? StatementFault(
                    sentence: (found.isEmpty ? "it has no column" : "it has two columns")
                        + " '\(column)'; its first line names \(shown)")
                return
            }
            places.append(place)
        }
        self.places = places
        fieldCount = names.count
    }

    // MARK: NDJSON

    private mutating func putJSON(_ byte: UInt8, _ body: (StatementItem) -> Void) {
        let isFeed = byte == UInt8(ascii: "\n")
        let isReturn = byte == UInt8(ascii: "\r")
        let isRest = isFeed && hasEndedWithCR
        hasEndedWithCR = isReturn
        if isRest { return }
        if isFeed || isReturn {
            endLine(body)
            lineNumber += 1
        } else if line.count <= Self.largestLine {
            line.append(byte)
        }
    }

    private mutating func endLine(_ body: (StatementItem) -> Void) {
        defer { line.removeAll(keepingCapacity: true) }
        guard line.contains(where: { $0 != 32 && $0 != 9 }) else { return }
        guard line.count <= Self.largestLine else {
            return body(.wrong(number: lineNumber, "is over \(Self.largestLine) bytes"))
        }
        guard let value = JSONValue(parsing: line), case .object = value else {
            return body(.wrong(number: lineNumber, "is not one JSON object in UTF-8"))
        }
        var fields: [String?] = []
        for column in mapping.columns {
            switch column.flatMap({ value.member($0) }) {
            case nil, .null?: fields.append(nil)
            case .string(let text)?: fields.append(text.isEmpty ? nil : text)
            case .integer(let number)?: fields.append(String(number))
            case .number(let text)?: fields.append(text)
            default:
                return body(
                    .wrong(
                        number: lineNumber,
                        "'\(column ?? "")' is neither a text nor a number"))
            }
        }
        body(mapping.item(fields, number: lineNumber))
    }
}

extension JSONValue {
    /// A member by its name, or by a path of names with points between them.
    fileprivate func member(_ path: String) -> JSONValue? {
        if let value = self[path] { return value }
        var value: JSONValue? = self
        for name in path.split(separator: ".", omittingEmptySubsequences: false) {
            value = value?[String(name)]
        }
        return value
    }
}

extension String {
    /// Without blanks around it.
    fileprivate var trimmed: String {
        let rest = drop { $0 == " " || $0 == "\t" }
        guard let last = rest.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return String(rest[...last])
    }
}
