import CommandLine
import EventLog
import FairfillClient
import Glibc

extension LogConnection {
    /// Where partitions begin, and how far they are committed: each up to what was written when
    /// this was asked, if that is committed within 2 s. What was written before may be behind a
    /// transaction that is under way; then `isSettled` is false.
    func settledBounds(
        of partitions: [TopicPartition]
    ) throws(Failure) -> [(bounds: Bounds, isSettled: Bool)] {
        let written = try logged { () throws(LogError) in
            try log.ends(of: partitions, .written)
        }
        var bounds: [Bounds] = []
        for attempt in 0...20 {
            if attempt > 0 { usleep(100_000) }
            bounds = try logged { () throws(LogError) in
                try log.bounds(of: partitions, .committed)
            }
            if Interruption.signal != 0 || zip(bounds, written).allSatisfy({ $0.end >= $1 }) {
                break
            }
        }
        return zip(bounds, written).map { ($0, isSettled: $0.end >= $1) }
    }
}
