import CommandRunning
import EventLog
import Foundation
import SQLiteLog
import Testing

/// `fairfill export`: what the inputs were, tables that spreadsheets open, and lists without lines.
@Suite struct ExportTests {
    /// A sale with a bid, a cancellation, and records that nobody can read.
    private func sale() throws -> Folder {
        let folder = try Folder(isChecked: false)
        try folder.createTopics()
        try folder.open("o", shares: 10)
        try folder.write(
            #"{"bid":"b-1","offering":"o","account":"-anna","shares":3}"# + "\n", to: "bids.ndjson")
        try Run.fairfill(["bid", "--from", "bids.ndjson", "--quiet"], in: folder).mustWork()
        try append(folder, key: "o", headers: [("x", nil), ("y", [0xFF])], value: "=1+1,\"a\"\n")
        try append(folder, key: nil, headers: [], value: nil)
        try Run.fairfill(
            ["cancel-bid", "--offering", "o", "--account", "-anna", "--id", "b-1"],
            in: folder
        ).mustWork()
        try Run.fairfill(
            ["bid", "--offering", "p", "--account", "a", "--shares", "1", "--id", "b-2"],
            in: folder
        ).mustWork()
        return folder
    }

    private func append(
        _ folder: Folder, key: String?, headers: [(name: String, value: [UInt8]?)], value: String?
    ) throws {
        let log = try SQLiteLog.open(path: "\(folder.path)/fairfill.db", create: false)
        let appender = try log.openAppender()
        var records = OutgoingRecords()
        let to = records.destination(TopicPartition("dev.bids", 0))
        func with(_ text: String?, _ body: (UnsafeRawBufferPointer?) -> Void) {
            guard let text else { return body(nil) }
            Array(text.utf8).withUnsafeBytes { body($0) }
        }
        Headers.encode(headers).withUnsafeBytes { headers in
            with(key) { key in
                with(value) { records.append(to: to, key: key, headers: headers, value: $0) }
            }
        }
        _ = try appender.append(records)
    }

    @Test func bidsAsTheyCame() throws {
        let folder = try sale()
        let run = try Run.fairfill(["export", "bids", "--json"], in: folder).mustWork()
        let rows = try run.objects()
        try #require(rows.count >= 4, "\(run)")
        #expect(rows.map { $0["offset"] as? Int } == (0..<rows.count).map { $0 })
        #expect(rows.allSatisfy { $0["at"] as? Int ?? 0 > 1_700_000_000_000 })
        let first = rows[0]
        #expect(first["readable"] as? Bool == true && first["key"] as? String == "o")
        #expect((first["value"] as? [String: Any])?["account"] as? String == "-anna")
        let headers = first["headers"] as? [[String: String]]
        #expect(headers == [["name": "env", "value": "dev"]])
        let garbage = rows[1]
        #expect(garbage["readable"] as? Bool == false)
        #expect(garbage["value"] as? String == "=1+1,\"a\"\n")
        #expect((garbage["fault"] as? String)?.contains("notJSON") == true, "\(garbage)")
        let odd = garbage["headers"] as? [[String: Any]]
        #expect(odd?[0]["value"] is NSNull && odd?[1]["valueBase64"] as? String == "/w==")
        let null = rows[2]
        #expect(null["key"] is NSNull && null["value"] is NSNull)
        #expect((null["fault"] as? String)?.contains("nullPayload") == true, "\(null)")
        // One offering's, with what can't be read under its key.
        let filtered = try Run.fairfill(["export", "bids", "--offering", "o"], in: folder)
        let offsets = try filtered.mustWork().objects().map { $0["offset"] as? Int }
        #expect(offsets.contains(0) && offsets.contains(1) && !offsets.contains(2))
        #expect(offsets.count < rows.count)
    }

    /// What retention took is said, and what is left is printed.
    @Test func whatIsNoLongerKeptIsSaid() throws {
        let folder = try Folder(isChecked: false)
        try folder.createTopics()
        let log = try SQLiteLog.open(path: "\(folder.path)/fairfill.db", create: false)
        let importer = try log.openImporter()
        var batch = RecordBatch()
        Array(#"{"type":"bid","bid":"b","offering":"o","account":"a","shares":1}"#.utf8)
            .withUnsafeBytes {
                batch.append(
                    offset: 5, appendTime: 1_767_225_600_000, key: nil,
                    headers: UnsafeRawBufferPointer(start: nil, count: 0), value: $0)
            }
        try importer.append(batch, to: TopicPartition("dev.bids", 0), from: 5, upTo: 6)
        importer.close()
        let run = try Run.fairfill(["export", "bids"], in: folder).mustWork()
        #expect(try run.objects().map { $0["offset"] as? Int } == [5])
        #expect(run.errors.contains("dev.bids[0] begins at offset 5: what came before"), "\(run)")
        let commands = try Run.fairfill(["export", "commands"], in: folder).mustWork()
        #expect(!commands.errors.contains("begins at"), "\(commands)")
    }

    /// Whoever has read enough ends it, and that is no failure.
    @Test func aClosedPipeEndsIt() throws {
        let folder = try sale()
        let lines = (0..<3_000).map {
            #"{"bid":"c\#($0)","offering":"o","account":"a","shares":1}"# + "\n"
        }
        try folder.write(lines.joined(), to: "many.ndjson")
        try Run.fairfill(["bid", "--from", "many.ndjson", "--quiet"], in: folder).mustWork()
        let run = try Run.shell(
            "('\(Run.binary)' export bids --json; echo $? > code) | head -n 1; cat code",
            in: folder)
        #expect(run.lines.count == 2 && run.lines.last == "0", "\(run)")
        #expect(run.lines.first?.hasPrefix(#"{"topic":"bids""#) == true && run.errors.isEmpty)
    }

    /// The files that what-if takes, which decides them as the allocator did.
    @Test func filesForWhatIf() throws {
        let folder = try sale()
        for (word, file) in [("bids", "b"), ("commands", "c")] {
            let run = try Run.fairfill(["export", word, "--format", "what-if"], in: folder)
            try folder.write(try run.mustWork().output, to: "\(file).ndjson")
        }
        let run = try Run.fairfill(
            ["what-if", "--bids", "b.ndjson", "--offerings", "c.ndjson", "--json"], in: folder)
        #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run)")
    }

    @Test func tablesThatSpreadsheetsOpen() throws {
        let folder = try sale()
        let run = try Run.fairfill(
            ["export", "bids", "--format", "csv", "--bom"], in: folder).mustWork()
        #expect(run.output.hasPrefix("\u{FEFF}topic,partition,offset,at,key,"), "\(run)")
        // Quotes are doubled, a line's end stays inside its field, and nothing is a formula.
        #expect(run.output.contains(#","'=1+1,""a""\#n""#), "\(run)")
        #expect(run.output.contains(#",b-1,"'-anna",3,"#), "\(run)")
        let plain = try Run.fairfill(
            ["export", "decisions", "--format", "csv"], in: folder).mustWork()
        #expect(plain.output.hasPrefix("partition,seq,"), "\(plain)")
        let wrong = try Run.fairfill(["export", "bids", "--bom"], in: folder)
        #expect(wrong.exitCode == 64, "\(wrong)")
    }

    /// No lines say nothing: standard error says that there are none, and where.
    @Test func emptyListsSaySo() throws {
        let folder = try Folder()
        try folder.createTopics()
        for words in [
            "offering list", "payments list", "attention list", "export decisions",
            "export holdings", "export bids", "export commands", "export results",
        ] {
            let list = words.split(separator: " ").map(String.init)
            let run = try Run.fairfill(list, in: folder)
            #expect(run.exitCode == 0 && run.output.isEmpty, "\(words): \(run)")
            #expect(run.errors.contains("sqlite:fairfill.db"), "\(words): \(run)")
            let quiet = try Run.fairfill(list + ["--quiet"], in: folder)
            #expect(quiet.errors.isEmpty, "\(words): \(quiet)")
        }
    }

    /// Inputs that nobody decided are not verified, and the last line says so.
    @Test func inputsWithoutADecisionAreNotVerified() throws {
        let folder = try Folder()
        try folder.createTopics()
        let empty = try Run.fairfill(["verify"], in: folder)
        #expect(empty.exitCode == 0, "\(empty)")
        try folder.open("o", shares: 10)
        let run = try Run.fairfill(["verify"], in: folder)
        #expect(run.exitCode == 3, "\(run)")
        #expect(run.lines.last?.hasPrefix("not verified: 1 bid or command") == true, "\(run)")
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        let decided = try Run.fairfill(["verify"], in: folder)
        #expect(decided.exitCode == 0, "\(decided)")
        #expect(decided.lines.last == "verified: nothing is wrong", "\(decided)")
    }
}
