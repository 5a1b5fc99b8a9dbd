import CommandRunning
import Foundation
import Testing

extension ClusterFaults {
    /// A cluster that can't coordinate transactions: one broker that wants three.
    @Suite struct WithoutACoordinator {
        @Test func whoeverMakesTopicsHearsOfItInTime() throws {
            let cluster = try Cluster(settings: ["transaction.state.log.replication.factor=3"])
            let folder = try cluster.folder()
            let start = Date()
            let run = try Run.fairfill(["topics", "create"], in: folder)
            let seconds = Date().timeIntervalSince(start)
            #expect(run.exitCode == 78, "\(run)")
            #expect(seconds < 60, "it took \(seconds) s")
            for words in [
                "no coordinator for transactions", "transaction.state.log.replication.factor",
                "and 1 is there",
            ] { #expect(run.errors.contains(words), "\(words): \(run)") }
        }
    }
}
