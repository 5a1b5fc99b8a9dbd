import CommandLine
import Foundation

/// One measurement, with all its repeats.
package struct BenchRow {
    /// What was measured, for programs: `codec.decode-bid`.
    var name: String
    /// The same for people.
    var title: String
    var figure: Figure
    /// Bytes of what was counted, on average; what they are is in the command's help.
    var bytes: Int64?
    /// How often the heap was asked for memory, for each of what was counted.
    var allocations: Double?

    package init(
        name: String, title: String, figure: Figure, bytes: Int64? = nil,
        allocations: Double? = nil
    ) {
        self.name = name
        self.title = title
        self.figure = figure
        self.bytes = bytes
        self.allocations = allocations
    }

    /// A figure of each repeat.
    package enum Figure {
        case perSecond([Double])
        case milliseconds([Latency])
        /// Of one input, on average.
        case nanoseconds([Double])
        /// How many times another figure it is.
        case ratio([Double])
    }
}

/// How long something took, many times over, in milliseconds.
package struct Latency {
    var p50: Double
    var p99: Double
    var p999: Double
    var max: Double

    /// - Parameter nanoseconds: one sample at least, in any order.
    package init(nanoseconds: [UInt64]) {
        let sorted = nanoseconds.sorted()
        func at(_ share: Double) -> Double {
            // The smallest sample that at least this share of all does not exceed.
            let rank = (share * Double(sorted.count)).rounded(.up)
            return Double(sorted[Swift.max(0, Int(rank) - 1)]) / 1_000_000
        }
        p50 = at(0.5)
        p99 = at(0.99)
        p999 = at(0.999)
        max = at(1)
    }

    var json: String {
        var line = JSONLine()
        line.add("p50", p50)
        line.add("p99", p99)
        line.add("p999", p999)
        line.add("max", max)
        return line.line
    }
}

extension BenchRow {
    /// The row for programs: the median of the repeats, and the best and the worst of them.
    func json(_ machine: Machine) -> String {
        var line = JSONLine()
        line.add("name", name)
        switch figure {
        case .perSecond(let all):
            let ranked = all.sorted(by: >)
            line.add("per_second", Self.median(ranked))
            line.add("best", ranked[0])
            line.add("worst", ranked[ranked.count - 1])
            line.addBytes(bytes)
            if let allocations { line.add("allocations", allocations, decimals: 6) }
            line.add("repeats", ranked.count)
        case .nanoseconds(let all): Self.add("nanoseconds", all, to: &line)
        case .ratio(let all): Self.add("ratio", all, to: &line)
        case .milliseconds(let all):
            let ranked = all.sorted { $0.p50 < $1.p50 }
            line.add("milliseconds", json: Self.median(ranked).json)
            line.add("best", json: ranked[0].json)
            line.add("worst", json: ranked[ranked.count - 1].json)
            line.addBytes(bytes)
            line.add("repeats", ranked.count)
        }
        line.add("machine", json: machine.json)
        return line.line
    }

    /// A figure of which less is better.
    private static func add(_ name: String, _ all: [Double], to line: inout JSONLine) {
        let ranked = all.sorted()
        line.add(name, median(ranked))
        line.add("best", ranked[0])
        line.add("worst", ranked[ranked.count - 1])
        line.add("repeats", ranked.count)
    }

    /// The row for people: what and how much on a line, and below it what has no room there.
    package var text: String {
        var pieces: [String] = []
        let title = Layout.padded(title, 46)
        switch figure {
        case .perSecond(let all):
            let ranked = all.sorted(by: >)
            let figure = grouped(Int(Self.median(ranked)))
            pieces = [title + Layout.aligned(figure, 12) + " a second"]
            if ranked.count > 1 {
                let (worst, best) = (ranked[ranked.count - 1], ranked[0])
                pieces.append("(\(grouped(Int(worst))) to \(grouped(Int(best))))")
            }
        case .nanoseconds(let all): pieces = Self.pieces(title, all, decimals: 0, " ns")
        case .ratio(let all): pieces = Self.pieces(title, all, decimals: 2, " times")
        case .milliseconds(let all):
            let ranked = all.sorted { $0.p50 < $1.p50 }
            pieces = [self.title, "\(Self.median(ranked).text) ms"]
            if ranked.count > 1 {
                pieces.append(
                    "(p50 \(Latency.rounded(ranked[0].p50)) to "
                        + "\(Latency.rounded(ranked[ranked.count - 1].p50)))")
            }
        }
        if let bytes { pieces.append(Words.count(bytes, "byte")) }
        if let allocations { pieces.append("\(Self.fixed(allocations, 5)) allocations") }
        return Layout.pieces(pieces, indent: 4)
    }

    private static func pieces(
        _ title: String, _ all: [Double], decimals: Int, _ unit: String
    ) -> [String] {
        let ranked = all.sorted()
        let first = title + Layout.aligned(fixed(median(ranked), decimals), 12) + unit
        guard ranked.count > 1 else { return [first] }
        let (best, worst) = (ranked[0], ranked[ranked.count - 1])
        return [first, "(\(fixed(best, decimals)) to \(fixed(worst, decimals)))"]
    }

    private static func fixed(_ number: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", number)
    }

    /// The middle one; of two middle ones the worse, so that nothing is made up.
    private static func median<Value>(_ ranked: [Value]) -> Value { ranked[ranked.count / 2] }
}

extension Latency {
    fileprivate var text: String {
        "p50 \(Self.rounded(p50)), p99 \(Self.rounded(p99)), p999 \(Self.rounded(p999)), "
            + "max \(Self.rounded(max))"
    }

    fileprivate static func rounded(_ milliseconds: Double) -> Double {
        (milliseconds * 1_000).rounded() / 1_000
    }
}

extension JSONLine {
    fileprivate mutating func addBytes(_ bytes: Int64?) {
        if let bytes { add("bytes", bytes) }
    }
}
