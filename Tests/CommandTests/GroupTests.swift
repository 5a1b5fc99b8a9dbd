import CommandRunning
import Foundation
import Testing

/// Workers that share the partitions of an environment on Kafka. Each partition has one writer
/// that counts, whatever happens to the others.
@Suite(.serialized, .enabled(if: Broker.address != nil, "no broker here"))
struct GroupTests {
    private static let partitions = 4
    private static let offerings = 24
    /// How long a death goes unnoticed; 6 s is the shortest that brokers take by default.
    private static func timeout(_ seconds: Int = 6) -> [String] {
        ["-X", "session.timeout.ms=\(seconds * 1_000)"]
    }

    private func folder() throws -> Folder {
        let folder = try Folder.onKafka(try #require(Broker.address))
        try Run.fairfill(
            ["topics", "create", "--partitions", "\(Self.partitions)", "--quiet"], in: folder
        ).mustWork()
        var text = ""
        for number in 0..<Self.offerings {
            text += """
                {"type":"offering.open","command":"c\(number)","offering":"o\(number)",\
                "shares":1000000,"price":100,"currency":"CNY"}

                """
        }
        try folder.write(text, to: "offerings.ndjson")
        try Run.fairfill(
            ["offering", "open", "--from", "offerings.ndjson", "--no-wait", "--quiet"], in: folder
        ).mustWork()
        return folder
    }

    /// Whenever a signal comes while a group comes together, each process ends in good order.
    @Test func aMemberMayBeToldToEndBeforeItHasAShare() throws {
        let folder = try folder()
        for round in 0..<6 {
            let workers = try (0..<4).map { _ in try start(folder) }
            // One has a share, so the others are about to join or in the middle of it.
            try wait(for: "a first share") {
                workers.contains { $0.errors.contains("the group gives it") }
            }
            usleep(UInt32(round * 20_000))
            for worker in workers { worker.child.signal(SIGTERM) }
            for worker in workers {
                // 143 and 75: so early that it had not listened for signals, or had not begun.
                let exitCode = worker.wait()
                #expect([0, 75, 143].contains(exitCode), "\(exitCode): \(worker.errors)")
            }
        }
    }

    /// A bid for each offering, of this round.
    private func bid(_ round: Int, in folder: Folder) throws {
        let text = (0..<Self.offerings).map {
            #"{"bid":"b\#(round)-\#($0)","offering":"o\#($0)","account":"a\#($0)","shares":1}"#
        }.joined(separator: "\n")
        try Run.fairfill(["bid", "--from", "-", "--quiet"], in: folder, input: text).mustWork()
    }

    private func start(_ folder: Folder, sessionSeconds: Int = 6) throws -> Running {
        try Run.start(["allocate"] + Self.timeout(sessionSeconds), in: folder)
    }

    /// Which partitions a worker is live in, by its own remarks.
    private func held(_ worker: Running) -> Set<Int> {
        var held: Set<Int> = []
        for line in worker.errors.split(separator: "\n") {
            let numbers = line.split { !$0.isNumber }.compactMap { Int($0) }
            if line.contains(" in epoch "), let partition = numbers.first {
                held.insert(partition)
            } else if line.contains("asks"), line.hasSuffix("back") {
                held.subtract(numbers)
            } else if line.contains("took this process for dead") {
                held = []
            }
        }
        return held
    }

    private func wait(
        _ seconds: Double = 40, for what: String, _ isThere: () throws -> Bool
    ) throws {
        let isInTime = try eventually(within: seconds, isThere)
        #expect(isInTime, "no \(what) in \(seconds) s")
    }

    /// Every bid of the rounds is decided, once, and reserved; the book holds.
    private func expectAllDecided(_ rounds: Int, in folder: Folder) throws {
        try wait(for: "decision of every bid") {
            try folder.bidDecisions().count >= rounds * Self.offerings
        }
        let found = try folder.bidDecisions()
        #expect(found.count == rounds * Self.offerings)
        #expect(found.allSatisfy { $0["type"] as? String == "reserved" })
        let ids = Set(found.compactMap { $0["bid"] as? String })
        #expect(ids.count == rounds * Self.offerings)
        let verified = try Run.fairfill(["verify"], in: folder)
        #expect(verified.exitCode == 0, "\(verified.output)\(verified.errors)")
    }

    @Test func partitionsMoveWhenAMemberJoinsLeavesOrDies() throws {
        let folder = try folder()
        let all = Set(0..<Self.partitions)
        let first = try start(folder)
        defer { first.kill() }
        try wait(for: "first member") { held(first) == all }
        try bid(0, in: folder)

        // Were it taken for dead when it leaves, that would take longer than is waited for.
        let second = try start(folder, sessionSeconds: 45)
        defer { second.kill() }
        try wait(for: "fair share") { held(first).count == 2 && held(second).count == 2 }
        #expect(held(first).union(held(second)) == all)
        try bid(1, in: folder)

        // One that leaves hands its partitions over at once.
        let third = try start(folder)
        defer { third.kill() }
        try wait(for: "share of the third") { !held(third).isEmpty }
        #expect(second.terminate() == 0, "\(second.errors)")
        try wait(30, for: "handover, which must not wait for the session of who left") {
            held(first).union(held(third)) == all
        }
        try bid(2, in: folder)

        // One that dies is missed after the session's time-out.
        third.kill()
        try bid(3, in: folder)
        try wait(for: "takeover") { held(first) == all }
        try expectAllDecided(4, in: folder)
        #expect(first.isRunning)
        #expect(first.terminate() == 0, "\(first.errors)")
    }

    /// Stopped past all time-outs, then woken: what it still wanted to write is fenced, and it
    /// takes its place again.
    @Test func aZombieDecidesNothing() throws {
        let folder = try folder()
        let all = Set(0..<Self.partitions)
        let zombie = try start(folder)
        defer { zombie.kill() }
        try wait(for: "first member") { held(zombie) == all }
        try bid(0, in: folder)
        try wait(for: "decisions of the first") {
            try folder.bidDecisions().count == Self.offerings
        }

        zombie.child.signal(SIGSTOP)
        let other = try start(folder)
        defer { other.kill() }
        // The zombie finds all of these when it wakes.
        for round in 1..<6 { try bid(round, in: folder) }
        try wait(60, for: "takeover") { held(other) == all }
        try wait(for: "decisions of the other") {
            try folder.bidDecisions().count == 6 * Self.offerings
        }
        zombie.child.signal(SIGCONT)
        for round in 6..<10 { try bid(round, in: folder) }
        try expectAllDecided(10, in: folder)
        try wait(for: "place of the zombie") {
            held(zombie).count == 2 && held(other).count == 2
        }
        #expect(zombie.isRunning && other.isRunning)
        try bid(10, in: folder)
        try expectAllDecided(11, in: folder)
    }

    /// Somebody starts a worker beside the group: it takes over, and the group has the last word.
    @Test func theGroupTakesAPartitionBack() throws {
        let folder = try folder()
        let member = try start(folder)
        defer { member.kill() }
        try wait(for: "member") { held(member).count == Self.partitions }
        let stranger = try Run.start(["allocate", "--partitions", "0"], in: folder)
        defer { stranger.kill() }
        var round = 0
        try wait(for: "end of the stranger") {
            try bid(round, in: folder)
            round += 1
            return !stranger.isRunning
        }
        #expect(stranger.wait() == 80, "\(stranger.errors)")
        #expect(member.errors.contains("the group still assigns it to this process"))
        #expect(member.isRunning)
        try expectAllDecided(round, in: folder)
    }

    /// Payers share accounts; whichever dies, each command moves money once.
    @Test func payersOfAGroupPayOnce() throws {
        let folder = try folder()
        // A bank that has no processor for seconds reads what was sent to it late: until then its
        // records show nothing, and that must not be trusted too early.
        let bank = try Bank(in: folder, sendingWindow: "20s", forgetsKeys: true)
        let allocator = try start(folder)
        defer { allocator.kill() }
        let payers = try (0..<2).map { _ in
            try Run.start(["pay"] + Self.timeout() + bank.options, in: folder)
        }
        defer { payers.forEach { $0.kill() } }
        try wait(for: "payers") { payers.allSatisfy { !held($0).isEmpty } }
        let text = (0..<2_000).map {
            #"{"bid":"p\#($0)","offering":"o\#($0 % Self.offerings)","account":"a\#($0)","#
                + #""shares":\#(1 + $0 % 5)}"#
        }.joined(separator: "\n")
        try Run.fairfill(["bid", "--from", "-", "--quiet"], in: folder, input: text).mustWork()
        try wait(for: "payments") { try bank.ledger().movements.count > 300 }
        payers[0].kill()
        try wait(180, for: "all payments") { try bank.ledger().counts.count == 2_000 }
        try bank.expectNothingSentBlindly()
        let ledger = try bank.ledger()
        #expect(ledger.sum == 0)
        #expect(ledger.counts.allSatisfy { $0.value == 1 }, "a command moved money twice")
        // And the allocators of all partitions heard of it.
        try wait(for: "settled shares") {
            try (0..<Self.offerings).allSatisfy {
                try folder.state("o\($0)")["reserved"] as? Int == 0
            }
        }
        var settled: [String: Int] = [:]
        for number in 0..<Self.offerings {
            settled.merge(try folder.settled("o\(number)").mapValues { $0 * 100 }) { $0 + $1 }
        }
        #expect(settled.count == 2_000 && settled == ledger.collected)
        #expect(payers[1].isRunning, "\(payers[1].errors)")
        #expect(payers[1].terminate() == 0, "\(payers[1].errors)")
    }
}
