import Foundation
import Glibc
import Testing

/// What a process takes of the machine, as the kernel tells it.
extension Running {
    /// Seconds of processor time since its start, its own and the kernel's for it.
    package func processorSeconds() throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(child.id)/stat", encoding: .utf8)
        // Behind the name, which may hold anything: utime and stime, in ticks.
        let members = text.split(separator: ")").last?.split(separator: " ") ?? []
        try #require(members.count > 13)
        let ticks = try #require(Double(members[11])) + #require(Double(members[12]))
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Bytes of memory that it holds now.
    package func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(child.id)/statm", encoding: .utf8)
        let pages = try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    package func openDescriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(child.id)/fd").count
    }
}
