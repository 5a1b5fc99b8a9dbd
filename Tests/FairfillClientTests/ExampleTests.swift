import CommandRunning
import Foundation
import TestRun
import Testing

/// The package in `deploy/examples/client`, as somebody else would build it.
@Suite(.enabled(if: Extent.current != .quick, "the example is built in longer runs"))
struct ExampleTests {
    #if DEBUG
        private static let configuration = "debug"
    #else
        private static let configuration = "release"
    #endif

    /// The checkout.
    private static let top = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// Builds it, in the folder of the checkout's own build and with the same flags: so that all
    /// but the example itself is there already.
    private func build(in folder: Folder) throws -> String {
        var words = [
            "swift", "build", "--package-path", "\(Self.top)/deploy/examples/client",
            "--scratch-path", "\(Self.top)/.build", "-c", Self.configuration,
            // What was planned for the checkout is no plan for the example.
            "--disable-build-manifest-caching",
            // Whoever runs these tests by `swift test` holds it, and builds nothing meanwhile.
            "--ignore-lock",
        ]
        if Self.configuration == "release" { words += ["-Xswiftc", "-cross-module-optimization"] }
        if ProcessInfo.processInfo.environment["FAIRFILL_WARNINGS"] == "errors" {
            words += ["-Xswiftc", "-warnings-as-errors"]
        }
        // Nor is the plan for the example one for the checkout, whose next build makes its own.
        defer {
            try? FileManager.default.removeItem(
                atPath: "\(Self.top)/.build/\(Self.configuration).yaml")
        }
        let begun = ContinuousClock.now
        try Run.program("/usr/bin/env", words, in: folder).mustWork()
        note("the example was built in \(ContinuousClock.now - begun)")
        return "\(Self.top)/.build/\(Self.configuration)/bidder"
    }

    @Test func itBidsAndHearsTheDecision() throws {
        let sale = try ClientSale()
        let bidder = try build(in: sale.folder)
        let allocator = try sale.startAllocator()
        defer { allocator.kill() }
        func bid(_ offering: String, _ id: String, log: String? = nil) throws -> Run {
            try Run.program(
                bidder, [log ?? sale.url, offering, "anna", "3", id], in: sale.folder)
        }
        let first = try bid("o", "a-1").mustWork()
        #expect(first.lines.first == "a-1 in dev.bids[0] at offset 0", "\(first)")
        #expect(first.lines.last == "decision 2: reserved", "\(first)")
        let again = try bid("o", "a-1").mustWork()
        #expect(again.lines.last == "decision 3: repeated", "\(again)")
        let refused = try bid("nowhere", "a-2")
        #expect(refused.exitCode == 1 && refused.lines.last == "decision 4: rejected", "\(refused)")
        let away = try bid("o", "a-3", log: "sqlite:/nowhere/x.db")
        #expect(away.exitCode == 75 && away.output.contains("there is no log"), "\(away)")
        #expect(try Run.program(bidder, ["--help"], in: sale.folder).exitCode == 64)
    }
}
