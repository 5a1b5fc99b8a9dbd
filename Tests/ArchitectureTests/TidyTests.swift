import Testing

/// Rules of style and purity that can be read off the text.
@Suite struct TidyTests {
    @Test func theSourcesAreTidy() throws {
        let files = try Checkout.swiftFiles(under: "Sources")
        try #require(files.count > 20, "the sources were not found")
        let hashed = Tidy.hashedNames(in: files)
        for file in files {
            let isPure = Drawing.modules[file.module]?.isPure == true
            let found =
                Tidy.size(file) + Tidy.forbidden(file, isPure: isPure)
                + (isPure ? Tidy.iteration(file, over: hashed[file.module] ?? []) : [])
            for violation in found { Issue.record("\(violation)") }
        }
    }

    @Test func theTestsAreTidy() throws {
        let files = try Checkout.swiftFiles(under: "Tests")
        try #require(files.contains { $0.path.hasSuffix("ArchitectureTests/TidyTests.swift") })
        try #require(files.count > 100, "the tests were not found")
        for file in files {
            #expect(!file.lines.isEmpty, "\(file.path) was not read")
            for violation in Tidy.size(file) { Issue.record("\(violation)") }
        }
    }

    @Test func whatOthersUseIsDocumented() throws {
        let files = try Checkout.swiftFiles(under: "Sources")
        let requirements = Tidy.requirements(in: files)
        try #require(requirements.contains("openReader"))
        for file in files {
            for violation in Tidy.documentation(file, requirements: requirements) {
                Issue.record("\(violation)")
            }
        }
    }

    /// The check itself: the line, and a word of the advice, or nil where the line is fine.
    @Test(arguments: [
        ("let a = try! read()", "try!"),
        ("// never try! this", nil),
        (#"say("never try! this")"#, nil),
        (#"say("\(name("try!"))") ; try! read()"#, "try!"),
        ("/* fatalError( /* twice */ */ read()", nil),
        ("fatalError()", "fatalError"),
        ("var share: Double = 1", "integers"),
        ("let now = Date()", "time"),
        ("let update = update(1)", nil),
        ("ContinuousClock.now", "time"),
        ("for id in waiting { serve(id) }", "order"),
        ("let all = waiting.map { $0 }", "order"),
        ("if waiting.contains(id) { }", nil),
        ("for bid in byID.values { }", "order"),
        ("let bid = byID[id]", nil),
        ("for bid in self.byID { }", "order"),
        ("var pairs: [(shares: Int, bid: Int)] = []; let top = pairs.first", nil),
    ] as [(String, String?)])
    func findsWhatIsNotTidy(line: String, expected: String?) {
        let text = """
            var waiting: Set<Int> = []
            var byID = [Int: String]()
            \(line)
            """
        let file = SourceFile(path: "Sources/Allocation/A.swift", module: "Allocation", text: text)
        let names = Tidy.hashedNames(in: [file])["Allocation"] ?? []
        #expect(names == ["waiting", "byID"])
        let found = Tidy.forbidden(file, isPure: true) + Tidy.iteration(file, over: names)
        if let expected {
            #expect(found.count == 1 && found[0].advice.contains(expected), "\(line): \(found)")
            #expect(found.first?.line == 3)
        } else {
            #expect(found.isEmpty, "\(line): \(found)")
        }
    }

    @Test(arguments: [
        (["public struct A {}"], true),
        (["/// A thing.", "public struct A {}"], false),
        (["/// A thing.", "@frozen", "public struct A {}"], false),
        (["/// A thing.", "@inlinable public func a() {}"], false),
        (["@inlinable public func a() {}"], true),
        (["public func read(_ input: Int) {}"], false),
        (["public init(a: Int) {}"], false),
        (["public var count: Int"], false),
        (["public static func == (a: A, b: A) -> Bool"], false),
        (["package struct A {}"], true),
        (["struct A {}"], false),
    ])
    func findsWhatIsNotDocumented(lines: [String], isFound: Bool) {
        let text = lines.joined(separator: "\n")
        let file = SourceFile(path: "Sources/Audit/A.swift", module: "Audit", text: text)
        #expect(Tidy.documentation(file, requirements: ["read"]).isEmpty != isFound)
    }

    @Test func linesAndFilesHaveALargestSize() {
        let full = String(repeating: "a", count: 100)
        func found(_ lines: [String]) -> Int {
            Tidy.size(
                SourceFile(path: "A.swift", module: "A", text: lines.joined(separator: "\n") + "\n")
            ).count
        }
        #expect(found([full]) == 0)
        #expect(found([full + "a"]) == 1)
        #expect(found(Array(repeating: full, count: 600)) == 0)
        #expect(found(Array(repeating: full, count: 601)) == 1)
        #expect(found(["a\tb", "c "]) == 2)
    }
}
