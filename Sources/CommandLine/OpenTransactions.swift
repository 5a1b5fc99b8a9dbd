import EventLog
import FairfillClient
import Glibc

/// What a command that reads up to the end of what is committed leaves out, where another
/// program's transaction is open.
package enum OpenTransactions {
    /// How long a transaction is taken for one that is just under way.
    private static let patienceMilliseconds = 2_000

    /// Says on standard error which of these partitions, read up to these ends, go on behind a
    /// transaction that stays open.
    package static func remark(
        _ log: any EventLog, _ partitions: [TopicPartition], readUpTo ends: [LogOffset]
    ) throws(Failure) {
        guard !log.boundsAreOfOneMoment else { return }
        var open = Array(partitions.indices)
        var written: [LogOffset] = []
        for waited in 0...(patienceMilliseconds / 100) {
            guard !open.isEmpty, Interruption.signal == 0 else { return }
            if waited > 0 { usleep(100_000) }
            let asked = open.map { partitions[$0] }
            let committed = try logged { () throws(LogError) in
                try log.ends(of: asked, .committed)
            }
            let all = try logged { () throws(LogError) in try log.ends(of: asked, .written) }
            // One that came on since was just under way; what is new is not this command's.
            let still = asked.indices.filter {
                committed[$0] <= ends[open[$0]] && committed[$0] < all[$0]
            }
            written = still.map { all[$0] }
            open = still.map { open[$0] }
        }
        for (index, end) in zip(open, written) {
            Remark.say(
                "\(partitions[index]): offsets \(ends[index]) to \(end.rawValue - 1) lie behind a "
                    + "transaction that is open, and are left out here; fairfill allocate and pay "
                    + "say what to do about one that stays")
        }
    }
}
