import CommandRunning
import Foundation
import Testing

/// `fairfill what-if`, as people run it.
@Suite struct WhatIfTests {
    private static let offering =
        #"{"type":"offering.open","command":"c","offering":"o","shares":10,"price":5,"#
        + #""currency":"CNY","minimumShares":0,"closesAt":900,"at":1}"# + "\n"

    private func prepared() throws -> Folder {
        let folder = try Folder()
        try folder.write(Self.offering, to: "offerings.ndjson")
        try folder.write(
            """
            {"type":"bid","bid":"b1","offering":"o","account":"anna","shares":6,"at":10}
            {"bid":"b2","offering":"o","account":"ben","shares":6,"at":20}
            {"type":"cancel","bid":"b2","offering":"o","account":"carl","at":25}
            {"type":"bid","bid":"b3","offering":"o","account":"carl","shares":4,"at":900}

            """, to: "bids.ndjson")
        return folder
    }

    /// What allocators decided one way is not put into another order, whatever the stamps say: here
    /// two bids that came before their offering was opened again, by a clock that ran ahead.
    @Test func aLogIsDecidedInTheOrderOfItsDecisions() throws {
        let folder = try Folder()
        try folder.createTopics()
        func decide() throws {
            try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        }
        func bid(_ id: String, _ shares: Int) throws {
            try Run.fairfill(
                ["bid", "--offering", "o", "--account", id, "--shares", "\(shares)", "--id", id],
                in: folder
            ).mustWork()
        }
        try folder.open("o", shares: 10, price: 5)
        try bid("b1", 6)
        try decide()
        // Decided before the bid that stands in the log before it.
        try bid("b2", 3)
        try Run.fairfill(
            ["offering", "pause", "--offering", "o", "--no-wait"], in: folder
        ).mustWork()
        try decide()
        try bid("b3", 1)
        try decide()
        let shown = try Run.fairfill(["offering", "show", "--offering", "o", "--json"], in: folder)
            .mustWork().objects()[0]
        try bid("b4", 1)
        let run = try Run.fairfill(
            ["what-if", "--with", "shares=8", "--each", "--json"], in: folder
        ).mustWork()
        let rows = try run.objects()
        #expect(rows.map { $0["row"] as? String } == ["offering", "offering", "bid", "bid", "bid"])
        for member in ["state", "paused", "free", "reserved", "settled", "waiting"] {
            #expect(
                "\(rows[0][member] ?? 0)" == "\(shown[member] ?? 1)", "\(member): \(run.output)")
        }
        #expect(rows[1]["free"] as? Int == 0 && rows[1]["waiting"] as? Int == 1)
        #expect(rows.suffix(3).map { $0["offset"] as? Int } == [0, 1, 2])
        #expect(run.errors.contains("1 record is not decided yet and is left out"))
        let paid = try Run.fairfill(["what-if", "--paid-at-once", "--json"], in: folder).mustWork()
        #expect(try paid.objects()[0]["settled"] as? Int == 9)
    }

    /// The stamps say another order than the decisions: of records of one moment a command goes
    /// before a bid, and here the bid was decided before the command came.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/faketime")))
    func whereTheStampsSayAnotherOrderTheDecisionsCount() throws {
        let folder = try Folder()
        try folder.createTopics()
        func decide() throws {
            try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        }
        try folder.open("o", shares: 10, price: 5)
        // The file's time stands still until that clock's is reached.
        try Run.program(
            "/usr/bin/faketime",
            [
                "+25 seconds", Run.binary, "bid", "--offering", "o", "--account", "a", "--shares",
                "6", "--id", "b1",
            ], in: folder
        ).mustWork()
        try decide()
        try Run.fairfill(
            ["offering", "pause", "--offering", "o", "--no-wait"], in: folder
        ).mustWork()
        try decide()
        // The stamps do agree on nothing.
        try Run.fairfill(["export", "bids", "--format", "what-if"], in: folder).mustWork()
            .output.write(toFile: "\(folder.path)/bids.ndjson", atomically: true, encoding: .utf8)
        try Run.fairfill(["export", "commands", "--format", "what-if"], in: folder).mustWork()
            .output.write(
                toFile: "\(folder.path)/offerings.ndjson", atomically: true, encoding: .utf8)
        let files = try Run.fairfill(
            ["what-if", "--bids", "bids.ndjson", "--offerings", "offerings.ndjson", "--json"],
            in: folder
        ).mustWork().objects()[0]
        #expect(files["settled"] as? Int == 0 && files["nothing"] as? Int == 1, "\(files)")
        let log = try Run.fairfill(["what-if", "--json"], in: folder).mustWork().objects()[0]
        #expect(log["reserved"] as? Int == 6 && log["nothing"] as? Int == 0, "\(log)")
    }

    private static let files = [
        "what-if", "--bids", "bids.ndjson", "--offerings", "offerings.ndjson",
    ]

    @Test func aTableForPeopleWithAColumnAVariant() throws {
        let run = try Run.fairfill(
            Self.files + ["--with", "remainder=skip,waitlist-shares=0", "--with", "min-shares=11"],
            in: try prepared()
        ).mustWork()
        func row(_ name: String) -> [String] {
            // Columns without room stand in a block below.
            run.lines.filter { $0.hasPrefix("  \(name)  ") }.flatMap { line in
                line.dropFirst(name.count + 2).split(separator: "  ")
                    .map { $0.trimmingCharacters(in: .whitespaces) }
            }
        }
        #expect(run.lines.first == "o" && run.lines.allSatisfy { $0.count <= 80 })
        #expect(row("state") == ["filled", "closedShort", "badTerms: minShares"], "\(run.output)")
        #expect(row("settled") == ["10", "6", "-"])
        #expect(row("bids served whole") == ["1", "1", "0"])
        #expect(row("bids served in part") == ["1", "0", "0"])
        #expect(row("bids refused, waitlistFull") == ["0", "1", "0"])
        #expect(row("cancellations refused, notYourBid") == ["1", "1", "0"])
        #expect(row("bids refused, unknownOffering") == ["0", "0", "3"])
        #expect(run.errors.isEmpty)
    }

    /// The allocator decides a resumption that is stamped a little later before a bid that would
    /// be refused for want of it, and so does this; on one clock neither does.
    @Test(
        arguments: [([], "3", "0"), (["--command-grace", "1499ms"], "0", "1")]
            as [([String], String, String)])
    func aResumptionALittleLaterGoesFirst(
        _ options: [String], reserved: String, refused: String
    ) throws {
        let folder = try Folder()
        try folder.write(
            #"{"type":"bid","bid":"b","offering":"o","account":"a","shares":3,"#
                + #""allOrNone":false,"at":1767225610000}"# + "\n", to: "bids.ndjson")
        try folder.write(
            #"{"type":"offering.open","command":"c","offering":"o","shares":10,"price":1,"#
                + #""currency":"XXX","at":1767225600000}"# + "\n"
                + #"{"type":"offering.pause","command":"p","offering":"o","at":1767225605000}"#
                + "\n"
                + #"{"type":"offering.resume","command":"r","offering":"o","at":1767225611500}"#
                + "\n", to: "offerings.ndjson")
        let run = try Run.fairfill(Self.files + options + ["--json"], in: folder).mustWork()
        let row = try run.objects()[0]
        #expect("\(row["settled"] ?? "")" == reserved, "\(run.output)")
        #expect("\(row["nothing"] ?? "")" == refused, "\(run.output)")
    }

    @Test func rowsForProgramsAndOnlyWhatDiffers() throws {
        let run = try Run.fairfill(
            Self.files + [
                "--with", "remainder=skip,waitlist-shares=0", "--json", "--each", "--differing",
            ], in: try prepared()
        ).mustWork()
        let rows = try run.objects()
        #expect(rows.map { $0["row"] as? String } == ["offering", "offering", "bid", "bid"])
        #expect(rows[1]["variant"] as? String == "remainder=skip,waitlist-shares=0")
        #expect(rows[0]["largestAccount"] as? String == "anna")
        #expect(rows[2]["bid"] as? String == "b2" && rows[2]["line"] as? Int == 2)
        let results = rows[2]["results"] as? [[String: Any]] ?? []
        #expect(results.map { $0["got"] as? Int } == [4, 0])
        #expect(results.last?["refused"] as? String == "waitlistFull")
    }

    @Test func badLinesAreReportedAndTheRestGoOn() throws {
        let folder = try prepared()
        try folder.write(
            """
            {"bid":"b1","offering":"o","account":"anna","shares":6}
            {"bid":"b2","offering":"o","account":"ben","shares":6,"at":"20"}

            {"bid":"b3","offering":"o","account":"ben","at":20}
            {"bid":"b4","offering":"o","account":"ben","shares":6,"at":20}
            minutes of the meeting
            """, to: "bids.ndjson")
        try folder.write(Self.offering + "{}\n", to: "offerings.ndjson")
        let run = try Run.fairfill(Self.files + ["--each", "--json"], in: folder)
        #expect(run.exitCode == 65)
        #expect(try run.objects().last?["bid"] as? String == "b4")
        for words in [
            "bids.ndjson, line 1: 'at' is missing", "bids.ndjson, line 2: at: a moment is RFC 3339",
            "bids.ndjson, line 4: shares is missing", "bids.ndjson, line 6: not JSON",
            "offerings.ndjson, line 2:", "5 lines can't be read",
        ] {
            #expect(run.errors.contains(words), "\(words): \(run.errors)")
        }
    }

    /// Only the results of the file count.
    @Test func paymentsMayComeFromAFile() throws {
        let folder = try prepared()
        func result(_ kind: String, _ bid: String, _ account: String, _ rest: String) -> String {
            #"{"type":"\#(kind)","command":"o/\#(bid)/1","result":1,"offering":"o","#
                + #""account":"\#(account)",\#(rest)}"# + "\n"
        }
        try folder.write(
            result("declined", "b1", "anna", #""at":30"#)
                + result("paid", "b2", "ben", #""amount":20,"at":40"#), to: "payments.ndjson")
        let rows = try Run.fairfill(
            Self.files + ["--payments", "payments.ndjson", "--each", "--json"], in: folder
        ).mustWork().objects()
        #expect(rows[0]["state"] as? String == "closing")
        let ben = (rows[2]["results"] as? [[String: Any]])?.first
        #expect(ben?["settled"] as? Int == 4 && ben?["reserved"] as? Int == 2)
    }

    /// The same records on a log and in files, with the times that the log gave them: what the
    /// worker decides and what the files give is the same.
    @Test func whatTheAllocatorDecidesIsWhatTheFilesGive() throws {
        let folder = try Folder()
        try folder.createTopics()
        let terms = #""offering":"o","shares":40,"price":5,"currency":"CNY","#
            + #""maxSharesPerAccount":9,"waitlistShares":12"#
        try folder.write("{\(terms)}\n", to: "open.ndjson")
        let opened = try Run.fairfill(
            ["offering", "open", "--from", "open.ndjson", "--no-wait", "--json"], in: folder
        ).mustWork().objects()
        let bids = (0..<60).map { index in
            #""bid":"b\#(index % 50)","offering":"o","account":"a\#(index % 7)","shares":"#
                + "\(index % 5),\"allOrNone\":\(index % 3 == 0)"
        }
        try folder.write(bids.map { "{\($0)}\n" }.joined(), to: "log.ndjson")
        let receipts = try Run.fairfill(["bid", "--from", "log.ndjson", "--json"], in: folder)
            .mustWork().objects()
        try Run.fairfill(["allocate", "--until-end", "--quiet"], in: folder).mustWork()
        func at(_ receipt: [String: Any]) -> Int { receipt["at"] as? Int ?? -1 }
        try folder.write("{\(terms),\"at\":\(at(opened[0]))}\n", to: "offerings.ndjson")
        try folder.write(
            zip(bids, receipts).map { "{\($0),\"at\":\(at($1))}\n" }.joined(), to: "bids.ndjson")
        // Nobody has paid on the log, so nobody has in the file.
        try folder.write("", to: "payments.ndjson")
        let rows = try Run.fairfill(
            Self.files + ["--payments", "payments.ndjson", "--each", "--json"], in: folder
        ).mustWork().objects().filter { $0["row"] as? String == "bid" }
        let decisions = try folder.bidDecisions()
        let first = decisions.filter {
            $0["type"] as? String != "repeated"
                && $0["reason"] as? String != "conflictingDuplicate"
        }
        #expect(decisions.count == 60 && rows.count == 50)
        try #require(first.count == rows.count)
        for (row, decision) in zip(rows, first) {
            let result = (row["results"] as? [[String: Any]])?.first
            #expect(row["bid"] as? String == decision["bid"] as? String)
            #expect(result?["refused"] as? String == decision["reason"] as? String)
            #expect(result?["reserved"] as? Int == decision["shares"] as? Int ?? 0)
            #expect(result?["waiting"] as? Int == decision["waiting"] as? Int ?? 0)
        }
    }

    @Test(arguments: [
        ("what-if --offerings offerings.ndjson", 64, "--bids is missing"),
        ("what-if --bids missing.ndjson --offerings offerings.ndjson", 74, "missing.ndjson"),
        ("what-if --bids - --offerings -", 64, "one of the files only"),
        ("what-if --bids - --offerings offerings.ndjson --differing", 64, "without --each"),
        ("what-if --bids - --offerings offerings.ndjson --each --differing", 64, "without --with"),
        ("what-if --bids - --offerings - --with remaindr=skip", 64, "did you mean 'remainder'"),
        ("what-if --bids - --offerings - --with remainder=first", 64, "split, skip or hold"),
        ("explain", 64, "--bid is missing"),
    ] as [(String, Int32, String)])
    func wrongCallsSayWhatToDo(_ line: String, _ exitCode: Int32, _ word: String) throws {
        let run = try Run.fairfill(
            line.split(separator: " ").map(String.init), in: try prepared())
        #expect(run.exitCode == exitCode && run.errors.contains(word), "\(line): \(run.errors)")
    }

    /// Real sales, with the times of their files: each order gets what it really got, or what the
    /// stated rule gives.
    @Test(.enabled(if: RealOrders.folder != nil, "no real orders here"), arguments: RealOrders.all)
    func realOrdersGetWhatTheyGot(_ orders: RealOrders) throws {
        let folder = try Folder()
        let offering = try #require(try orders.lines("offerings").first)
        let opens = try milliseconds(offering["opened"])
        var terms: [String: Any] = [
            "type": "offering.open", "command": "c", "offering": offering["offering"]!,
            "shares": offering["target"]!, "price": 1, "currency": "XXX", "waitlistShares": 0,
            // What was sold stands, whether or not it was all.
            "minimumShares": 0, "opensAt": opens,
            "closesAt": try milliseconds(offering["closed"]) + 1_000, "at": opens - 1,
        ]
        terms["maxSharesPerAccount"] = offering["account_limit"]
        try folder.write(line(terms), to: "offerings.ndjson")
        let asked = try orders.lines("orders")
        var bids = ""
        for order in asked {
            bids += try line([
                "bid": order["id"]!, "offering": order["offering"]!, "account": order["account"]!,
                "shares": order["amount"]!, "at": try milliseconds(order["at"]),
            ])
        }
        try folder.write(bids, to: "bids.ndjson")
        // The rule is a variant, beside the terms of the file.
        let rule = orders.rule == "skip" ? "remainder=skip,all-or-none=true" : "remainder=split"
        let rows = try Run.fairfill(
            Self.files + ["--with", rule, "--each", "--json", "--quiet"], in: folder
        ).mustWork().objects().filter { $0["row"] as? String == "bid" }
        let expected = try orders.lines(orders.expected)
        #expect(rows.count == asked.count)
        try #require(rows.count == expected.count)
        for (row, expected) in zip(rows, expected) {
            let result = (row["results"] as? [[String: Any]])?.last
            #expect(row["bid"] as? String == expected["id"] as? String)
            guard result?["settled"] as? Int != expected["accepted"] as? Int else { continue }
            Issue.record("\(row), expected \(expected)")
            return
        }
    }

    private func line(_ object: [String: Any]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self) + "\n"
    }

    private func milliseconds(_ text: Any?) throws -> Int {
        let date = ISO8601DateFormatter().date(from: text as? String ?? "")
        return Int(try #require(date).timeIntervalSince1970) * 1_000
    }
}
