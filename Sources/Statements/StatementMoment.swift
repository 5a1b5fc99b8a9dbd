import Vocabulary

/// When something was booked: a moment, or a day where the statement has no times.
package struct StatementMoment: Hashable, Sendable {
    package var start: Timestamp
    /// The last millisecond of a day; of a moment the moment.
    package var end: Timestamp

    package init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }

    /// A moment.
    package init(_ moment: Timestamp) { self.init(start: moment, end: moment) }
}

/// The forms in which statements write moments, as the value of `bookedAtForm` of a mapping.
package enum StatementMomentForm: String, Sendable, CaseIterable {
    /// RFC 3339, or a date alone.
    case iso = "iso"
    /// Milliseconds since 1970 UTC.
    case milliseconds = "milliseconds"
    case compactDay = "yyyyMMdd"
    case dottedDay = "dd.MM.yyyy"
    case dayFirst = "dd/MM/yyyy"
    case monthFirst = "MM/dd/yyyy"

    /// Reads a text; what has no zone is in `zone`, minutes east of UTC.
    func moment(_ text: String, zone: Int) throws(WrongText) -> StatementMoment {
        let bytes = Array(text.utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        func day(_ length: Int, _ year: Range<Int>, _ month: Range<Int>, _ day: Range<Int>)
            throws(WrongText) -> StatementMoment
        {
            guard bytes.count == length else { throw WrongText("is no day as \(rawValue)") }
            return try Self.day(part(year), part(month), part(day), zone)
        }
        switch self {
        case .iso: return try Self.iso(text, zone: zone)
        case .milliseconds:
            guard !bytes.isEmpty, bytes.allSatisfy({ (48...57).contains($0) }),
                let moment = try? Timestamp(parsing: text)
            else { throw WrongText("is no number of milliseconds since 1970") }
            return StatementMoment(moment)
        case .compactDay: return try day(8, 0..<4, 4..<6, 6..<8)
        case .dottedDay, .dayFirst, .monthFirst:
            let separator = UInt8(ascii: self == .dottedDay ? "." : "/")
            guard bytes.count == 10, bytes[2] == separator, bytes[5] == separator else {
                throw WrongText("is no day as \(rawValue)")
            }
            return self == .monthFirst
                ? try day(10, 6..<10, 0..<2, 3..<5) : try day(10, 6..<10, 3..<5, 0..<2)
        }
    }

    /// `2026-12-24`, `2026-12-24+01:00`, `2026-12-24T18:00:00`, or that with a zone.
    static func iso(_ text: String, zone: Int) throws(WrongText) -> StatementMoment {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[4] == 0x2d, bytes[7] == 0x2d else {
            throw WrongText("is neither RFC 3339 nor a date as 2026-12-24")
        }
        let date = String(decoding: bytes[..<10], as: UTF8.self)
        let rest = String(decoding: bytes[10...], as: UTF8.self)
        if rest.isEmpty || rest == "Z" || rest.hasPrefix("+") || rest.hasPrefix("-") {
            return try wholeDay(date, rest.isEmpty ? zoneText(zone) : rest)
        }
        let time = rest.dropFirst()
        let hasZone = rest.hasSuffix("Z") || rest.hasSuffix("z") || time.contains("+")
            || time.contains("-")
        return StatementMoment(try moment(text + (hasZone ? "" : zoneText(zone))))
    }

    private static func day(
        _ year: String, _ month: String, _ day: String, _ zone: Int
    ) throws(WrongText) -> StatementMoment {
        try wholeDay("\(year)-\(month)-\(day)", zoneText(zone))
    }

    private static func wholeDay(
        _ date: String, _ zone: String
    ) throws(WrongText) -> StatementMoment {
        let start = try moment("\(date)T00:00:00\(zone)")
        return StatementMoment(start: start, end: start + Milliseconds(86_399_999))
    }

    private static func moment(_ text: String) throws(WrongText) -> Timestamp {
        do throws(Timestamp.TextFault) {
            return try Timestamp(parsingDate: text)
        } catch {
            throw WrongText(
                error == .noSuchDate
                    ? "is a date that no calendar has, or one before 1970"
                    : "is neither RFC 3339 nor a date as 2026-12-24")
        }
    }

    /// `+08:00`.
    private static func zoneText(_ minutes: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let size = abs(minutes)
        return "\(minutes < 0 ? "-" : "+")\(two(size / 60)):\(two(size % 60))"
    }

    /// The minutes east of UTC of `Z`, `+08:00` or `-03:30`; nil of any other text.
    static func zone(_ text: String) -> Int? {
        if text == "Z" { return 0 }
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[0] == 0x2b || bytes[0] == 0x2d, bytes[3] == 0x3a,
            [1, 2, 4, 5].allSatisfy({ (48...57).contains(bytes[$0]) })
        else { return nil }
        let hours = Int(bytes[1] - 48) * 10 + Int(bytes[2] - 48)
        let minutes = Int(bytes[4] - 48) * 10 + Int(bytes[5] - 48)
        guard hours <= 14, minutes < 60 else { return nil }
        return (hours * 60 + minutes) * (bytes[0] == 0x2d ? -1 : 1)
    }
}
