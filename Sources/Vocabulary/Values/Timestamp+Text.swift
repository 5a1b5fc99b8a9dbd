// Moments as people write them: milliseconds since 1970-01-01 UTC, or RFC 3339.
extension Timestamp {
    /// Why a text is no moment.
    public enum TextFault: Error, Hashable, Sendable {
        /// Neither digits nor RFC 3339.
        case notAMoment
        /// A date that no calendar has, or one before 1970.
        case noSuchDate
    }

    /// Reads milliseconds, digits only, or RFC 3339 such as `2026-12-24T18:00:00+01:00`. What is
    /// smaller than a millisecond is cut off.
    public init(parsing text: String) throws(TextFault) {
        let bytes = Array(text.utf8)
        if !bytes.isEmpty, bytes.allSatisfy({ $0 >= 48 && $0 <= 57 }) {
            guard let number = Int64(text), number <= largestInteger else { throw .notAMoment }
            self.init(rawValue: number)
            return
        }
        self.init(rawValue: try Self.parseDate(bytes))
    }

    /// The unit in which a number was given, where it can hardly have been milliseconds.
    public enum OtherUnit: Hashable, Sendable { case seconds, microseconds }

    /// What a number that was given for milliseconds is in, more likely: taken as it is, a sale
    /// that is to open tomorrow would open at once, or never.
    ///
    /// - Parameter isOfStory: it stands among records that may be invented, whose times
    ///   begin at 0. Only what lies in this age as seconds is taken for seconds then.
    public func likelyUnit(isOfStory: Bool = false) -> OtherUnit? {
        // 1973 and 5138 as milliseconds; and 2001 and 5138 as seconds.
        if rawValue > 100_000_000_000_000 { return .microseconds }
        let isLow = rawValue < 100_000_000_000
        return isLow && (!isOfStory || rawValue >= 1_000_000_000) ? .seconds : nil
    }

    /// Reads RFC 3339 only.
    public init(parsingDate text: String) throws(TextFault) {
        self.init(rawValue: try Self.parseDate(Array(text.utf8)))
    }

    private static func parseDate(_ bytes: [UInt8]) throws(TextFault) -> Int64 {
        // 2026-12-24T18:00:00[.123]Z, or an offset in place of the Z.
        guard bytes.count >= 20, bytes[4] == 0x2d, bytes[7] == 0x2d,
            bytes[10] | 0x20 == 0x74 || bytes[10] == 0x20, bytes[13] == 0x3a, bytes[16] == 0x3a,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19])
        else { throw .notAMoment }
        var index = 19
        var milliseconds: Int64 = 0
        if bytes[index] == 0x2e {
            let digits = bytes[(index + 1)...].prefix { $0 >= 48 && $0 <= 57 }
            guard !digits.isEmpty else { throw .notAMoment }
            let first = digits.prefix(3)
            milliseconds = number(first)! * [100, 10, 1][first.count - 1]
            index = digits.endIndex
        }
        let offset = try parseOffset(bytes[index...])
        // The last second of a day may be a leap second.
        guard (1...12).contains(month), day >= 1, day <= days(of: month, in: year), hour < 24,
            minute < 60, second <= 60
        else { throw .noSuchDate }
        let seconds =
            daysSince1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
            - offset * 60
        guard seconds >= 0 else { throw .noSuchDate }
        return seconds * 1_000 + milliseconds
    }

    /// `Z`, or the minutes of `+01:00`.
    private static func parseOffset(_ bytes: ArraySlice<UInt8>) throws(TextFault) -> Int64 {
        guard let first = bytes.first else { throw .notAMoment }
        let rest = bytes.dropFirst()
        if first | 0x20 == 0x7a, rest.isEmpty { return 0 }
        guard first == 0x2b || first == 0x2d, rest.count == 5, rest[rest.startIndex + 2] == 0x3a,
            let hours = number(rest.prefix(2)), let minutes = number(rest.suffix(2))
        else { throw .notAMoment }
        guard hours < 24, minutes < 60 else { throw .noSuchDate }
        return (hours * 60 + minutes) * (first == 0x2d ? -1 : 1)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func days(of month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Counted in years that begin with March, so that a leap day is a year's last.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}
