import Foundation
import Testing

/// Every catalogue is taken by the toolchain's `docc` without a warning, together with what the
/// declarations of its module that others use say of themselves.
@Suite(.enabled(if: Toolchain.hasDocC)) struct DocumentationTests {
    @Test(arguments: Catalogue.all)
    func isTakenWithoutAWarning(_ catalogue: Catalogue) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "fairfill-docc-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let graphs = folder.appending(path: "graphs")
        try FileManager.default.createDirectory(at: graphs, withIntermediateDirectories: true)
        var words = [
            "convert", catalogue.folder.path, "--warnings-as-errors",
            "--fallback-display-name", catalogue.module,
            "--fallback-bundle-identifier", "fairfill.\(catalogue.module)",
            "--output-path", folder.appending(path: "archive").path,
        ]
        // Nothing of a program is used elsewhere.
        if !catalogue.isProgram {
            try Toolchain.extractGraph(of: catalogue.module, to: graphs)
            words += ["--additional-symbol-graph-dir", graphs.path]
        }
        let run = try Toolchain.run("docc", words)
        #expect(run.code == 0 && !run.text.contains("warning:"), "\(catalogue): \(run.text)")
    }

    @Test func thereAreCatalogues() {
        #expect(Catalogue.all.count >= 5, "the catalogues were not found: \(Catalogue.all)")
    }
}

/// A folder `X.docc` in the folder of a module.
struct Catalogue: CustomTestStringConvertible, Sendable {
    let module: String
    let folder: URL

    var testDescription: String { folder.lastPathComponent }

    /// Whether the module is a program, with a `main.swift`.
    var isProgram: Bool {
        let main = folder.deletingLastPathComponent().appending(path: "main.swift")
        return FileManager.default.fileExists(atPath: main.path)
    }

    static let all: [Catalogue] = {
        let sources = Checkout.folder.appending(path: "Sources")
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: sources.path)) ?? []
        return paths.sorted().filter { $0.hasSuffix(".docc") }.map { path in
            Catalogue(
                module: String(path.prefix { $0 != "/" }), folder: sources.appending(path: path))
        }
    }()
}

/// The programs of the Swift toolchain that runs these tests.
enum Toolchain {
    /// Where `swift` is that `PATH` finds first, behind all links.
    private static let folder: URL? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").map { URL(filePath: "\($0)/swift") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
            .map { $0.resolvingSymlinksInPath().deletingLastPathComponent() }
    }()

    static var hasDocC: Bool { path("docc") != nil && path("swift-symbolgraph-extract") != nil }

    private static func path(_ program: String) -> URL? {
        folder.map { $0.appending(path: program) }
            .flatMap { FileManager.default.isExecutableFile(atPath: $0.path) ? $0 : nil }
    }

    struct Failed: Error { var text: String }

    /// Runs one of them; what it says on both streams goes through a file, so no pipe fills up.
    static func run(_ program: String, _ words: [String]) throws -> (code: Int32, text: String) {
        guard let path = path(program) else { throw Failed(text: "there is no \(program)") }
        let file = FileManager.default.temporaryDirectory.appending(path: "fairfill-\(UUID())")
        guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
            throw Failed(text: "\(file.path) can't be made")
        }
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forWritingTo: file)
        let process = Process()
        process.executableURL = path
        process.arguments = words
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        try handle.close()
        return (process.terminationStatus, try String(contentsOf: file, encoding: .utf8))
    }

    /// What the declarations of a module that others use say, from the module as it was built for
    /// these tests: the same that `swift package dump-symbol-graph` makes, and nothing is built.
    static func extractGraph(of module: String, to folder: URL) throws {
        let run = try run(
            "swift-symbolgraph-extract",
            [
                "-module-name", module, "-I", try modules().path, "-target", target,
                "-minimum-access-level", "package", "-output-dir", folder.path,
            ] + cTargets())
        guard run.code == 0 else { throw Failed(text: run.text) }
    }

    private static var target: String {
        #if arch(arm64)
            "aarch64-unknown-linux-gnu"
        #else
            "x86_64-unknown-linux-gnu"
        #endif
    }

    /// The folder of the modules as they were built for these tests.
    private static func modules() throws -> URL {
        #if DEBUG
            let configuration = "debug"
        #else
            let configuration = "release"
        #endif
        let folder = Checkout.folder.appending(path: ".build/\(configuration)/Modules")
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw Failed(text: "there are no built modules in \(folder.path)")
        }
        return folder
    }

    /// Where the module maps of C targets lie, which some modules import.
    private static func cTargets() throws -> [String] {
        let sources = Checkout.folder.appending(path: "Sources")
        return try FileManager.default.contentsOfDirectory(atPath: sources.path).sorted()
            .filter {
                FileManager.default.fileExists(
                    atPath: sources.appending(path: "\($0)/module.modulemap").path)
            }.flatMap { ["-I", sources.appending(path: $0).path] }
    }
}
