import Statements
import Testing
import Vocabulary

/// camt.053: what its entries say, and what is refused before or while it is parsed.
@Suite struct CamtTests {
    static func document(_ inside: String, prefix: String = "", head: String = "") -> String {
        let p = prefix.isEmpty ? "" : prefix + ":"
        let ns = prefix.isEmpty ? "xmlns" : "xmlns:" + prefix
        return head
            + "<\(p)Document \(ns)=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">"
            + "<\(p)BkToCstmrStmt><\(p)GrpHdr><\(p)MsgId>m</\(p)MsgId></\(p)GrpHdr>"
            + "<\(p)Stmt><\(p)Id>2026-11-30/1</\(p)Id>\(inside)</\(p)Stmt>"
            + "</\(p)BkToCstmrStmt></\(p)Document>"
    }

    static func balance(_ code: String, _ amount: String, _ day: String, _ way: String = "CRDT")
        -> String
    {
        "<Bal><Tp><CdOrPrtry><Cd>\(code)</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">\(amount)</Amt>"
            + "<CdtDbtInd>\(way)</CdtDbtInd><Dt><Dt>\(day)</Dt></Dt></Bal>"
    }

    static func entry(
        _ amount: String, _ way: String, _ details: String, status: String = "BOOK",
        extra: String = ""
    ) -> String {
        "<Ntry><Amt Ccy=\"EUR\">\(amount)</Amt><CdtDbtInd>\(way)</CdtDbtInd>\(extra)"
            + "<Sts><Cd>\(status)</Cd></Sts><BookgDt><Dt>2026-11-30</Dt></BookgDt>"
            + "<AcctSvcrRef>bank-1</AcctSvcrRef><NtryDtls>\(details)</NtryDtls></Ntry>"
    }

    static func payment(_ key: String, _ rest: String = "") -> String {
        "<TxDtls><Refs><EndToEndId>\(key)</EndToEndId></Refs>\(rest)</TxDtls>"
    }

