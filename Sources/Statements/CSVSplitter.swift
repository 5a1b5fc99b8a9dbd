/// Splits CSV (RFC 4180) that comes in pieces into records: fields may be quoted, and hold
/// delimiters, line ends and doubled quotes then. Lines end with LF, CR LF or CR.
struct CSVSplitter {
    static let mostFields = 1_000
    static let largestRecord = 1 << 20

    /// A record, or what is wrong with it.
    enum Record {
        case fields([[UInt8]])
        case wrong(String)
    }

    private enum Place { case start, plain, quoted, behindQuote, lost }

    private let delimiter: UInt8
    private var place = Place.start
    private var fields: [[UInt8]] = []
    private var field: [UInt8] = []
    private var bytes = 0
    private var fault: String?
    /// The line at hand, and the one where its record began.
    private var line = 1
    private var firstLine = 1
    private var hasEndedWithCR = false

    init(delimiter: UInt8) { self.delimiter = delimiter }

    /// Takes one byte in; `body` is called with each record that it ends, and its line.
    mutating func take(_ byte: UInt8, _ body: (Int, Record) -> Void) {
        let isFeed = byte == UInt8(ascii: "\n")
        let isReturn = byte == UInt8(ascii: "\r")
        if isFeed, hasEndedWithCR {
            hasEndedWithCR = false
            if place == .quoted { keep(byte) }
            return
        }
        hasEndedWithCR = isReturn
        if isFeed || isReturn { line += 1 }
        switch place {
        case .quoted where byte == UInt8(ascii: "\""): place = .behindQuote
        case .quoted: keep(byte)
        case _ where isFeed || isReturn: end(body)
        case .lost: break
        case _ where byte == delimiter: endField()
        case .start where byte == UInt8(ascii: "\""): place = .quoted
        case .behindQuote where byte == UInt8(ascii: "\""):
            keep(byte)
            place = .quoted
        case .behindQuote: lose("has text behind a closing quote")
        case .plain where byte == UInt8(ascii: "\""):
            lose("has a quote inside a field that does not begin with one")
        default:
            keep(byte)
            place = .plain
        }
    }

    /// The last record needs no line end.
    mutating func finish(_ body: (Int, Record) -> Void) {
        if place == .quoted { lose("has a quote that is never closed: the file is cut off") }
        if bytes > 0 || !fields.isEmpty || place != .start { end(body) }
    }

    private mutating func keep(_ byte: UInt8) {
        bytes += 1
        guard bytes <= Self.largestRecord else {
            // What a lost quote swallows must not be held; its record may never end.
            if fault == nil { lose("is over \(Self.largestRecord) bytes") }
            return
        }
        field.append(byte)
    }

    private mutating func endField() {
        guard fields.count < Self.mostFields else {
            return lose("has over \(Self.mostFields) fields")
        }
        fields.append(field)
        field.removeAll(keepingCapacity: true)
        bytes += 1
        place = .start
    }

    /// Passes the rest of the line.
    private mutating func lose(_ words: String) {
        fault = words
        field.removeAll()
        fields.removeAll()
        place = .lost
    }

    private mutating func end(_ body: (Int, Record) -> Void) {
        if let fault {
            body(firstLine, .wrong(fault))
        } else {
            endField()
            if let fault {
                body(firstLine, .wrong(fault))
            } else if fields.count > 1 || !fields[0].isEmpty || bytes > 1 {
                body(firstLine, .fields(fields))
            }
        }
        fault = nil
        fields.removeAll(keepingCapacity: true)
        field.removeAll(keepingCapacity: true)
        bytes = 0
        place = .start
        firstLine = line
    }
}
