import Foundation
import Testing

/// The tables of the pages name what the code names: one row an item, its word in code voice first.
@Suite struct PageTableTests {
    /// Whether each of both is in the other, once.
    private func expectSame(
        _ rows: [String], _ declared: [String], at location: SourceLocation = #_sourceLocation
    ) {
        #expect(!declared.isEmpty, "the declarations were not found", sourceLocation: location)
        #expect(
            rows.sorted() == declared.sorted(),
            """
            only in the page: \(Set(rows).subtracting(declared).sorted()), only in the code: \
            \(Set(declared).subtracting(rows).sorted())
            """, sourceLocation: location)
    }

    private func schema(of type: String, in topic: String) throws -> [String: Any] {
        try #require(try Declared.records(topic).first { $0.type == type }).schema
    }

    // MARK: Allocation

    @Test func terms() throws {
        let page = try Page.named("Terms.md")
        let open = try schema(of: "offering.open", in: "offering-commands")
        let others: Set = ["type", "command", "offering"]
        let properties = try #require(open["properties"] as? [String: Any])
        expectSame(page.items("The table"), properties.keys.filter { !others.contains($0) })
        let required = zip(page.items("The table"), page.table("The table"))
            .filter { $0.1[2] == "required" }.map(\.0)
        expectSame(
            required, (open["required"] as? [String] ?? []).filter { !others.contains($0) })
    }

    @Test func reasons() throws {
        let page = try Page.named("Reasons.md")
        let rejected = try schema(of: "rejected", in: "decisions")
        // In the order of the checks: the first reason wins.
        #expect(page.items("The table") == Declared.words("reason", of: rejected))
        let advice = Set(page.table("The table").map { $0[2] })
        #expect(advice == Set(try Declared.cases(of: "enum Advice").map(\.name)))
    }

    @Test func statesOfAnOffering() throws {
        let progress = try Declared.schema("progress")
        expectSame(
            try Page.named("Rules.md").items("States"), Declared.words("state", of: progress))
    }

    // MARK: EventLog

    @Test(arguments: [
        ("TheLog.md", "The topics"), ("OpenTransactions.md", "By topic"),
        ("LostTopics.md", "By topic"),
    ])
    func topics(_ name: String, _ heading: String) throws {
        expectSame(
            try Page.named(name).items(heading), Array(try Declared.topics().keys))
    }

    @Test func whatIsCompacted() throws {
        let page = try Page.named("TheLog.md")
        for (topic, row) in zip(page.items("The topics"), page.table("The topics")) {
            let channel = try #require(try Declared.topics()[topic])
            let kafka = (channel["bindings"] as? [String: [String: Any]])?["kafka"]
            let settings = kafka?["topicConfiguration"] as? [String: Any]
            #expect(settings?["cleanup.policy"] as? [String] == [row[3]], "\(topic)")
        }
    }

    // MARK: Messages

    @Test(arguments: [
        "bids", "offering-commands", "payment-results", "decisions", "payment-commands",
        "payment-journal", "payment-resolutions",
    ])
    func typesOfRecords(_ topic: String) throws {
        expectSame(
            try Page.named("Records.md").items(topic), try Declared.records(topic).map(\.type))
    }

    /// Every example is one of the schema's, and every type has one.
    @Test(arguments: [
        "bids", "offering-commands", "payment-results", "decisions", "payment-commands",
        "payment-journal", "payment-resolutions", "payment-marks", "attention", "progress",
        "environment",
    ])
    func examplesOfRecords(_ topic: String) throws {
        let objects = try Page.named("Records.md").objects(topic)
        let records = try Declared.records(topic)
        for (type, schema) in records {
            let examples = schema["examples"] as? [NSDictionary] ?? []
            let hasOne = objects.contains { examples.contains($0) }
            #expect(hasOne, "\(topic) has no example of \(type)")
        }
        let all = records.flatMap { $0.schema["examples"] as? [NSDictionary] ?? [] }
        for object in objects where !all.contains(object) {
            Issue.record("\(topic): no example of the schemas: \(object)")
        }
    }

    @Test func kindsOfAttention() throws {
        let kinds = Declared.words("kind", of: try Declared.schema("attention"))
        expectSame(try Page.named("Records.md").items("attention"), kinds)
    }

    @Test func headers() throws {
        let declared = try Declared.names("enum HeaderName", #/: StaticString = "(\w+)"/#)
        expectSame(try Page.named("Records.md").items("Keys and headers"), declared)
    }

    @Test func limits() throws {
        let declared = try Declared.names("enum RecordLimits", #/static let (\w+) =/#)
        expectSame(try Page.named("Records.md").items("Forms", 1), declared)
    }

    // MARK: Payments

    @Test func doubts() throws {
        let parked = try schema(of: "parked", in: "payment-journal")
        expectSame(
            try Page.named("Payments.md").items("Reasons"), Declared.words("reason", of: parked))
    }

    @Test func statesOfAPayment() throws {
        let states = try Declared.cases(of: "package enum PaymentState").map { name, _ in
            String(name.prefix { $0 != "(" })
        }
        expectSame(try Page.named("Payments.md").items("States"), states)
    }

    @Test func profile() throws {
        let members = try Declared.names(
            "static let members: [Member] = [", #/(?:\(name: |flag\(|duration\(|words\()"(\w+)"/#)
        #expect(try Page.named("Payments.md").items("The provider") == members)
    }

    @Test func breaks() throws {
        expectSame(
            try Page.named("Reconciling.md").items("Breaks"),
            try Declared.names("package struct StatementBreak:", #/case \w+ = "(\w+)"/#))
    }

    @Test func mapping() throws {
        let members = try Declared.names(
            "static let mappingMembers: [Member] = [",
            #/(?:\(name: |column\(|choice\(|words\()"(\w+)"/#)
        #expect(try Page.named("Reconciling.md").items("The mapping") == members)
    }

    // MARK: The sandbox bank

    @Test func faultsOfTheBank() throws {
        let page = try Page.named("Bank.md")
        expectSame(page.items("Faults"), try Declared.names("static let members = [", #/"(\w+)"/#))
        expectSame(
            page.items("Faults", 1),
            try Declared.names("static let matchMembers = [", #/"(\w+)"/#))
        expectSame(
            page.items("Faults", 2),
            try Declared.cases(of: "enum Subject: String").map(\.name))
        expectSame(page.items("Actions"), try Declared.cases(of: "enum FaultAction").map(\.name))
    }

    @Test func statesOfABanksPayment() throws {
        let page = try Page.named("Bank.md")
        let statuses = try Declared.cases(of: "enum Status: String, Sendable {").compactMap(\.value)
        expectSame(page.items("States"), statuses)
        let forms = try Declared.cases(of: "enum Form: String").compactMap(\.value)
        expectSame(page.items("Statements"), forms)
    }

    // MARK: The command

    @Test func findingsAboutMoney() throws {
        expectSame(
            try Page.named("CommandLine.md").items("What verify finds about money"),
            try Declared.names("package struct MoneyFinding:", #/^ *case (\w+)$/#))
    }

    @Test func commands() throws {
        let rows = try Page.named("CommandLine.md").items("Commands")
        expectSame(rows.map { $0.filter(\.isLetter) }, try Declared.commands())
    }

    @Test func commonOptions() throws {
        let declared = try ["static let log = [", "static let common = ["].flatMap {
            try Declared.names($0, #/^ *(?:Option\()?"([a-z-]+)",/#)
        }
        let rows = try Page.named("CommandLine.md").items("For every command").map { option in
            String(option.drop { $0 == "-" }.prefix { $0 != " " })
        }
        expectSame(rows, declared)
    }

    @Test func exitCodes() throws {
        let page = try Page.named("CommandLine.md")
        let declared = try Declared.cases(of: "enum ExitCode")
        #expect(page.items("Exit codes") == declared.compactMap(\.value))
        #expect(page.table("Exit codes").map { $0[1] } == declared.map(\.name))
    }

    @Test func events() throws {
        expectSame(
            try Page.named("CommandLine.md").items("Output"),
            try Declared.cases(of: "enum Event: String").map(\.name))
    }

    @Test func refusedProperties() throws {
        let declared = try Declared.names("static let refused: [String: String]", #/"([a-z.]+)":/#)
        expectSame(try Page.named("CommandLine.md").items("Secrets"), declared)
    }

    // MARK: The architecture

    @Test func modules() throws {
        let page = try Page.named("README.md")
        expectSame(page.items("Modules"), Array(Drawing.modules.keys))
        let pure = zip(page.items("Modules"), page.table("Modules"))
            .filter { $0.1[1] == "yes" }.map(\.0)
        expectSame(pure, Array(Drawing.modules.filter(\.value.isPure).keys))
        var below: [String: Set<String>] = [:]
        for (module, row) in zip(page.items("Modules", 1), page.table("Modules", 1)) {
            below[module, default: []].formUnion(Page.code(in: row[1]))
        }
        #expect(below == Drawing.modules.mapValues(\.below))
    }

    /// The check itself: a table that is not found has no rows, and no test takes that for right.
    @Test func readsTables() throws {
        let page = Page(
            path: "A.md",
            text: """
                ## One

                | A | B |
                |---|---|
                | `x`, `y z` | 1 |

                ## Two

                    {"a":1,
                     "b":2}
                    {"a":3}
                """)
        #expect(page.table("One") == [["`x`, `y z`", "1"]])
        #expect(page.items("One") == ["x"])
        #expect(page.table("Two").isEmpty && page.table("Three").isEmpty)
        #expect(try page.objects("Two") == [["a": 1, "b": 2], ["a": 3]])
    }
}
