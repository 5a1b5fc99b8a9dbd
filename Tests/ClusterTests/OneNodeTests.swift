import CommandRunning
import Foundation
import Testing

extension ClusterFaults {
    /// The only broker dies, or hangs, during appends, commits and reads.
    @Suite(.serialized) struct OneNode {
        @Test func aSaleOutlivesItsBroker() throws {
            let cluster = try Clusters.oneNode()
            let sale = try FaultySale(on: cluster)
            for _ in 0..<(Clusters.isLong ? 10 : 1) {
                try sale.stall("the only node killed and started", atMost: 20, allAreAway: true) {
                    try cluster.kill(1)
                    usleep(UInt32.random(in: 0...500_000))
                    try cluster.start(1)
                }
                try sale.stall("the only node paused for 10 s", atMost: 20, allAreAway: true) {
                    try cluster.pause(1)
                    usleep(10_000_000)
                    try cluster.resume(1)
                }
            }
            try sale.finish()
        }
    }
}
