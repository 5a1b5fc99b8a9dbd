import Foundation

/// `Retry-After`: whole seconds or an HTTP date, in seconds from now, within 0...86400.
enum RetryAfter {
    static let longestSeconds: Int64 = 86_400

    /// Nil where it is neither. More digits than fit an integer are a long wait, not garbage.
    static func seconds(_ text: String, nowSeconds: Int64) -> Int64? {
        let text = text.trimmingCharacters(in: .whitespaces)
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        if !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) {
            if digits.count < text.count { return 0 }
            return min(Int64(digits) ?? longestSeconds, longestSeconds)
        }
        guard let moment = date(text) else { return nil }
        return max(0, min(moment - nowSeconds, longestSeconds))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers may send (RFC 9110, 5.6.7).
    private static func date(_ text: String) -> Int64? {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[5] == "GMT", words[0].count == 4, words[0].hasSuffix(","),
            days.contains(String(words[0].dropLast())), let day = number(words[1], digits: 2),
            let month = months.firstIndex(of: String(words[2])),
            let year = number(words[3], digits: 4)
        else { return nil }
        let clock = words[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0], digits: 2),
            let minute = number(clock[1], digits: 2), let second = number(clock[2], digits: 2),
            (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        let midnight = daysSince1970(year: year, month: Int64(month) + 1, day: day) * 86_400
        return midnight + hour * 3600 + minute * 60 + second
    }

    private static func number(_ text: Substring, digits: Int) -> Int64? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return Int64(text)
    }

    /// Years begin in March here, so that the leap day is the last of its year.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return 365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }

    private static let days: Set<String> = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
