import CommandRunning
import FairfillClient
import Foundation
import Testing

/// Decisions as they come.
@Suite(.timeLimit(.minutes(1))) struct FollowingTests {
    /// From the beginning all are given, in order, and from the end those that come.
    @Test func followingBeginsWhereItIsToldTo() async throws {
        let sale = try ClientSale(shares: 1_000)
        let log = try await LogConnection.open(sale.url)
        for result in try await log.submit((0..<600).map { ClientSale.bid("a-\($0)") }) {
            _ = try result.get()
        }
        try sale.decide()
        // Asked for now: what is committed before the iteration begins is among them.
        let coming = try await log.decisions()
        _ = try await log.submit(ClientSale.bid("late"))
        try sale.decide()
        var all: [Int64] = []
        // Less than waits in the log, so the reader waits for its task.
        let fromStart = try await log.decisions(from: .beginning, bufferCount: 4)
        for try await followed in fromStart {
            all.append(followed.decision.sequence.rawValue)
            #expect(followed.partition.rawValue == 0 && followed.at.rawValue > 0)
            if followed.decision.sequence.rawValue == 602 { break }
        }
        #expect(all == Array(1...602))
        // Each iteration begins anew.
        var again = 0
        for try await _ in fromStart {
            again += 1
            if again == 3 { break }
        }
        #expect(again == 3)
        var iterator = coming.makeAsyncIterator()
        #expect(try await iterator.next()?.decision.sequence.rawValue == 602)
    }

    /// A task that is cancelled takes nothing more, though much was read ahead for it.
    @Test func aCancelledFollowerEndsAtOnce() async throws {
        let sale = try ClientSale(shares: 1_000)
        let log = try await LogConnection.open(sale.url)
        _ = try await log.submit((0..<200).map { ClientSale.bid("a-\($0)") })
        try sale.decide()
        let decisions = try await log.decisions(from: .beginning)
        let following = Task { () async throws -> Int in
            var count = 0
            for try await _ in decisions {
                count += 1
                guard count == 1 else { continue }
                // The reader gets far ahead meanwhile, as a rule.
                try? await Task.sleep(for: .milliseconds(200))
                withUnsafeCurrentTask { $0?.cancel() }
            }
            return count
        }
        #expect(try await following.value == 1)
    }

    /// A book that somebody tampered with is not followed any further.
    @Test func damageEndsIt() async throws {
        let sale = try ClientSale()
        _ = try await LogConnection.open(sale.url).submit((0..<3).map { ClientSale.bid("a-\($0)") })
        try sale.decide()
        let file = "\(sale.folder.path)/fairfill.db"
        let other = #"s/"type":"reserved","seq":3/"type":"reserved","seq":9/"#
        try Run.program(
            "/usr/bin/env", ["LC_ALL=C", "sed", "-i", other, file], in: sale.folder
        ).mustWork()
        let log = try await LogConnection.open(sale.url)
        let decisions = try await log.decisions(from: .beginning)
        var seen: [Int64] = []
        do {
            for try await followed in decisions {
                seen.append(followed.decision.sequence.rawValue)
            }
            Issue.record("it went on behind the damage")
        } catch {
            #expect(error.code == .invariant && error.message.contains("follows decision 2"))
        }
        #expect(seen == [1, 2])
    }

    /// Many that wait for nothing hold up no thread that tasks run on, and end with their tasks.
    @Test func followersHoldUpNoTask() async throws {
        let sale = try ClientSale()
        let log = try await LogConnection.open(sale.url)
        let count = ProcessInfo.processInfo.activeProcessorCount * 2 + 8
        let decisions = try await log.decisions()
        let followers = (0..<count).map { _ in
            Task {
                var seen = 0
                for try await _ in decisions { seen += 1 }
                return seen
            }
        }
        // Each of these needs a thread that tasks run on.
        _ = try await log.submit(ClientSale.bid("a"))
        let sums = await withTaskGroup(of: Int.self) { group in
            for number in 0..<100 { group.addTask { number } }
            return await group.reduce(0, +)
        }
        #expect(sums == 4_950)
        for follower in followers { follower.cancel() }
        for follower in followers { #expect(try await follower.value == 0) }
    }

    @Test func aPartitionThatIsNotThereIsRefused() async throws {
        let sale = try ClientSale()
        let log = try await LogConnection.open(sale.url)
        await #expect(throws: ClientError.self) {
            try await log.decisions(partitions: [Partition(rawValue: 1)])
        }
    }

    /// `shouldStop` ends what follows, as a program does that hears a signal.
    @Test func aProgramMayEndAll() async throws {
        let sale = try ClientSale()
        let file = "\(sale.folder.path)/stop"
        var options = LogConnection.Options()
        options.shouldStop = { FileManager.default.fileExists(atPath: file) }
        let log = try await LogConnection.open(sale.url, options)
        let decisions = try await log.decisions()
        let follower = Task {
            for try await _ in decisions {}
            return true
        }
        try sale.folder.write("", to: "stop")
        #expect(try await follower.value)
    }
}
