/// Times in words. Milliseconds since 1970 UTC become texts without a calendar of the machine,
/// which is slow and knows other zones.
enum CivilTime {
    static let millisecondsOfDay: Int64 = 86_400_000

    /// `2025-03-31T08:15:00Z`.
    static func text(_ milliseconds: Int64) -> String {
        let second = floored(milliseconds, by: 1_000)
        let ofDay = second - day(of: milliseconds) * 86_400
        return "\(dayText(day(of: milliseconds)))T\(clock(ofDay))Z"
    }

    /// The number of a day since 1970-01-01.
    static func day(of milliseconds: Int64) -> Int64 {
        floored(milliseconds, by: millisecondsOfDay)
    }

    /// `2025-03-31`.
    static func dayText(_ day: Int64) -> String {
        let (year, month, dayOfMonth) = civil(day)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
    }

    /// The day that `2025-03-31` is; nil where it is none, such as 2025-02-30.
    static func day(_ text: String) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2],
            text.utf8.allSatisfy({ $0 == 45 || (48...57).contains($0) }),
            let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]),
            (1970...9998).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let number = days(year, month, day)
        return dayText(number) == text ? number : nil
    }

    /// As HTTP writes dates: `Mon, 31 Mar 2025 08:15:00 GMT`.
    static func httpDate(_ milliseconds: Int64) -> String {
        let number = day(of: milliseconds)
        let (year, month, dayOfMonth) = civil(number)
        let ofDay = floored(milliseconds, by: 1_000) - number * 86_400
        // 1970-01-01 was a Thursday.
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(modulo(number, 7))]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let date = "\(padded(dayOfMonth, 2)) \(months[Int(month) - 1]) \(padded(year, 4))"
        return "\(weekday), \(date) \(clock(ofDay)) GMT"
    }

    private static func clock(_ second: Int64) -> String {
        let (hour, minute) = (second / 3_600, second / 60 % 60)
        return "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second % 60, 2))"
    }

    private static func padded(_ number: Int64, _ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }

    private static func floored(_ number: Int64, by size: Int64) -> Int64 {
        (number - modulo(number, size)) / size
    }

    private static func modulo(_ number: Int64, _ size: Int64) -> Int64 {
        let rest = number % size
        return rest < 0 ? rest + size : rest
    }

    /// Years that begin in March put the leap day last, so that months have fixed places.
    private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = floored(shifted, by: 146_097)
        let ofEra = shifted - era * 146_097
        let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        let ofMonth = ofYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        return (year + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, ofMonth)
    }

    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floored(shifted, by: 400)
        let ofEra = shifted - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }
}
