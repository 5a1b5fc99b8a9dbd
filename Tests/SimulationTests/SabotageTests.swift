import Testing

import Simulation

/// What is broken on purpose is found out: a simulator that finds nothing has shown nothing.
@Suite struct SabotageTests {
    /// The first run that fails, and what it says.
    private func firstFailure(
        _ sabotage: Sabotage, faults: Set<SimulationOptions.Fault>, seeds: ClosedRange<UInt64>
    ) throws -> (SimulationOptions, SimulationFailure)? {
        for seed in seeds {
            var options = SimulationOptions(seed: seed)
            options.sabotage = sabotage
            options.faults = faults
            options.largestSteps = 60_000
            if let failure = try Simulation.run(options).failure { return (options, failure) }
        }
        return nil
    }

    @Test func writersThatDoNotFenceEachOther() throws {
        let found = try firstFailure(.noFence, faults: [.zombie], seeds: 1...200)
        let failure = try #require(found?.1)
        #expect(failure.sentence.contains("epoch"), "\(failure.sentence)")
    }

    /// A profile that says more than the provider keeps pays twice.
    @Test func aProfileThatClaimsTooMuch() throws {
        let found = try firstFailure(.boldProfile, faults: [.bank], seeds: 1...60)
        let failure = try #require(found?.1)
        #expect(failure.sentence.contains("moved"), "\(failure.sentence)")
    }

    @Test func aBankThatForgetsItsKeys() throws {
        let found = try firstFailure(.forgetfulBank, faults: [.bank], seeds: 1...60)
        let failure = try #require(found?.1)
        #expect(failure.sentence.contains("moved money 2 times"), "\(failure.sentence)")
    }

    @Test func aForgedResult() throws {
        let found = try firstFailure(.forgedResult, faults: [], seeds: 1...20)
        let failure = try #require(found?.1)
        #expect(
            failure.sentence.contains("is called paid, and the bank has moved nothing"),
            "\(failure.sentence)")
    }

    /// A run that fails is made smaller, and the smaller one fails, too.
    @Test func aFailingRunShrinks() throws {
        // One that needs none of its faults to fail.
        let faults: Set<SimulationOptions.Fault> = [.crash, .log, .duplicate]
        let seed = try #require(
            try (1...20 as ClosedRange<UInt64>).first { seed in
                try [[], faults].allSatisfy {
                    try firstFailure(.forgedResult, faults: $0, seeds: seed...seed) != nil
                }
            })
        let found = try #require(
            try firstFailure(.forgedResult, faults: faults, seeds: seed...seed))
        let smallest = try Simulation.shrink(found.0)
        #expect(try Simulation.run(smallest).failure != nil)
        #expect(smallest.faults.count < faults.count)
        // None of the faults that are left can go.
        for fault in smallest.faults.sorted(by: { "\($0)" < "\($1)" }) {
            var smaller = smallest
            smaller.faults.remove(fault)
            #expect(try Simulation.run(smaller).failure == nil, "\(fault) is not needed")
        }
        #expect(smallest.partitions == 1)
        #expect(smallest.offerings == 1)
        #expect(smallest.bids < found.0.bids)
        #expect(smallest.arguments.hasPrefix("--seed \(smallest.seed) --bids \(smallest.bids)"))
    }
}
