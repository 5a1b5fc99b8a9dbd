import Payments
import Statements
import Testing
import Vocabulary

/// Statements in lines: what each says, and what is said of each that says nothing.
@Suite struct LinedStatementTests {
    static let header = "key,reference,amount,currency,direction,line,booked_at\n"

    @Test(arguments: [1, 3, 1_000])
    func theSandboxsOwnFormNeedsNoMapping(_ step: Int) throws {
        let csv = Self.header
            + ",,1000,CNY,,opening,2026-11-30T00:00:00Z\n"
            + "k1,pay_1,300,CNY,collect,booked,2026-11-30T10:00:00Z\n"
            + "k1,pay_1,300,CNY,collect,returned,2026-11-30T11:00:00Z\n"
            + ",,1000,CNY,,closing,2026-11-30T23:59:59Z\n"
        let ndjson = """
            {"line":"opening","amount":1000,"currency":"CNY","booked_at":"2026-11-30T00:00:00Z"}
            {"key":"k1","reference":"pay_1","amount":300,"currency":"CNY","direction":"collect",\
            "line":"booked","booked_at":"2026-11-30T10:00:00Z"}
            {"key":"k1","reference":"pay_1","amount":300,"currency":"CNY","direction":"collect",\
            "line":"returned","booked_at":"2026-11-30T11:00:00Z"}
            {"line":"closing","amount":1000,"currency":"CNY","booked_at":"2026-11-30T23:59:59Z"}
            """
        for items in [
            try Reading.lines(csv, .csv, step: step),
            try Reading.lines(ndjson, .ndjson, step: step),
        ] {
            let (statement, lines, remarks) = Reading.check(items)
            #expect(remarks == [])
            #expect(statement.isClosed && statement.net == 0)
            #expect(statement.opening?.amount == 1_000 && statement.closing?.amount == 1_000)
            let first = lines[0].number
            #expect(lines.map(\.short) == [
                "\(first) k1 pay_1 300 CNY collect booked",
                "\(first + 1) k1 pay_1 300 CNY collect returned",
            ])
            #expect(lines.map(\.movement) == [300, -300])
        }
    }

    @Test func anyBanksColumnsAreMapped() throws {
        let mapping = try Reading.mapping(
            """
            {"delimiter": ";", "key": "End to end", "amount": "Betrag", "unit": "decimal",
             "decimalSeparator": ",", "groupSeparator": ".", "signs": "positiveCollects",
             "currency": "Währung", "bookedAt": "Buchungstag", "bookedAtForm": "dd.MM.yyyy",
             "timeZone": "+01:00"}
            """)
        let text = "\u{FEFF}Währung;Betrag;\"End to end\";Buchungstag\r\n"
            + "EUR;1.234,5;\"k;\"\"1\"\"\r\n2\";24.12.2026\r\n"
            + "EUR; -12,00 ;k2;24.12.2026\r"
            + "\nJPY;7;k3;01.01.2027"
        for step in [1, 2, 5, 400] {
            let items = try Reading.lines(text, .csv, mapping, step: step)
            #expect(items.map(\.short) == [
                "2 k;\"1\"\r\n2 - 123450 EUR collect booked", "4 k2 - 1200 EUR payout booked",
                "5 k3 - 7 JPY collect booked",
            ])
            guard case .line(let line) = items[0] else { return #expect(Bool(false)) }
            // The day in the bank's zone: 23:00 UTC of the day before, and 24 h less 1 ms.
            #expect(line.booked.start == 1_798_066_800_000)
            #expect(line.booked.end == 1_798_153_199_999)
        }
    }

    @Test func withoutNamesColumnsHaveNumbers() throws {
        let mapping = try Reading.mapping(
            """
            {"header": false, "key": "3", "amount": "1", "currencyOfAll": "JPY", "direction": "2",
             "collect": ["C"], "payout": ["D"], "bookedAt": "4", "bookedAtForm": "yyyyMMdd"}
            """)
        let items = try Reading.lines("15,C,k1,20261224\n15,D,k2,20261224\n", .csv, mapping)
        #expect(items.map(\.short) == [
            "1 k1 - 15 JPY collect booked", "2 k2 - 15 JPY payout booked",
        ])
    }

    @Test func membersOfObjectsAreFoundByPath() throws {
        let mapping = try Reading.mapping(
            """
            {"key": "refs.own", "reference": "a.b", "amount": "amount.value", "unit": "decimal",
             "currency": "amount.currency", "direction": "way", "collect": ["in"],
             "payout": ["out"], "bookedAt": "at", "bookedAtForm": "milliseconds"}
            """)
        let items = try Reading.lines(
            #"{"refs":{"own":"k"},"a.b":"r","amount":{"value":12.50,"currency":"EUR"},"#
                + #""way":"out","at":1798066800000}"#, .ndjson, mapping)
        #expect(items.map(\.short) == ["1 k r 1250 EUR payout booked"])
    }

    /// The line's fault by its number, and the rest go on.
    @Test(arguments: [
        ("k,r,0,CNY,collect,booked,2026-11-30T10:00:00Z", "'amount' is 0, and must be above 0"),
        ("k,r,-3,CNY,collect,booked,2026-11-30T10:00:00Z", "must be above 0"),
        ("k,r,1.5,CNY,collect,booked,2026-11-30T10:00:00Z", "is no whole number of minor units"),
        ("k,r,1e3,CNY,collect,booked,2026-11-30T10:00:00Z", "is no whole number of minor units"),
        ("k,r,9007199254740992,CNY,collect,booked,2026-11-30T10:00:00Z", "is larger than 2^53 - 1"),
        ("k,r,99999999999999999999999,CNY,collect,booked,2026-11-30T10:00:00Z", "is larger than"),
        ("k,r,,CNY,collect,booked,2026-11-30T10:00:00Z", "there is no 'amount'"),
        ("k,r,1,cny,collect,booked,2026-11-30T10:00:00Z", "'cny' is no currency"),
        ("k,r,1,ZZZ,collect,booked,2026-11-30T10:00:00Z", "'ZZZ' is no currency"),
        ("k,r,1,,collect,booked,2026-11-30T10:00:00Z", "there is no 'currency'"),
        ("k,r,1,CNY,sideways,booked,2026-11-30T10:00:00Z", "'direction' is 'sideways'"),
        ("k,r,1,CNY,collect,pending,2026-11-30T10:00:00Z", "'line' is 'pending'"),
        ("k,r,1,CNY,collect,booked,2026-02-30", "is a date that no calendar has"),
        ("k,r,1,CNY,collect,booked,yesterday", "is neither RFC 3339 nor a date"),
        ("k,r,1,CNY,collect,booked,", "there is no 'booked_at'"),
        ("k,r,1,CNY,collect,booked", "has 6 fields, the first has 7"),
        ("k\"1,r,1,CNY,collect,booked,2026-11-30", "has a quote inside a field"),
        ("\"k\"1,r,1,CNY,collect,booked,2026-11-30", "has text behind a closing quote"),
    ])
    func aLineThatSaysNothingIsNamed(_ line: String, _ words: String) throws {
        let good = "k2,r,5,CNY,payout,booked,2026-11-30T10:00:00Z\n"
        let items = try Reading.lines(Self.header + line + "\n" + good, .csv)
        let fault = try #require(items.first?.fault)
        #expect(fault.hasPrefix("2: ") && fault.contains(words), "\(fault)")
        #expect(items.dropFirst().map(\.short) == ["3 k2 r 5 CNY payout booked"])
    }

    @Test(arguments: [
        ("{", "is not one JSON object"), ("[1]", "is not one JSON object"),
        (#"{"key":"a","key":"b"}"#, "is not one JSON object"),
        (#"{"line":"booked","amount":[1]}"#, "'amount' is neither a text nor a number"),
        (#"{"line":"booked","currency":"CNY","amount":true}"#, "neither a text nor a number"),
        (#"{"line":"booked","currency":"CNY","amount":12.0}"#, "is no whole number of minor"),
        (#"{"line":"booked","currency":"CNY","amount":1e2}"#, "is no whole number of minor"),
    ])
    func anObjectThatSaysNothingIsNamed(_ line: String, _ words: String) throws {
        let items = try Reading.lines("\n" + line + "\r\n", .ndjson)
        #expect(items.count == 1)
        let fault = try #require(items.first?.fault)
        #expect(fault.hasPrefix("2: ") && fault.contains(words), "\(fault)")
    }

    @Test func aFileThatIsCutOffInAQuoteSaysSo() throws {
        let items = try Reading.lines(Self.header + "\"k1,r,1,CNY\n\n", .csv)
        #expect(items.compactMap(\.fault) == [
            "2: has a quote that is never closed: the file is cut off"
        ])
    }

    @Test func bytesThatAreNoTextAreNamed() throws {
        let bytes = Array(Self.header.utf8) + [0xFF, 0x0A]
        #expect(try Reading.lines(bytes: bytes, .csv).compactMap(\.fault) == ["2: is not UTF-8"])
        let json = try Reading.lines(bytes: [0x7B, 0xFF, 0x7D], .ndjson)
        #expect(json.compactMap(\.fault) == ["1: is not one JSON object in UTF-8"])
    }

    /// What a line without an end would hold is bounded.
    @Test func aLineWithoutEndIsNotHeld() throws {
        let long = Array(repeating: UInt8(ascii: "a"), count: 3 << 20)
        let json = try Reading.lines(bytes: long, .ndjson, step: 1 << 16)
        #expect(json.compactMap(\.fault) == ["1: is over 1048576 bytes"])
        let csv = try Reading.lines(
            bytes: Array((Self.header + "\"").utf8) + long, .csv, step: 1 << 16)
        #expect(csv.compactMap(\.fault) == ["2: is over 1048576 bytes"])
        let commas = Array(repeating: UInt8(ascii: ","), count: 2_000)
        let wide = try Reading.lines(bytes: Array(Self.header.utf8) + commas, .csv)
        #expect(wide.compactMap(\.fault) == ["2: has over 1000 fields"])
    }

    @Test(arguments: [
        ("", "it is empty"), ("\n\n", "it is empty"),
        ("key,amount\n", "it has no column 'reference'; its first line names key, amount"),
        ("key,key,reference,amount,currency,direction,line,booked_at\n", "two columns 'key'"),
    ])
    func aFileWithoutTheColumnsIsNoStatement(_ text: String, _ words: String) {
        let fault = #expect(throws: StatementFault.self) { try Reading.lines(text, .csv) }
        #expect(fault?.sentence.contains(words) == true, "\(String(describing: fault))")
    }
}