    @Test func entriesAndBatchesAreLines() throws {
        let batch = Self.payment("k2", "<Amt Ccy=\"EUR\">10.00</Amt>")
            + Self.payment("k3", "<AmtDtls><TxAmt><Amt Ccy=\"EUR\">20.5</Amt></TxAmt></AmtDtls>")
        let text = Self.document(
            Self.balance("OPBD", "100.00", "2026-11-30")
                + Self.balance("CLBD", "79.50", "2026-11-30")
                + Self.entry("12.00", "CRDT", Self.payment("k1"))
                + Self.entry("30.50", "DBIT", batch)
                + Self.entry("99.00", "CRDT", Self.payment("k9"), status: "PDNG")
                + Self.entry("3.00", "DBIT", Self.payment("k1"), extra: "<RvslInd>true</RvslInd>")
                + Self.entry("1.00", "CRDT", Self.payment("NOTPROVIDED", "<RtrInf></RtrInf>")))
        let items = try Reading.camt(text, zone: 480)
        let (statement, lines, remarks) = Reading.check(items, balancesComeFirst: true)
        #expect(lines.map(\.short) == [
            "1 k1 bank-1 1200 EUR collect booked", "2 k2 - 1000 EUR payout booked",
            "3 k3 - 2050 EUR payout booked", "5 k1 bank-1 300 EUR collect returned",
            "6 - bank-1 100 EUR payout returned",
        ])
        #expect(remarks == [] && statement.isClosed && statement.ignoredCount == 1)
        #expect(statement.net == 1200 - 3050 - 300 + 100)
        // The day of the bank, eight hours before that of UTC.
        #expect(statement.from == 1_795_968_000_000)
        #expect(statement.to == 1_796_054_399_999)
    }

    @Test func aPrefixAndAnOldStatusAreUnderstood() throws {
        let inside = "<d:Ntry><d:Amt Ccy=\"JPY\">12</d:Amt><d:CdtDbtInd>DBIT</d:CdtDbtInd>"
            + "<d:Sts>BOOK</d:Sts><d:BookgDt><d:DtTm>2026-11-30T10:00:00+01:00</d:DtTm></d:BookgDt>"
            + "<d:NtryDtls><d:TxDtls><d:Refs><d:EndToEndId> k&amp;1 </d:EndToEndId></d:Refs>"
            + "</d:TxDtls></d:NtryDtls></d:Ntry>"
        let items = try Reading.camt(Self.document(inside, prefix: "d"))
        #expect(items.map(\.short) == ["1 k&1 - 12 JPY payout booked"])
    }

    /// A period that the statement names wins over the days of its balances.
    @Test func aStatementMayNameItsPeriod() throws {
        let text = Self.document(
            "<FrToDt><FrDtTm>2026-11-30T06:00:00Z</FrDtTm><ToDtTm>2026-11-30T18:00:00Z</ToDtTm>"
                + "</FrToDt>" + Self.balance("PRCD", "1.00", "2026-11-29")
                + Self.balance("OPBD", "1.00", "2026-11-30")
                + Self.balance("CLBD", "1.00", "2026-11-30"))
        let (statement, _, remarks) = Reading.check(
            try Reading.camt(text), balancesComeFirst: true)
        #expect(remarks == [] && statement.isClosed)
        #expect(statement.from == 1_796_018_400_000 && statement.to == 1_796_061_600_000)
    }

    @Test(arguments: [
        (entry("1.00", "CRDT", payment(String(repeating: "k", count: 36))), "over 35 characters"),
        (entry("1.00", "CRDT", payment("k") + payment("l")), "payment 1 of 2 has no amount"),
        (
            entry(
                "3.00", "CRDT",
                payment("k", "<Amt Ccy=\"EUR\">1.00</Amt>")
                    + payment("l", "<Amt Ccy=\"EUR\">1.50</Amt>")),
            "2 payments come to 2.50 EUR, and it says 3.00 EUR"
        ),
        (
            entry("1.00", "CRDT", payment("k", "<Amt Ccy=\"USD\">1.00</Amt>")),
            "payment 1 is in USD, and the entry in EUR"
        ),
        (entry("1.005", "CRDT", payment("k")), "is finer than the 2 digits of EUR"),
        (entry("-1.00", "CRDT", payment("k")), "is negative"),
        (entry("0.00", "CRDT", payment("k")), "is not above 0"),
        (entry("1e5", "CRDT", payment("k")), "is no amount"),
        (entry("99999999999999999.00", "CRDT", payment("k")), "is larger than 2^53 - 1"),
        (entry("1.00", "BOTH", payment("k")), "CdtDbtInd is missing"),
        (
            entry("1.00", "CRDT", payment("k")).replacing("Ccy=\"EUR\"", with: "Ccy=\"E\""),
            "is no currency"
        ),
        (entry("1.00", "CRDT", payment("k")).replacing("2026-11-30", with: "2026-13-01"),
            "is a date that no calendar has"),
    ])
    func anEntryThatSaysNothingIsNamed(_ entry: String, _ words: String) throws {
        let good = Self.entry("2.00", "DBIT", Self.payment("g"))
        let items = try Reading.camt(Self.document(entry + good))
        let fault = try #require(items.first?.fault)
        #expect(fault.hasPrefix("1: ") && fault.contains(words), "\(fault)")
        #expect(items.last?.short?.contains(" g bank-1 200 EUR payout") == true)
    }

    private static let bomb = """
        <!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
        """
    private static let file = #"<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>"#

    @Test(arguments: [
        (document("", head: bomb), "declares a document type"),
        (document("<X>&x;</X>", head: file), "declares a document type"),
        (document("<X>&x;</X>"), "entity"),
        (document("", head: #"<?xml version="1.0" encoding="UTF-7"?>"#), "its encoding is 'UTF-7'"),
        (document("\u{0}"), "zero bytes"),
        (document("") + "<x/>", "something follows its end"),
        (document("") + "rest", "something follows its end"),
        (document("") + document(""), "something follows its end"),
        (String(document("").dropLast(5)), "cut off, or no XML"),
        (document("").replacing("BkToCstmrStmt", with: "BkToCstmrAcctRpt"), "BkToCstmrAcctRpt"),
        ("<html><body/></html>", "it is body, not BkToCstmrStmt"),
        ("<Document/>", "it holds no Stmt"), ("", "cut off, or no XML"),
        (document("</Stmt><Stmt>"), "it holds two statements"),
        (
            document(
                String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100)),
            "nested over 32 deep"
        ),
    ])
    func whatIsNoStatementIsRefused(_ text: String, _ words: String) {
        let fault = #expect(throws: StatementFault.self) { try Reading.camt(text) }
        #expect(fault?.sentence.contains(words) == true, "\(String(describing: fault))")
    }

    /// A text that never ends is not held, and is no key.
    @Test func aLongTextIsNotHeld() throws {
        let key = String(repeating: "k", count: 5_000_000)
        let items = try Reading.camt(
            Self.document(Self.entry("1.00", "CRDT", Self.payment(key))))
        #expect(items.first?.fault?.contains("over 35 characters") == true)
    }
}
