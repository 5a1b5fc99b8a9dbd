import Foundation
import Vocabulary

extension Arguments {
    /// A moment: milliseconds since 1970 UTC, or RFC 3339.
    ///
    /// Seconds and microseconds are refused: taken for milliseconds, a sale that is to open
    /// tomorrow would open at once, or never.
    func moment(_ name: String) throws(Failure) -> Milliseconds? {
        guard let value = text(name) else { return nil }
        let moment: Milliseconds
        do throws(Milliseconds.TextFault) {
            moment = try Milliseconds(parsing: value)
        } catch {
            switch error {
            case .notAMoment:
                throw Failure(
                    .usage,
                    "--\(name) \(value): a moment is RFC 3339, as 2026-12-24T18:00:00+01:00, or "
                        + "milliseconds since 1970-01-01 UTC, digits only")
            case .noSuchDate:
                throw Failure(
                    .usage, "--\(name) \(value): there is no such date, or it is before 1970")
            }
        }
        guard value.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return moment }
        if moment < Self.firstLikely {
            throw Failure(
                .usage,
                "--\(name) \(value): that is \(MomentText.local(moment)) in milliseconds; if "
                    + "these are seconds, put three zeros behind them, or write RFC 3339")
        }
        if moment > Self.lastLikely {
            throw Failure(
                .usage,
                "--\(name) \(value): too far ahead for milliseconds; if these are microseconds, "
                    + "leave the last three digits out, or write RFC 3339")
        }
        return moment
    }

    /// A moment that must be there.
    func requiredMoment(_ name: String) throws(Failure) -> Milliseconds {
        _ = try required(name)
        return try moment(name)!
    }

    /// 1973 and 5138: seconds lie below, microseconds above.
    private static let firstLikely = Milliseconds(rawValue: 100_000_000_000)
    private static let lastLikely = Milliseconds(rawValue: 100_000_000_000_000)
}

/// Moments for people.
enum MomentText {
    /// RFC 3339 in the local time zone, to the millisecond.
    static func local(_ moment: Milliseconds) -> String {
        var seconds = time_t(moment.rawValue / 1_000)
        var parts = tm()
        // Years that a calendar of this machine has.
        guard moment.rawValue <= 253_402_300_799_999, localtime_r(&seconds, &parts) != nil else {
            return "\(moment) ms since 1970"
        }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let milliseconds = String(1_000 + moment.rawValue % 1_000).dropFirst()
        let offset = abs(parts.tm_gmtoff) / 60
        return "\(Int(parts.tm_year) + 1_900)-\(two(Int(parts.tm_mon) + 1))-"
            + "\(two(Int(parts.tm_mday)))T\(two(Int(parts.tm_hour))):\(two(Int(parts.tm_min))):"
            + "\(two(Int(parts.tm_sec))).\(milliseconds)"
            + (offset == 0
                ? "Z"
                : "\(parts.tm_gmtoff < 0 ? "-" : "+")\(two(offset / 60)):\(two(offset % 60))")
    }
}
