import Testing
import Vocabulary

/// Moments as people write them.
@Suite struct MomentTextTests {
    @Test(arguments: [
        ("0", 0), ("1795464049394", 1_795_464_049_394),
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.5Z", 500),
        ("2026-11-23T17:20:49.394Z", 1_795_454_449_394),
        ("2026-11-23T17:20:49.3949999Z", 1_795_454_449_394),
        ("2026-11-23t18:20:49.394+01:00", 1_795_454_449_394),
        ("2026-11-23 11:50:49.394-05:30", 1_795_454_449_394),
        ("2000-02-29T12:00:00Z", 951_825_600_000), ("2100-03-01T00:00:00z", 4_107_542_400_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] as [(String, Int64)])
    func isRead(_ text: String, _ milliseconds: Int64) throws {
        #expect(try Timestamp(parsing: text).rawValue == milliseconds)
    }

    @Test(arguments: [
        "", "-1", "1e3", "1.5", " 1", "9007199254740992", "now", "2026-11-23",
        "2026-11-23T17:20:49", "2026-11-23T17:20Z", "2026-11-23T17:20:49.Z",
        "2026-11-23T17:20:49+0100", "2026-11-23T17:20:49Zx", "2026-1-23T17:20:49Z",
        "2026-11-23T17:20:49+", "2026-11-23T17:20:49é",
    ])
    func isNoMoment(_ text: String) {
        #expect(throws: Timestamp.TextFault.notAMoment) { try Timestamp(parsing: text) }
    }

    @Test(arguments: [
        "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-04-00T00:00:00Z",
        "2026-04-01T24:00:00Z", "2026-04-01T00:60:00Z", "2026-04-01T00:00:61Z",
        "2026-04-01T00:00:00+24:00", "1969-12-31T23:59:59Z", "1970-01-01T00:30:00+01:00",
    ])
    func isNoDate(_ text: String) {
        #expect(throws: Timestamp.TextFault.noSuchDate) { try Timestamp(parsing: text) }
    }
}
