import CommandRunning
import EventLog
import Foundation
import SQLiteLog
import Testing

/// Garbage among bids: each record is decided, with its reason, and the next one as usual.
@Suite struct GarbageTests {
    private static let who = #""offering":"o","account":"a""#
    private static let good = #"\#(who),"shares":1"#

    private static let bids: [(value: [UInt8]?, env: String?, reason: String)] = [
        (Array("not json".utf8), nil, "malformed"),
        (nil, nil, "malformed"),
        ([], nil, "malformed"),
        (Array("[]".utf8), nil, "malformed"),
        (Array("null".utf8), nil, "malformed"),
        (Array(#"{"type":"bid","bid":"x1",\#(good)"#.utf8), nil, "malformed"),
        (Array(#"{"type":"bid","bid":"x2",\#(good)} "#.utf8) + [0xFF], nil, "malformed"),
        (Array(#"{"type":"bid","bid":"x3",\#(who),"shares":"1"}"#.utf8), nil, "malformed"),
        (Array(#"{"type":"bid","bid":"x4",\#(who),"shares":1.5}"#.utf8), nil, "malformed"),
        (Array(#"{"type":"bid","bid":"x5",\#(who)}"#.utf8), nil, "malformed"),
        (Array(#"{"type":"bud","bid":"x9",\#(good)}"#.utf8), nil, "malformed"),
        (Array(#"{"type":"bid","bid":"x6","bid":"x6",\#(good)}"#.utf8), nil, "malformed"),
        (Array(#"{"type":"bid","bid":7,\#(good)}"#.utf8), nil, "malformed"),
        (Array(#"{"type":"bid","bid":"sp ace",\#(good)}"#.utf8), nil, "malformed"),
        (Array(repeating: UInt8(ascii: "x"), count: 65_536), nil, "malformed"),
        (Array(repeating: UInt8(ascii: "["), count: 10_000), nil, "malformed"),
        (Array(#"{"type":"bid","bid":"x7",\#(good)}"#.utf8), "prod", "wrongEnvironment"),
        (
            Array(#"{"type":"bid","bid":"x8","offering":"u","account":"a","shares":1}"#.utf8), nil,
            "unknownOffering"
        ),
    ]

    @Test func everyRecordIsDecidedAndTheNextOneAsUsual() throws {
        let folder = try Folder()
        try folder.createTopics()
        try folder.open("o", shares: 100)

        let log = try SQLiteLog.open(path: "\(folder.path)/fairfill.db", create: false)
        let appender = try log.openAppender()
        var records = OutgoingRecords()
        let to = records.destination(TopicPartition("dev.bids", 0))
        for (index, bid) in Self.bids.enumerated() {
            let headers = Headers.encode(bid.env.map { [("env", Array($0.utf8))] } ?? [])
            headers.withUnsafeBytes { headers in
                let value = bid.value ?? []
                value.withUnsafeBytes {
                    records.append(
                        to: to, key: nil, headers: headers, value: bid.value == nil ? nil : $0)
                }
            }
            // The next one, which must be decided as if nothing had been before it.
            var next = #"{"type":"bid","bid":"ok-\#(index)",\#(Self.good)}"#
            next.withUTF8 { records.append(to: to, key: nil, value: UnsafeRawBufferPointer($0)) }
        }
        _ = try appender.append(records)
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()

        let decisions = try folder.bidDecisions()
        try #require(decisions.count == 2 * Self.bids.count)
        for (index, bid) in Self.bids.enumerated() {
            let decision = decisions[2 * index]
            #expect(decision["type"] as? String == "rejected", "\(decision)")
            #expect(decision["reason"] as? String == bid.reason, "\(index): \(decision)")
            let next = decisions[2 * index + 1]
            #expect(next["type"] as? String == "reserved", "\(next)")
            #expect(next["bid"] as? String == "ok-\(index)")
        }
        #expect(try Run.fairfill(["verify"], in: folder).exitCode == 0)

        // What can't be read is kept, as it came, for whoever looks into it.
        let reader = try log.openReader([ReadStart(TopicPartition("dev.invalid", 0), from: 0)])
        var kept = RecordBatch()
        while try reader.read(0, into: &kept, limit: 100) > 0 {}
        let malformed = Self.bids.filter { $0.reason == "malformed" }
        #expect(kept.count == malformed.count)
        for (index, bid) in malformed.enumerated() where index < kept.count {
            let raw = kept.value(index).map { Array($0) } ?? []
            #expect(raw == Array((bid.value ?? []).prefix(32_768)), "record \(index)")
        }
    }

    /// A file of bids: bad lines are reported by number, and the rest go on.
    @Test func badLinesOfAFileAreReportedAndTheRestGoOn() throws {
        let folder = try Folder()
        try folder.createTopics()
        try folder.write(
            """
            {"bid":"b1",\(Self.good)}
            garbage
            {"offering":"o","account":"a","shares":1}

            {"bid":"b2",\(Self.good)}
            {"bid":"b3","offering":"o","account":"a","shares":0}
            {"bid":"b4",\(Self.good),"allOrNone":true}
            """, to: "bids.ndjson")
        let run = try Run.fairfill(["bid", "--from", "bids.ndjson", "--json"], in: folder)
        #expect(run.exitCode == 65)
        // A bid for no shares can be read: refusing it is the allocator's decision, not ours.
        let all = ["b1", "b2", "b3", "b4"]
        #expect(try run.objects().compactMap { $0["id"] as? String } == all)
        for line in [2, 3] { #expect(run.errors.contains("line \(line)"), "\(run.errors)") }
    }
}
