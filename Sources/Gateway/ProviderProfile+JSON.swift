import JSON
import Payments

/// What is wrong with a profile file, in a sentence that names the member.
package struct ProfileFault: Error, Hashable, Sendable {
    package var sentence: String
}

extension ProviderProfile {
    /// Reads a profile: one JSON object whose members are those that `memberNames` lists; what it
    /// leaves out claims nothing. Durations are texts as `"30s"`, with ms, s, m, h or d.
    package init(json bytes: [UInt8]) throws(ProfileFault) {
        self.init()
        guard case .object(let members)? = JSONValue(parsing: bytes) else {
            throw ProfileFault(sentence: "not one JSON object in UTF-8 without repeated members")
        }
        for (name, value) in members.map({ ($0.name, $0.value) }).sorted(by: { $0.0 < $1.0 }) {
            guard let member = Self.members.first(where: { $0.name == name }) else {
                throw ProfileFault(
                    sentence: "there is no '\(name)'; there are "
                        + Self.memberNames.joined(separator: ", "))
            }
            guard member.set(&self, value) else {
                throw ProfileFault(sentence: "'\(name)' must be \(member.form)")
            }
        }
        if let contradiction { throw ProfileFault(sentence: contradiction) }
    }

    /// What the profile claims that can't be, in a sentence that names the member.
    private var contradiction: String? {
        if reusesConnections, !isIdempotent {
            return "'reusesConnections' needs 'idempotent': libcurl may send a request twice on "
                + "connections that are shared"
        }
        if notFoundIsFinal, !looksUpByKey {
            return "'notFoundIsFinal' needs 'lookupByKey'"
        }
        if notFoundIsFinal, !isIdempotent, !honoursExpiry {
            return "'notFoundIsFinal' needs 'idempotent' or 'honoursExpiry': the end of a request "
                + "may still arrive after the lookup"
        }
        if let keyLifetimeMilliseconds, keyLifetimeMilliseconds <= keyLifetimeMarginMilliseconds {
            return "'keyTTL' must be longer than 'keyTTLMargin', or no key could be used at all"
        }
        if httpDeadlineMilliseconds == 0 { return "'httpDeadline' must be longer than 0s" }
        if sendingWindowMilliseconds == 0 { return "'sendingWindow' must be longer than 0s" }
        return nil
    }

    /// What a profile may say.
    package static let memberNames = members.map(\.name)

    /// What `fairfill sandbox-bank` guarantees.
    package static var sandbox: ProviderProfile {
        var profile = ProviderProfile()
        profile.isIdempotent = true
        profile.looksUpByKey = true
        profile.lookupVisibilityDelayMilliseconds = 0
        profile.notFoundIsFinal = true
        profile.limitsBeforeExecution = true
        profile.httpDeadlineMilliseconds = 10_000
        return profile
    }

    private struct Member: Sendable {
        var name: String
        var form: String
        /// False where the value is of another form.
        var set: @Sendable (inout ProviderProfile, JSONValue) -> Bool
    }

    private static let members: [Member] = [
        Member(name: "merchant", form: "a text of 1 to 255 bytes") { profile, value in
            guard let text = value.string, (1...255).contains(text.utf8.count) else { return false }
            profile.merchant = text
            return true
        },
        flag("idempotent", \.isIdempotent),
        Member(name: "keyTTL", form: Duration.form) { profile, value in
            guard let milliseconds = Duration.milliseconds(value) else { return false }
            profile.keyLifetimeMilliseconds = milliseconds
            return true
        },
        duration("keyTTLMargin", \.keyLifetimeMarginMilliseconds),
        flag("lookupByKey", \.looksUpByKey),
        duration("lookupVisibilityDelay", \.lookupVisibilityDelayMilliseconds),
        flag("notFoundIsFinal", \.notFoundIsFinal),
        duration("finalityDelay", \.finalityDelayMilliseconds),
        flag("limiterBeforeExecution", \.limitsBeforeExecution),
        flag("acceptsChunkedBodies", \.acceptsChunkedBodies),
        flag("honoursExpiry", \.honoursExpiry),
        flag("reusesConnections", \.reusesConnections),
        words("finalDeclines", \.finalDeclines),
        words("validationProblems", \.validationProblems),
        Member(name: "notExecutedStatuses", form: "a list of 401, 403, 404 or 405") {
            profile, value in
            guard let values = value.array else { return false }
            let statuses = values.compactMap(\.integer).compactMap { Int(exactly: $0) }
            guard statuses.count == values.count,
                statuses.allSatisfy([401, 403, 404, 405].contains)
            else { return false }
            profile.notExecutedStatuses = statuses
            return true
        },
        duration("sendingWindow", \.sendingWindowMilliseconds),
        duration("httpDeadline", \.httpDeadlineMilliseconds),
        Member(name: "repeats", form: "a whole number from 0 to 1000") { profile, value in
            guard let count = value.integer, (0...1_000).contains(count) else { return false }
            profile.largestRepeatCount = count
            return true
        },
        duration("retryFor", \.largestRetryAgeMilliseconds),
        duration("parkAfter", \.largestDoubtAgeMilliseconds),
    ]

    private static func flag(
        _ name: String, _ path: WritableKeyPath<ProviderProfile, Bool> & Sendable
    ) -> Member {
        Member(name: name, form: "true or false") { profile, value in
            guard let flag = value.bool else { return false }
            profile[keyPath: path] = flag
            return true
        }
    }

    private static func duration(
        _ name: String, _ path: WritableKeyPath<ProviderProfile, Int64> & Sendable
    ) -> Member {
        Member(name: name, form: Duration.form) { profile, value in
            guard let milliseconds = Duration.milliseconds(value) else { return false }
            profile[keyPath: path] = milliseconds
            return true
        }
    }

    private static func words(
        _ name: String, _ path: WritableKeyPath<ProviderProfile, [String]> & Sendable
    ) -> Member {
        Member(name: name, form: "a list of texts") { profile, value in
            guard let values = value.array else { return false }
            let words = values.compactMap(\.string)
            guard words.count == values.count else { return false }
            profile[keyPath: path] = words
            return true
        }
    }

    /// Durations as texts.
    private enum Duration {
        static let form =
            "a duration as \"30s\": a whole number with ms, s, m, h or d, at most 366d"

        static func milliseconds(_ value: JSONValue) -> Int64? {
            guard let text = value.string else { return nil }
            let units: [(String, Int64)] = [
                ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
            ]
            for (unit, size) in units where text.hasSuffix(unit) {
                let digits = text.dropLast(unit.count)
                guard !digits.isEmpty, digits.count <= 12,
                    digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int64(digits)
                else { continue }
                let (product, overflow) = number.multipliedReportingOverflow(by: size)
                return overflow || product > 366 * 86_400_000 ? nil : product
            }
            return nil
        }
    }
}
