import FairfillClient
import Foundation
import Vocabulary

extension Arguments {
    /// A moment: milliseconds since 1970 UTC, or RFC 3339.
    package func moment(_ name: String) throws(Failure) -> Timestamp? {
        guard let value = text(name) else { return nil }
        let moment: Timestamp
        do throws(Timestamp.TextFault) {
            moment = try Timestamp(parsing: value)
        } catch {
            throw Failure(.usage, "--\(name) \(value): \(error.sentence)")
        }
        let isNumber = value.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
        if isNumber, let unit = moment.likelyUnit() {
            throw Failure(.usage, "--\(name) \(value): \(unit.sentence(of: moment))")
        }
        return moment
    }

    /// A moment that must be there.
    package func requiredMoment(_ name: String) throws(Failure) -> Timestamp {
        _ = try required(name)
        return try moment(name)!
    }
}

extension Timestamp.TextFault {
    /// What is wrong, for people.
    package var sentence: String {
        switch self {
        case .notAMoment:
            "a moment is RFC 3339, as 2026-12-24T18:00:00+01:00, or milliseconds since 1970-01-01 "
                + "UTC, digits only"
        case .noSuchDate: "there is no such date, or it is before 1970"
        }
    }
}

extension Timestamp.OtherUnit {
    /// What is wrong with a number that is not in milliseconds, for people.
    package func sentence(of moment: Timestamp) -> String {
        switch self {
        case .seconds:
            "that is \(MomentText.local(moment)) in milliseconds; if these are seconds, put three "
                + "zeros behind them, or write RFC 3339"
        case .microseconds:
            "too far ahead for milliseconds; if these are microseconds, leave the last three "
                + "digits out, or write RFC 3339"
        }
    }
}

extension InputRecord {
    /// What is wrong with a moment of a record in a file that a person gives, for people; nil:
    /// nothing. A date is not told from a number here: none that is meant lies so.
    ///
    /// - Parameter isOfStory: the file may be made up, with times that begin at 0.
    package func wrongMoment(isOfStory: Bool) -> String? {
        guard case .command(let command) = self else { return nil }
        let moments: [(name: String, at: Timestamp?)]
        switch command.action {
        case .open(let terms):
            moments = Term.all.map { term in
                guard case .moment(let path) = term.kind else { return ("", nil) }
                return (term.member.rawValue, terms[keyPath: path])
            }
        case .amend(let closesAt): moments = [("closesAt", closesAt)]
        default: return nil
        }
        for (name, at) in moments {
            guard let at, let unit = at.likelyUnit(isOfStory: isOfStory) else { continue }
            return "\(name) \(at): \(unit.sentence(of: at))"
        }
        return nil
    }
}

/// Moments for people.
package enum MomentText {
    /// RFC 3339 in the local time zone, to the millisecond.
    package static func local(_ moment: Timestamp) -> String {
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
