import Foundation
import Testing

import Simulation
import TestRun

/// Whole systems, by the seed: everything that must hold does, after every step and at the end.
@Suite(.serialized) struct SeedTests {
    static let isLong = Extent.current == .long

    /// The same seeds each time, so that a change that breaks one is the one that is at fault;
    /// with --long others, by chance.
    static let first = isLong ? UInt64.random(in: 0..<1_000_000_000) : 1
    static let count: UInt64 = Extent.size(quick: 200, all: 1_000, long: 20_000)
    private static let lanes: UInt64 = 2

    @Test func everythingHolds() async throws {
        let reports = try await withThrowingTaskGroup(of: [SimulationReport].self) { group in
            for lane in 0..<Self.lanes {
                group.addTask {
                    try stride(from: lane, to: Self.count, by: Int(Self.lanes)).map { number in
                        let options = SimulationOptions(seed: Self.first &+ number)
                        let report = try Simulation.run(options)
                        if let failure = report.failure {
                            Issue.record(
                                """
                                \(failure.sentence) (step \(failure.step))
                                fairfill simulate \(options.arguments) --trace
                                """)
                        }
                        return report
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        func sum(_ member: KeyPath<SimulationReport, Int>) -> Int {
            reports.reduce(0) { $0 + $1[keyPath: member] }
        }
        note(
            """
            simulated: \(Self.count) seeds from \(Self.first), \(sum(\.steps)) steps, \
            \(sum(\.inputs)) inputs, \(sum(\.decisions)) decisions, \(sum(\.payments)) payments, \
            \(sum(\.crashes)) crashes, \(sum(\.faults)) faults
            """)
        // A world in which little happens shows little.
        #expect(sum(\.decisions) > 100 * Int(Self.count))
        #expect(sum(\.payments) > 10 * Int(Self.count))
        #expect(sum(\.crashes) > 10 * Int(Self.count))
        #expect(sum(\.movements) > 5 * Int(Self.count))
    }

    /// The same seed makes the same run, and another one another.
    @Test func aSeedMakesItsRun() throws {
        let options = SimulationOptions(seed: 7)
        let (first, again) = (
            try Simulation.run(options, keepsTrace: true),
            try Simulation.run(options, keepsTrace: true)
        )
        #expect(first.trace == again.trace)
        #expect(first.heads == again.heads)
        #expect(first.trace.count > 200)
        #expect(try Simulation.run(SimulationOptions(seed: 8)).heads != first.heads)
    }

    /// Whatever fails, front ends and operators send the same.
    @Test func faultsLeaveTheCrowdAsItIs() throws {
        func sent(_ faults: Set<SimulationOptions.Fault>) throws -> Set<String> {
            var options = SimulationOptions(seed: 11)
            options.faults = faults
            let report = try Simulation.run(options, keepsTrace: true)
            #expect(report.failure == nil)
            return Set(
                report.trace.compactMap { line in
                    guard let at = line.range(of: #"{"type":"bid","#) else { return nil }
                    return String(line[at.lowerBound...])
                })
        }
        // Nobody who sends nothing sends the same.
        #expect(try sent([]).count > 20)
        #expect(try sent([]) == sent([.crash]))
        #expect(try sent([]) == sent([.bank]))
    }

    /// All workers die before every single step of a run.
    @Test func everybodyMayDieAtEveryStep() throws {
        var options = SimulationOptions(seed: 3)
        options.bids = 12
        options.offerings = 1
        options.partitions = 1
        options.faults = []
        let undisturbed = try Simulation.run(options)
        #expect(undisturbed.failure == nil)
        #expect(undisturbed.decisions > 15)
        // Behind the last change nothing is left to be disturbed.
        let steps = SeedTests.isLong ? undisturbed.steps : min(undisturbed.steps, 900)
        #expect(steps > 500)
        for step in 1...steps {
            options.crashStep = step
            let report = try Simulation.run(options)
            #expect(report.failure == nil, "fairfill simulate \(options.arguments)")
            #expect(report.crashes == 2)
        }
    }
}
