import CommandRunning
import Foundation
import Testing

/// File descriptors, of which a shell gives too few by default.
@Suite struct DescriptorTests {
    private func allocate(_ limits: String, _ folder: Folder) throws -> Run {
        try Run.program(
            "/bin/sh", ["-c", "\(limits) && exec \(Run.binary) allocate --until-end"], in: folder)
    }

    @Test func theSoftLimitIsRaised() throws {
        let folder = try Folder()
        try folder.createTopics()
        let worker = try Run.start(["allocate"], in: folder)
        defer { worker.kill() }
        try #require(worker.waitUntilLive())
        let limits = try String(contentsOfFile: "/proc/\(worker.child.id)/limits", encoding: .utf8)
        let line = try #require(limits.split(separator: "\n").first { $0.contains("open files") })
        let numbers = line.split(separator: " ").compactMap { Int($0) }
        try #require(numbers.count == 2)
        #expect(numbers[0] == min(numbers[1], 65_536), "\(line)")
    }

    @Test func whatIsNeededIsSaidWhereThatIsNotEnough() throws {
        let folder = try Folder()
        try Run.fairfill(
            ["topics", "create", "--partitions", "4", "--quiet"], in: folder
        ).mustWork()
        let run = try allocate("ulimit -n 250", folder).mustWork()
        #expect(run.errors.contains("may open 250 files"), "\(run)")
        #expect(run.errors.contains("328 or more") && run.errors.contains("LimitNOFILE"), "\(run)")
        let enough = try allocate("ulimit -Sn 250", folder).mustWork()
        #expect(!enough.errors.contains("may open"), "\(enough)")
    }
}
