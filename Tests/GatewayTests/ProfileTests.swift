import Gateway
import Payments
import Testing

/// What a profile file says, member by member.
@Suite struct ProfileTests {
    private static let changes:
        [(member: String, value: String, change: @Sendable (inout ProviderProfile) -> Void)] = [
            ("merchant", #""m-1""#, { $0.merchant = "m-1" }),
            ("idempotent", "true", { $0.isIdempotent = true }),
            ("keyTTL", #""24h""#, { $0.keyLifetimeMilliseconds = 86_400_000 }),
            ("keyTTLMargin", #""3h""#, { $0.keyLifetimeMarginMilliseconds = 10_800_000 }),
            ("lookupByKey", "true", { $0.looksUpByKey = true }),
            ("lookupVisibilityDelay", #""2m""#, { $0.lookupVisibilityDelayMilliseconds = 120_000 }),
            ("notFoundIsFinal", "true", { $0.notFoundIsFinal = true }),
            ("finalityDelay", #""7s""#, { $0.finalityDelayMilliseconds = 7_000 }),
            ("limiterBeforeExecution", "true", { $0.limitsBeforeExecution = true }),
            ("acceptsChunkedBodies", "false", { $0.acceptsChunkedBodies = false }),
            ("honoursExpiry", "true", { $0.honoursExpiry = true }),
            ("reusesConnections", "true", { $0.reusesConnections = true }),
            ("finalDeclines", #"["closed"]"#, { $0.finalDeclines = ["closed"] }),
            ("validationProblems", #"["bad"]"#, { $0.validationProblems = ["bad"] }),
            ("notExecutedStatuses", "[401,405]", { $0.notExecutedStatuses = [401, 405] }),
            ("sendingWindow", #""250ms""#, { $0.sendingWindowMilliseconds = 250 }),
            ("httpDeadline", #""9s""#, { $0.httpDeadlineMilliseconds = 9_000 }),
            ("repeats", "0", { $0.largestRepeatCount = 0 }),
            ("retryFor", #""2d""#, { $0.largestRetryAgeMilliseconds = 172_800_000 }),
            ("parkAfter", #""366d""#, { $0.largestDoubtAgeMilliseconds = 31_622_400_000 }),
        ]

    /// Members that claim nothing without another.
    private static let companions: [String: (member: String, value: String)] = [
        "notFoundIsFinal": ("idempotent", #"true,"lookupByKey":true"#),
        "reusesConnections": ("idempotent", "true"),
    ]

    private func read(_ json: String) throws -> ProviderProfile {
        try ProviderProfile(json: Array(json.utf8))
    }

    /// Each by itself, so that none is taken for another; and all of them together.
    @Test func everyMemberIsItsOwn() throws {
        #expect(Self.changes.map(\.member) == ProviderProfile.memberNames)
        var all = ProviderProfile()
        for (member, value, change) in Self.changes {
            var expected = ProviderProfile()
            change(&expected)
            #expect(expected != ProviderProfile(), "\(member) is changed")
            var text = "\"\(member)\":\(value)"
            if let (other, itsValue) = Self.companions[member] {
                text += ",\"\(other)\":\(itsValue)"
                expected.isIdempotent = true
                expected.looksUpByKey = itsValue.contains("lookupByKey")
            }
            #expect(try read("{\(text)}") == expected, "\(member)")
            change(&all)
        }
        let text = Self.changes.map { "\"\($0.member)\":\($0.value)" }.joined(separator: ",")
        #expect(try read("{\(text)}") == all)
        #expect(try read("{}") == ProviderProfile(), "what is left out claims nothing")
    }

    @Test(arguments: [
        (#"{"idempotent":1}"#, "idempotent"), (#"{"keyTTL":"24"}"#, "keyTTL"),
        (#"{"keyTTL":"-1h"}"#, "keyTTL"), (#"{"httpDeadline":"367d"}"#, "httpDeadline"),
        (#"{"httpDeadline":30}"#, "httpDeadline"), (#"{"repeats":1001}"#, "repeats"),
        (#"{"repeats":-1}"#, "repeats"), (#"{"notExecutedStatuses":[500]}"#, "notExecutedStatuses"),
        (#"{"finalDeclines":["a",7]}"#, "finalDeclines"), (#"{"merchant":""}"#, "merchant"),
        (#"{"idempotence":true}"#, "there is no 'idempotence'"), ("[]", "not one JSON object"),
        (#"{"idempotent":true,"idempotent":false}"#, "not one JSON object"),
        (#"{"reusesConnections":true}"#, "'reusesConnections' needs"),
        (#"{"notFoundIsFinal":true,"idempotent":true}"#, "'notFoundIsFinal' needs 'lookupByKey'"),
        (#"{"notFoundIsFinal":true,"lookupByKey":true}"#, "'honoursExpiry'"),
        (#"{"keyTTL":"1h"}"#, "'keyTTL' must be longer"),
        (#"{"httpDeadline":"0s"}"#, "'httpDeadline'"),
        (#"{"sendingWindow":"0s"}"#, "'sendingWindow'"),
    ])
    func whatMakesNoSenseIsNamed(_ json: String, _ words: String) {
        let fault = #expect(throws: ProfileFault.self) { try read(json) }
        #expect(fault?.sentence.contains(words) == true, "\(fault as Any)")
    }

    /// What tests with a sandbox bank in them claim of it.
    @Test func theSandboxIsDescribed() throws {
        #expect(
            try read(
                #"{"idempotent":true,"lookupByKey":true,"lookupVisibilityDelay":"0s","#
                    + #""notFoundIsFinal":true,"limiterBeforeExecution":true,"#
                    + #""httpDeadline":"10s"}"#) == .sandbox)
    }
}
