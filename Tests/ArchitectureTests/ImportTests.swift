import Testing

/// Every `import` line, and every dependency that Package.swift declares, against the drawing.
@Suite struct ImportTests {
    @Test func everyImportIsAnArrowOfTheDrawing() throws {
        let files = try Checkout.swiftFiles(under: "Sources")
        try #require(files.count > 20, "the sources were not found")
        for violation in files.flatMap(violations(in:)) { Issue.record("\(violation)") }
    }

    @Test func thePackageDeclaresTheArrowsOfTheDrawing() throws {
        let declared = try DeclaredTargets(try Checkout.package())
        #expect(Set(declared.modules.keys) == Set(Drawing.modules.keys))
        for (name, module) in Drawing.modules.sorted(by: { $0.key < $1.key }) {
            #expect(
                declared.modules[name] == module.below,
                "Package.swift gives \(name) other dependencies than the drawing")
        }
        #expect(declared.cTargets == Set(Drawing.wrappers.keys))
    }

    /// A target can import whatever its dependencies depend on, so tests are held to theirs too.
    @Test func testsImportWhatTheyDeclare() throws {
        let declared = try DeclaredTargets(try Checkout.package())
        let files = try Checkout.swiftFiles(under: "Tests")
        let modules = Set(files.map(\.module))
        #expect(
            modules == Set(declared.tests.keys), "every module of tests, and no other")
        #expect(files.contains { $0.path.hasSuffix("/ImportTests.swift") && $0.imports.count == 1 })
        for file in files {
            let allowed = try #require(
                declared.tests[file.module], "Package.swift declares no \(file.module)")
            for (line, module) in file.imports where !systemOfTests.contains(module) {
                guard !allowed.contains(module) else { continue }
                Issue.record("\(file.path):\(line): declare \(module) for \(file.module) first")
            }
        }
    }

    @Test func noArrowPointsUp() {
        // Take away modules that stand on nothing left, until none is left: so there is no ring.
        var left = Drawing.modules.mapValues { $0.below.subtracting(Drawing.wrappers.keys) }
        while !left.isEmpty {
            let bottom = left.filter { $0.value.isDisjoint(with: left.keys) }.keys
            guard !bottom.isEmpty else {
                Issue.record("a ring of imports: \(left.keys.sorted())")
                return
            }
            for name in bottom { left[name] = nil }
        }
    }

    @Test func theWrappersAloneSeeTheirCTargets() {
        for (target, wrapper) in Drawing.wrappers {
            let users = Drawing.modules.filter { $0.value.below.contains(target) }.keys
            #expect(Array(users) == [wrapper])
        }
    }

    /// Which decisions count is one rule for all readers, and a rule of the auditor's own.
    @Test func theAuditorJudgesTheStreamByItself() throws {
        let users = try Checkout.swiftFiles(under: "Sources")
            .filter { $0.code.contains { $0.contains("DecisionStream(") } }.map(\.module)
        #expect(Set(users) == ["Workers", "Analysis", "Simulation", "FairfillClient", "fairfill"])
    }

    /// The check itself: what it must find, and what it must let pass.
    @Test(arguments: [
        ("Allocation", "import Vocabulary", nil),
        ("Allocation", "import Messages", "Allocation may not import Messages"),
        ("Allocation", "public import Messages", "Allocation may not import Messages"),
        ("Messages", "import struct Foundation.Date", "Messages may not import Foundation"),
        ("SQLiteLog", "import CSQLite", "SQLiteLog may not import CSQLite"),
        ("Audit", "import Allocation", "Audit may not import Allocation"),
        ("EventLog", "// import Foundation", nil),
        ("EventLog", "let import_ = 1", nil),
        ("Workers", "@testable import Messages", "@testable"),
        ("EventLog", "@_exported import Vocabulary", "@_exported"),
        ("Nowhere", "import Vocabulary", "Nowhere is not in the drawing"),
    ] as [(String, String, String?)])
    func findsWhatIsNotDrawn(module: String, line: String, expected: String?) {
        let file = SourceFile(path: "Sources/\(module)/A.swift", module: module, text: line)
        let found = violations(in: file)
        if let expected {
            #expect(found.contains { $0.advice.contains(expected) }, "\(line)")
        } else {
            #expect(found.isEmpty, "\(line)")
        }
    }

    private let systemOfTests: Set<String> = [
        "Testing", "Foundation", "FoundationNetworking", "Glibc", "Synchronization",
    ]

    private func violations(in file: SourceFile) -> [Violation] {
        guard let module = Drawing.modules[file.module] else {
            return [
                Violation(
                    file, line: 1,
                    "\(file.module) is not in the drawing: draw it in Drawing.swift first")
            ]
        }
        var found: [Violation] = []
        for (line, name) in file.imports {
            if !module.below.contains(name) && !module.system.contains(name) {
                found.append(Violation(file, line: line, advice(file.module, importing: name)))
            }
            for attribute in ["@testable", "@_exported", "@_implementationOnly"]
            where file.code[line - 1].contains(attribute) {
                found.append(
                    Violation(
                        file, line: line,
                        "\(attribute) hides an arrow: use the public API by a plain import"))
            }
        }
        return found
    }

    private func advice(_ module: String, importing name: String) -> String {
        let instead =
            if let wrapper = Drawing.wrappers[name] {
                "C is called in \(wrapper) alone; add what is missing to it"
            } else if Drawing.modules[name] != nil {
                "arrows point down only; move what both need to a module below both"
            } else if Drawing.modules[module]?.isPure == true {
                "it is pure; let whoever calls it hand in what it needs as a value"
            } else {
                "do it in a module that may, or draw the arrow in Drawing.swift and say why"
            }
        return "\(module) may not import \(name): \(instead)"
    }
}
