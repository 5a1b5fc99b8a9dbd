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
    /// before the first measurement, somebody else was measured too.
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

/// The memory of this process that is not paged out, in bytes.
enum ResidentSet {
    static var bytes: Int64 {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int64($0) })
        else { return 0 }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
