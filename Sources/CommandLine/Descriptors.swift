import Glibc

/// File descriptors: a worker on Kafka takes several a partition, and a shell gives 1,024.
package enum Descriptors {
    /// What a partition of one worker takes on one broker, and each further broker, rounded up.
    private static let eachPartition = 32
    private static let others = 200

    /// Lets this process have as many as the system lets it ask for, and says so where that may
    /// not be enough for `lanes`, the partitions that it may come to work on.
    package static func raise(forLanes lanes: Int) {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return }
        let needed = UInt(others + eachPartition * lanes)
        let wanted = min(limit.rlim_max, max(65_536, needed))
        if limit.rlim_cur < wanted {
            limit.rlim_cur = wanted
            guard setrlimit(resource, &limit) == 0 else { return }
        }
        guard limit.rlim_cur < needed else { return }
        Remark.say(
            "this process may open \(limit.rlim_cur) files and connections, and \(lanes) "
                + "partitions may take \(needed) or more: raise the hard limit to that "
                + "(ulimit -Hn, LimitNOFILE= in a unit), or give it fewer with --partitions")
    }
}
