import CHeap
import CommandLine
import Foundation

/// What a measurement ran on: a figure says nothing without it.
struct Machine {
    let cores: Int
    let processor: String
    let memoryBytes: Int64

    init() {
        cores = ProcessInfo.processInfo.activeProcessorCount
        memoryBytes = Int64(ProcessInfo.processInfo.physicalMemory)
        processor = Self.processor() ?? "unknown processor"
    }

    private static func processor() -> String? {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
            return nil
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// How many threads of all programs wanted a core in the last minute: where it is not near 0
    /// before the first measurement, other programs were measured too.
    var load: Double {
        var average = [0.0, 0.0, 0.0]
        return getloadavg(&average, 3) > 0 ? average[0] : 0
    }

    var text: String {
        "\(cores) cores of \(processor), \(memoryBytes >> 30) GiB, "
            + "load \(String(format: "%.2f", load))"
    }

    var json: String {
        var line = JSONLine()
        line.add("cores", cores)
        line.add("cpu", processor)
        line.add("memory", memoryBytes)
        return line.line
    }
}

/// What this thread asks of the heap. Of memory that a book gave back the next one is made, so the
/// size of the process says nothing once the first is gone; the heap's own books always do.
enum Heap {
    /// Calls of malloc, realloc and their relatives by this thread.
    static var requests: UInt64 { heap_requests() }
    /// Bytes in use by the process, whether touched or not.
    static var bytes: Int64 { heap_bytes_in_use() }
}
